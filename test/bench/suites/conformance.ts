/** A recording of a million events against Raft's specification: how fast, and whether the end is as fast as the beginning. */
import { ConformanceWatcher } from '../../../main/checks/conformance'
import { EVENT_FIELDS, type EventKind, type FieldsOf, type TimelineEvent } from '../../../main/node/contract/events'
import { figure, spread } from '../report'
import type { Stage, Suite } from '../stage'
import { spreadOf } from '../statistics'

const EVENTS = 1_000_000
const NODES = [1, 2, 3, 4, 5]
const LEADER = 1
const WANTED_PER_SECOND = 20_000
/** The last tenth may take so many times as long as the second; the first compiles. */
const WANTED_GROWTH = 2

interface Times {
  readonly perSecond: number
  readonly growth: number
}

export const conformanceSuite: Suite = {
  name: 'conformance',
  runs: 3,
  async run(stage) {
    const events = stage.quick ? EVENTS / 10 : EVENTS
    const times = Array.from({ length: stage.runs }, (_, run) => {
      stage.signal.throwIfAborted()
      stage.say(`conformance: ${run + 1} of ${stage.runs}`)
      return measure(stage, events)
    })
    const perSecond = spreadOf(times.map((each) => each.perSecond))
    const growth = spreadOf(times.map((each) => each.growth))
    return {
      suite: 'conformance',
      conditions: { events, nodes: NODES.length },
      rows: times,
      targets: [
        {
          name: 'events judged in a second',
          wanted: `≥ ${figure(WANTED_PER_SECOND)}`,
          got: perSecond.median,
          met: perSecond.median >= WANTED_PER_SECOND,
        },
        {
          name: 'the last tenth of the recording, in times of the second',
          wanted: `≤ ${WANTED_GROWTH}`,
          got: growth.median,
          met: growth.median <= WANTED_GROWTH,
        },
      ],
      tables: [
        {
          title: `Conformance: ${figure(events)} events of ${NODES.length} nodes`,
          columns: ['', 'events/s', 'last tenth / second tenth'],
          rows: [['replication, entry by entry', spread(perSecond), spread(growth)]],
          notes: ['The events are made beforehand, a tenth at a time; reading a recording comes on top of that.'],
        },
      ],
    }
  },
}

function measure(stage: Stage, events: number): Times {
  const watcher = new ConformanceWatcher()
  const life = lifeOf()
  const tenths: number[] = []
  for (let tenth = 0; tenth < 10; tenth++) {
    stage.signal.throwIfAborted()
    const batch: TimelineEvent[] = []
    while (batch.length < events / 10) {
      const next = life.next()
      if (next.done === true) break
      batch.push(next.value)
    }
    const began = performance.now()
    for (const event of batch) watcher.take(event)
    tenths.push(performance.now() - began)
  }
  const { first, events: taken } = watcher.verdict()
  if (first !== undefined) throw new Error(`what was made is no Raft: ${JSON.stringify(first)}`)
  const millis = tenths.reduce((sum, each) => sum + each, 0)
  return { perSecond: (taken / millis) * 1_000, growth: (tenths[9] ?? 0) / (tenths[1] ?? 1) }
}

/** A leader that replicates one entry after the other to all, as its node would tell it, without an end. */
function* lifeOf(): Generator<TimelineEvent, undefined> {
  let seq = 0
  let t = 0
  let id = 0
  const make = <K extends EventKind>(node: number, kind: K, fields: Partial<FieldsOf<K>> = {}): TimelineEvent => {
    const event = { kind, node, n: seq + 1, seq, t, ...BLANK[kind], ...fields }
    seq += 1
    return event as unknown as TimelineEvent
  }
  const followers = NODES.filter((node) => node !== LEADER)
  for (const node of NODES) {
    yield make(node, 'started', { incarnation: 1, firstIndex: 1 })
    yield make(node, 'persisted')
    yield make(node, 'configuration', { standing: 'restored', voters: NODES.join() })
  }
  const message = function* (
    from: number,
    to: number,
    type: FieldsOf<'sent'>['message'],
    fields: Partial<FieldsOf<'sent'>>,
  ): Generator<TimelineEvent, undefined> {
    id += 1
    yield make(from, 'sent', { peer: to, message: type, term: 1, id, ...fields })
    t += 1_000
    yield make(to, 'received', { peer: from, message: type, term: 1, id, count: fields.count ?? 0 })
  }
  yield make(LEADER, 'hardState', { currentTerm: 1, votedFor: LEADER })
  yield make(LEADER, 'role', { role: 'candidate', term: 1, reason: 'election-timeout' })
  yield make(LEADER, 'persisted', { currentTerm: 1, votedFor: LEADER })
  for (const node of followers) {
    yield* message(LEADER, node, 'RequestVote', {})
    yield make(node, 'hardState', { currentTerm: 1 })
    yield make(node, 'hardState', { currentTerm: 1, votedFor: LEADER })
    yield make(node, 'persisted', { currentTerm: 1, votedFor: LEADER })
    yield* message(node, LEADER, 'RequestVoteReply', { ok: true, inReplyTo: id })
  }
  yield make(LEADER, 'role', { role: 'leader', term: 1, leader: LEADER, reason: 'won-election' })
  for (let index = 1; ; index++) {
    const written = { currentTerm: 1, votedFor: LEADER, lastIndex: index }
    yield make(LEADER, 'appended', { firstIndex: index, count: 1, term: 1 })
    yield make(LEADER, 'persisted', written)
    const logTerm = index === 1 ? 0 : 1
    const commit = index - 1
    for (const node of followers) {
      yield* message(LEADER, node, 'AppendEntries', { index: index - 1, logTerm, commit, count: 1 })
      const asked = id
      yield make(node, 'appended', { firstIndex: index, count: 1, term: 1 })
      if (commit > 0) yield make(node, 'committed', { commitIndex: commit, by: 'learned' })
      yield make(node, 'persisted', written)
      yield* message(node, LEADER, 'AppendEntriesReply', { ok: true, index, inReplyTo: asked })
    }
    yield make(LEADER, 'committed', { commitIndex: index, by: 'counted' })
    yield make(LEADER, 'applied', { lastApplied: index })
  }
}

const BLANK_FIELD: Readonly<Record<string, unknown>> = {
  u8: 0,
  u16: 0,
  u32: 0,
  f64: 0,
  flag: false,
  text: '',
  bytes: new Uint8Array(0),
  entries: [],
}

/** Each kind's fields with nothing in them. */
const BLANK: Readonly<Record<string, object>> = Object.fromEntries(
  Object.entries(EVENT_FIELDS).map(([kind, { fields }]) => [
    kind,
    Object.fromEntries(
      Object.entries<string | readonly string[]>(fields).map(([name, type]) => [
        name,
        typeof type === 'string' ? BLANK_FIELD[type] : type[0],
      ]),
    ),
  ]),
)
