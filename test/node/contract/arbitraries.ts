/** Arbitrary values of everything that crosses a door of a node. */
import fc from 'fast-check'
import type { AdminAction } from '../../../main/node/contract/admin'
import type { ClientReply, ClientRequest, Command, SessionAction } from '../../../main/node/contract/client'
import { CONSISTENCIES } from '../../../main/node/contract/client'
import type { LinkRules } from '../../../main/node/contract/conditions'
import type { Control } from '../../../main/node/contract/control'
import type { EventKind, FieldType, ReportedEvent } from '../../../main/node/contract/events'
import { EVENT_FIELDS, EVENT_KINDS, MESSAGE_TYPES } from '../../../main/node/contract/events'
import type { Frame } from '../../../main/node/contract/frames'
import { messageJson } from '../../../main/node/contract/message-schema'
import type { Configuration, Entry, Message } from '../../../main/raft/types'

/** Well-formed: what UTF-8 can carry. */
export const text = fc.string({ unit: 'binary', maxLength: 40 })
export const bytes = fc.uint8Array({ maxLength: 200 })
export const count = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const node = fc.integer({ min: 1, max: 65535 })

/** Consecutive entries behind `prevLogIndex`, of terms that never fall. */
function entriesAfter(prevLogIndex: number, prevLogTerm: number): fc.Arbitrary<Entry[]> {
  const step = fc.record({
    climb: fc.nat({ max: 3 }),
    type: fc.constantFrom<Entry['type']>('noop', 'command', 'config', 'metadata'),
    data: bytes,
  })
  return fc.array(step, { maxLength: 8 }).map((steps) => {
    let term = prevLogTerm
    return steps.map(({ climb, type, data }, at) => {
      term += climb
      return { index: prevLogIndex + 1 + at, term, type, data }
    })
  })
}
const somewhere = fc.record({ index: fc.nat(), term: fc.nat() })
const entries = somewhere.chain(({ index, term }) => entriesAfter(index, term))

/** A configuration that a cluster can have, joint or not. */
const configuration: fc.Arbitrary<Configuration> = fc
  .record({
    voters: fc.uniqueArray(node, { minLength: 1, maxLength: 5 }),
    outgoing: fc.uniqueArray(node, { maxLength: 5 }),
    learners: fc.uniqueArray(node, { maxLength: 3 }),
    next: fc.nat({ max: 3 }),
    witnesses: fc.nat({ max: 3 }),
  })
  .map(({ voters, outgoing, learners, next, witnesses }) => {
    const sorted = (ids: readonly number[]) => [...ids].sort((a, b) => a - b)
    return {
      voters: sorted(voters),
      outgoing: sorted(outgoing),
      learners: sorted(learners.filter((id) => !voters.includes(id) && !outgoing.includes(id))),
      learnersNext: sorted(outgoing.filter((id) => !voters.includes(id)).slice(0, next)),
      witnesses: sorted([...new Set([...voters, ...outgoing])].slice(0, witnesses)),
    }
  })

const envelope = { from: node, to: node, term: count }
const log = { ...envelope, lastLogIndex: count, lastLogTerm: count }
const vote = { ...envelope, voteGranted: fc.boolean() }

const appendEntries = somewhere.chain(({ index, term }) =>
  entriesAfter(index, term).chain((list) =>
    fc.record({
      type: fc.constant('AppendEntries' as const),
      from: node,
      to: node,
      term: fc.integer({ min: list.at(-1)?.term ?? term, max: 2 ** 40 }),
      prevLogIndex: fc.constant(index),
      prevLogTerm: fc.constant(term),
      entries: fc.constant(list),
      leaderCommit: count,
      round: count,
      quiesce: fc.boolean(),
    }),
  ),
)

const installSnapshot = fc
  .record({
    index: fc.integer({ min: 1, max: 2 ** 40 }),
    term: fc.integer({ min: 1, max: 2 ** 40 }),
    later: fc.nat(),
    configuration,
    before: fc.nat(),
    data: bytes,
    behind: fc.nat({ max: 3 }),
    checksum: fc.nat({ max: 0xffffffff }),
    round: count,
    from: node,
    to: node,
  })
  .map(({ from, to, index, term, later, configuration, before, data, behind, checksum, round }): Message => {
    const length = before + data.length + behind
    return {
      type: 'InstallSnapshot',
      from,
      to,
      term: term + later,
      snapshot: { index, term, configuration, bytes: length, checksum },
      offset: before,
      data,
      done: behind === 0,
      round,
    }
  })

