/** The timeline room: record, fold, store, read, export and import what happened in a cluster. */
export type { EventRange, Recorder, RecordingInfo, TimelineSource } from './api'
export type { Shown } from './diagram/shown'
export { type ImportedTimeline, importJsonl, importRecording } from './export/import'
export {
  type ExportOptions,
  eventLine,
  exportJsonl,
  headerLine,
  JSONL_FORMAT,
  JSONL_VERSION,
  type JsonlHeader,
} from './export/jsonl'
export { type MutableCluster, newCluster } from './fold/cluster'
export { linkOf } from './fold/conditions'
export { entryOf } from './fold/entry-log'
export { fold } from './fold/fold'
export { type CommittedOptions, committedEntries, planFork } from './fork'
export { linesOf } from './import/text'
export { createRecorder, type RecorderOptions } from './recorder/recorder'
export { openRecording, RECORDING_EXTENSION, readRecordingInfo } from './recording/open'
export type { ActiveFault, CallState, ClusterState, NodeState, ProcessStanding, ProcessState } from './state'
