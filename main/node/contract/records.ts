/** The records of a node's log (`docs/storage-format.md`): bytes to data and back, without touching a file. */
export type { RecordedEntry } from './records/entries'
export { decodeEntries, encodeEntries, makeEntry } from './records/entries'
export type { Identity, ReadIdentity } from './records/identity'
export { encodeIdentity, IDENTITY_FILE, readIdentity } from './records/identity'
export type { ContentRecord, LogRecord, RecordSpan, RecordType, WriteHead } from './records/record'
export { hex, MAX_RECORD_BYTES } from './records/record'
export type { Replayed } from './records/replay'
export { emptyLog, replay } from './records/replay'
export type { Contradiction, Damage, ScannedRecord, SegmentScan, WholeWrite } from './records/scan'
export { scanSegment } from './records/scan'
export type { ReadSegmentHeader, SegmentHeader, WriteContent } from './records/segment'
export {
  clusterHash,
  contentBytes,
  encodeSegment,
  encodeWrite,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
  STORAGE_VERSION,
  segmentName,
  segmentNumber,
} from './records/segment'
export type { SegmentSurvey, Standing, SurveyedRecord } from './records/survey'
export { surveySegment } from './records/survey'
