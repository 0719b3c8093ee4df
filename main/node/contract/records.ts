/** The records of a node's log (`docs/storage-format.md`): bytes to data and back, without touching a file. */
export { decodeEntries, encodeEntries } from './records/entries'
export type { ContentRecord, LogRecord, RecordSpan, RecordType, WriteHead } from './records/record'
export { hex, MAX_RECORD_BYTES } from './records/record'
