/** What people noted of a recording. */
export { MAX_NOTE_TEXT, MAX_NOTES, noteTextSchema, type TimelineNote } from './schema'
export { addNote, editNote, notesPath, readNotes, removeNote, writeNotes } from './sidecar'
