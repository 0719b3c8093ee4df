/** What the timeline room offers. */
import type { ForkOrigin } from '../node/contract/disk-image'
import type { EventKind, ReportedEvent, TimelineEvent } from '../node/contract/events'
import type { LogRun } from '../node/contract/log-run'
import type { Problem } from '../node/contract/problem'
import type { Entry } from '../raft/types'
import type { Overview, OverviewRange } from './overview/types'
import type { ClusterState } from './state'

export interface RecordingInfo {
  readonly path: string
  readonly version: number
  readonly clusterId: string
  readonly clusterName: string
  /** ISO 8601 wall time of t = 0. */
  readonly began: string
  readonly events: number
  /** `t` of the last event, nanoseconds. */
  readonly end: number
  readonly bytes: number
  /** False while a recorder still writes it, or when its writer died. */
  readonly complete: boolean
  /** Bytes of an unfinished last block that were left out when it was read. */
  readonly truncatedBytes: number
  /** Offset of a damaged block behind which nothing could be read; left out when there is none. */
  readonly corruptAt?: number
  readonly shed: number
  /** Of which moment of which recording its cluster is a branch; left out when it is none. */
  readonly forkedFrom?: ForkOrigin
}

/** A window of a timeline by `seq`, by `t`, or both; from is included, to is not; what is left out is unbounded. */
export interface EventRange {
  readonly fromSeq?: number
  readonly toSeq?: number
  readonly fromT?: number
  readonly toT?: number
}

/** Is told of a block that cannot be read, and of how many events are in it. */
export type Damaged = (problem: Problem, events: number) => void

/** Live and recorded timelines are read through the same door. */
export interface TimelineSource {
  info(): RecordingInfo
  /** Events in order, at most `limit`. */
  events(range: EventRange, limit: number): Promise<readonly TimelineEvent[]>
  /**
   * The state after the events `< seq` have been folded (key frame, then forward). `signal` cancels. With a `tail`, only so
   * many entries at the end of each log need be there: of a long log the others are not read (`NodeState.unread`).
   */
  stateAt(seq: number, signal?: AbortSignal, tail?: number): Promise<ClusterState>
  /** The `seq` of the first event with `t` greater than the given one: the moment that `t` names. */
  seqAt(t: number): Promise<number>
  /**
   * Every event from the first to the last, block by block, for exports; or only those of some kinds, which is quicker. A
   * damaged block ends it with its problem, or is told to `damaged` and passed over.
   */
  scan(
    range: EventRange,
    signal?: AbortSignal,
    kinds?: ReadonlySet<EventKind>,
    damaged?: Damaged,
  ): AsyncIterable<readonly TimelineEvent[]>
  /** What a picture of a span is drawn from, however long it is. */
  overview(range: OverviewRange, signal?: AbortSignal): Promise<Overview>
  close(): Promise<void>
}

/** Merges all reporters into one order, folds it live, and writes it to disk in a worker thread. */
export interface Recorder {
  report(events: readonly ReportedEvent[]): void
  watermark(node: number, t: number): void
  /** What is in a run of entries, when the log of any node as it is now holds it. */
  entriesOf(run: LogRun): readonly Entry[] | undefined
  /** Called with each newly ordered batch, right after it was folded into `state`. */
  onOrdered(listener: (events: readonly TimelineEvent[]) => void): () => void
  /** Resolves when everything that reporters who can be heard did until now has its place in the order, and was folded. */
  told(): Promise<void>
  /** The live fold; mutable inside, read-only outside; valid until the next batch. */
  readonly state: ClusterState
  /** Reads the same recording while it grows: everything ordered so far is found. */
  readonly source: TimelineSource
  /** Milliseconds between the last ordered event and the disk. */
  readonly lagMillis: number
  /** Orders and writes what is left, marks the file complete, ends the worker. */
  close(): Promise<void>
}
