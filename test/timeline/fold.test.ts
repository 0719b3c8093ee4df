import { describe, expect, it } from 'vitest'
import type { EventKind, FieldsOf, TimelineEvent } from '../../main/node/contract/events'
import { type MutableCluster, newCluster } from '../../main/timeline/fold/cluster'
import { fold, linkOf } from '../../main/timeline/fold/fold'
import { MAX_CALLS } from '../../main/timeline/fold/workbench'

/** Folds events one after the other; `t` is ten times the `seq`. */
class Trace {
  readonly state: MutableCluster = newCluster('c', 'demo')

  add<K extends EventKind>(node: number, kind: K, fields: FieldsOf<K>, t = this.state.seq * 10 + 10): this {
    const seq = this.state.seq
    fold(this.state, { kind, node, n: seq + 1, t, seq, ...fields } as unknown as TimelineEvent)
    return this
  }

  start(node: number, fields: Partial<FieldsOf<'started'>> = {}): this {
    return this.add(node, 'started', {
      incarnation: 0,
      pid: 9,
      currentTerm: 0,
      votedFor: 0,
      firstIndex: 1,
      lastIndex: 0,
      tornBytes: 0,
      ...fields,
    })
  }

  append(node: number, firstIndex: number, terms: readonly number[]): this {
    const entries = terms.map((term, i) => ({
      index: firstIndex + i,
      term,
      type: 'command' as const,
      data: Uint8Array.of(term),
    }))
    return this.add(node, 'appended', { firstIndex, count: entries.length, entries })
  }

  persist(node: number, lastIndex: number, currentTerm = 1, votedFor = 0): this {
    return this.add(node, 'persisted', { lastIndex, currentTerm, votedFor, bytes: 1, micros: 7 })
  }

  role(node: number, role: 'leader' | 'follower', term = 1): this {
    return this.add(node, 'role', { role, term, leader: node, reason: 'won-election' })
  }

  process(subject: number, state: FieldsOf<'process'>['state'], pid = 9): this {
    return this.add(0, 'process', { subject, state, pid, incarnation: 0, exitCode: 0, signal: '' })
  }

  node(id: number) {
    const node = this.state.nodes.get(id)
    if (node === undefined) throw new Error(`no node ${id}`)
    return node
  }
}

const terms = (trace: Trace, id: number) => trace.node(id).log.map((entry) => entry.term)

describe('the log of a node', () => {
  it('grows by appending, on disk only as far as persisted', () => {
    const trace = new Trace().start(1).append(1, 1, [1, 1]).persist(1, 1).append(1, 3, [1])
    expect(terms(trace, 1)).toEqual([1, 1, 1])
    expect(trace.node(1)).toMatchObject({ firstIndex: 1, lastIndex: 3, durableIndex: 1 })
    expect(trace.node(1).process.fsyncMicros).toBe(7)
  })

  it('loses what is truncated, on disk too', () => {
    const trace = new Trace().start(1).append(1, 1, [1, 1, 1]).persist(1, 3).add(1, 'truncated', { fromIndex: 2 })
    expect(trace.node(1)).toMatchObject({ lastIndex: 1, durableIndex: 1 })
    // A write that was under way when the log was truncated says nothing about entries that are gone.
    expect(trace.persist(1, 3).node(1).durableIndex).toBe(1)
  })

  it('is void after a restart and comes back from the disk', () => {
    const trace = new Trace().start(1).append(1, 1, [1, 1, 1]).persist(1, 2)
    trace.add(1, 'committed', { commitIndex: 2, by: 'learned' }).add(1, 'applied', { lastApplied: 2 })
    trace.start(1, { currentTerm: 4, votedFor: 2, lastIndex: 2 })
    expect(trace.node(1)).toMatchObject({
      lastIndex: 0,
      durableIndex: 2,
      commitIndex: 0,
      lastApplied: 0,
      currentTerm: 4,
      durableTerm: 4,
      votedFor: 2,
      durableVote: 2,
    })
    expect(terms(trace.append(1, 1, [1, 1]), 1)).toEqual([1, 1])
    expect(trace.node(1)).toMatchObject({ lastIndex: 2, durableIndex: 2 })
  })

  it('shares equal entries with the leader, and no others', () => {
    const trace = new Trace().start(1).role(1, 'leader').append(1, 1, [1, 1])
    trace.start(2).add(2, 'leader', { leader: 1, term: 1 }).append(2, 1, [1, 2])
    expect(trace.node(2).log[0]).toBe(trace.node(1).log[0])
    expect(trace.node(2).log[1]?.term).toBe(2)
  })

  it('begins anew where a window of a recording begins', () => {
    const trace = new Trace().append(1, 50, [3])
    expect(trace.node(1)).toMatchObject({ firstIndex: 50, lastIndex: 50 })
  })
})

