/** What a picture of any span of a timeline is drawn from. */
import type { TimelineEvent } from '../../node/contract/events'

export interface OverviewRange {
  /** Nanoseconds since the recording began; from is included, to is not. */
  readonly from: number
  readonly to: number
  /** Into so many equal parts of time its counts are divided. */
  readonly buckets: number
}

export interface LaneDensity {
  readonly node: number
  /** Per bucket: messages that it sent, that it got, and that were dropped where it stands. */
  readonly messages: readonly number[]
  readonly dropped: readonly number[]
}

export interface CallDensity {
  readonly asked: readonly number[]
  readonly ok: readonly number[]
  readonly failed: readonly number[]
  readonly unknown: readonly number[]
}

export interface Overview {
  readonly from: number
  readonly to: number
  readonly buckets: number
  /** Events of the span. */
  readonly total: number
  /** All events per bucket. */
  readonly events: readonly number[]
  readonly lanes: readonly LaneDensity[]
  readonly calls: CallDensity
  /** The greatest commitIndex that was told up to the end of each bucket; 0 = none yet. */
  readonly commits: readonly number[]
  /**
   * The few events that are shown one by one, in order: what each lane was, what is marked on it, what lasts. They begin with
   * what still held at `from`. Where there are very many, some of those that are too close to be told apart are left out.
   */
  readonly landmarks: readonly TimelineEvent[]
  /** False: a part has not been looked at yet, and its events count only in `events`. Ask again. */
  readonly whole: boolean
  /** Blocks that could not be read: what is in them counts only in `events`. */
  readonly damaged: number
}
