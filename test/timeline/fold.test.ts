import { describe, expect, it } from 'vitest'
import { EVENT_KINDS, type EventKind, type FieldsOf, type TimelineEvent } from '../../main/node/contract/events'
import { type MutableCluster, newCluster } from '../../main/timeline/fold/cluster'
import { linkOf } from '../../main/timeline/fold/conditions'
import { changesState, fold, foldStory } from '../../main/timeline/fold/fold'
import { MAX_CALLS, MAX_OPERATIONS } from '../../main/timeline/fold/workbench'
import { FIRST_START } from '../support/events'
import { logOf } from './support/logs'

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
      ...FIRST_START,
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
    return this.add(node, 'appended', { firstIndex, count: entries.length, entries, term: terms[0] ?? 0, bytes: 0 })
  }

  /** As a node says it below level `entry`. */
  appendBlind(node: number, firstIndex: number, count: number, term: number): this {
    return this.add(node, 'appended', { firstIndex, count, entries: [], term, bytes: 100 })
  }

  commit(node: number, commitIndex: number): this {
    return this.add(node, 'committed', { commitIndex, by: 'learned' })
  }

  snapshot(node: number, stage: FieldsOf<'snapshot'>['stage'], fields: Partial<FieldsOf<'snapshot'>> = {}): this {
    const blank = { index: 0, term: 1, bytes: 10, offset: 0, peer: 0, keepsLog: false }
    return this.add(node, 'snapshot', { stage, ...blank, ...fields })
  }

  configuration(
    node: number,
    index: number,
    standing: FieldsOf<'configuration'>['standing'],
    lists: Partial<Record<'voters' | 'outgoing' | 'learners' | 'learnersNext' | 'witnesses', string>>,
  ): this {
    const blank = { voters: '', outgoing: '', learners: '', learnersNext: '', witnesses: '' }
    return this.add(node, 'configuration', { index, standing, ...blank, ...lists })
  }

  persist(node: number, lastIndex: number, currentTerm = 1, votedFor = 0): this {
    return this.add(node, 'persisted', { lastIndex, currentTerm, votedFor, bytes: 1, micros: 7 })
  }

  role(node: number, role: FieldsOf<'role'>['role'], term = 1): this {
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

const terms = (trace: Trace, id: number) => Array.from(trace.node(id).log, (entry) => entry.term)

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
    trace.commit(1, 2).add(1, 'applied', { lastApplied: 2 })
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
    expect(trace.node(2).log.at(0)).toBe(trace.node(1).log.at(0))
    expect(trace.node(2).log.at(1)?.term).toBe(2)
  })

  it('of entries that were not told keeps where they are, and no more', () => {
    const trace = new Trace().start(1).role(1, 'leader').append(1, 1, [1]).appendBlind(1, 2, 3, 1)
    trace.start(2).add(2, 'leader', { leader: 1, term: 1 }).appendBlind(2, 1, 3, 1).appendBlind(2, 4, 2, 2)
    expect(Array.from(trace.node(1).log.stretches(), ({ type }) => type)).toEqual(['told', 'untold'])
    expect([...trace.node(2).log.stretches()]).toEqual([
      { type: 'untold', firstIndex: 1, term: 1, count: 3 },
      { type: 'untold', firstIndex: 4, term: 2, count: 2 },
    ])
    expect(Array.from(trace.node(2).log, ({ index, term, data }) => [index, term, data.length])).toEqual([
      [1, 1, 0],
      [2, 1, 0],
      [3, 1, 0],
      [4, 2, 0],
      [5, 2, 0],
    ])
  })

  it('begins anew where a window of a recording begins', () => {
    const trace = new Trace().append(1, 50, [3])
    expect(trace.node(1)).toMatchObject({ firstIndex: 50, lastIndex: 50 })
  })
})

