/** What people noted of a recording. */
export { MAX_NOTE_TEXT, noteTextSchema, type TimelineNote } from './schema'
export { addNote, editNote, notesPath, readNotes, removeNote } from './sidecar'
