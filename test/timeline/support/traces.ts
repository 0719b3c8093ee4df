/** Traces whose events are about few nodes and short logs, so that they meet: overwrite, truncate, restart, forget. */
import fc from 'fast-check'
import type { ReportedEvent, TimelineEvent } from '../../../main/node/contract/events'
import type { Entry } from '../../../main/raft/types'
import { FIRST_START } from '../../support/events'

const NOTHING = new Uint8Array(0)
const node = fc.integer({ min: 1, max: 3 })
const index = fc.integer({ min: 1, max: 8 })
const term = fc.integer({ min: 1, max: 3 })

function entries(first: number, count: number, term: number): Entry[] {
  return Array.from({ length: count }, (_, i) => ({
    index: first + i,
    term,
    type: i % 3 === 0 ? 'noop' : 'command',
    data: i % 3 === 0 ? NOTHING : Uint8Array.of(term, first + i),
  }))
}

type Body = Record<string, unknown> & { readonly kind: TimelineEvent['kind'] }
/** With all entries, with some of them, or with none: as the levels of telemetry have it. */
const appends: fc.Arbitrary<Body> = fc
  .tuple(index, fc.nat(4), term, fc.constantFrom(1, 1, 2, 9))
  .map(([firstIndex, count, term, every]) => ({
    kind: 'appended',
    firstIndex,
    count,
    entries: entries(firstIndex, count, term).filter((_, place) => (place + 1) % every === 0),
    term,
    bytes: 0,
  }))
