/** The records of a node's log (`docs/storage-format.md`): bytes to data and back, without touching a file. */
export { decodeConfiguration } from '../../raft/configuration'
export { decodeEntries, encodeEntries, makeEntry } from './records/entries'
export type { Identity, ReadIdentity } from './records/identity'
export { encodeIdentity, IDENTITY_FILE, readIdentity } from './records/identity'
export type { LogRecord, RecordedEntry, RecordSpan, RecordType, WriteHead } from './records/record'
export { entryBytes, hex, MAX_RECORD_BYTES, WRITE_RECORD_BYTES } from './records/record'
export type { Replayed } from './records/replay'
export { emptyLog, isComplete, lastIndexOf, liveEntries, replay } from './records/replay'
export type { Contradiction, Damage, ScannedRecord, SegmentScan, WholeWrite } from './records/scan'
export { endOfContents, scanSegment } from './records/scan'
export type { LogState, ReadSegmentHeader, SegmentHeader, WriteContent } from './records/segment'
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
export type { PartMark, ReadSnapshotHeader, SnapshotFileName, SnapshotHeader } from './records/snapshot'
export {
  BlockSums,
  blockFault,
  blocksOf,
  encodeFooter,
  encodeMark,
  encodeSnapshotHeader,
  footerBytes,
  MARK_BYTES,
  MAX_SNAPSHOT_HEADER_BYTES,
  PART_NAME,
  parseSnapshotName,
  readFooter,
  readMark,
  readSnapshotHeader,
  receivedName,
  SNAPSHOT_BLOCK_BYTES,
  SNAPSHOT_PREFIX_BYTES,
  snapshotHeaderBytes,
  snapshotName,
} from './records/snapshot'
export type { OpenedSnapshot, OpeningSnapshot, SnapshotDamage, SnapshotSource } from './records/snapshot-check'
export { checkSnapshot, dataOf, openSnapshot, readData, readHeaderOf } from './records/snapshot-check'
export type { SegmentSurvey, Standing, SurveyedRecord } from './records/survey'
export { surveySegment } from './records/survey'