describe('a log whose data was not recorded', () => {
  it('has an entry of its term for each that is counted, and says so', () => {
    const config = { index: 3, term: 2, type: 'config', data: Uint8Array.of(1) } as const
    const trace = new Trace().start(1).appendBlind(1, 1, 2, 2)
    trace.add(1, 'appended', { firstIndex: 3, count: 2, entries: [config], term: 2, bytes: 9 })
    expect([...trace.node(1).log]).toEqual([
      { index: 1, term: 2, type: 'command', data: new Uint8Array(0) },
      { index: 2, term: 2, type: 'command', data: new Uint8Array(0) },
      config,
      { index: 4, term: 2, type: 'command', data: new Uint8Array(0) },
    ])
    expect(trace.node(1)).toMatchObject({ lastIndex: 4, dataMissing: true })
    // What is read back from the disk at the next start is told whole or not at all, too.
    expect(trace.start(1).append(1, 1, [2, 2]).node(1)).toMatchObject({ lastIndex: 2, dataMissing: false })
  })

  it('knows everything again when what it did not know is gone', () => {
    const trace = new Trace()
      .start(1)
      .append(1, 1, [1])
      .appendBlind(1, 2, 1, 1)
      .append(1, 3, [1])
      .appendBlind(1, 4, 1, 1)
    expect(trace.add(1, 'compacted', { firstIndex: 3, baseTerm: 1 }).node(1).dataMissing).toBe(true)
    expect(trace.add(1, 'truncated', { fromIndex: 4 }).node(1).dataMissing).toBe(false)
  })

  it('does not grow without end, whatever an event claims', () => {
    const trace = new Trace().start(1).appendBlind(1, 1, 2 ** 32 - 1, 1)
    expect(trace.node(1).log.length).toBeLessThan(2 ** 21)
  })
})

describe('a log that was compacted', () => {
  it('begins later, and keeps what lies behind', () => {
    const trace = new Trace().start(1).append(1, 1, [1, 1, 2, 2]).persist(1, 4).commit(1, 3)
    trace.snapshot(1, 'saved', { index: 3, term: 2, bytes: 77 })
    trace.add(1, 'compacted', { firstIndex: 3, baseTerm: 1 })
    expect(trace.node(1)).toMatchObject({
      firstIndex: 3,
      lastIndex: 4,
      durableIndex: 4,
      baseTerm: 1,
      snapshot: { index: 3, term: 2, bytes: 77 },
    })
    expect(terms(trace, 1)).toEqual([2, 2])
    expect(terms(trace.add(1, 'truncated', { fromIndex: 4 }).append(1, 4, [3, 3]), 1)).toEqual([2, 3, 3])
    // Nothing goes twice, and nothing comes back.
    expect(terms(trace.add(1, 'compacted', { firstIndex: 2, baseTerm: 1 }), 1)).toEqual([2, 3, 3])
  })

  it('begins so after a restart, with the snapshot as its state', () => {
    const trace = new Trace().start(1).snapshot(1, 'saved', { index: 12, term: 3, bytes: 500 })
    trace.start(1, { firstIndex: 11, lastIndex: 14, baseTerm: 2, snapshotIndex: 12, snapshotTerm: 3 })
    expect(trace.append(1, 11, [3, 3, 3, 4]).node(1)).toMatchObject({
      firstIndex: 11,
      lastIndex: 14,
      durableIndex: 14,
      baseTerm: 2,
      commitIndex: 12,
      lastApplied: 12,
      // Its size was known before.
      snapshot: { index: 12, term: 3, bytes: 500 },
    })
    trace.start(1, { firstIndex: 21, lastIndex: 20, baseTerm: 5, snapshotIndex: 20, snapshotTerm: 5 })
    expect(trace.node(1)).toMatchObject({ lastIndex: 20, snapshot: { index: 20, term: 5, bytes: 0 } })
  })
})

