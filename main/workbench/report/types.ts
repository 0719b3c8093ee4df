/** What a report tells, wherever it comes from: a file that was checked, a scenario that was run, or what the window judged. */
import type { Bilingual, Counterexample } from '../../checks/drawing'
import type { BugId } from '../../node/contract/bugs'

export type Standing = 'holds' | 'broken' | 'undecided'

export interface ReportFinding {
  readonly sentence: Bilingual
  /** `seq`s of the events that prove it; `t` where it is known. */
  readonly events: readonly { readonly seq: number; readonly t?: number }[]
}

export interface ReportVerdict {
  readonly name: Bilingual
  /** `5.2`, `D 4.3`, `Figure 2`; empty = none. */
  readonly section: string
  readonly standing: Standing
  /** How often it was broken; {@link findings} are the first. */
  readonly found: number
  readonly findings: readonly ReportFinding[]
  /** More that is to be known of it. */
  readonly remarks: readonly Bilingual[]
}

/** A stretch of time with a name: who led, what was broken. */
export interface ReportSpan {
  readonly from: number
  /** Null: to the end. */
  readonly to: number | null
  readonly text: Bilingual
}

/** Calls of a stretch of time, as their clients saw them. */
export interface LoadBucket {
  readonly from: number
  readonly ok: number
  readonly failed: number
  readonly unknown: number
  /** Milliseconds; of calls that were answered. */
  readonly p50: number
  readonly p99: number
}

/** What happened, from the events. */
export interface RunFacts {
  readonly nodes: number
  readonly end: number
  readonly settings: Readonly<Record<string, unknown>>
  /** Those of the zoo that the nodes had at any time, on purpose. */
  readonly bugs: readonly BugId[]
  readonly leaders: readonly ReportSpan[]
  readonly faults: readonly ReportSpan[]
  /** Faults that are not listed. */
  readonly moreFaults: number
  /** Nanoseconds of each bucket. */
  readonly bucket: number
  readonly load: readonly LoadBucket[]
}

/** A scenario that was run. */
export interface ReportScenario {
  readonly about: Bilingual
  readonly seed: number
  readonly expectations: readonly { readonly words: Bilingual; readonly holds: boolean; readonly found: Bilingual }[]
}

export interface ReportInput {
  readonly title: string
  /** Of the recording or history. */
  readonly file: string
  /** ISO 8601; empty = not known. */
  readonly began: string
  readonly events: number
  readonly holds: boolean
  /** Not everything was judged yet. */
  readonly isPartial: boolean
  readonly verdicts: readonly ReportVerdict[]
  readonly illegal: readonly { readonly part: string; readonly drawn: Counterexample }[]
  readonly facts: RunFacts | undefined
  readonly scenario: ReportScenario | undefined
  /** Command lines that lead to the same. */
  readonly reproduce: readonly string[]
}

export interface ReportLook {
  readonly language: 'en' | 'zh'
  /** Left out: as whoever opens it has set. */
  readonly theme?: 'dark' | 'light' | undefined
}
