import type { DiskFileView, DiskRecordView, DiskView } from '../../../preload/contract'
import type { InspectedFile, InspectedRecord, NodeInspection } from '../../cluster/inspect'

/** Records of one file that cross to a window. */
export const DISK_TAIL = 64

/** A node's directory as a window shows it. */
export function diskView(inspection: NodeInspection): DiskView {
  const { path, files, currentTerm, votedFor, firstIndex, lastIndex, snapshot } = inspection
  return {
    path,
    files: files.map(fileView),
    currentTerm,
    votedFor,
    firstIndex,
    lastIndex,
    snapshot: snapshot === undefined ? null : { index: snapshot.index, term: snapshot.term, bytes: snapshot.bytes },
  }
}

function fileView({ name, bytes, records, count, tornBytes, standing }: InspectedFile): DiskFileView {
  return {
    name,
    bytes,
    records: count,
    tail: records.slice(-DISK_TAIL).map(recordView),
    tornBytes,
    corrupt: standing === 'corrupt',
  }
}

function recordView(record: InspectedRecord): DiskRecordView {
  const { number, offset, bytes, type, term, index, detail, storedCrc, standing } = record
  return { number, offset, bytes, type, term, index, detail, crc: crcText(storedCrc), ok: standing === 'ok' }
}

/** A checksum as people compare it. */
export function crcText(crc: number): string {
  return crc.toString(16).padStart(8, '0')
}
