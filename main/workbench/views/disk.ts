import type { DiskFileView, DiskRecordView, DiskView } from '../../../preload/contract'
import type { InspectedFile, InspectedRecord, NodeInspection } from '../../cluster/inspect'

/** Records of one file that cross to a window. */
const TAIL = 64

/** A node's directory as a window shows it. */
export function diskView(inspection: NodeInspection): DiskView {
  const { path, files, currentTerm, votedFor, firstIndex, lastIndex } = inspection
  return { path, files: files.map(fileView), currentTerm, votedFor, firstIndex, lastIndex }
}

function fileView({ name, bytes, records, tornBytes, standing }: InspectedFile): DiskFileView {
  return {
    name,
    bytes,
    records: records.length,
    tail: records.slice(-TAIL).map(recordView),
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
