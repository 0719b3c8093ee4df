/** Reads JSON Lines back: as events, or into a recording file. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { ForkOrigin } from '../../node/contract/disk-image'
import { EVENT_KINDS, type EventKind, type TimelineEvent } from '../../node/contract/events'
import { Problem } from '../../node/contract/problem'
import { bad } from '../import/bad'
import { twiceNamed } from '../import/json'
import { type ImportOptions, linesOf, textOf } from '../import/text'
import { MAX_NOTES, type TimelineNote, writeNotes } from '../notes'
import { noteSchema } from '../notes/schema'
import { Tail } from '../recorder/tail'
import { createFile } from '../recorder/write-loop'
import { BlockIndex } from '../recording/block-index'
import { type Block, forkedFromSchema, MAX_HEADER_BYTES } from '../recording/format'
import { RecordingWriter } from '../recording/writer'
import { FIELDS_BY_KIND, JSONL_FORMAT, JSONL_VERSION, type JsonlHeader, READABLE_VERSIONS } from './jsonl'
import { countFromJson, finiteFromJson, isObject, Mismatch, numberFromJson, valueFromJson } from './values'

export interface ImportedTimeline {
  readonly header: JsonlHeader
  /** The events in order; reading throws `bad-input` at the first line that breaks a rule. */
  readonly events: AsyncGenerator<TimelineEvent>
  /** What people noted; whole when the last event was read. */
  readonly notes: readonly TimelineNote[]
}

const COMMON = ['seq', 't', 'node', 'n', 'kind']
const KIND_NAMES: ReadonlyMap<string, EventKind> = new Map(EVENT_KINDS.map((kind) => [kind, kind]))

/**
 * Reads lines as {@link exportJsonl} writes them; empty lines at the end are allowed. Throws `bad-input` with the line
 * ("line 7") and the rule that it breaks.
 */
export async function importJsonl(lines: AsyncIterable<string> | Iterable<string>): Promise<ImportedTimeline> {
  const numbered = number(lines)
  const first = await numbered.next()
  if (first.done) throw bad(1, 'a header line expected')
  const notes: TimelineNote[] = []
  return { header: headerOf(first.value.text), events: eventsOf(numbered, notes), notes }
}

interface Line {
  readonly text: string
  readonly number: number
}

async function* number(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Line> {
  let count = 0
  for await (const text of lines) yield { text: text.endsWith('\n') ? text.slice(0, -1) : text, number: ++count }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function headerOf(text: string): JsonlHeader {
  const value = parse({ text, number: 1 })
  if (value.format !== JSONL_FORMAT) throw bad(1, `format: "${JSONL_FORMAT}" expected`)
  const { version } = value
  if (!READABLE_VERSIONS.includes(version)) {
    const newer = typeof version === 'number' && version > JSONL_VERSION
    const why = newer ? `; ${version} is of a newer Raft Workbench, so open it with that` : ''
    throw bad(1, `version: ${READABLE_VERSIONS.join(' or ')} expected${why}`)
  }
  const textOf = (field: string): string => {
    const found = value[field]
    if (typeof found === 'string') return found
    throw bad(1, `${field}: text expected`)
  }
  const header: JsonlHeader = {
    clusterId: textOf('clusterId'),
    clusterName: textOf('clusterName'),
    began: textOf('began'),
    ...('forkedFrom' in value && { forkedFrom: forkedFromOf(value.forkedFrom) }),
  }
  // A recording whose header is longer could not be opened.
  if (Buffer.byteLength(JSON.stringify(header)) > LONGEST_HEADER) {
    throw bad(1, `clusterId, clusterName, began and forkedFrom: at most ${LONGEST_HEADER} bytes together expected`)
  }
  return header
}

function forkedFromOf(value: unknown): ForkOrigin {
  const read = forkedFromSchema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw bad(1, `${['forkedFrom', ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? ''}`)
}

/** What else stands in a recording's header is shorter than the difference. */
const LONGEST_HEADER = MAX_HEADER_BYTES / 2

function parse({ text, number }: Line): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw bad(number, reasonOf(error))
  }
  if (!isObject(value)) throw bad(number, 'a JSON object expected')
  const twice = twiceNamed(text, value)
  if (twice !== undefined) throw bad(number, `${twice}: only once in an object expected`)
  return value
}

/** Notes are put aside. */
async function* eventsOf(lines: AsyncGenerator<Line>, notes: TimelineNote[]): AsyncGenerator<TimelineEvent> {
  const ids = new Set<string>()
  let next = 0
  for await (const line of lines) {
    if (line.text.trim() === '') continue
    const value = parse(line)
    const read = 'note' in value ? noteOf(value, line) : eventOf(value, line)
    if (read.seq < next) throw bad(line.number, `seq: ${next} or more expected`)
    if ('kind' in read) {
      next = read.seq + 1
      yield read
      continue
    }
    // The event of that number may still follow.
    next = read.seq
    if (ids.has(read.id)) throw bad(line.number, `note: ${read.id} is there already`)
    if (notes.length >= MAX_NOTES) throw bad(line.number, `note: at most ${MAX_NOTES} expected`)
    ids.add(read.id)
    notes.push(read)
  }
}

