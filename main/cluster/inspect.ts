/** One node's files, record by record, and what they amount to. Reads only; safe while the node writes. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../node/contract/problem'
import {
  clusterHash,
  emptyLog,
  IDENTITY_FILE,
  type Identity,
  type LogRecord,
  lastIndexOf,
  liveEntries,
  type RecordType,
  type Replayed,
  readIdentity,
  replay,
  type SegmentSurvey,
  STORAGE_VERSION,
  type Standing,
  type SurveyedRecord,
  segmentName,
  segmentNumber,
  snapshotName,
  surveySegment,
  type WholeWrite,
} from '../node/contract/records'
import type { Entry, Position, SnapshotMeta } from '../raft/types'
import { type InspectedSnapshot, inspectSnapshots } from './inspect/snapshots'
import { spellHeader, spellRecord } from './inspect/spell'

export type { InspectedSnapshot } from './inspect/snapshots'

export interface InspectedRecord {
  /** In its file, from 1; 0 is the segment header. */
  readonly number: number
  readonly offset: number
  readonly bytes: number
  readonly type: RecordType | 'segment' | 'unreadable'
  /** Of an entry, a hard state, or the place where the log begins now; else 0. */
  readonly term: number
  /** Of an entry, from which a truncation removes, or after which the log begins now; else 0. */
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
  /** All of them, or the last ones when only those were asked for. */
  readonly records: readonly InspectedRecord[]
  /** How many there are. */
  readonly count: number
  /** Bytes at the end that the next start will cut. */
  readonly tornBytes: number
  readonly standing: Standing
}

/** The details of a 'record-corrupt' problem; of a snapshot, `record` is 0. */
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
  /** The segments of the log. */
  readonly files: readonly InspectedFile[]
  /** Newest first; then the one that is arriving. */
  readonly snapshots: readonly InspectedSnapshot[]
  /** The worst of all files that the node's state is made of. */
  readonly standing: Standing
  /** What is wrong, torn tails excepted, in the order of the log. */
  readonly findings: readonly Finding[]
  /** What the log amounts to, up to the first damage. */
  readonly currentTerm: number
  readonly votedFor: number
  /** The last entry that is gone. */
  readonly base: Position
  readonly firstIndex: number
  readonly lastIndex: number
  /** The newest whole snapshot that the log continues: what a start begins with. */
  readonly snapshot: SnapshotMeta | undefined
  /** From `firstIndex`; none when only the last records were asked for. */
  readonly entries: readonly Entry[]
}

export interface InspectOptions {
  /** So many records of each file at most, the last ones, and no entries: the memory then does not grow with the log. */
  readonly tail?: number
}

/** A running node makes and removes files while they are read: then it is begun again, so often at most. */
const ATTEMPTS = 8

/**
 * Reads a node's directory. Damage is part of the answer. Throws Problem 'unreadable-file' only when the directory or a
 * file in it cannot be read, or nothing in it is a node's.
 */
export async function inspectNode(dataDir: string, options: InspectOptions = {}): Promise<NodeInspection> {
  for (let attempt = 1; ; attempt++) {
    const names = await readable(dataDir, readdir(dataDir))
    try {
      const inspection = await inspect(dataDir, names, options)
      const isSound = inspection.findings.length === 0
      if (attempt === ATTEMPTS || (await belongsTogether(dataDir, names, isSound))) return inspection
    } catch (error) {
      if (attempt === ATTEMPTS || (await belongsTogether(dataDir, names, false))) throw error
    }
  }
}

/**
 * No segment and no snapshot went meanwhile; and where something seems to be wrong, none came either: the log may have been
 * cut by a snapshot that was not there yet.
 */
async function belongsTogether(dataDir: string, names: readonly string[], isSound: boolean): Promise<boolean> {
  const now = await readable(dataDir, readdir(dataDir))
  const isPassing = (name: string) => name.endsWith('.tmp') || name.endsWith('.part')
  const hasGone = names.some((name) => !isPassing(name) && !now.includes(name))
  const hasCome = now.some((name) => !isPassing(name) && !names.includes(name))
  return !hasGone && (isSound || !hasCome)
}

