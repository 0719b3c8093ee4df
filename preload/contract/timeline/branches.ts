/** A new cluster from a moment of a recording, and where each recording came from. */

export const BRANCH_CALLS = {} as const

export type BranchOutputs = Record<never, never>