export const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ type: fc.constant('RequestVote' as const), ...log, transfer: fc.boolean() }),
  fc.record({ type: fc.constant('RequestVoteReply' as const), ...vote }),
  fc.record({ type: fc.constant('RequestPreVote' as const), ...log }),
  fc.record({ type: fc.constant('RequestPreVoteReply' as const), ...vote }),
  appendEntries,
  fc.record({
    type: fc.constant('AppendEntriesReply' as const),
    ...envelope,
    success: fc.boolean(),
    matchIndex: count,
    conflictIndex: count,
    conflictTerm: count,
    round: count,
  }),
  installSnapshot,
  fc.record({
    type: fc.constant('InstallSnapshotReply' as const),
    ...envelope,
    index: count,
    offset: count,
    installed: fc.boolean(),
    round: count,
  }),
  fc.record({ type: fc.constant('TimeoutNow' as const), ...envelope }),
  fc.record({ type: fc.constant('ReadIndex' as const), ...envelope, context: count }),
  fc.record({ type: fc.constant('ReadIndexReply' as const), ...envelope, context: count, index: count }),
)

export const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ op: fc.constantFrom('put' as const, 'append' as const), key: text, value: bytes }),
  fc.record({ op: fc.constantFrom('get' as const, 'delete' as const), key: text }),
  fc.record({ op: fc.constant('cas' as const), key: text, expected: fc.option(bytes), value: bytes }),
)
export const action: fc.Arbitrary<Command | SessionAction> = fc.oneof(
  command,
  fc.record({ op: fc.constantFrom('open-session' as const, 'close-session' as const) }),
)
export const request: fc.Arbitrary<ClientRequest> = fc.record({
  request: count,
  client: count,
  sequence: count,
  command: action,
  consistency: fc.constantFrom(...CONSISTENCIES),
})
const adminAction: fc.Arbitrary<AdminAction> = fc.oneof(
  fc.record({
    type: fc.constant('change' as const),
    changes: fc.array(fc.record({ node, role: fc.constantFrom('voter', 'learner', 'witness', 'removed') } as const), {
      minLength: 1,
      maxLength: 4,
    }),
    mode: fc.constantFrom('auto' as const, 'single' as const, 'joint' as const),
  }),
  fc.record({ type: fc.constant('transfer' as const), target: fc.nat({ max: 65535 }) }),
  fc.record({ type: fc.constant('snapshot' as const) }),
)
export const reply: fc.Arbitrary<ClientReply> = fc.oneof(
  fc.record({
    request: count,
    status: fc.constant('ok' as const),
    found: fc.boolean(),
    value: bytes,
    index: count,
    term: count,
  }),
  fc.record({ request: count, status: fc.constant('not-leader' as const), leader: fc.nat({ max: 65535 }) }),
  fc.record({ request: count, status: fc.constant('lost' as const) }),
  fc.record({ request: count, status: fc.constant('refused' as const), problem: text, detail: text }),
)

function field(type: FieldType): fc.Arbitrary<unknown> {
  switch (type) {
    case 'u8':
      return fc.nat({ max: 0xff })
    case 'u16':
      return fc.nat({ max: 0xffff })
    case 'u32':
      return fc.nat({ max: 0xffffffff })
    case 'f64':
      return fc.oneof(count, fc.double())
    case 'flag':
      return fc.boolean()
    case 'text':
      return text
    case 'bytes':
      return bytes
    case 'entries':
      return entries
    default:
      return fc.constantFrom(...type)
  }
}

export function eventOf(kind: EventKind): fc.Arbitrary<ReportedEvent> {
  const fields = Object.fromEntries(
    Object.entries(EVENT_FIELDS[kind].fields).map(([name, type]) => [name, field(type)]),
  )
  const head = { kind: fc.constant(kind), node: fc.nat({ max: 65535 }), n: fc.nat({ max: 0xffffffff }), t: count }
  return fc.record({ ...head, ...fields }) as unknown as fc.Arbitrary<ReportedEvent>
}
export const event: fc.Arbitrary<ReportedEvent> = fc.constantFrom(...EVENT_KINDS).chain(eventOf)