async function inspect(
  dataDir: string,
  names: readonly string[],
  { tail = Number.POSITIVE_INFINITY }: InspectOptions,
): Promise<NodeInspection> {
  const all = names.map(segmentNumber).filter((number) => number !== undefined)
  all.sort((a, b) => a - b)
  const findings: Finding[] = []
  if (all.length === 0 && !names.includes(IDENTITY_FILE)) {
    throw new Problem('unreadable-file', { path: dataDir, reason: 'it holds neither identity.json nor a segment' })
  }
  const identity = await inspectIdentity(dataDir, names, findings)
  // Before the log, which only grows: so no snapshot seems to be ahead of it.
  const snapshots = await readable(dataDir, inspectSnapshots(dataDir, names, identity))

  const log = emptyLog()
  const files: InspectedFile[] = []
  const last = all.at(-1) ?? 0
  if (last === 0) findings.push(missing(1))
  // What stands before a gap is left over, unless the rest needs it.
  const begin = Math.max(
    0,
    all.findLastIndex((number, at) => number !== (all[at - 1] ?? Number.NaN) + 1),
  )
  let floor: number | undefined
  let beforeRun = findings.length
  let sequence: number | undefined
  for (const [at, number] of all.entries()) {
    const name = segmentName(number)
    const path = join(dataDir, name)
    const bytes = await readable(path, readFile(path))
    if (at === begin) beforeRun = findings.length
    // Behind the first damage nothing can be told for certain: it is shown, not added up.
    const isSound = at >= begin && findings.length === beforeRun
    const add = (write: WholeWrite) => {
      const contradiction = replay(log, write)
      floor = floorAfter(floor, write.contents)
      return contradiction
    }
    const survey = surveySegment(bytes, number === last, isSound ? add : () => undefined, tail)
    // Only their number is asked for: the bytes may go.
    if (tail !== Number.POSITIVE_INFINITY) log.first += log.entries.splice(0).length
    const wrong = checkHeader(survey, number, isSound ? sequence : undefined, identity)
    if (wrong !== undefined) findings.push({ file: name, offset: 0, record: 0, reason: wrong })
    if (survey.damage?.standing === 'corrupt') {
      const { span, record, reason } = survey.damage
      findings.push({ file: name, offset: span.offset, record, reason })
    }
    files.push(inspectedFile(name, bytes.length, survey, wrong))
    sequence = at >= begin ? survey.nextSequence : undefined
  }
  const first = all[begin] ?? 1
  const isIncomplete = floor === undefined ? begin > 0 : floor > log.base.index
  if (isIncomplete) findings.splice(beforeRun, 0, missing(first - 1))
  const snapshot = chooseSnapshot(snapshots, log, findings)
  const worst = findings.length > 0 ? 'corrupt' : files.some(({ standing }) => standing === 'torn') ? 'torn' : 'ok'
  return {
    path: dataDir,
    identity,
    files,
    snapshots,
    standing: worst,
    findings,
    currentTerm: log.hardState.currentTerm,
    votedFor: log.hardState.votedFor,
    base: log.base,
    firstIndex: log.base.index + 1,
    lastIndex: lastIndexOf(log),
    snapshot,
    entries: liveEntries(log),
  }
}

/** The last entry that is not known to who began to read with the first segment, after one more write. */
function floorAfter(floor: number | undefined, contents: WholeWrite['contents']): number | undefined {
  let lowest = floor
  for (const record of contents) {
    if (record.type === 'begin') lowest ??= record.lastIndex
    else if (record.type === 'truncate') lowest = Math.min(lowest ?? 0, record.fromIndex - 1)
    else if (record.type === 'install' && !record.keepsLog) lowest = Math.min(lowest ?? 0, record.position.index)
  }
  return lowest
}

/** The snapshot that a start would begin with; adds what is wrong with the snapshots to `findings`. */
function chooseSnapshot(
  snapshots: readonly InspectedSnapshot[],
  log: Replayed,
  findings: Finding[],
): SnapshotMeta | undefined {
  const { base, installed } = log
  const isSound = findings.every(({ file }) => file === IDENTITY_FILE)
  for (const { kind, name, standing, damageOffset, reason } of snapshots) {
    if (kind === 'snapshot' && standing === 'corrupt')
      findings.push({ file: name, offset: damageOffset, record: 0, reason })
  }
  const isCandidate = ({ kind, meta }: InspectedSnapshot) =>
    kind === 'snapshot' || (kind === 'received' && meta?.index === installed?.index && meta?.term === installed?.term)
  const chosen = snapshots.find(
    (one) => one.standing === 'ok' && one.meta !== undefined && one.meta.index >= base.index && isCandidate(one),
  )
  if (!isSound) return chosen?.meta
  const lastIndex = lastIndexOf(log)
  if (chosen === undefined && base.index > 0) {
    const reason = `the log begins after entry ${base.index}, its snapshot is missing`
    findings.push({ file: snapshotName(base), offset: 0, record: 0, reason })
  } else if (chosen?.meta !== undefined && chosen.meta.index > lastIndex) {
    const reason = `the log ends at entry ${lastIndex}, but this snapshot proves that it reached further`
    findings.push({ file: chosen.name, offset: 0, record: 0, reason })
  }
  return chosen?.meta
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
    records: (survey.records.length < survey.count ? [] : [segment]).concat(survey.records.map(inspectedRecord)),
    count: survey.count + 1,
    tornBytes,
    standing: wrong === undefined ? (damage?.standing ?? 'ok') : 'corrupt',
  }
}

function inspectedRecord({ number, span, standing, record, stated, reason }: SurveyedRecord): InspectedRecord {
  return {
    number,
    ...span,
    type: record?.type ?? stated ?? 'unreadable',
    ...(record === undefined ? { term: 0, index: 0 } : placeOf(record)),
    detail: record === undefined ? reason : spellRecord(record),
    standing,
  }
}

/** Term and index that a record is about. */
function placeOf(record: LogRecord): Position {
  switch (record.type) {
    case 'entry':
      return { index: record.entry.index, term: record.entry.term }
    case 'hardState':
      return { index: 0, term: record.hardState.currentTerm }
    case 'truncate':
      return { index: record.fromIndex, term: 0 }
    case 'begin':
      return record.base
    case 'install':
    case 'compact':
      return record.position
    case 'write':
      return { index: 0, term: 0 }
  }
}
