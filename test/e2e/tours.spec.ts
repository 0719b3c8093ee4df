/** The three lessons, by keyboard alone: what the learner does to real processes is seen, and each ends. */
import type { Page } from '@playwright/test'
import { expect, test } from './shell'
import type { Window } from './window'

const all = [1, 2, 3, 4, 5]

/** Begins a lesson, takes it step by step, and ends it. */
class Lesson {
  readonly #window: Window
  readonly #page: Page

  constructor(window: Window) {
    this.#window = window
    this.#page = window.page
  }

  async begin(id: string): Promise<void> {
    await this.#window.command('Scenarios and lessons')
    await this.#page.getByTestId(`begin-${id}`).press('Enter')
    await expect(this.#page.getByTestId('tour')).toBeVisible()
  }

  /** Does what the step asks for, sees that it was seen, and goes on. */
  async step(id: string, act: () => Promise<unknown> = async () => undefined): Promise<void> {
    const tour = this.#page.getByTestId('tour')
    await expect(tour).toHaveAttribute('data-step', id)
    await act()
    await expect(tour).toHaveAttribute('data-reached', 'true')
    await this.#page.keyboard.press('F9')
  }

  /**
   * The same where it matters who leads: on a busy machine that may be another one by the time something was done, or nobody for
   * as long as a call waits, and a learner does then what the lesson says now. `act` is called until its effect is seen.
   */
  async stepAgain(id: string, act: () => Promise<unknown>): Promise<void> {
    const tour = this.#page.getByTestId('tour')
    await this.step(id, () =>
      expect(async () => {
        await act()
        await expect(tour).toHaveAttribute('data-reached', 'true', { timeout: 5_000 })
      }).toPass(),
    )
  }

  /** The node that the task names. */
  async named(): Promise<number> {
    const task = await this.#page.getByTestId('tour-task').textContent()
    return Number(/n(\d)/.exec(task ?? '')?.[1])
  }

  async select(id: number): Promise<void> {
    await this.#window.node(id).focus()
    await this.#page.keyboard.press('Enter')
  }

  /** C, the key, Tab, the value, Enter. */
  async put(key: string, value: string): Promise<void> {
    await this.#window.command('Make a client call')
    await this.#page.getByTestId('client-key').fill(key)
    await this.#page.keyboard.press('Tab')
    await this.#page.keyboard.type(value)
    await this.#page.keyboard.press('Enter')
  }

  async kill(...ids: readonly number[]): Promise<void> {
    for (const id of ids) await this.#window.command(`Kill n${id}`)
  }

  async start(...ids: readonly number[]): Promise<void> {
    for (const id of ids) await this.#window.command(`Start n${id}`)
  }
}

test('all three lessons, from their first step to their last @browser-only', async ({ shell }) => {
  test.setTimeout(300_000)
  const { window } = shell
  const { page } = window
  const lesson = new Lesson(window)

  await lesson.begin('first-election')
  await lesson.step('start', () => page.getByTestId('tour-start-cluster').press('Enter'))
  await lesson.stepAgain('leader', async () => lesson.select(await window.leader(all)))
  await lesson.stepAgain('vote', async () => lesson.select((await window.leader(all)) === 1 ? 2 : 1))
  let old = 0
  let killed = 0
  await lesson.stepAgain('kill', async () => {
    old = await lesson.named()
    if (killed === old) return
    if (killed !== 0) await lesson.start(killed)
    await lesson.kill(old)
    killed = old
  })
  await lesson.step('elected')
  await lesson.step('past', () => window.command('Previous leader elected'))
  await lesson.step('now', () => window.command('Back to live'))
  await lesson.step('return', () => lesson.start(old))
  await expect(page.getByTestId('tour-finished')).toBeVisible()

  await lesson.begin('replication')
  await lesson.step('start')
  await lesson.stepAgain('put', () => lesson.put('x', '1'))
  await lesson.step('words')
  const leader = await window.leader(all)
  const others = all.filter((id) => id !== leader)
  await lesson.step('follower', () => lesson.kill(...others.slice(0, 1)))
  await lesson.stepAgain('still', () => lesson.put('x', '2'))
  await lesson.step('minority', () => lesson.kill(...others.slice(1, 3)))
  await lesson.step('unanswered', () => lesson.put('x', '3'))
  await lesson.step('back', () => lesson.start(...others.slice(0, 1)))
  await lesson.step('same', () => lesson.start(...others.slice(1, 3)))
  await expect(page.getByTestId('tour-finished')).toBeVisible()

  await lesson.begin('trouble')
  await lesson.step('start')
  await lesson.stepAgain('before', () => lesson.put('x', '4'))
  let cut = 0
  await lesson.stepAgain('partition', async () => {
    old = await lesson.named()
    if (cut === old) return
    if (cut !== 0) {
      await window.command('Heal everything')
      await expect(page.getByTestId('cut-chip')).toBeHidden()
    }
    await window.partition([old, all.find((id) => id !== old) ?? 0])
    cut = old
  })
  await lesson.step('elected')
  await lesson.stepAgain('write', () => lesson.put('x', '5'))
  await lesson.step('compare', () => lesson.select(old))
  await lesson.step('heal', () => window.command('Heal everything'))
  await lesson.step('read', async () => {
    await window.openClientTab()
    expect(await window.get('x')).toBe('5')
  })
  await expect(page.getByTestId('tour-finished')).toBeVisible()
})
