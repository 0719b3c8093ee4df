/** What happened because of what, and where on the timeline something is found. */

export const CAUSALITY_CALLS = {} as const

export type CausalityOutputs = Record<never, never>