describe('what a node keeps in memory', () => {
  it('differs from its disk while a write is under way', () => {
    const trace = new Trace().start(1).add(1, 'hardState', { currentTerm: 2, votedFor: 1 })
    expect(trace.node(1)).toMatchObject({ currentTerm: 2, votedFor: 1, durableTerm: 0, durableVote: 0 })
    expect(trace.persist(1, 0, 2, 1).node(1)).toMatchObject({ durableTerm: 2, durableVote: 1 })
  })

  it('has progress of peers and no election timer only while it leads', () => {
    const progress = (peer: number, matchIndex: number) =>
      ({ peer, matchIndex, nextIndex: matchIndex + 1, state: 'probe', inFlight: 0 }) as const
    const trace = new Trace().start(1).add(1, 'progress', progress(2, 1))
    expect(trace.node(1).progress).toEqual([])
    trace.add(1, 'timer', { deadline: 900, duration: 800 })
    expect(trace.node(1)).toMatchObject({ deadline: 900, timerDuration: 800 })
    trace.role(1, 'leader')
    expect(trace.node(1)).toMatchObject({ deadline: 0, roleSince: 40 })
    trace.add(1, 'progress', progress(3, 1)).add(1, 'progress', progress(2, 1)).add(1, 'progress', progress(3, 5))
    expect(trace.node(1).progress).toEqual([progress(2, 1), progress(3, 5)])
    expect(trace.role(1, 'follower').node(1).progress).toEqual([])
  })
})

describe('a process', () => {
  it('goes through its life', () => {
    const trace = new Trace()
    const standing = () => trace.node(2).process.standing
    trace.process(2, 'spawned', 77)
    expect(trace.node(2).process).toMatchObject({ standing: 'starting', pid: 77, restarts: 0, startedAt: 10 })
    trace.process(2, 'ready')
    expect(standing()).toBe('running')
    trace.process(2, 'paused')
    expect(standing()).toBe('paused')
    trace.process(2, 'resumed').role(2, 'leader')
    trace.add(2, 'trouble', { problem: 'disk-failed', detail: 'EIO' })
    expect(trace.node(2).process.trouble).toBe('disk-failed: EIO')
    trace.process(2, 'killed')
    expect(trace.node(2).process).toMatchObject({ standing: 'killed', pid: 0, startedAt: 0 })
    expect(trace.node(2)).toMatchObject({ role: 'follower', leader: 0, deadline: 0 })
    trace.process(2, 'spawned', 78)
    expect(trace.node(2).process).toMatchObject({ standing: 'starting', pid: 78, restarts: 1, trouble: '' })
    expect(trace.process(2, 'removed').node(2).process.standing).toBe('removed')
  })

  it('is found in the order of ids', () => {
    const trace = new Trace().process(3, 'spawned').process(1, 'spawned').process(2, 'spawned')
    expect([...trace.state.nodes.keys()]).toEqual([1, 2, 3])
  })
})

describe('what the user did', () => {
  it('blocks and heals links', () => {
    const trace = new Trace().add(0, 'link', { from: 1, to: 2, blocked: true })
    trace.add(0, 'link', { from: 2, to: 1, blocked: true }).add(0, 'link', { from: 1, to: 2, blocked: false })
    expect([...trace.state.blocked]).toEqual([linkOf(2, 1)])
  })

  it('has faults from begin to end', () => {
    const trace = new Trace().add(0, 'fault', { action: 'begin', id: 1, type: 'kill', detail: '{}' })
    trace.add(0, 'fault', { action: 'begin', id: 2, type: 'block', detail: '{}' })
    trace.add(0, 'fault', { action: 'end', id: 1, type: 'kill', detail: '{}' })
    expect(trace.state.faults).toEqual([{ id: 2, type: 'block', detail: '{}', since: 20 }])
  })

  it('remembers the last calls with their answers', () => {
    const trace = new Trace()
    const value = Uint8Array.of(1)
    for (let call = 1; call <= MAX_CALLS + 1; call++) {
      trace.add(0, 'invoke', { call, client: 1, op: 'put', key: 'k', value, via: 0 })
    }
    const answer = { outcome: 'ok', found: true, value, from: 3, index: 9, term: 1, problem: '' } as const
    trace.add(0, 'answer', { call: 1, ...answer }).add(0, 'answer', { call: 5, ...answer }, 5000)
    expect(trace.state.calls).toHaveLength(MAX_CALLS)
    expect(trace.state.calls.map((call) => call.outcome).filter((outcome) => outcome !== 'pending')).toEqual(['ok'])
    expect(trace.state.calls[3]).toMatchObject({ call: 5, answeredAt: 5000, from: 3, index: 9 })
  })
})

it('counts events, sums what was shed, and its clock never goes back', () => {
  const trace = new Trace().add(0, 'note', { text: '' }, 100)
  trace.add(0, 'gap', { subject: 1, shed: 4, reason: '' }, 50).add(0, 'gap', { subject: 2, shed: 3, reason: '' }, 60)
  expect(trace.state).toMatchObject({ seq: 3, t: 100, shed: 7 })
})
