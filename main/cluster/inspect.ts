/** One node's files, record by record, and what they amount to. Reads only; safe while the node writes. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeCommand } from '../node/contract/command'
import { Problem } from '../node/contract/problem'
import {
  clusterHash,
  emptyLog,
  hex,
  IDENTITY_FILE,
  type Identity,
  type LogRecord,
  type RecordType,
  readIdentity,
  replay,
  type SegmentHeader,
  type SegmentSurvey,
  STORAGE_VERSION,
  type Standing,
  type SurveyedRecord,
  segmentName,
  segmentNumber,
  surveySegment,
} from '../node/contract/records'
import type { Entry } from '../raft/types'

export interface InspectedRecord {
  /** In its file, from 1; 0 is the segment header. */
  readonly number: number
  readonly offset: number
  readonly bytes: number
  readonly type: RecordType | 'segment' | 'unreadable'
  /** Of an entry or a hard state; else 0. */
  readonly term: number
  /** Of an entry, or from which a truncation removes; else 0. */
  readonly index: number
  readonly detail: string
  readonly storedCrc: number
  readonly computedCrc: number
  /** torn: will be cut at the next start (in a running node: being written). corrupt: the node will not start. */
  readonly standing: Standing
}

export interface InspectedFile {
  readonly name: string
  readonly bytes: number
  readonly records: readonly InspectedRecord[]
  /** Bytes at the end that the next start will cut. */
  readonly tornBytes: number
  readonly standing: Standing
}

/** The details of a 'record-corrupt' problem. */
export interface Finding {
  readonly file: string
  readonly offset: number
  readonly record: number
  readonly reason: string
}

export interface NodeInspection {
  readonly path: string
  /** From identity.json; undefined when that is missing or unreadable (see `findings`). */
  readonly identity: Identity | undefined
  readonly files: readonly InspectedFile[]
  /** The worst of all files. */
  readonly standing: Standing
  /** What is wrong, torn tails excepted, in the order of the log. */
  readonly findings: readonly Finding[]
  /** What the log amounts to, up to the first damage. */
  readonly currentTerm: number
  readonly votedFor: number
  readonly firstIndex: number
  readonly lastIndex: number
  readonly entries: readonly Entry[]
}

/**
 * Reads a node's directory. Damage is part of the answer. Throws Problem 'unreadable-file' only when the directory or a
 * file in it cannot be read, or nothing in it is a node's.
 */
export async function inspectNode(dataDir: string): Promise<NodeInspection> {
  const names = await readable(dataDir, readdir(dataDir))
  const numbers = names.map(segmentNumber).filter((number) => number !== undefined)
  numbers.sort((a, b) => a - b)
  const findings: Finding[] = []
  if (numbers.length === 0 && !names.includes(IDENTITY_FILE)) {
    throw new Problem('unreadable-file', { path: dataDir, reason: 'it holds neither identity.json nor 000001.log' })
  }
  const identity = await inspectIdentity(dataDir, names, findings)

  const log = emptyLog()
  const files: InspectedFile[] = []
  const lastNumber = numbers.at(-1) ?? 0
  if (lastNumber === 0) findings.push(missing(1))
  let expected = { segment: 1, sequence: 1 }
  for (const number of numbers) {
    const name = segmentName(number)
    const path = join(dataDir, name)
    const bytes = await readable(path, readFile(path))
    while (expected.segment < number) findings.push(missing(expected.segment++))
    // Behind the first damage nothing can be told for certain: it is shown, not added up.
    const sound = findings.every(({ file }) => file === IDENTITY_FILE)
    const survey = surveySegment(bytes, number === lastNumber, (write) => (sound ? replay(log, write) : undefined))
    const wrong = checkHeader(survey, number, sound ? expected.sequence : undefined, identity)
    if (wrong !== undefined) findings.push({ file: name, offset: 0, record: 0, reason: wrong })
    if (survey.damage?.standing === 'corrupt') {
      const { span, record, reason } = survey.damage
      findings.push({ file: name, offset: span.offset, record, reason })
    }
    files.push(inspectedFile(name, bytes.length, survey, wrong))
    expected = { segment: number + 1, sequence: survey.nextSequence }
  }
  const worst = findings.length > 0 ? 'corrupt' : files.some(({ standing }) => standing === 'torn') ? 'torn' : 'ok'
  return {
    path: dataDir,
    identity,
    files,
    standing: worst,
    findings,
    currentTerm: log.hardState.currentTerm,
    votedFor: log.hardState.votedFor,
    firstIndex: 1,
    lastIndex: log.entries.length,
    entries: log.entries,
  }
}

