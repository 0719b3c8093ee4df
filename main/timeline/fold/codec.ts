/**
 * A state as bytes, for key frames. Log entries are not in it: a log is told as runs of consecutive entry ids, and the
 * entries themselves stand once per recording in blocks of their own. So a key frame stays small however long the logs
 * are, and five nodes with the same log cost one.
 */
import { CALL_OUTCOMES, CLIENT_OPS, PROGRESS_STATES, ROLES } from '../../node/contract/events'
import type { Entry } from '../../raft/types'
import { ByteReader, ByteWriter } from '../recording/bytes'
import { type Fields, type RowOf, readRows, writeRows } from '../recording/columns'
import { type MutableCluster, type MutableNode, newCluster, newNode, nodeOf } from './cluster'

const HEAD_FIELDS = { seq: 'f64', t: 'f64', id: 'text', name: 'text', shed: 'f64' } as const satisfies Fields
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
  starts: 'u32',
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
} as const satisfies Fields

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
  writeRows(out, RUN_FIELDS, runs)
  writeRows(
    out,
    LINK_FIELDS,
    Array.from(state.blocked, (link) => ({ link })),
  )
  writeRows(out, FAULT_FIELDS, state.faults)
  writeRows(out, CALL_FIELDS, state.calls)
  return out.finish()
}

/** The state again; `entries` by id. Throws `RangeError` where the bytes or the ids are not such a state. */
export function decodeState(bytes: Uint8Array, entries: readonly Entry[]): MutableCluster {
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
  for (const run of readRows(from, RUN_FIELDS)) addRun(nodeOf(state, run.node), run, entries)
  for (const { link } of readRows(from, LINK_FIELDS)) state.blocked.add(link)
  state.faults = readRows(from, FAULT_FIELDS)
  state.calls = readRows(from, CALL_FIELDS)
  return state
}

function addRun(node: MutableNode, run: Run, entries: readonly Entry[]): void {
  const end = run.start + run.count
  if (!(run.start >= 0 && run.count >= 0 && end <= entries.length)) throw new RangeError(`entries up to ${end}`)
  for (let id = run.start; id < end; id++) {
    const entry = entries[id]
    if (entry !== undefined) node.log.push(entry)
  }
}