const lists = fc.constantFrom('', '1', '1,2', '2,3', '1,2,3')
const heldId = fc.integer({ min: -3, max: 3 })
const heldBodies: fc.Arbitrary<Body> = fc.record({
  kind: fc.constant('held'),
  peer: node,
  id: heldId,
  message: fc.constantFrom('AppendEntries', 'RequestVote'),
  term,
  place: fc.nat(4),
  bytes: fc.uint8Array({ maxLength: 12 }),
})
const RULES = [
  { seed: 1, rules: [{ messages: [], action: { type: 'hold' } }] },
  { seed: 2, rules: [{ messages: ['AppendEntries'], action: { type: 'shape', dropPercent: 20 } }] },
  { seed: 3, rules: [] },
].map((rules) => JSON.stringify(rules))
const bodies: fc.Arbitrary<Body>[] = [
  fc.record({
    kind: fc.constant('started'),
    incarnation: fc.nat(9),
    pid: fc.nat(99),
    currentTerm: term,
    votedFor: node,
    firstIndex: fc.constantFrom(1, 1, 3),
    lastIndex: index,
    tornBytes: fc.nat(9),
    baseTerm: term,
    snapshotIndex: fc.constantFrom(0, 0, 2, 4),
    snapshotTerm: term,
  }),
  fc.record({
    kind: fc.constant('role'),
    role: fc.constantFrom('follower', 'pre-candidate', 'candidate', 'leader', 'leader', 'learner'),
    term,
    leader: node,
    reason: fc.constant('higher-term'),
  }),
  fc.record({ kind: fc.constant('leader'), leader: node, term }),
  fc.record({ kind: fc.constant('hardState'), currentTerm: term, votedFor: node }),
  appends,
  appends,
  appends,
  fc.record({ kind: fc.constant('truncated'), fromIndex: index }),
  fc.record({
    kind: fc.constant('persisted'),
    lastIndex: index,
    currentTerm: term,
    votedFor: node,
    bytes: fc.nat(9),
    micros: fc.nat(9),
  }),
  fc.record({ kind: fc.constant('committed'), commitIndex: index, by: fc.constant('learned') }),
  fc.record({ kind: fc.constant('applied'), lastApplied: index }),
  fc.record({ kind: fc.constant('timer'), deadline: fc.nat(), duration: fc.nat() }),
  fc.record({
    kind: fc.constant('progress'),
    peer: node,
    matchIndex: index,
    nextIndex: index,
    state: fc.constantFrom('probe', 'snapshot'),
    inFlight: fc.nat(3),
  }),
  fc.record({
    kind: fc.constant('received'),
    peer: node,
    id: fc.nat(),
    message: fc.constant('AppendEntries'),
    term,
    count: fc.nat(3),
  }),
  fc.record({
    kind: fc.constant('remark'),
    name: fc.constantFrom('quiesced', 'woken', 'vote-granted'),
    peer: node,
    term,
    index,
  }),
  fc.record({
    kind: fc.constant('configuration'),
    index,
    standing: fc.constantFrom('appended', 'committed', 'rolled-back', 'restored'),
    voters: lists,
    outgoing: lists,
    learners: lists,
    learnersNext: lists,
    witnesses: lists,
  }),
  fc.record({
    kind: fc.constant('snapshot'),
    stage: fc.constantFrom('saved', 'sending', 'receiving', 'installed', 'installed'),
    index,
    term,
    bytes: fc.nat(9),
    offset: fc.nat(9),
    peer: node,
    keepsLog: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('compacted'), firstIndex: index, baseTerm: term }),
  fc.record({ kind: fc.constant('compacted'), firstIndex: index, baseTerm: term }),
  fc.record({
    kind: fc.constant('transfer'),
    stage: fc.constantFrom('started', 'told', 'done', 'aborted'),
    target: node,
  }),
  fc.record({ kind: fc.constant('sessions'), open: fc.nat(9), expired: fc.nat(9) }),
  fc.record({
    kind: fc.constant('read'),
    stage: fc.constant('confirmed'),
    by: fc.constant('index'),
    index,
    peer: node,
  }),
  fc.record({ kind: fc.constant('stats'), rss: fc.nat(), cpuMicros: fc.nat(), fsyncMicros: fc.nat() }),
  fc.record({ kind: fc.constant('trouble'), problem: fc.constant('disk-failed'), detail: fc.constantFrom('', 'EIO') }),
  fc.record({
    kind: fc.constant('process'),
    subject: node,
    state: fc.constantFrom('spawned', 'ready', 'killed', 'paused', 'resumed', 'removed'),
    pid: fc.nat(99),
    incarnation: fc.nat(9),
    exitCode: fc.constant(0),
    signal: fc.constant(''),
  }),
  fc.record({ kind: fc.constant('link'), from: node, to: node, blocked: fc.boolean() }),
  fc.record({
    kind: fc.constant('fault'),
    action: fc.constantFrom('begin', 'end'),
    id: fc.nat(3),
    type: fc.constant('kill'),
    detail: fc.constant('{}'),
  }),
  fc.record({
    kind: fc.constant('invoke'),
    call: fc.nat(5),
    client: fc.constant(1),
    op: fc.constantFrom('put', 'cas'),
    key: fc.constant('k'),
    value: fc.uint8Array({ maxLength: 3 }),
    via: node,
    consistency: fc.constantFrom('log', 'index'),
    expected: fc.uint8Array({ maxLength: 3 }),
    hasExpected: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('answer'),
    call: fc.nat(5),
    outcome: fc.constant('ok'),
    found: fc.boolean(),
    value: fc.uint8Array({ maxLength: 3 }),
    from: node,
    index,
    term,
    problem: fc.constant(''),
  }),
  fc.record({
    kind: fc.constant('operation'),
    action: fc.constantFrom('begin', 'done', 'failed'),
    id: fc.nat(9),
    type: fc.constantFrom('change', 'transfer'),
    detail: fc.constant('{}'),
    problem: fc.constantFrom('', 'no-leader'),
  }),
  fc.record({ kind: fc.constant('rules'), from: node, to: node, rules: fc.constantFrom('', 'nonsense', ...RULES) }),
  fc.record({
    kind: fc.constant('clock'),
    mode: fc.constantFrom('running', 'manual'),
    rate: fc.constantFrom(1, 0.5, 2),
    skew: fc.integer({ min: -9, max: 9 }),
    cause: fc.constant('set'),
  }),
  heldBodies,
  heldBodies,
  fc.record({
    kind: fc.constant('released'),
    peer: node,
    id: heldId,
    message: fc.constant('AppendEntries'),
    how: fc.constantFrom('delivered', 'edited', 'dropped'),
    bytes: fc.constant(NOTHING),
  }),
  fc.record({ kind: fc.constant('moved'), peer: node, id: heldId, place: fc.nat(4) }),
  fc.record({
    kind: fc.constant('copied'),
    peer: node,
    id: heldId,
    copy: fc.integer({ min: -9, max: -1 }),
    message: fc.constant('AppendEntries'),
    by: fc.constant('rule'),
  }),
  fc.record({
    kind: fc.constant('watch'),
    breakpoint: fc.integer({ min: 1, max: 3 }),
    text: fc.constantFrom('leader elected', 'term >= 3'),
    enabled: fc.boolean(),
    removed: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('breakpoint'),
    breakpoint: fc.nat(3),
    event: fc.nat(120),
    by: fc.constant('role'),
    text: fc.constant('leader elected'),
  }),
  fc.record({
    kind: fc.constant('stop'),
    action: fc.constantFrom('stopped', 'stepping', 'continued'),
    subject: fc.nat(3),
    breakpoint: fc.nat(3),
    by: fc.constant(''),
  }),
  fc.record({
    kind: fc.constant('nemesis'),
    action: fc.constantFrom('begin', 'step', 'end'),
    id: fc.integer({ min: 1, max: 2 }),
    step: fc.nat(9),
    detail: fc.constant('{}'),
    problem: fc.constant(''),
  }),
  fc.record({
    kind: fc.constant('workload'),
    action: fc.constantFrom('begin', 'begin', 'end'),
    id: fc.integer({ min: 1, max: 3 }),
    detail: fc.constant('{}'),
  }),
  fc.record({
    kind: fc.constant('load'),
    workload: fc.integer({ min: 1, max: 3 }),
    millis: fc.constant(250),
    started: fc.nat(9),
    ok: fc.nat(9),
    failed: fc.nat(9),
    unknown: fc.nat(9),
    waiting: fc.nat(9),
    p50: fc.nat(9),
    p95: fc.nat(9),
    p99: fc.nat(9),
    max: fc.nat(9),
  }),
  fc.record({ kind: fc.constant('gap'), subject: node, shed: fc.nat(9), reason: fc.constant('recorder-behind') }),
]
const OWN = new Set([
  'process',
  'link',
  'fault',
  'invoke',
  'answer',
  'operation',
  'gap',
  'rules',
  'watch',
  'stop',
  'nemesis',
  'workload',
  'load',
])