function noteOf({ note: id, ...rest }: Readonly<Record<string, unknown>>, line: Line): TimelineNote {
  if ('id' in rest) throw bad(line.number, 'id: no such field of a note')
  const result = noteSchema.safeParse({ ...rest, id })
  if (result.success) return result.data
  const [first] = result.error.issues
  const field = first?.path[0] === 'id' ? 'note' : first?.path.join('.')
  throw bad(line.number, `${field || 'note'}: ${first?.message}`)
}

function eventOf(value: Readonly<Record<string, unknown>>, line: Line): TimelineEvent {
  try {
    const kind = typeof value.kind === 'string' ? KIND_NAMES.get(value.kind) : undefined
    const fields = kind && FIELDS_BY_KIND.get(kind)
    if (fields === undefined) throw new Mismatch(`kind: ${JSON.stringify(value.kind)} is none that is known`)
    const event: Record<string, unknown> = {
      kind,
      node: countFromJson(value.node, 'node', 65_535),
      n: numberFromJson(value.n, 'n'),
      t: finiteFromJson(value.t, 't'),
      seq: countFromJson(value.seq, 'seq', Number.MAX_SAFE_INTEGER - 1),
    }
    for (const [name, type] of fields) event[name] = valueFromJson(type, value[name], name)
    const known = new Set([...COMMON, ...fields.map(([name]) => name)])
    const foreign = Object.keys(value).find((name) => !known.has(name))
    if (foreign !== undefined) throw new Mismatch(`${foreign}: no such field of ${kind}`)
    return event as TimelineEvent
  } catch (error) {
    if (error instanceof Mismatch) throw bad(line.number, error.message)
    throw error
  }
}

// ── into a recording ──────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Makes a recording of a JSON Lines file, with its notes beside it, and returns the number of events. Nothing is left at
 * `outPath` when it fails.
 * Throws `bad-input`, `unreadable-file`, `directory-unwritable` (also when `outPath` exists), `disk-failed`.
 */
export async function importRecording(jsonlPath: string, outPath: string, options?: ImportOptions): Promise<number> {
  const { header, events, notes } = await importJsonl(linesOf(textOf(jsonlPath, options)))
  const count = await record(header, events, outPath)
  try {
    if (notes.length > 0) await writeNotes(outPath, notes)
  } catch (error) {
    await rm(outPath, { force: true })
    throw error
  }
  return count
}

/**
 * Writes events as a recording and returns their number. It has its final name only when it is whole.
 * Throws what reading the events throws, `directory-unwritable` (also when there is such a file), `disk-failed`.
 */
export async function record(
  header: JsonlHeader,
  events: AsyncIterable<TimelineEvent> | Iterable<TimelineEvent>,
  path: string,
): Promise<number> {
  if (existsSync(path)) throw new Problem('directory-unwritable', { path, reason: 'it exists already' })
  const unfinished = `${path}.${randomBytes(4).toString('hex')}.part`
  const file = await createFile(unfinished)
  try {
    // The clock of the machine that wrote it means nothing here.
    const writer = await RecordingWriter.create(file, { ...header, origin: '0' })
    const written = await writeAll(writer, events)
    await writer.close()
    await rename(unfinished, path)
    return written
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(unfinished, { force: true })
    if (error instanceof Problem || isAbort(error)) throw error
    throw new Problem('disk-failed', { path, operation: 'write', reason: reasonOf(error) }, { cause: error })
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

async function writeAll(
  writer: RecordingWriter,
  events: AsyncIterable<TimelineEvent> | Iterable<TimelineEvent>,
): Promise<number> {
  const blocks: Block[] = []
  // Blocks are made as they are when events come from nodes: none holds more than can be read at once.
  const tail = new Tail(
    new BlockIndex(),
    (block) => blocks.push(block),
    () => 0,
  )
  const write = async () => {
    for (const block of blocks.splice(0)) {
      writer.append(block)
      await writer.flush((info) => tail.written(info))
    }
  }
  let count = 0
  for await (const event of events) {
    // A window of a timeline may leave events out: a block holds consecutive ones.
    if (tail.open.length > 0 && tail.open.at(-1)?.seq !== event.seq - 1) tail.flush()
    tail.add([event])
    if (blocks.length > 0) await write()
    count++
  }
  tail.flush()
  await write()
  await writer.finish(() => undefined)
  return count
}
