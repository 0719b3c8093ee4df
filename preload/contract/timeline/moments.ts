/** Two moments compared, steps from moment to moment, and what a person noted. */

export const MOMENT_CALLS = {} as const

export type MomentOutputs = Record<never, never>
