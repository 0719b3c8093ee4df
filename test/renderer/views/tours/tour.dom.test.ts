/** A lesson as a learner takes it: by keyboard, with hints, in both languages, left and gone on with. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { NodeView } from '../../../../preload/contract'
import { connectKeys } from '../../../../renderer/commands/keys'
import { useCommands } from '../../../../renderer/commands/registry'
import { i18n } from '../../../../renderer/i18n'
import { useToursStore } from '../../../../renderer/stores/tours'
import TourPlayer from '../../../../renderer/views/tours/TourPlayer.vue'
import { type Bench, createBench } from '../../support/mounted'
import { nodeView, processState, wholeUpdate } from '../../support/samples'

// Mounting is slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

let bench: Bench
let stop: () => void
beforeEach(() => {
  localStorage.clear()
  begin()
})
afterEach(() => end())

function begin(): void {
  bench = createBench()
  stop = connectKeys()
  bench.mount(TourPlayer)
}
function end(): void {
  useToursStore().leave()
  stop()
  bench.end()
}
async function live(nodes: readonly NodeView[]): Promise<void> {
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/home/five/1.raftrec' })
  bench.door.say('live', wholeUpdate(nodes))
  await bench.settle()
}
const five = (changes: Readonly<Record<number, Partial<NodeView>>> = {}) =>
  [1, 2, 3, 4, 5].map((id) => nodeView(id, changes[id] ?? {}))
const down = { process: processState({ standing: 'killed' }) }

function one<E extends HTMLElement>(name: string): E {
  const found = document.body.querySelector<E>(`[data-testid="${name}"]`)
  if (found === null) throw new Error(`no ${name}`)
  return found
}
const words = (name: string) => one(name).textContent?.replace(/\s+/g, ' ').trim() ?? ''
const isThere = (name: string) => document.body.querySelector(`[data-testid="${name}"]`) !== null
async function key(init: KeyboardEventInit): Promise<void> {
  document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }))
  await bench.settle()
}
async function start(): Promise<void> {
  await useCommands().run('tour.start', { tour: 'first-election' })
  await bench.settle()
}
const at = () => one('tour').dataset.step

describe('the first election, by keyboard', () => {
  it('waits for each thing to be done on the live cluster, and says what was seen', async () => {
    await start()
    expect(at()).toBe('start')
    expect(one('tour').dataset.reached).toBe('false')
    await live(five())
    expect(one('tour').dataset.reached).toBe('true')
    expect(words('tour-seen')).toContain('n1 leads them in term 1')
    await key({ key: 'F9' })
    expect(at()).toBe('leader')
    expect(words('tour-task')).toContain('Select the leader')
    await key({ key: '1' })
    expect(words('tour-seen')).toContain('n1 leads in term 1')
    await key({ key: 'F9' })
    await key({ key: '2' })
    expect(one('tour').dataset.reached).toBe('true')
    await key({ key: 'F9' })
    expect(at()).toBe('kill')
    expect(words('tour-task')).toContain('Select n1 and kill it. K')
    await live(five({ 1: down }))
    expect(words('tour-seen')).toContain('n1 is gone')
    await key({ key: 'F9' })
    expect(at()).toBe('elected')
    await live(five({ 1: down, 3: { role: 'leader', currentTerm: 2 } }))
    expect(words('tour-seen')).toContain('n3 leads now, in term 2')
  })
  it('something else that was done is answered at once', async () => {
    await start()
    await live(five())
    await key({ key: 'F9' })
    await key({ key: '2' })
    expect(words('tour-hint')).toContain('That one follows: its sign is a circle. The leader is n1.')
    expect(words('guide-spoken')).toContain('Hint: That one follows')
  })
  it('the step that names the leader goes with leadership until something is done to it', async () => {
    await start()
    await live(five())
    for (let step = 0; step < 3; step++) await key({ key: 'F9' })
    expect(words('tour-task')).toContain('Select n1')
    await live(five({ 1: { role: 'follower' }, 4: { role: 'leader', currentTerm: 2 } }))
    expect(words('tour-task')).toContain('Select n4')
    await live(five({ 2: down, 1: { role: 'follower' }, 4: { role: 'leader', currentTerm: 2 } }))
    expect(words('tour-hint')).toContain('That was another node')
  })
  it('helps when nothing happens', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      await start()
      await live(five())
      await key({ key: 'F9' })
      expect(isThere('tour-hint')).toBe(false)
      vi.advanceTimersByTime(15_000)
      await nextTick()
      expect(words('tour-hint')).toContain('It is n1: press 1.')
    } finally {
      vi.useRealTimers()
    }
  })
  it('can be skipped, gone back in, and changes its language at once', async () => {
    await start()
    expect(words('tour-next')).toContain('Skip')
    await key({ key: 'F9' })
    expect(at()).toBe('leader')
    await key({ key: 'F9', shiftKey: true })
    expect(at()).toBe('start')
    i18n.global.locale.value = 'zh'
    await nextTick()
    expect(words('tour')).toContain('准备一个集群')
    expect(words('guide-place')).toBe('第 1 步，共 8 步')
  })
  it('is left at any time, and gone on with where it was, also in another window', async () => {
    await start()
    await key({ key: 'F9' })
    one('guide-close').click()
    await bench.settle()
    expect(isThere('tour')).toBe(false)
    end()
    begin()
    await start()
    expect(at()).toBe('leader')
  })
  it('ends, is remembered as done, and offers the next lesson', async () => {
    await start()
    for (let step = 0; step < 8; step++) await key({ key: 'F9' })
    expect(at()).toBe('end')
    expect(words('tour-finished')).toContain('You have finished “The first election”.')
    expect(words('tour-another')).toContain('Replication and commit')
    expect(useToursStore().progress['first-election']).toEqual({ step: 0, done: true })
  })
})