async function readable<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Problem('unreadable-file', { path, reason }, { cause: error })
  }
}

const missing = (segment: number): Finding => ({
  file: segmentName(segment),
  offset: 0,
  record: 0,
  reason: 'this segment is missing',
})

/** A missing identity is no finding: the next start writes it again from what the segments say. */
async function inspectIdentity(
  dataDir: string,
  names: readonly string[],
  findings: Finding[],
): Promise<Identity | undefined> {
  if (!names.includes(IDENTITY_FILE)) return undefined
  const path = join(dataDir, IDENTITY_FILE)
  const read = readIdentity(await readable(path, readFile(path)))
  if (read.kind === 'known') return read.identity
  const reason = read.kind === 'unreadable' ? read.reason : `format ${read.version} is not known here`
  findings.push({ file: IDENTITY_FILE, offset: 0, record: 0, reason })
  return undefined
}

/** What is wrong with a segment's header, if anything. */
function checkHeader(
  survey: SegmentSurvey,
  number: number,
  sequence: number | undefined,
  identity: Identity | undefined,
): string | undefined {
  const header = survey.header
  if (header === undefined) return survey.headerRecord.reason
  if (header.version !== STORAGE_VERSION) return `format ${header.version} is not known here`
  if (header.segment !== number) return `it says that it is segment ${header.segment}`
  if (sequence !== undefined && header.firstSequence !== sequence) {
    return `it begins with write ${header.firstSequence}, but write ${sequence} is missing`
  }
  if (identity === undefined) return undefined
  if (header.node !== identity.node) return `it belongs to node ${header.node}`
  return header.clusterHash === clusterHash(identity.clusterId) ? undefined : 'it belongs to another cluster'
}

function inspectedFile(name: string, bytes: number, survey: SegmentSurvey, wrong: string | undefined): InspectedFile {
  const { headerRecord, header, damage, tornBytes } = survey
  const first = inspectedRecord({
    ...headerRecord,
    standing: wrong === undefined ? 'ok' : 'corrupt',
    reason: wrong ?? headerRecord.reason,
  })
  const segment: InspectedRecord = { ...first, type: 'segment', detail: first.detail || spellHeader(header) }
  return {
    name,
    bytes,
    records: [segment, ...survey.records.map(inspectedRecord)],
    tornBytes,
    standing: wrong === undefined ? (damage?.standing ?? 'ok') : 'corrupt',
  }
}

function inspectedRecord({ number, span, standing, record, stated, reason }: SurveyedRecord): InspectedRecord {
  return {
    number,
    ...span,
    type: record?.type ?? stated ?? 'unreadable',
    term:
      record?.type === 'entry' ? record.entry.term : record?.type === 'hardState' ? record.hardState.currentTerm : 0,
    index: record?.type === 'entry' ? record.entry.index : record?.type === 'truncate' ? record.fromIndex : 0,
    detail: record === undefined ? reason : spellRecord(record),
    standing,
  }
}

function spellHeader(header: SegmentHeader | undefined): string {
  if (header === undefined) return ''
  const { version, node, segment, clusterHash: cluster, salt, firstSequence } = header
  return `format ${version} node ${node} segment ${segment} cluster ${hex(cluster)} salt ${hex(salt)} from write ${firstSequence}`
}

function spellRecord(record: LogRecord): string {
  switch (record.type) {
    case 'write':
      return `write ${record.head.sequence}: ${record.head.records} records, ${record.head.bytes} bytes`
    case 'hardState':
      return `currentTerm ${record.hardState.currentTerm} votedFor ${record.hardState.votedFor || '–'}`
    case 'truncate':
      return `from ${record.fromIndex}`
    case 'entry':
      return spellEntry(record.entry)
  }
}

function spellEntry({ type, data }: Entry): string {
  if (type === 'command') {
    try {
      const { command } = decodeCommand(data)
      const key = JSON.stringify(command.key)
      return command.op === 'put' ? `put ${key}, ${command.value.length} bytes` : `${command.op} ${key}`
    } catch {
      return `command of ${data.length} bytes that is not a client's`
    }
  }
  return type === 'noop' ? 'no-op' : `configuration, ${data.length} bytes`
}
