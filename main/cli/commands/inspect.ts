import { resolve } from 'node:path'
import { crcText, type InspectedRecord, inspectNode, type NodeInspection } from '../../workbench/headless'
import { aligned, EXIT, type Terminal } from '../terminal'

/**
 * Shows one node's files, record by record, and the state that they amount to.
 * @returns 1 when a record is damaged; a torn tail is what a crash leaves, and no damage
 */
export async function inspect(directory: string, json: boolean, terminal: Terminal): Promise<number> {
  const inspection = await inspectNode(resolve(directory))
  if (json) terminal.print(JSON.stringify(documentOf(inspection), null, 2))
  else await show(inspection, terminal)
  return inspection.standing === 'corrupt' ? EXIT.failed : EXIT.ok
}

/** The same, for programs: checksums as text, entries without their bytes (the records tell of them). */
function documentOf(inspection: NodeInspection): unknown {
  const { entries: _, files, snapshots, snapshot, ...state } = inspection
  return {
    ...state,
    snapshot: snapshot === undefined ? null : withChecksum(snapshot),
    snapshots: snapshots.map((one) => ({ ...one, meta: one.meta === undefined ? null : withChecksum(one.meta) })),
    files: files.map((file) => ({
      ...file,
      records: file.records.map((record) => ({
        ...record,
        storedCrc: crcText(record.storedCrc),
        computedCrc: crcText(record.computedCrc),
      })),
    })),
  }
}

function withChecksum(meta: NonNullable<NodeInspection['snapshot']>): unknown {
  return { ...meta, checksum: crcText(meta.checksum) }
}

async function show(inspection: NodeInspection, terminal: Terminal): Promise<void> {
  const { texts } = terminal
  const { columns } = texts
  const heading = [
    columns.file,
    columns.record,
    columns.offset,
    columns.bytes,
    columns.type,
    columns.term,
    columns.index,
    columns.crc,
    columns.standing,
    columns.detail,
  ]
  const row = (file: string, record: InspectedRecord): string[] => [
    file,
    String(record.number),
    String(record.offset),
    String(record.bytes),
    record.type,
    record.term === 0 ? '' : String(record.term),
    record.index === 0 ? '' : String(record.index),
    crcText(record.storedCrc),
    texts.standing(record.standing),
    record.detail,
  ]
  const rows = inspection.files.flatMap(({ name, records }) => records.map((record) => row(name, record)))
  if (rows.length === 0) terminal.print(texts.noRecords)
  else await terminal.write(`${aligned([heading, ...rows], new Set([1, 2, 3, 5, 6])).join('\n')}\n`)

  if (inspection.snapshots.length > 0) {
    const snapshotHeading = [
      columns.file,
      columns.bytes,
      columns.term,
      columns.index,
      columns.crc,
      columns.standing,
      columns.detail,
    ]
    const lines = inspection.snapshots.map((one) => snapshotRow(one, texts.standing(one.standing)))
    terminal.print('')
    await terminal.write(`${aligned([snapshotHeading, ...lines], new Set([1, 2, 3])).join('\n')}\n`)
  }

  const { currentTerm, votedFor, base, firstIndex, lastIndex, snapshot, entries } = inspection
  const state = [
    ['currentTerm', String(currentTerm)],
    ['votedFor', votedFor === 0 ? texts.nobody : String(votedFor)],
    ...(snapshot === undefined ? [] : [['snapshot', `${snapshot.index} (term ${snapshot.term})`]]),
    ...(base.index === 0 ? [] : [['base', `${base.index} (term ${base.term})`]]),
    ['log', texts.entries(entries.length, firstIndex, lastIndex)],
  ]
  terminal.print('')
  terminal.print(texts.state)
  for (const line of aligned(state, new Set())) terminal.print(`  ${line}`)

  for (const { name, tornBytes } of inspection.files) if (tornBytes > 0) terminal.say(texts.torn(tornBytes, name))
  for (const { file, record, offset, reason } of inspection.findings) {
    terminal.say(`${texts.corrupt(file, record, offset)} (${reason})`)
  }
}

function snapshotRow(snapshot: NodeInspection['snapshots'][number], standing: string): string[] {
  const { name, bytes, meta, detail } = snapshot
  const place = meta === undefined ? ['', '', ''] : [String(meta.term), String(meta.index), crcText(meta.checksum)]
  return [name, String(bytes), ...place, standing, detail]
}
