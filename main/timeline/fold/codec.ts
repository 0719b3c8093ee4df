/**
 * A state as bytes, for key frames. Log entries are not in it: a log is told as runs of consecutive entry ids, and the
 * entries themselves stand once per recording in blocks of their own. So a key frame stays small however long the logs
 * are, and five nodes with the same log cost one.
 */
import { CONSISTENCIES } from '../../node/contract/client'
import {
  CALL_OUTCOMES,
  CLIENT_OPS,
  CLOCK_MODES,
  MESSAGE_TYPES,
  PROGRESS_STATES,
  ROLES,
} from '../../node/contract/events'
import type { Entry } from '../../raft/types'
import { ByteReader, ByteWriter } from '../recording/bytes'
import { type Fields, type RowOf, readRows, writeRows } from '../recording/columns'
import { type MutableCall, type MutableCluster, type MutableNode, newCluster, newNode, nodeOf } from './cluster'
import { rulesOf } from './conditions'
import { idsOf } from './membership'

const HEAD_FIELDS = {
  seq: 'f64',
  t: 'f64',
  id: 'text',
  name: 'text',
  settings: 'text',
  shed: 'f64',
} as const satisfies Fields
const NODE_FIELDS = {
  id: 'u16',
  role: ROLES,
  leader: 'u16',
  currentTerm: 'f64',
  votedFor: 'u16',
  durableTerm: 'f64',
  durableVote: 'u16',
  firstIndex: 'f64',
  lastIndex: 'f64',
  durableIndex: 'f64',
  commitIndex: 'f64',
  lastApplied: 'f64',
  deadline: 'f64',
  timerDuration: 'f64',
  roleSince: 'f64',
  baseTerm: 'f64',
  dataMissing: 'flag',
  configurationIndex: 'f64',
  configurationCommitted: 'flag',
  transferTarget: 'u16',
  isQuiescent: 'flag',
  sessions: 'f64',
  starts: 'u32',
  lastN: 'f64',
  lastSeq: 'f64',
  hit: 'f64',
} as const satisfies Fields
const PROCESS_FIELDS = {
  standing: ['starting', 'running', 'paused', 'stopped', 'killed', 'crashed', 'removed'],
  pid: 'u32',
  incarnation: 'u32',
  restarts: 'f64',
  startedAt: 'f64',
  rss: 'f64',
  cpuMicros: 'f64',
  fsyncMicros: 'f64',
  trouble: 'text',
  tornBytes: 'u32',
} as const satisfies Fields
const PROGRESS_FIELDS = {
  node: 'u16',
  peer: 'u16',
  matchIndex: 'f64',
  nextIndex: 'f64',
  state: PROGRESS_STATES,
  inFlight: 'f64',
} as const satisfies Fields
const CONFIGURATION_FIELDS = {
  node: 'u16',
  voters: 'text',
  outgoing: 'text',
  learners: 'text',
  learnersNext: 'text',
  witnesses: 'text',
} as const satisfies Fields
/** `held`: on the node's disk; `peer` and `offset` say nothing then. */
const SNAPSHOT_FIELDS = {
  node: 'u16',
  standing: ['held', 'receiving', 'sending'],
  peer: 'u16',
  index: 'f64',
  term: 'f64',
  bytes: 'f64',
  offset: 'f64',
} as const satisfies Fields
const RUN_FIELDS = { node: 'u16', start: 'f64', count: 'f64' } as const satisfies Fields
const LINK_FIELDS = { link: 'f64' } as const satisfies Fields
const FAULT_FIELDS = { id: 'u32', type: 'text', detail: 'text', since: 'f64' } as const satisfies Fields
const CALL_FIELDS = {
  call: 'f64',
  op: CLIENT_OPS,
  key: 'text',
  value: 'bytes',
  invokedAt: 'f64',
  answeredAt: 'f64',
  outcome: ['pending', ...CALL_OUTCOMES],
  found: 'flag',
  result: 'bytes',
  from: 'u16',
  index: 'f64',
  problem: 'text',
  consistency: CONSISTENCIES,
  expected: 'bytes',
  hasExpected: 'flag',
} as const satisfies Fields
const OPERATION_FIELDS = {
  id: 'u32',
  type: 'text',
  detail: 'text',
  since: 'f64',
  outcome: ['pending', 'done', 'failed'],
  problem: 'text',
} as const satisfies Fields
/** `rules`: JSON, as their events tell them. */
const RULES_FIELDS = { link: 'f64', rules: 'text' } as const satisfies Fields
const CLOCK_FIELDS = {
  node: 'u16',
  mode: CLOCK_MODES,
  rate: 'f64',
  skew: 'f64',
  since: 'f64',
} as const satisfies Fields
const HELD_FIELDS = {
  node: 'u16',
  peer: 'u16',
  id: 'f64',
  copyOf: 'f64',
  message: MESSAGE_TYPES,
  term: 'f64',
  since: 'f64',
  bytes: 'bytes',
} as const satisfies Fields
const BREAKPOINT_FIELDS = { id: 'u32', text: 'text', enabled: 'flag', hits: 'f64' } as const satisfies Fields
const STOP_FIELDS = {
  node: 'u16',
  breakpoint: 'u32',
  seq: 'f64',
  since: 'f64',
  stepping: 'u16',
} as const satisfies Fields
const NEMESIS_FIELDS = { id: 'u32', plan: 'text', since: 'f64', steps: 'f64' } as const satisfies Fields
const WORKLOAD_FIELDS = {
  id: 'u32',
  plan: 'text',
  since: 'f64',
  ok: 'f64',
  failed: 'f64',
  unknown: 'f64',
} as const satisfies Fields