describe('a snapshot', () => {
  it('comes in piece by piece, replaces the log, and is durable with the next write', () => {
    const trace = new Trace().start(1).append(1, 1, [1, 1, 1]).persist(1, 3).commit(1, 2)
    trace.snapshot(1, 'receiving', { index: 9, term: 2, offset: 4, peer: 2 })
    expect(trace.node(1).receiving).toEqual({ peer: 2, index: 9, term: 2, bytes: 10, offset: 4 })
    trace.snapshot(1, 'receiving', { index: 9, term: 2, offset: 8, peer: 2 })
    expect(trace.node(1).receiving?.offset).toBe(8)
    trace.snapshot(1, 'installed', { index: 9, term: 2, offset: 10, peer: 2 })
    expect(trace.node(1)).toMatchObject({
      firstIndex: 10,
      lastIndex: 9,
      baseTerm: 2,
      log: logOf([]),
      durableIndex: 2,
      commitIndex: 9,
      lastApplied: 9,
      receiving: undefined,
      snapshot: { index: 9, term: 2, bytes: 10 },
    })
    expect(trace.persist(1, 9).append(1, 10, [2]).node(1)).toMatchObject({ lastIndex: 10, durableIndex: 9 })
  })

  it('leaves the entries that continue it', () => {
    const trace = new Trace().start(1).append(1, 1, [1, 1, 1, 1]).persist(1, 4)
    trace.snapshot(1, 'installed', { index: 2, keepsLog: true })
    expect(trace.node(1)).toMatchObject({ firstIndex: 3, lastIndex: 4, durableIndex: 4, baseTerm: 1, commitIndex: 2 })
  })

  it('is not on its way any more when entries come again, or the process ends', () => {
    const trace = new Trace().start(1).snapshot(1, 'receiving', { index: 9, peer: 2 }).append(1, 1, [1])
    expect(trace.node(1).receiving).toBeUndefined()
    trace.snapshot(1, 'receiving', { index: 9, peer: 2 }).process(1, 'killed')
    expect(trace.node(1).receiving).toBeUndefined()
  })

  it('goes out to each peer until that has it', () => {
    const to = (peer: number, offset: number) => ({ index: 9, term: 2, bytes: 10, offset, peer })
    const progress = (peer: number, state: 'snapshot' | 'probe') =>
      ({ peer, matchIndex: 0, nextIndex: 1, state, inFlight: 1 }) as const
    const trace = new Trace().start(1).role(1, 'leader')
    trace.snapshot(1, 'sending', to(3, 0)).snapshot(1, 'sending', to(2, 0)).snapshot(1, 'sending', to(3, 5))
    expect(trace.node(1).sending).toEqual([to(2, 0), to(3, 5)])
    trace.add(1, 'progress', progress(3, 'snapshot')).add(1, 'progress', progress(2, 'probe'))
    expect(trace.node(1).sending).toEqual([to(3, 5)])
    // Where progress is not recorded, the peer's own word tells it.
    expect(trace.start(3).snapshot(3, 'installed', { index: 9, term: 2 }).node(1).sending).toEqual([])
    trace.snapshot(1, 'sending', to(2, 0)).role(1, 'follower')
    expect(trace.node(1).sending).toEqual([])
  })
})

describe('a configuration', () => {
  const three = { voters: [1, 2, 3], outgoing: [], learners: [], learnersNext: [], witnesses: [] }

  it('is appended, then committed; what was committed before it is not taken for it', () => {
    const trace = new Trace().start(1).configuration(1, 0, 'restored', { voters: '1,2,3' })
    expect(trace.node(1)).toMatchObject({
      configuration: three,
      configurationIndex: 0,
      configurationCommitted: true,
    })
    trace.configuration(1, 5, 'appended', { voters: '1,2,4', outgoing: '1,2,3', witnesses: '4' })
    trace.configuration(1, 7, 'appended', { voters: '1,2,4', witnesses: '4' })
    trace.commit(1, 5).configuration(1, 5, 'committed', { voters: '1,2,4', outgoing: '1,2,3', witnesses: '4' })
    expect(trace.node(1)).toMatchObject({
      configuration: { ...three, voters: [1, 2, 4], witnesses: [4] },
      configurationIndex: 7,
      configurationCommitted: false,
    })
    expect(trace.commit(1, 7).node(1).configurationCommitted).toBe(true)
  })

  it('goes back to the one before when its entry is truncated', () => {
    const trace = new Trace().start(1).configuration(1, 0, 'restored', { voters: '1,2,3' }).append(1, 1, [1, 1])
    trace.configuration(1, 2, 'appended', { voters: '1,2,3', learners: '4' })
    expect(trace.node(1)).toMatchObject({ configuration: { ...three, learners: [4] }, configurationCommitted: false })
    trace.add(1, 'truncated', { fromIndex: 2 }).configuration(1, 0, 'rolled-back', { voters: '1,2,3' })
    expect(trace.node(1)).toMatchObject({
      lastIndex: 1,
      configuration: three,
      configurationIndex: 0,
      configurationCommitted: true,
    })
  })

  it('says whom a leader replicates to, and is void at the next start', () => {
    const trace = new Trace().start(1).role(1, 'leader').configuration(1, 0, 'restored', { voters: '1,2,3' })
    for (const peer of [2, 3]) {
      trace.add(1, 'progress', { peer, matchIndex: 0, nextIndex: 1, state: 'replicate', inFlight: 0 })
    }
    trace.configuration(1, 4, 'appended', { voters: '1,2' })
    expect(trace.node(1).progress.map(({ peer }) => peer)).toEqual([2])
    expect(trace.start(1).node(1)).toMatchObject({ configuration: undefined, configurationIndex: 0 })
  })
})

