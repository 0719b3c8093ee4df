/** What a picture of a whole recording needs: summaries, whatever its length. */

export const OVERVIEW_CALLS = {} as const

export type OverviewOutputs = Record<never, never>