/** JSON knows no minus zero. */
const percent = fc.double({ min: 0, max: 100, noNaN: true }).map((value) => value + 0)
const seed = fc.nat({ max: 0xffffffff })
export const linkRules: fc.Arbitrary<LinkRules> = fc.record({
  seed,
  rules: fc.array(
    fc.record({
      messages: fc.uniqueArray(fc.constantFrom(...MESSAGE_TYPES), { maxLength: 4 }),
      action: fc.oneof(
        fc.record({ type: fc.constantFrom('block' as const, 'hold' as const) }),
        fc.record({
          type: fc.constant('shape' as const),
          dropPercent: percent,
          delayMs: percent,
          jitterMs: percent,
          duplicatePercent: percent,
          reorderPercent: percent,
          bytesPerSecond: fc.nat({ max: 1_000_000 }),
        }),
      ),
    }),
    { maxLength: 4 },
  ),
})
const aRequest = fc.integer({ min: 1 })
const messageId = fc.integer({ min: -(2 ** 40), max: 2 ** 40 })
const conditionControl: fc.Arbitrary<Control> = fc.oneof(
  fc.record({ type: fc.constant('link' as const), from: node, rules: linkRules }),
  fc.record({
    type: fc.constant('held' as const),
    request: aRequest,
    from: node,
    act: fc.oneof(
      fc.record({ type: fc.constantFrom('release' as const, 'drop' as const, 'duplicate' as const), id: messageId }),
      fc.record({ type: fc.constant('release-all' as const) }),
      fc.record({ type: fc.constant('edit' as const), id: messageId, message: message.map(messageJson) }),
      fc.record({ type: fc.constant('move' as const), id: messageId, place: fc.nat() }),
    ),
  }),
  fc.record({
    type: fc.constant('clock' as const),
    clock: fc.record({
      mode: fc.constantFrom('running' as const, 'manual' as const),
      rate: fc.double({ min: 0.1, max: 10, noNaN: true }),
    }),
  }),
  fc.record({ type: fc.constant('jump' as const), request: aRequest, millis: fc.integer({ min: -1000, max: 1000 }) }),
  fc.record({ type: fc.constant('fire' as const), request: aRequest }),
  fc.record({ type: fc.constant('slept' as const), nanos: count }),
  fc.record({ type: fc.constant('disarm' as const), id: fc.integer({ min: 1 }) }),
)

export const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({
    type: fc.constant('hello' as const),
    version: fc.nat(),
    clusterId: text,
    role: fc.constantFrom('peer' as const, 'client' as const, 'telemetry' as const),
    node: fc.nat({ max: 65535 }),
    incarnation: fc.nat(),
    pid: fc.nat(),
  }),
  fc.record({ type: fc.constant('message' as const), id: count, inReplyTo: count, sentAt: count, message }),
  fc.record({ type: fc.constant('request' as const), request }),
  fc.record({ type: fc.constant('reply' as const), reply }),
  fc.record({ type: fc.constant('events' as const), upTo: count, events: fc.array(event, { maxLength: 6 }) }),
  fc.record({
    type: fc.constant('control' as const),
    control: fc.oneof(
      fc.record({ type: fc.constantFrom('stop' as const, 'freeze' as const, 'thaw' as const) }),
      fc.record({
        type: fc.constant('address' as const),
        node,
        address: fc.option(fc.string({ minLength: 1, maxLength: 20 })),
      }),
      conditionControl,
    ),
  }),
  fc.record({
    type: fc.constant('control-reply' as const),
    request: fc.integer({ min: 1 }),
    problem: text,
    detail: text,
    value: count,
  }),
  fc.record({ type: fc.constant('ready' as const) }),
  fc.record({
    type: fc.constant('log' as const),
    runs: fc.array(
      fc.record({
        firstIndex: fc.integer({ min: 1 }),
        count: fc.integer({ min: 1 }),
        term: fc.nat(),
        digest: fc.nat({ max: 2 ** 32 - 1 }),
      }),
    ),
  }),
  fc.record({ type: fc.constant('entries' as const), run: fc.nat(), entries }),
  fc.record({ type: fc.constant('admin' as const), request: fc.nat(), action: adminAction }),
  fc.record({
    type: fc.constant('admin-reply' as const),
    request: fc.nat(),
    problem: text,
    detail: text,
    index: fc.nat(),
    leader: fc.nat({ max: 65535 }),
  }),
  fc.record({ type: fc.constant('fatal' as const), problem: text, details: text }),
)

/** What arrives holds views; comparing takes arrays of the plain kind. */
export function plainCommand<C extends Command | SessionAction>(one: C): C {
  const copy: Record<string, unknown> = { ...one }
  for (const [name, value] of Object.entries(copy)) if (value instanceof Uint8Array) copy[name] = new Uint8Array(value)
  return copy as C
}
