/** Two moments compared. */
export { diffStates } from './diff'
export type { EntryChange, EntryDiff, FieldDiff, LogDiff, MomentDiff, NodeDiff } from './types'
