import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BreakpointState, StopState } from '../../../../preload/contract'
import { ProblemError } from '../../../../renderer/stores/door'
import { useUiStore } from '../../../../renderer/stores/ui'
import BreakpointsTab from '../../../../renderer/views/breakpoints/BreakpointsTab.vue'
import HitBanner from '../../../../renderer/views/breakpoints/HitBanner.vue'
import StatusBar from '../../../../renderer/views/StatusBar.vue'
import { type Bench, createBench } from '../../support/mounted'
import { nodeView, problemView, processState, wholeUpdate } from '../../support/samples'

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.end())

const breakpoint = (id: number, changes: Partial<BreakpointState> = {}): BreakpointState => ({
  id,
  text: 'vote refused',
  enabled: true,
  hits: 0,
  ...changes,
})
const stop: StopState = { node: 2, breakpoint: 1, seq: 41, since: 4.5e9, stepping: 0 }

async function open(changes: Parameters<typeof wholeUpdate>[1] = {}): Promise<void> {
  bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
  bench.door.say(
    'live',
    wholeUpdate(
      [1, 2, 3].map((id) => nodeView(id)),
      changes,
    ),
  )
  await bench.settle()
}
async function write(tab: ReturnType<Bench['mount']>, text: string): Promise<void> {
  const field = tab.get<HTMLTextAreaElement>('[data-testid="breakpoint-text"]')
  field.element.focus()
  field.element.value = text
  field.element.setSelectionRange(text.length, text.length)
  await field.trigger('input')
  await bench.settle()
}
const options = () => [...document.querySelectorAll('[role="option"]')].map((each) => each.textContent ?? '')
const key = (tab: ReturnType<Bench['mount']>, name: string, more = {}) =>
  tab.get('[data-testid="breakpoint-text"]').trigger('keydown', { key: name, ...more })

describe('the editor', () => {
  it('sets a breakpoint by Enter and is empty again', async () => {
    bench.door.on('breakpoint.set', () => ({ id: 1 }))
    await open()
    const tab = bench.mount(BreakpointsTab)
    await write(tab, 'n2: commitIndex >= 10')
    expect(tab.get('[data-testid="breakpoint-says"]').text()).toBe('In n2: when it becomes true.')
    await key(tab, 'Enter')
    await bench.settle()
    expect(bench.door.inputsOf('breakpoint.set')).toEqual([{ text: 'n2: commitIndex >= 10' }])
    expect(tab.get<HTMLTextAreaElement>('[data-testid="breakpoint-text"]').element.value).toBe('')
  })
  it('completes: what begins so is chosen by Enter, which then sets nothing', async () => {
    await open()
    const tab = bench.mount(BreakpointsTab)
    await write(tab, 'role = lea')
    const field = tab.get('[data-testid="breakpoint-text"]')
    expect(field.attributes('aria-expanded')).toBe('true')
    expect(options()[0]).toContain('leader')
    expect(
      document.getElementById(field.attributes('aria-activedescendant') ?? '')?.getAttribute('aria-selected'),
    ).toBe('true')
    await key(tab, 'Enter')
    await bench.settle()
    expect(tab.get<HTMLTextAreaElement>('[data-testid="breakpoint-text"]').element.value).toBe('role = leader')
    expect(bench.door.inputsOf('breakpoint.set')).toEqual([])
    expect(options()).toEqual([])
  })
  it('lists what can stand at the cursor when asked by key; arrows move, Escape closes', async () => {
    await open()
    const tab = bench.mount(BreakpointsTab)
    await write(tab, '')
    await key(tab, ' ', { ctrlKey: true })
    await bench.settle()
    const all = options()
    expect(all.length).toBeGreaterThan(5)
    const active = () => document.querySelector('[aria-selected="true"]')?.textContent
    expect(active()).toBe(all[0])
    await key(tab, 'ArrowDown')
    expect(active()).toBe(all[1])
    await key(tab, 'ArrowUp')
    await key(tab, 'ArrowUp')
    expect(active()).toBe(all.at(-1))
    await key(tab, 'Escape')
    expect(options()).toEqual([])
  })
  it('underlines the place that is wrong, says it in words, and offers what could stand there', async () => {
    await open()
    const tab = bench.mount(BreakpointsTab)
    await write(tab, 'role = boss and term >= 3')
    expect(tab.get('[data-testid="breakpoint-underline"]').text()).toBe('boss')
    expect(tab.get('[data-testid="breakpoint-text"]').attributes('aria-invalid')).toBe('true')
    expect(tab.get('[data-testid="breakpoint-says"]').text()).toContain('“boss” is no value of it.')
    expect(tab.get<HTMLButtonElement>('[data-testid="breakpoint-set"]').element.disabled).toBe(true)
    const leader = tab.findAll('.instead button').find((each) => each.text() === 'leader')
    await leader?.trigger('click')
    await bench.settle()
    expect(tab.get<HTMLTextAreaElement>('[data-testid="breakpoint-text"]').element.value).toBe(
      'role = leader and term >= 3',
    )
    expect(tab.find('[data-testid="breakpoint-underline"]').exists()).toBe(false)
  })
  it('does not call unfinished wrong, until Enter insists', async () => {
    await open()
    const tab = bench.mount(BreakpointsTab)
    await write(tab, 'term >= ')
    const field = tab.get('[data-testid="breakpoint-text"]')
    expect(field.attributes('aria-invalid')).toBe('false')
    expect(tab.find('[data-testid="breakpoint-underline"]').exists()).toBe(true)
    await key(tab, 'Enter')
    expect(field.attributes('aria-invalid')).toBe('true')
    expect(bench.door.inputsOf('breakpoint.set')).toEqual([])
  })
  it('keeps the text when the workbench refuses it, and says why', async () => {
    bench.door.on('breakpoint.set', () => {
      throw new ProblemError(problemView('breakpoint-limit', 'There are 64 breakpoints.', { max: 64 }))
    })
    await open()
    const tab = bench.mount(BreakpointsTab)
    await write(tab, 'truncated')
    await key(tab, 'Enter')
    await bench.settle()
    expect(tab.get('[role="alert"]').text()).toBe('There are 64 breakpoints.')
    expect(tab.get<HTMLTextAreaElement>('[data-testid="breakpoint-text"]').element.value).toBe('truncated')
  })
})

