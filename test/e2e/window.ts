/** What a person does in the window, in a person's words; every method goes through the page, none behind it. */
import { expect, type Locator, type Page } from '@playwright/test'

export interface NodeData {
  readonly role: string
  readonly standing: string
  readonly term: number
  readonly commit: number
  readonly last: number
}

/** What a node on the ring says of itself, in its attributes. */
function toldBy({ role, standing, term, commit, last }: DOMStringMap): NodeData {
  return {
    role: role ?? '',
    standing: standing ?? '',
    term: Number(term),
    commit: Number(commit),
    last: Number(last),
  }
}

/** Who leads, and in which term. */
export interface Led {
  readonly node: number
  readonly term: number
}

/** And the index of the last entry, which everybody knows as committed. */
export interface Agreed extends Led {
  readonly last: number
}

/** A call has its time, and on a busy machine that may be over before somebody leads: then it is made so often again. */
const CALLED_AGAIN = 5

export class Window {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  node(id: number): Locator {
    return this.page.getByTestId(`node-${id}`)
  }

  row(id: number): Locator {
    return this.page.getByTestId(`log-row-${id}`)
  }

  /** What is said in passing; the same words stand a second time for screen readers. */
  toast(text: string): Locator {
    return this.page.locator('.text').filter({ hasText: text })
  }

  /** From the empty page: the one button that starts five nodes. */
  async startFive(): Promise<void> {
    await this.page.getByTestId('start-cluster').click()
    await expect(this.page.locator('[data-testid^="node-"][data-standing="running"]')).toHaveCount(5)
  }

  /**
   * A cluster of five whose leader stays where it is on a busy machine, too, because nobody stands for election before
   * a whole second of silence; further settings are switched off in the dialog.
   */
  async createSteady(...without: readonly string[]): Promise<void> {
    await this.command('New cluster…')
    const dialog = this.page.getByTestId('create-dialog')
    await dialog.getByTestId('create-advanced').click()
    await dialog.locator('[data-setting="electionTimeoutMs"]').getByRole('spinbutton').fill('1000')
    for (const name of without) {
      const toggle = dialog.locator(`[data-setting="${name}"]`).getByRole('switch')
      await toggle.click()
      await expect(toggle).toHaveAttribute('aria-checked', 'false')
    }
    await dialog.getByTestId('create-submit').click()
    await expect(dialog).toBeHidden()
    await expect(this.page.locator('[data-testid^="node-"][data-standing="running"]')).toHaveCount(5)
  }

  /** P, the digits of one side, Enter: the keyboard's way to draw a partition. */
  async partition(side: readonly number[]): Promise<void> {
    await this.page.getByTestId(`node-${side[0]}`).focus()
    await this.page.keyboard.press('p')
    for (const id of side) await this.page.keyboard.press(String(id))
    await this.page.keyboard.press('Enter')
    await expect(this.page.getByTestId('cut-chip')).toBeVisible()
  }

  /** Runs a command through the palette, as a keyboard user would: `Kill n3`. */
  async command(words: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+k')
    const palette = this.page.getByTestId('palette')
    await palette.getByRole('combobox').fill(words)
    await expect(palette.getByRole('option').first()).toContainText(words)
    await this.page.keyboard.press('Enter')
    await expect(palette).toBeHidden()
    // The palette gives the focus back, and only then does the window do what was asked for, each in a task of its own.
    await this.page.evaluate(() => new Promise((done) => setTimeout(done)))
  }

  async data(id: number): Promise<NodeData> {
    const told = await this.node(id).evaluate((node) => ({ ...(node as SVGElement).dataset }))
    return toldBy(told)
  }

  /** All nodes as the ring shows them at one moment, by id. */
  private async nodes(): Promise<ReadonlyMap<number, NodeData>> {
    const told = await this.page
      .locator('[data-testid^="node-"][data-standing]')
      .evaluateAll((nodes) => nodes.map((node) => ({ ...(node as SVGElement).dataset })))
    return new Map(told.map((each) => [Number(each.testid?.slice('node-'.length)), toldBy(each)]))
  }

  /** Waits until one of `among` leads in a later term than `after`, and answers its id. */
  async leader(among: readonly number[], after = 0): Promise<number> {
    return (await this.leading(among, after)).node
  }

  /**
   * Like {@link leader}, with its term: both of one moment. Who asks for the term afterwards may be told that of the next
   * leader, whom this one follows by then.
   */
  async leading(among: readonly number[], after = 0): Promise<Led> {
    let found: Led = { node: 0, term: 0 }
    await expect
      .poll(
        async () => {
          const leaders = [...(await this.nodes())].filter(
            ([id, n]) => among.includes(id) && n.role === 'leader' && n.standing === 'running' && n.term > after,
          )
          const [node = 0, shown] = leaders.toSorted(([, a], [, b]) => b.term - a.term)[0] ?? []
          found = { node, term: shown?.term ?? 0 }
          return found.node
        },
        { message: 'a leader is shown' },
      )
      .not.toBe(0)
    return found
  }

