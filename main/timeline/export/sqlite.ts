/**
 * A relational copy for every tool that speaks SQL. SQLite writes files only, so it is made in a temporary one, which is
 * then handed on piece by piece. All steps are short, so that whatever runs beside it goes on.
 */
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { EVENT_KINDS, type EventKind, type TimelineEvent } from '../../node/contract/events'
import { Problem } from '../../node/contract/problem'
import type { Entry } from '../../raft/types'
import type { TimelineSource } from '../api'
import type { Exporter, ExportWish } from './exporter'
import { FIELDS_BY_KIND } from './jsonl'
import { notesWithin } from './noted'
import { selected } from './select'
import { columnsOf, FILL_MESSAGES, SCHEMA, type SqlColumn, tableOf } from './sqlite-schema'
import { entryToJson, type Json, numberToJson, valueToJson } from './values'

export const SQLITE_FORMAT = 'raft-workbench-sqlite'
export const SQLITE_VERSION = 1

/** Rows that are added before others have their turn; one event may bring thousands of entries. */
const ROWS_AT_ONCE = 1_000
/** Messages are put together from so many events at a time. */
const SLICE_EVENTS = 1_000
/** Kibibytes of the database that are kept in memory: the ends of all its tables and indexes, where rows are added. */
const CACHE = 16 << 10

export const sqliteExporter: Exporter = {
  format: 'sqlite',
  extension: 'sqlite',
  mediaType: 'application/vnd.sqlite3',
  async write(source, wish, write) {
    const directory = await mkdtemp(join(tmpdir(), 'raft-workbench-')).catch(failed)
    try {
      const path = join(directory, 'timeline.sqlite')
      const events = await fill(path, source, wish).catch((trouble) => {
        wish.signal.throwIfAborted()
        return failed(trouble)
      })
      for await (const chunk of createReadStream(path, { highWaterMark: 256 << 10, signal: wish.signal })) {
        await write(chunk as Uint8Array)
      }
      return { events, leftOut: [] }
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  },
}

/** It is not where the export goes that has no room. */
function failed(trouble: unknown): never {
  if (trouble instanceof Problem) throw trouble
  const reason = trouble instanceof Error ? trouble.message : String(trouble)
  throw new Problem('disk-failed', { path: tmpdir(), operation: 'write', reason }, { cause: trouble })
}

async function fill(path: string, source: TimelineSource, wish: ExportWish): Promise<number> {
  // Only who wants such a file needs this part of Node.
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(path)
  try {
    // Nobody reads the file before it is whole: neither a journal nor a sync is of use.
    database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -${CACHE}; BEGIN`)
    database.exec(SCHEMA)
    const copy = new Copy(database)
    for await (const batch of selected(source, wish)) {
      for (const event of batch) for (const _ of copy.add(event)) await setImmediate()
    }
    await copy.finish(source, wish)
    database.exec('COMMIT')
    return copy.events
  } finally {
    database.close()
  }
}

interface Standing {
  events: number
  readonly firstSeq: number
  lastSeq: number
  readonly firstT: number
  lastT: number
}

class Copy {
  readonly #database: DatabaseSync
  readonly #event: StatementSync
  readonly #entry: StatementSync
  readonly #tables: ReadonlyMap<EventKind, { readonly columns: readonly SqlColumn[]; readonly insert: StatementSync }>
  readonly #nodes = new Map<number, Standing>()
  /** Where each slice begins. A part of a timeline may leave out any number of `seq`. */
  readonly #slices: number[] = []
  events = 0
  #nextSeq = 0
  /** Since others had their turn. */
  #rows = 0

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#event = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)')
    this.#entry = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)')
    this.#tables = new Map(
      EVENT_KINDS.map((kind) => {
        const columns = columnsOf(kind)
        const places = Array.from({ length: columns.length + 3 }, () => '?').join(', ')
        return [kind, { columns, insert: database.prepare(`INSERT INTO ${tableOf(kind)} VALUES (${places})`) }]
      }),
    )
  }

  /** Adds the rows of an event; yields now and then, also in the midst of it. */
  *add(event: TimelineEvent): Generator<void> {
    const { seq, t, node, n, kind } = event
    const values = event as Readonly<Record<string, unknown>>
    const fields: Record<string, Json> = {}
    for (const [name, type] of FIELDS_BY_KIND.get(kind) ?? []) {
      if (type === 'entries') yield* this.#addEntries(event, values[name] as readonly Entry[])
      else fields[name] = valueToJson(type, values[name])
    }
    this.#event.run(seq, t, t / 1e9, node, n, kind, JSON.stringify(fields))
    const table = this.#tables.get(kind)
    table?.insert.run(seq, t, node, ...table.columns.map(({ field }) => sqlValue(values[field])))
    this.#note(event)
    yield* this.#added(2)
  }

  *#addEntries({ seq, node }: TimelineEvent, entries: readonly Entry[]): Generator<void> {
    for (const entry of entries) {
      const { index, term, type, ...content } = entryToJson(entry)
      this.#entry.run(seq, node, Number(index), Number(term), String(type), JSON.stringify(content))
      yield* this.#added(1)
    }
  }

  *#added(rows: number): Generator<void> {
    this.#rows += rows
    if (this.#rows < ROWS_AT_ONCE) return
    this.#rows = 0
    yield
  }

  #note({ seq, t, node }: TimelineEvent): void {
    if (this.events % SLICE_EVENTS === 0) this.#slices.push(seq)
    this.events++
    this.#nextSeq = seq + 1
    const known = this.#nodes.get(node)
    if (known === undefined) {
      this.#nodes.set(node, { events: 1, firstSeq: seq, lastSeq: seq, firstT: t, lastT: t })
      return
    }
    known.events++
    known.lastSeq = seq
    known.lastT = t
  }

  async finish(source: TimelineSource, { selection, signal }: ExportWish): Promise<void> {
    const messages = this.#database.prepare(FILL_MESSAGES)
    for (const [place, from] of this.#slices.entries()) {
      signal.throwIfAborted()
      messages.run(from, this.#slices[place + 1] ?? this.#nextSeq)
      await setImmediate()
    }
    const node = this.#database.prepare('INSERT INTO nodes VALUES (?, ?, ?, ?, ?, ?)')
    for (const [id, one] of this.#nodes) {
      node.run(id, one.events, one.firstSeq, one.lastSeq, one.firstT, one.lastT)
    }
    const bookmark = this.#database.prepare('INSERT INTO bookmarks VALUES (?, ?, ?, ?, ?)')
    for (const { id, seq, t, text, created } of await notesWithin(source, selection)) {
      bookmark.run(id, seq, t, text, created)
    }
    const { clusterId, clusterName, began } = source.info()
    const meta = this.#database.prepare('INSERT INTO meta VALUES (?, ?)')
    const told: Readonly<Record<string, string>> = {
      format: SQLITE_FORMAT,
      version: String(SQLITE_VERSION),
      cluster_id: clusterId,
      cluster_name: clusterName,
      began,
      events: String(this.events),
      selection: JSON.stringify(selection),
    }
    for (const [key, value] of Object.entries(told)) meta.run(key, value)
  }
}

/** NaN has no place in SQL: it stands as text, as in JSON. */
function sqlValue(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number') return Number.isNaN(value) ? String(numberToJson(value)) : value
  if (typeof value === 'string') return value
  return value instanceof Uint8Array ? value : null
}
