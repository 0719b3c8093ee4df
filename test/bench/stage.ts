/** What a suite is given. */

/** Paths of the built programs. */
export interface Programs {
  /** Where all of them are. */
  readonly built: string
  readonly node: string
  readonly warden: string
  readonly recorder: string
  /** Of the bench itself. */
  readonly driver: string
  readonly idleServer: string
}

export interface Stage {
  readonly programs: Programs
  /** Pairs of runs, or runs; each figure is the median of so many. */
  readonly runs: number
  /** Short runs and small sizes: to see that it works, not to quote. */
  readonly quick: boolean
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** A new directory of its own, on the same disk as all others; removed at the end. */
  directory(): Promise<string>
  /** Removes one of them early: the disk is not endless. */
  discard(directory: string): Promise<void>
  /** Tells a person what is going on. */
  say(text: string): void
}

/** A table for people: cells as they are shown. */
export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** What must be known to read it. */
  readonly notes: readonly string[]
}

/** What is wanted of a figure, and whether it was reached. */
export interface Target {
  readonly name: string
  readonly wanted: string
  readonly got: number
  readonly met: boolean
}

export interface SuiteResult {
  readonly suite: string
  /** What was run, so that the figures can be read alone. */
  readonly conditions: Readonly<Record<string, unknown>>
  readonly rows: readonly object[]
  readonly targets: readonly Target[]
  readonly tables: readonly Table[]
}

export interface Suite {
  readonly name: string
  /** How many runs it takes when nobody says. */
  readonly runs: number
  run(stage: Stage): Promise<SuiteResult>
}
