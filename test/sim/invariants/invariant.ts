/** What a property of the whole cluster is told, and how it says that it does not hold. */
import type { Effects, Entry, Index, Input, Message, NodeId, RaftStatus, SnapshotMeta, Term } from '../../../main/raft'
import type { DiskImage } from '../disk/image'
import type { LogImage } from '../log-image'

/** One node has just taken one step. */
export interface StepView {
  readonly node: NodeId
  /** Undefined when this step was its start. */
  readonly input: Input | undefined
  readonly before: RaftStatus | undefined
  readonly after: RaftStatus
  readonly effects: Effects
  /** The node's log after the step. Must not be kept: it changes. */
  readonly log: LogImage
}

export interface Cluster {
  readonly nodes: readonly NodeId[]
  /** What the node's disk holds now. */
  imageOf(node: NodeId): DiskImage
}

/** One property. It sees the whole run from its start and keeps what it needs to judge the next step cheaply. */
export interface Invariant {
  readonly name: string
  /** Where the paper (or the dissertation) states it. */
  readonly section: string
  afterStep?(view: StepView): void
  /** The message leaves its sender: everything that it waited for is done. */
  onSend?(message: Message): void
  /** These entries go from the node's disk, which was told so in `term`. */
  onTruncate?(node: NodeId, entries: readonly Entry[], term: Term): void
  /** A snapshot of the node's own state machine is durable. */
  onSnapshot?(node: NodeId, snapshot: SnapshotMeta): void
  /** The node lost its disk, left the cluster and is a newcomer now. */
  onForget?(node: NodeId): void
}

export class Violation extends Error {
  override readonly name = 'Violation'

  constructor({ name, section }: Pick<Invariant, 'name' | 'section'>, what: string) {
    super(`${name} (${section}): ${what}`)
  }
}

/** The same entry; a witness's copy of a command stands for it without its data. */
export function same(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return false
  if (a === b) return true
  if (a.term !== b.term || a.index !== b.index) return false
  if (a.type === 'metadata' || b.type === 'metadata') return isMetadataFor(a, b) || isMetadataFor(b, a)
  return a.type === b.type && Buffer.compare(a.data, b.data) === 0
}

function isMetadataFor(metadata: Entry, command: Entry): boolean {
  return metadata.type === 'metadata' && (command.type === 'command' || command.type === 'metadata')
}

/** Does `log` contain `entry`, or what a snapshot of it replaced? */
export function holds(log: LogImage, entry: Entry, snapshotIndex: Index = 0): boolean {
  if (entry.index <= log.base.index) return entry.index < log.base.index || log.base.term === entry.term
  if (entry.index > log.lastIndex) return entry.index <= snapshotIndex
  return same(log.at(entry.index), entry)
}

export function show(entry: Entry | undefined): string {
  return entry ? `${entry.index}@${entry.term} ${entry.type} ${Buffer.from(entry.data).toString('hex')}` : 'nothing'
}
