/** Step mode as a person uses it: all messages are held, time is manual, and each thing happens by a click or a key. */
import { expect, type Locator, type Page } from '@playwright/test'
import type { Window } from './window'

export type Message = 'RequestVote' | 'RequestVoteReply' | 'AppendEntries' | 'AppendEntriesReply'

export class Steps {
  readonly #window: Window
  readonly #page: Page

  constructor(window: Window) {
    this.#window = window
    this.#page = window.page
  }

  /** W; then what was on its way meanwhile is dropped, so that the first step is the first thing that happens. */
  async begin(nodes: readonly number[]): Promise<void> {
    await this.#page.getByTestId('node-1').focus()
    await this.#page.keyboard.press('w')
    for (const id of nodes) await expect(this.#window.node(id)).toHaveAttribute('data-clock', 'manual')
    await expect(this.#page.getByTestId('hold-chip')).toContainText('all links held')
    // What had left before the links held arrives yet, and is answered, on a busy machine quite a while later: it is over
    // when nothing has come for some time.
    for (let still = 0; still < 3; still++) {
      await this.dropAll()
      await this.#page.waitForTimeout(500)
      if ((await this.count()) > 0) still = -1
    }
  }

  /** How many messages wait, as the panel says. */
  async count(): Promise<number> {
    return Number(await this.#page.getByTestId('held-panel').getAttribute('data-count'))
  }

  /** Drops what waits until nothing does. */
  async dropAll(): Promise<void> {
    const button = this.#page.getByTestId('drop-all')
    await expect
      .poll(
        async () => {
          // It may be disabled by then, because nothing waits any more.
          if (await button.isEnabled()) await button.click({ timeout: 1000 }).catch(() => undefined)
          return this.count()
        },
        { intervals: [100, 400, 800] },
      )
      .toBe(0)
  }

  /** Fires the timer of a node that will stand for election, and waits for its requests to these. */
  async stands(node: number, to: readonly number[]): Promise<void> {
    await this.fire(node)
    for (const id of to) await expect(this.held('RequestVote', node, id)).toBeVisible()
  }

  async fire(node: number): Promise<void> {
    await this.#page.getByTestId(`fire-${node}`).click()
  }

  /** The first message of this type that waits on this link. */
  held(message: Message, from: number, to: number): Locator {
    return this.#page.locator(`tr[data-message="${message}"][data-from="${from}"][data-to="${to}"]`).first()
  }

  /** Releases it, and waits until it has left the list. */
  async release(message: Message, from: number, to: number): Promise<void> {
    const row = this.held(message, from, to)
    await expect(row, `${message} n${from} → n${to} waits`).toBeVisible()
    const id = await row.getAttribute('data-id')
    await row.getByTestId('held-release').click()
    await expect(this.#page.locator(`tr[data-from="${from}"][data-to="${to}"][data-id="${id}"]`)).toHaveCount(0)
  }

  /** A request and the answer to it. */
  async exchange(message: 'RequestVote' | 'AppendEntries', from: number, to: number): Promise<void> {
    await this.release(message, from, to)
    await this.release(`${message}Reply`, to, from)
  }

  /** Opens the form on a held message, lets `change` work on it, and sends. */
  async edit(row: Locator, change: (form: Locator) => Promise<void>): Promise<void> {
    await expect(row).toBeVisible()
    await row.getByTestId('held-edit').click()
    const form = this.#page.getByTestId('message-editor')
    await expect(form).toBeVisible()
    await change(form)
    await form.getByTestId('held-send').click()
    await expect(form).toBeHidden()
  }

  /** Of an AppendEntries, only its first entries are sent. */
  async keepEntries(row: Locator, keep: number): Promise<void> {
    await this.edit(row, async (form) => {
      const field = form.locator('[name="entries"]')
      const entries = JSON.parse(await field.inputValue()) as unknown[]
      await field.fill(JSON.stringify(entries.slice(0, keep)))
    })
  }

  /** With Alt and an arrow: the row changes its place among those of its link. */
  async moveDown(row: Locator): Promise<void> {
    const link = `tr[data-from="${await row.getAttribute('data-from')}"][data-to="${await row.getAttribute('data-to')}"]`
    const order = () =>
      this.#page.locator(link).evaluateAll((rows) => rows.map((each) => each.dataset.id ?? '').join(' '))
    const before = await order()
    await row.focus()
    await this.#page.keyboard.press('Alt+ArrowDown')
    await expect.poll(order).not.toBe(before)
  }

  async end(nodes: readonly number[]): Promise<void> {
    await this.#window.command('Heal everything')
    for (const id of nodes) await expect(this.#window.node(id)).toHaveAttribute('data-clock', 'running')
    await expect(this.#page.getByTestId('held-panel')).toBeHidden()
  }
}