  /** What all of `ids` agree on at this moment: who leads, in which term, and the whole log. Undefined when they don't. */
  async agreement(ids: readonly number[]): Promise<Agreed | undefined> {
    const nodes = await this.nodes()
    const node = ids.find((id) => nodes.get(id)?.role === 'leader')
    const led = nodes.get(node ?? 0)
    if (node === undefined || led === undefined) return undefined
    const { term, last } = led
    const same = ids.every((id) => {
      const n = nodes.get(id)
      return (
        n?.standing === 'running' &&
        n.term === term &&
        n.last === last &&
        n.commit === last &&
        n.role === (id === node ? 'leader' : 'follower')
      )
    })
    return same ? { node, term, last } : undefined
  }

  /** Waits for an {@link agreement} on at least so many entries: leader, term and log are those of one moment. */
  async settled(ids: readonly number[], atLeast = 1): Promise<Agreed> {
    let found: Agreed | undefined
    await expect
      .poll(
        async () => {
          found = await this.agreement(ids)
          return found?.last ?? 0
        },
        { message: 'all follow one leader and have its log' },
      )
      .toBeGreaterThanOrEqual(atLeast)
    if (found === undefined) throw new Error('nobody leads')
    return found
  }

  /** Waits until all of `ids` show the same, wholly known-committed log; answers its last index. */
  async converged(ids: readonly number[], atLeast = 1): Promise<number> {
    let last = 0
    await expect
      .poll(
        async () => {
          const nodes = await this.nodes()
          last = nodes.get(ids[0] ?? 0)?.last ?? 0
          const same = ids.every((id) => {
            const n = nodes.get(id)
            return n?.last === last && n.commit === last && n.standing === 'running'
          })
          return same && last >= atLeast
        },
        { message: 'the logs converge' },
      )
      .toBe(true)
    return last
  }

  async openClientTab(): Promise<void> {
    await this.page.getByRole('tab', { name: /^Client/ }).click()
  }

  async chooseVia(id: number | 'any'): Promise<void> {
    await this.page.getByLabel('via').selectOption(id === 'any' ? '0' : String(id))
  }

  /** Types a key and a value, presses Enter, and waits until that call is answered. */
  async put(key: string, value: string): Promise<void> {
    await this.answered(() => this.send(key, value))
  }

  /** Makes a call, and waits for the answer to this one: the history may show others of the same key. */
  private async answered(make: () => Promise<void>): Promise<Locator> {
    const calls = this.page.getByTestId('client-call')
    const made = this.page.locator('[data-testid="client-call"]:not([data-known])').first()
    for (let again = 0; ; again++) {
      await calls.evaluateAll((all) => {
        for (const call of all) (call as HTMLElement).dataset.known = ''
      })
      await make()
      await expect(made).toHaveAttribute('data-outcome', again < CALLED_AGAIN ? /ok|failed|unknown/ : 'ok')
      if ((await made.getAttribute('data-outcome')) === 'ok') return made
    }
  }

  /** Like {@link put}, without waiting for the answer. */
  async send(key: string, value: string): Promise<void> {
    await this.choose('put')
    await this.page.getByTestId('client-key').fill(key)
    await this.page.getByTestId('client-value').fill(value)
    await this.page.keyboard.press('Enter')
  }

  /** Types and sends one after the other, as quickly as the window takes it. */
  async sendMany(pairs: readonly (readonly [key: string, value: string])[]): Promise<void> {
    await this.choose('put')
    await this.page.getByTestId('client-send').evaluate(async (button: HTMLButtonElement, all) => {
      const type = (field: string, text: string): void => {
        const input = document.querySelector<HTMLInputElement>(`[data-testid="${field}"]`)
        if (input === null) throw new Error(`${field} is not there`)
        input.value = text
        input.dispatchEvent(new Event('input', { bubbles: true }))
      }
      for (const [key, value] of all) {
        type('client-key', key)
        type('client-value', value)
        button.click()
        await new Promise((done) => setTimeout(done))
      }
    }, pairs)
  }

  private async choose(op: string): Promise<void> {
    const button = this.page.getByRole('button', { name: op, exact: true })
    if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click()
  }

  /** The newest call of this kind and key in the history. */
  call(op: 'put' | 'get' | 'delete', key: string): Locator {
    return this.page.locator(`[data-testid="client-call"][data-op="${op}"][data-key="${key}"]`).first()
  }

  async get(key: string): Promise<string> {
    const call = await this.answered(async () => {
      await this.choose('get')
      await this.page.getByTestId('client-key').fill(key)
      await this.page.keyboard.press('Enter')
    })
    return (await call.getAttribute('data-result')) ?? ''
  }
}