describe('a leader that hands over', () => {
  it('has a target until it is done or given up', () => {
    const trace = new Trace().start(1).role(1, 'leader').add(1, 'transfer', { stage: 'started', target: 2 })
    expect(trace.add(1, 'transfer', { stage: 'told', target: 2 }).node(1).transferTarget).toBe(2)
    expect(trace.add(1, 'transfer', { stage: 'aborted', target: 2 }).node(1).transferTarget).toBe(0)
    trace.add(1, 'transfer', { stage: 'started', target: 3 }).role(1, 'follower')
    expect(trace.node(1).transferTarget).toBe(0)
  })
})

describe('a node that sleeps', () => {
  const remark = (name: FieldsOf<'remark'>['name']) => ({ name, peer: 0, term: 1, index: 0 })

  it('has no timer until it is woken, changes its role, or dies', () => {
    const trace = new Trace().start(1).add(1, 'timer', { deadline: 900, duration: 800 })
    trace.add(1, 'remark', remark('quiesced')).add(1, 'remark', remark('vote-granted'))
    expect(trace.node(1)).toMatchObject({ isQuiescent: true, deadline: 0, timerDuration: 0 })
    expect(trace.add(1, 'remark', remark('woken')).node(1).isQuiescent).toBe(false)
    expect(trace.add(1, 'remark', remark('quiesced')).role(1, 'candidate').node(1).isQuiescent).toBe(false)
    expect(trace.add(1, 'remark', remark('quiesced')).append(1, 1, [1]).node(1).isQuiescent).toBe(false)
    expect(trace.add(1, 'remark', remark('quiesced')).process(1, 'crashed').node(1).isQuiescent).toBe(false)
  })
})

it('knows how many sessions a state machine has open', () => {
  expect(new Trace().start(1).add(1, 'sessions', { open: 3, expired: 1 }).node(1).sessions).toBe(3)
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
    trace.append(2, 1, [1, 1]).persist(2, 2, 3, 2).commit(2, 1).snapshot(2, 'saved', { index: 1 })
    // Its directory goes with it.
    expect(trace.process(2, 'removed').node(2)).toMatchObject({
      process: { standing: 'removed' },
      lastIndex: 0,
      durableIndex: 0,
      commitIndex: 0,
      currentTerm: 0,
      durableTerm: 0,
      log: logOf([]),
      snapshot: undefined,
    })
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
    const plain = { consistency: 'index', expected: new Uint8Array(0), hasExpected: false } as const
    for (let call = 1; call <= MAX_CALLS + 1; call++) {
      trace.add(0, 'invoke', { call, client: 1, op: 'put', key: 'k', value, via: 0, ...plain })
    }
    const answer = { outcome: 'ok', found: true, value, from: 3, index: 9, term: 1, problem: '' } as const
    trace.add(0, 'answer', { call: 1, ...answer }).add(0, 'answer', { call: 5, ...answer }, 5000)
    expect(trace.state.calls).toHaveLength(MAX_CALLS)
    expect(trace.state.calls.map((call) => call.outcome).filter((outcome) => outcome !== 'pending')).toEqual(['ok'])
    expect(trace.state.calls[3]).toMatchObject({ call: 5, answeredAt: 5000, from: 3, index: 9, expected: null })
    trace.add(0, 'invoke', { call: 7, client: 1, op: 'cas', key: 'k', value, via: 0, ...plain, hasExpected: true })
    expect(trace.state.calls.at(-1)).toMatchObject({ op: 'cas', consistency: 'index', expected: new Uint8Array(0) })
  })

  it('remembers the last operations and how they ended', () => {
    const trace = new Trace()
    const operation = { type: 'add-node', detail: '{}', problem: '' } as const
    for (let id = 1; id <= MAX_OPERATIONS + 1; id++) trace.add(0, 'operation', { action: 'begin', id, ...operation })
    trace.add(0, 'operation', { action: 'failed', id: 2, ...operation, detail: '{"node":4}', problem: 'no-leader' })
    trace.add(0, 'operation', { action: 'done', id: 3, ...operation }).add(0, 'operation', {
      action: 'done',
      id: 1,
      ...operation,
    })
    expect(trace.state.operations).toHaveLength(MAX_OPERATIONS)
    expect(trace.state.operations[0]).toEqual({
      id: 2,
      type: 'add-node',
      detail: '{"node":4}',
      since: 20,
      outcome: 'failed',
      problem: 'no-leader',
    })
    expect(trace.state.operations[1]?.outcome).toBe('done')
    expect(trace.state.operations[2]?.outcome).toBe('pending')
  })

  it('says how the cluster behaves', () => {
    const settings = '{"preVote":false}'
    expect(new Trace().add(0, 'cluster', { id: 'c', name: 'x', nodes: 3, settings }).state.settings).toBe(settings)
  })
})

