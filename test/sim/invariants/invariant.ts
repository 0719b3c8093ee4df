/** What a property of the whole cluster is told, and how it says that it does not hold. */
import type { Effects, Entry, HardState, Message, NodeId, RaftStatus } from '../../../main/raft'

/** One node has just taken one step. */
export interface StepView {
  readonly node: NodeId
  /** Undefined when this step was its start. */
  readonly before: RaftStatus | undefined
  readonly after: RaftStatus
  readonly effects: Effects
  /** The node's log after the step, entry 1 first. Must not be kept: it changes. */
  readonly log: readonly Entry[]
}

export interface DiskView {
  readonly hardState: HardState
  readonly entries: readonly Entry[]
}

export interface Cluster {
  readonly voters: readonly NodeId[]
  readonly disks: ReadonlyMap<NodeId, DiskView>
}

/** One property. It sees the whole run from its start and keeps what it needs to judge the next step cheaply. */
export interface Invariant {
  readonly name: string
  /** Where the paper states it. */
  readonly section: string
  afterStep?(view: StepView): void
  /** The message leaves its sender: everything that it waited for is done. */
  onSend?(message: Message): void
  /** These entries go from the node's disk. */
  onTruncate?(node: NodeId, entries: readonly Entry[]): void
}

export class Violation extends Error {
  override readonly name = 'Violation'

  constructor(invariant: Invariant, what: string) {
    super(`${invariant.name} (${invariant.section}): ${what}`)
  }
}

export function same(a: Entry | undefined, b: Entry | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    (a === b || (a.term === b.term && a.index === b.index && a.type === b.type && Buffer.compare(a.data, b.data) === 0))
  )
}

export function show(entry: Entry | undefined): string {
  return entry ? `${entry.index}@${entry.term} ${entry.type} ${Buffer.from(entry.data).toString('hex')}` : 'nothing'
}
