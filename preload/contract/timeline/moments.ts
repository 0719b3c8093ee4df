/** Two moments compared, and what a person noted. */
import { z } from 'zod'
import type { MomentDiff } from '../../../main/timeline/diff/types'
import { noteTextSchema, type TimelineNote } from '../../../main/timeline/notes/schema'

export {
  DIFF_FIELDS,
  type DiffField,
  type EntryChange,
  type EntryDiff,
  type FieldDiff,
  type LogDiff,
  type MomentDiff,
  type NodeDiff,
} from '../../../main/timeline/diff/types'
export { MAX_NOTE_TEXT, type TimelineNote } from '../../../main/timeline/notes/schema'

const source = z.enum(['live', 'recording'])
const seq = z.number().int().min(0)
const id = z.string().min(1).max(64)

export const MOMENT_CALLS = {
  /** What is different after the events `< b` from what was after those `< a`. */
  'timeline.diff': { input: z.strictObject({ source, a: seq, b: seq }) },
  'notes.list': { input: z.strictObject({ source }) },
  /** `seq`: the moment. Of a running cluster it becomes an event of the timeline as well. */
  'notes.add': { input: z.strictObject({ source, seq, t: z.number().min(0), text: noteTextSchema }) },
  'notes.edit': { input: z.strictObject({ source, id, text: noteTextSchema }) },
  'notes.remove': { input: z.strictObject({ source, id }) },
} as const

/** All notes of a recording after a change, for every window. */
export interface NotesView {
  /** Of which recording: its path. */
  readonly recording: string
  readonly notes: readonly TimelineNote[]
}

export interface MomentOutputs {
  readonly 'timeline.diff': MomentDiff
  readonly 'notes.list': NotesView
  readonly 'notes.add': NotesView
  readonly 'notes.edit': NotesView
  readonly 'notes.remove': NotesView
}
