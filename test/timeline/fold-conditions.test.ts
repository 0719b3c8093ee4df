/** Rules, clocks, breakpoints, stops, nemeses and workloads in the fold. */
import { describe, expect, it } from 'vitest'
import type { EventKind, FieldsOf, TimelineEvent } from '../../main/node/contract/events'
import { type MutableCluster, newCluster } from '../../main/timeline/fold/cluster'
import { linkOf } from '../../main/timeline/fold/conditions'
import { fold } from '../../main/timeline/fold/fold'

class Trace {
  readonly state: MutableCluster = newCluster('c', 'demo')
  readonly #counts = new Map<number, number>()

  /** Numbers each reporter's events; `t` is ten times the `seq`. */
  add<K extends EventKind>(node: number, kind: K, fields: FieldsOf<K>): this {
    const { seq } = this.state
    const n = (this.#counts.get(node) ?? 0) + 1
    this.#counts.set(node, n)
    fold(this.state, { kind, node, n, t: seq * 10, seq, ...fields } as unknown as TimelineEvent)
    return this
  }

  process(subject: number, state: FieldsOf<'process'>['state']): this {
    return this.add(0, 'process', { subject, state, pid: 1, incarnation: 0, exitCode: 0, signal: '' })
  }
}

describe('rules of links', () => {
  const hold = { seed: 7, rules: [{ messages: ['RequestVote'], action: { type: 'hold' } }] } as const
  const tell = (trace: Trace, from: number, to: number, rules: string) => trace.add(0, 'rules', { from, to, rules })

  it('are known by link, and replaced', () => {
    const trace = tell(new Trace(), 1, 2, JSON.stringify(hold))
    expect([...trace.state.rules]).toEqual([[linkOf(1, 2), hold]])
    const flaky = { seed: 1, rules: [{ messages: [], action: { type: 'shape', dropPercent: 20 } }] }
    tell(trace, 1, 2, JSON.stringify(flaky))
    expect(trace.state.rules.get(linkOf(1, 2))).toMatchObject({ rules: [{ action: { dropPercent: 20, delayMs: 0 } }] })
  })

  it.each(['', JSON.stringify({ seed: 7, rules: [] }), 'nonsense', '{"seed":7}'])('are gone after %s', (text) => {
    const trace = tell(new Trace(), 1, 2, JSON.stringify(hold))
    expect([...tell(trace, 1, 2, text).state.rules]).toEqual([])
  })

  it('stand beside a cut', () => {
    const trace = tell(new Trace(), 1, 2, JSON.stringify(hold)).add(0, 'link', { from: 1, to: 2, blocked: true })
    expect([...trace.state.blocked]).toEqual([linkOf(1, 2)])
    trace.add(0, 'link', { from: 1, to: 2, blocked: false })
    expect([...trace.state.blocked]).toEqual([])
    expect(trace.state.rules.size).toBe(1)
  })
})

describe('the clock of a node', () => {
  const manual = { mode: 'manual', rate: 2, skew: 500, cause: 'set' } as const

  it('is the true one until it says otherwise, and in each new life', () => {
    const trace = new Trace().process(1, 'spawned')
    expect(trace.state.nodes.get(1)?.clock).toEqual({ mode: 'running', rate: 1, skew: 0, since: 0 })
    trace.add(1, 'clock', manual)
    expect(trace.state.nodes.get(1)?.clock).toEqual({ mode: 'manual', rate: 2, skew: 500, since: 10 })
    trace.process(1, 'killed')
    expect(trace.state.nodes.get(1)?.clock).toEqual({ mode: 'running', rate: 1, skew: 0, since: 20 })
    trace.process(1, 'spawned').add(1, 'clock', { ...manual, skew: 0, cause: 'launched' })
    expect(trace.state.nodes.get(1)?.clock).toEqual({ mode: 'manual', rate: 2, skew: 0, since: 40 })
  })

  it('may make a deadline that never comes', () => {
    const never = Number.POSITIVE_INFINITY
    const trace = new Trace().add(1, 'clock', manual).add(1, 'timer', { deadline: never, duration: never })
    expect(trace.state.nodes.get(1)).toMatchObject({ deadline: never, timerDuration: never })
  })
})

describe('breakpoints and stops', () => {
  const watch = (id: number, text = 'leader elected', rest = {}) =>
    ({ breakpoint: id, text, enabled: true, removed: false, ...rest }) as const
  const hit = (breakpoint: number, event: number) =>
    ({ breakpoint, event, by: 'role', text: 'leader elected' }) as const
  const stopped = (subject: number, breakpoint: number) => ({ action: 'stopped', subject, breakpoint, by: '' }) as const
  const role = { role: 'leader', term: 1, leader: 1, reason: 'won-election' } as const

  it('are set, switched, counted and taken away', () => {
    const trace = new Trace().add(0, 'watch', watch(2)).add(0, 'watch', watch(1, 'term >= 3'))
    expect(trace.state.breakpoints.map(({ id }) => id)).toEqual([1, 2])
    trace.add(1, 'breakpoint', hit(2, 1)).add(2, 'breakpoint', hit(2, 1)).add(1, 'breakpoint', hit(0, 2))
    expect(trace.state.breakpoints[1]).toEqual({ id: 2, text: 'leader elected', enabled: true, hits: 2 })
    trace.add(0, 'watch', watch(2, 'leader elected', { enabled: false }))
    expect(trace.state.breakpoints[1]).toMatchObject({ enabled: false, hits: 2 })
    trace.add(0, 'watch', watch(2, 'leader lost'))
    expect(trace.state.breakpoints[1]).toMatchObject({ text: 'leader lost', hits: 0 })
    trace.add(0, 'watch', watch(1, '', { removed: true }))
    expect(trace.state.breakpoints.map(({ id }) => id)).toEqual([2])
  })

  it('a stop names the event that hit, whoever is heard first', () => {
    const trace = new Trace().add(0, 'watch', watch(1)).add(1, 'role', role).add(1, 'breakpoint', hit(1, 1))
    trace.add(2, 'applied', { lastApplied: 1 }).add(0, 'stop', stopped(1, 1))
    expect(trace.state.stop).toEqual({ node: 1, breakpoint: 1, seq: 1, since: 40, stepping: 0 })

    const late = new Trace().add(0, 'watch', watch(1)).add(1, 'role', role).add(0, 'stop', stopped(1, 1))
    expect(late.state.stop).toMatchObject({ seq: -1 })
    expect(late.add(1, 'breakpoint', hit(1, 1)).state.stop).toMatchObject({ node: 1, seq: 1 })
  })

  it('does not name an event that is not on the timeline', () => {
    const trace = new Trace().add(1, 'role', role).add(1, 'breakpoint', hit(1, 2)).add(0, 'stop', stopped(1, 1))
    expect(trace.state.stop).toMatchObject({ node: 1, seq: -1 })
    // Another node's stop is not explained by what was left over.
    trace.add(0, 'stop', { ...stopped(0, 0), action: 'continued' }).add(0, 'stop', stopped(0, 0))
    expect(trace.state.stop).toEqual({ node: 0, breakpoint: 0, seq: -1, since: 40, stepping: 0 })
  })

  it('a step goes on from a stop to the next', () => {
    const trace = new Trace().add(0, 'stop', stopped(0, 0))
    trace.add(0, 'stop', { action: 'stepping', subject: 2, breakpoint: 0, by: 'role' })
    expect(trace.state.stop).toMatchObject({ node: 0, stepping: 2 })
    trace.add(2, 'role', role).add(2, 'breakpoint', hit(0, 1)).add(0, 'stop', stopped(2, 0))
    expect(trace.state.stop).toEqual({ node: 2, breakpoint: 0, seq: 2, since: 40, stepping: 0 })
    trace.add(0, 'stop', { action: 'continued', subject: 0, breakpoint: 0, by: '' })
    expect(trace.state.stop).toBeUndefined()
  })
})

describe('what keeps a cluster busy', () => {
  it('is a nemesis with the step that it is at', () => {
    const nemesis = (action: 'begin' | 'step' | 'end', step: number, id = 1) =>
      ({ action, id, step, detail: '{"plan":1}', problem: '' }) as const
    const trace = new Trace().add(0, 'nemesis', nemesis('begin', 0))
    trace
      .add(0, 'nemesis', nemesis('step', 1))
      .add(0, 'nemesis', nemesis('step', 2))
      .add(0, 'nemesis', nemesis('step', 9, 8))
    expect(trace.state.nemesis).toEqual({ id: 1, plan: '{"plan":1}', since: 0, steps: 2 })
    expect(trace.add(0, 'nemesis', nemesis('end', 2)).state.nemesis).toBeUndefined()
  })

  it('are workloads with the sum of what their clients saw', () => {
    const times = { p50: 1, p95: 2, p99: 3, max: 4 }
    const load = (workload: number, ok: number) =>
      ({ workload, millis: 250, started: 9, ok, failed: 1, unknown: 2, waiting: 0, ...times }) as const
    const trace = new Trace()
    for (const id of [1, 2]) trace.add(0, 'workload', { action: 'begin', id, detail: '{}' })
    trace.add(0, 'load', load(2, 5)).add(0, 'load', load(2, 6)).add(0, 'load', load(3, 6))
    expect(trace.state.workloads).toEqual([
      { id: 1, plan: '{}', since: 0, ok: 0, failed: 0, unknown: 0 },
      { id: 2, plan: '{}', since: 10, ok: 11, failed: 2, unknown: 4 },
    ])
    trace.add(0, 'workload', { action: 'end', id: 1, detail: '{}' })
    expect(trace.state.workloads.map(({ id }) => id)).toEqual([2])
  })
})
