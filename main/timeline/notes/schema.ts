/** What a person noted of a recording: in `<recording>.notes.json`, beside it. */
import { z } from 'zod'

z.config({ jitless: true })

export const NOTES_VERSION = 1
export const MAX_NOTE_TEXT = 2_000
export const MAX_NOTES = 5_000

export const noteTextSchema = z.string().max(MAX_NOTE_TEXT)

export const noteSchema = z.strictObject({
  id: z.string().min(1).max(64),
  /** The moment: after the events with a smaller `seq`. */
  seq: z.number().int().min(0),
  /** Nanoseconds since the recording began. */
  t: z.number().min(0),
  /** Empty: only a bookmark. */
  text: noteTextSchema,
  /** ISO 8601. */
  created: z.string(),
})
export type TimelineNote = z.infer<typeof noteSchema>

export const notesFileSchema = z.strictObject({
  format: z.literal('raft-workbench-notes'),
  version: z.literal(NOTES_VERSION),
  notes: z.array(noteSchema).max(MAX_NOTES),
})
export type NotesFile = z.infer<typeof notesFileSchema>

/** In the order of their moments. */
export function inOrder(notes: readonly TimelineNote[]): readonly TimelineNote[] {
  return notes.toSorted((a, b) => a.seq - b.seq || a.created.localeCompare(b.created))
}