const NO_BYTES = new Uint8Array(0)

/** `count` entries of a node's log with the ids `start`, `start + 1`, … */
export type Run = RowOf<typeof RUN_FIELDS>

export function encodeState(state: MutableCluster, runs: readonly Run[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter()
  const nodes = [...state.nodes.values()]
  writeRows(out, HEAD_FIELDS, [state])
  writeRows(out, NODE_FIELDS, nodes)
  writeRows(
    out,
    PROCESS_FIELDS,
    nodes.map((node) => node.process),
  )
  writeRows(
    out,
    PROGRESS_FIELDS,
    nodes.flatMap((node) => node.progress.map((progress) => ({ node: node.id, ...progress }))),
  )
  writeRows(out, CONFIGURATION_FIELDS, nodes.flatMap(configurationRows))
  writeRows(out, SNAPSHOT_FIELDS, nodes.flatMap(snapshotRows))
  writeRows(out, RUN_FIELDS, runs)
  writeRows(
    out,
    LINK_FIELDS,
    Array.from(state.blocked, (link) => ({ link })),
  )
  writeRows(out, FAULT_FIELDS, state.faults)
  writeRows(
    out,
    CALL_FIELDS,
    state.calls.map((call) => ({ ...call, expected: call.expected ?? NO_BYTES, hasExpected: call.expected !== null })),
  )
  writeRows(out, OPERATION_FIELDS, state.operations)
  writeRows(
    out,
    RULES_FIELDS,
    Array.from(state.rules, ([link, rules]) => ({ link, rules: JSON.stringify(rules) })),
  )
  writeRows(
    out,
    CLOCK_FIELDS,
    nodes.map(({ id, clock }) => ({ node: id, ...clock })),
  )
  writeRows(
    out,
    HELD_FIELDS,
    nodes.flatMap(({ id, held }) => held.map((message) => ({ node: id, ...message }))),
  )
  writeRows(out, BREAKPOINT_FIELDS, state.breakpoints)
  writeRows(out, STOP_FIELDS, state.stop === undefined ? [] : [state.stop])
  writeRows(out, NEMESIS_FIELDS, state.nemesis === undefined ? [] : [state.nemesis])
  writeRows(out, WORKLOAD_FIELDS, state.workloads)
  return out.finish()
}

function configurationRows({ id, configuration }: MutableNode): RowOf<typeof CONFIGURATION_FIELDS>[] {
  if (configuration === undefined) return []
  const { voters, outgoing, learners, learnersNext, witnesses } = configuration
  return [
    {
      node: id,
      voters: voters.join(),
      outgoing: outgoing.join(),
      learners: learners.join(),
      learnersNext: learnersNext.join(),
      witnesses: witnesses.join(),
    },
  ]
}

function snapshotRows({ id: node, snapshot, receiving, sending }: MutableNode): RowOf<typeof SNAPSHOT_FIELDS>[] {
  return [
    ...(snapshot === undefined ? [] : [{ node, standing: 'held', peer: 0, offset: 0, ...snapshot } as const]),
    ...(receiving === undefined ? [] : [{ node, standing: 'receiving', ...receiving } as const]),
    ...sending.map((transfer) => ({ node, standing: 'sending', ...transfer }) as const),
  ]
}

/** A state again, all but its logs: {@link addRuns} fills them in when the entries that they name are there. */
export interface DecodedState {
  readonly state: MutableCluster
  readonly runs: readonly Run[]
}

/** Throws `RangeError` where the bytes are not such a state. */
export function decodeState(bytes: Uint8Array): DecodedState {
  const from = new ByteReader(bytes)
  const [head] = readRows(from, HEAD_FIELDS)
  if (head === undefined) throw new RangeError('a state without its head')
  const state: MutableCluster = { ...newCluster(head.id, head.name), ...head }
  const nodes = readRows(from, NODE_FIELDS)
  const processes = readRows(from, PROCESS_FIELDS)
  for (const [place, row] of nodes.entries()) {
    const blank = newNode(row.id)
    const node: MutableNode = { ...blank, ...row, process: { ...blank.process, ...processes[place] } }
    state.nodes.set(node.id, node)
  }
  for (const { node, ...progress } of readRows(from, PROGRESS_FIELDS)) nodeOf(state, node).progress.push(progress)
  for (const { node, ...lists } of readRows(from, CONFIGURATION_FIELDS)) {
    nodeOf(state, node).configuration = {
      voters: idsOf(lists.voters),
      outgoing: idsOf(lists.outgoing),
      learners: idsOf(lists.learners),
      learnersNext: idsOf(lists.learnersNext),
      witnesses: idsOf(lists.witnesses),
    }
  }
  for (const { node, ...snapshot } of readRows(from, SNAPSHOT_FIELDS)) addSnapshot(nodeOf(state, node), snapshot)
  const runs = readRows(from, RUN_FIELDS)
  for (const { link } of readRows(from, LINK_FIELDS)) state.blocked.add(link)
  state.faults = readRows(from, FAULT_FIELDS)
  state.calls = readRows(from, CALL_FIELDS).map(
    ({ expected, hasExpected, ...call }): MutableCall => ({ ...call, expected: hasExpected ? expected : null }),
  )
  state.operations = readRows(from, OPERATION_FIELDS)
  for (const { link, rules } of readRows(from, RULES_FIELDS)) {
    const read = rulesOf(rules)
    if (read === undefined) throw new RangeError(`rules of link ${link}`)
    state.rules.set(link, read)
  }
  for (const { node, ...clock } of readRows(from, CLOCK_FIELDS)) nodeOf(state, node).clock = clock
  for (const { node, ...held } of readRows(from, HELD_FIELDS)) nodeOf(state, node).held.push(held)
  state.breakpoints = readRows(from, BREAKPOINT_FIELDS)
  state.stop = readRows(from, STOP_FIELDS)[0]
  state.nemesis = readRows(from, NEMESIS_FIELDS)[0]
  state.workloads = readRows(from, WORKLOAD_FIELDS)
  return { state, runs }
}

function addSnapshot(node: MutableNode, row: Omit<RowOf<typeof SNAPSHOT_FIELDS>, 'node'>): void {
  const { standing, peer, index, term, bytes, offset } = row
  switch (standing) {
    case 'held':
      node.snapshot = { index, term, bytes }
      return
    case 'receiving':
      node.receiving = { peer, index, term, bytes, offset }
      return
    case 'sending':
      node.sending.push({ peer, index, term, bytes, offset })
      return
  }
}

/** Adds to the logs; `partsOf` gives the entries of one run, part by part. Throws `RangeError` when it gives fewer. */
export function addRuns({ state, runs }: DecodedState, partsOf: (run: Run) => Iterable<readonly Entry[]>): void {
  for (const run of runs) {
    const { log } = nodeOf(state, run.node)
    const before = log.length
    for (const part of partsOf(run)) for (const entry of part) log.push(entry)
    if (log.length - before !== run.count) throw new RangeError(`entries up to ${run.start + run.count}`)
  }
}
