/** What a timeline can be taken away as, what can be brought in, and long work with its progress. */

export const EXPORT_CALLS = {} as const

export type ExportOutputs = Record<never, never>