it('counts events, sums what was shed, and its clock never goes back', () => {
  const trace = new Trace().add(0, 'note', { text: '' }, 100)
  trace.add(0, 'gap', { subject: 1, shed: 4, reason: '' }, 50).add(0, 'gap', { subject: 2, shed: 3, reason: '' }, 60)
  expect(trace.state).toMatchObject({ seq: 3, t: 100, shed: 7 })
})

it('survives numbers that no node has', () => {
  for (const number of [Number.NaN, Number.POSITIVE_INFINITY, -1, 1.5, 2 ** 53, -0]) {
    const trace = new Trace().start(1).append(1, 1, [1, 1, 1])
    trace.appendBlind(1, number, 3, 1).add(1, 'truncated', { fromIndex: number })
    trace.add(1, 'compacted', { firstIndex: number, baseTerm: 1 })
    trace.snapshot(1, 'installed', { index: number }).snapshot(1, 'installed', { index: number, keepsLog: true })
    trace.start(1, { firstIndex: number, lastIndex: number }).append(1, 1, [1])
    expect(trace.node(1).log.length).toBeLessThan(10)
  }
})

describe('what is only part of the story', () => {
  const STORY = ['sent', 'received', 'dropped', 'copied', 'struck', 'read', 'note', 'output', 'closing']

  it('changes nothing but the moment that the state is of, and who spoke last', () => {
    const told = new Trace().start(1).append(1, 1, [1])
    const { state } = new Trace().start(1).append(1, 1, [1])
    const add: Trace['add'] = (node, kind, fields) => {
      const { seq } = told.state
      told.add(node, kind, fields)
      foldStory(state, { seq, node, n: told.state.nodes.get(node)?.lastN ?? 0, t: told.state.t })
      return told
    }
    add(1, 'received', { peer: 2, id: 1, message: 'AppendEntriesReply', term: 1, count: 0 })
    add(1, 'dropped', { sender: 2, receiver: 1, id: 2, message: 'AppendEntriesReply', reason: 'blocked' })
    add(1, 'copied', { peer: 2, id: 2, copy: -1, message: 'AppendEntriesReply', by: 'rule' })
    add(1, 'struck', { fault: 1, type: 'disk-error', left: 0, detail: '{}' })
    add(1, 'read', { stage: 'asked', by: 'index', index: 0, peer: 0 })
    add(0, 'note', { text: 'here' })
    add(0, 'output', { subject: 1, stream: 'stderr', text: 'there' })
    add(0, 'closing', {})
    expect(state).toEqual(told.state)
  })

  it('is all that is left out of it', () => {
    expect(EVENT_KINDS.filter((kind) => !changesState(kind)).sort()).toEqual(STORY.sort())
  })
})