describe('the list', () => {
  it('shows text and hits, switches one off, changes one and takes one away', async () => {
    bench.door.on('breakpoint.set', () => ({ id: 4 }))
    await open({ breakpoints: [breakpoint(3), breakpoint(4, { text: 'truncated', hits: 2 })] })
    const tab = bench.mount(BreakpointsTab)
    expect(tab.get('[data-testid="breakpoint-4"]').text()).toContain('hit 2 times')
    await tab.get('[data-testid="breakpoint-3"] input').trigger('click')
    await tab.get('[aria-label="Change breakpoint 4"]').trigger('click')
    await bench.settle()
    await write(tab, 'truncated and term > 1')
    await key(tab, 'Enter')
    await bench.settle()
    await tab.get('[aria-label="Remove breakpoint 3"]').trigger('click')
    await bench.settle()
    expect(bench.door.inputsOf('breakpoint.enable')).toEqual([{ id: 3, enabled: false }])
    expect(bench.door.inputsOf('breakpoint.set')).toEqual([{ text: 'truncated and term > 1', id: 4 }])
    expect(bench.door.inputsOf('breakpoint.remove')).toEqual([{ id: 3 }])
  })
})

describe('the banner', () => {
  const events = [
    { kind: 'committed', node: 1, n: 5, t: 4e9, seq: 40, commitIndex: 3, by: 'counted' },
    { kind: 'role', node: 2, n: 7, t: 4.5e9, seq: 41, role: 'leader', term: 2, leader: 2, reason: 'won-election' },
    {
      kind: 'breakpoint',
      node: 2,
      n: 8,
      t: 4.5e9,
      seq: 42,
      breakpoint: 1,
      event: 7,
      by: 'role',
      text: 'role = leader',
    },
  ] as const

  it('says who hit what and where each node stands', async () => {
    await open({ breakpoints: [breakpoint(1, { text: 'role = leader' })], stop, events, seq: 43 })
    const banner = bench.mount(HitBanner, { stop })
    expect(banner.get('[data-testid="hit-title"]').text()).toBe('n2 hit breakpoint 1')
    expect(banner.get('code').text()).toBe('role = leader')
    expect(banner.get('[data-testid="stands-2"]').attributes('data-standing')).toBe('here')
    expect(banner.get('[data-testid="stands-2"]').text()).toContain('is leader in term 2')
    expect(banner.get('[data-testid="stands-1"]').text()).toContain('determines that 3 is committed')
    expect(banner.get('[data-testid="stands-3"]').text()).toContain('nothing reported yet')
  })
  it('continues, steps a node to any event or to one of a kind, and says when it waits', async () => {
    bench.door.on('stop.step', () => null)
    await open({ stop, events, seq: 43 })
    const banner = bench.mount(HitBanner, { stop })
    await banner.get('[data-testid="step-2"]').trigger('click')
    await banner.get('select').setValue('persisted')
    await banner.get('[data-testid="step-3"]').trigger('click')
    await banner.get('[data-testid="continue"]').trigger('click')
    await bench.settle()
    expect(bench.door.inputsOf('stop.step')).toEqual([{ node: 2 }, { node: 3, kind: 'persisted' }])
    expect(bench.door.inputsOf('stop.continue')).toHaveLength(1)
  })
  it('offers no step of a node that is down', async () => {
    bench.door.say('source', { kind: 'live', name: 'five', recording: '/r' })
    bench.door.say(
      'live',
      wholeUpdate([nodeView(1), nodeView(2, { process: processState({ standing: 'killed' }) })], { stop }),
    )
    await bench.settle()
    const banner = bench.mount(HitBanner, { stop })
    expect(banner.get<HTMLButtonElement>('[data-testid="step-2"]').element.disabled).toBe(true)
    expect(banner.get('[data-testid="stands-2"]').text()).toContain('is down')
  })
  it('is told by the status bar as well, with the keys that go on', async () => {
    await open({ stop })
    const bar = bench.mount(StatusBar)
    expect(bar.get('[data-testid="status-stopped"]').text()).toBe('all nodes stand still')
    expect(bar.text()).toContain('F8')
    expect(bar.text()).toContain('F10')
  })
  it('takes the focus to the editor by command', async () => {
    await open()
    useUiStore().focusBreakpoint()
    const tab = bench.mount(BreakpointsTab)
    await bench.settle()
    expect(document.activeElement).toBe(tab.get('[data-testid="breakpoint-text"]').element)
  })
})
