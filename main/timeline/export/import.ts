/** Reads JSON Lines back: as events, or into a recording file. */
import { randomBytes } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { EVENT_KINDS, type EventKind, type TimelineEvent } from '../../node/contract/events'
import { Problem } from '../../node/contract/problem'
import { MAX_NOTES, type TimelineNote, writeNotes } from '../notes'
import { noteSchema } from '../notes/schema'
import { createFile } from '../recorder/write-loop'
import { makeEventBlock, RecordingWriter } from '../recording/writer'
import { FIELDS_BY_KIND, JSONL_FORMAT, JSONL_VERSION, type JsonlHeader, READABLE_VERSIONS } from './jsonl'
import { countFromJson, isObject, Mismatch, numberFromJson, valueFromJson } from './values'

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

function bad(line: number, reason: string): Problem<'bad-input'> {
  return new Problem('bad-input', { where: `line ${line}`, reason })
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
  return { clusterId: textOf('clusterId'), clusterName: textOf('clusterName'), began: textOf('began') }
}

function parse({ text, number }: Line): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw bad(number, reasonOf(error))
  }
  if (!isObject(value)) throw bad(number, 'a JSON object expected')
  return value
}

/** Notes are put aside. */
async function* eventsOf(lines: AsyncGenerator<Line>, notes: TimelineNote[]): AsyncGenerator<TimelineEvent> {
  const ids = new Set<string>()
  let next = 0
  for await (const line of lines) {
    if (line.text === '') continue
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
    const kind = KIND_NAMES.get(String(value.kind))
    const fields = kind && FIELDS_BY_KIND.get(kind)
    if (fields === undefined) throw new Mismatch(`kind: ${JSON.stringify(value.kind)} is none that is known`)
    const event: Record<string, unknown> = {
      kind,
      node: countFromJson(value.node, 'node', 65_535),
      n: numberFromJson(value.n, 'n'),
      t: numberFromJson(value.t, 't'),
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

const BLOCK_EVENTS = 2048

/** Who is told of an import, and who may end it. */
export interface ImportOptions {
  readonly signal?: AbortSignal | undefined
  /** Called now and then with the bytes read so far. */
  readonly progress?: ((bytes: number) => void) | undefined
}

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

/** A file's text as it comes. Throws `unreadable-file`, and the signal's reason. */
export async function* textOf(path: string, { signal, progress }: ImportOptions = {}): AsyncGenerator<string> {
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 256 << 10 })
  try {
    for await (const chunk of stream) {
      signal?.throwIfAborted()
      progress?.(stream.bytesRead)
      yield chunk as string
    }
  } catch (error) {
    if (error instanceof Problem || signal?.aborted) throw error
    throw new Problem('unreadable-file', { path, reason: reasonOf(error) }, { cause: error })
  } finally {
    stream.destroy()
  }
}

/** Lines of a text that comes in chunks. Only "\n" ends a line: node:readline also splits at U+2028, which JSON may hold. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
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
  let count = 0
  let batch: TimelineEvent[] = []
  const write = async () => {
    const [first, ...rest] = batch
    if (first === undefined) return
    writer.append(makeEventBlock([first, ...rest]))
    await writer.flush(() => undefined)
    batch = []
  }
  for await (const event of events) {
    // A window of a timeline may leave events out: a block holds consecutive ones.
    if (batch.length >= BLOCK_EVENTS || (batch.length > 0 && batch.at(-1)?.seq !== event.seq - 1)) await write()
    batch.push(event)
    count++
  }
  await write()
  await writer.finish(() => undefined)
  return count
}