/** A trace from `seq` 0 on; `t` grows, with some late events in between. */
export const traceArbitrary: fc.Arbitrary<TimelineEvent[]> = fc
  .array(fc.tuple(node, fc.integer({ min: -3, max: 20 }), fc.oneof(...bodies)), { minLength: 1, maxLength: 120 })
  .map((steps) => {
    let t = 100
    return steps.map(([reporter, step, body], seq) => {
      t = Math.max(0, t + step)
      return { ...body, node: OWN.has(body.kind) ? 0 : reporter, n: seq + 1, t, seq } as unknown as TimelineEvent
    })
  })

export function note(node: number, n: number, t: number, text = ''): ReportedEvent {
  return { kind: 'note', node, n, t, text }
}

export function sent(node: number, n: number, t: number): ReportedEvent {
  return {
    kind: 'sent',
    node,
    n,
    t,
    peer: 2,
    id: n,
    message: 'AppendEntries',
    term: 1,
    index: n,
    logTerm: 1,
    commit: 0,
    count: 0,
    ok: false,
    hint: 0,
    hintTerm: 0,
    inReplyTo: 0,
    round: 0,
  }
}

export function appended(
  node: number,
  n: number,
  t: number,
  index: number,
  data = Uint8Array.of(index),
): ReportedEvent {
  return {
    kind: 'appended',
    node,
    n,
    t,
    firstIndex: index,
    count: 1,
    entries: [{ index, term: 1, type: 'command', data }],
    term: 1,
    bytes: data.length,
  }
}

/** A small life of three nodes with `rounds` writes: regular enough to measure, varied enough to test. */
export function lifeOf(rounds: number): TimelineEvent[] {
  const events: ReportedEvent[] = [
    { kind: 'cluster', node: 0, n: 1, t: 0, id: 'c1', name: 'demo', nodes: 3, settings: '{}' },
  ]
  const counts = [1, 0, 0, 0]
  let t = 1000
  const next = (node: number) => {
    counts[node] = (counts[node] ?? 0) + 1
    t += 500
    return { node, n: counts[node], t }
  }
  for (const subject of [1, 2, 3]) {
    events.push({
      kind: 'process',
      ...next(0),
      subject,
      state: 'spawned',
      pid: 100 + subject,
      incarnation: 0,
      exitCode: 0,
      signal: '',
    })
    events.push({
      kind: 'started',
      ...next(subject),
      ...FIRST_START,
      pid: 100 + subject,
    })
    events.push({
      kind: 'process',
      ...next(0),
      subject,
      state: 'ready',
      pid: 100 + subject,
      incarnation: 0,
      exitCode: 0,
      signal: '',
    })
  }
  events.push({ kind: 'role', ...next(1), role: 'leader', term: 1, leader: 1, reason: 'won-election' })
  for (let index = 1; index <= rounds; index++) {
    const data = new TextEncoder().encode(`value ${index}`)
    for (const id of [1, 2, 3]) {
      const { node, n, t } = next(id)
      if (id > 1) events.push({ ...sent(1, n, t), node: 1 })
      events.push(appended(node, n, t, index, data))
      events.push({
        kind: 'persisted',
        ...next(id),
        lastIndex: index,
        currentTerm: 1,
        votedFor: 1,
        bytes: 40,
        micros: 300,
      })
    }
    events.push({ kind: 'committed', ...next(1), commitIndex: index, by: 'counted' })
  }
  return events.map((event, seq) => ({ ...event, seq }) as TimelineEvent)
}

/** `rounds` writes on three nodes that take a snapshot of every `every` entries and keep `trailing` of them. */
export function compactingLife(rounds: number, every: number, trailing: number): TimelineEvent[] {
  const compactions = (event: TimelineEvent): ReportedEvent[] => {
    if (event.kind !== 'persisted' || event.lastIndex % every !== 0) return []
    const { node, n, t, lastIndex: index } = event
    const saved = { kind: 'snapshot', stage: 'saved', index, term: 1, bytes: 100, offset: 100, peer: node } as const
    return [
      { node, n, t, ...saved, keepsLog: false },
      { node, n, t, kind: 'compacted', firstIndex: index - trailing + 1, baseTerm: 1 },
    ]
  }
  return lifeOf(rounds)
    .flatMap((event): ReportedEvent[] => [event, ...compactions(event)])
    .map((event, seq) => ({ ...event, seq }) as TimelineEvent)
}
