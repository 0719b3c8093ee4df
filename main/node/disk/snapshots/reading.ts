/** Snapshots that are being read: for peers, chunk by chunk, and for the state machine, whole. */
import { join } from 'node:path'
import type { Position } from '../../../raft/types'
import { Problem } from '../../contract/problem'
import {
  dataOf,
  type OpenedSnapshot,
  openSnapshot,
  readData,
  SNAPSHOT_BLOCK_BYTES,
  snapshotName,
} from '../../contract/records'
import type { Files, ReadableFile } from '../files'

/** A snapshot that has been replaced stays open so long after somebody read of it. */
const PATIENCE_MS = 30_000

export interface ReadChunk {
  readonly data: Uint8Array
  readonly done: boolean
}

interface Reading {
  readonly path: string
  readonly file: ReadableFile
  readonly opened: OpenedSnapshot
  readAt: number
  /** Reads that are under way. */
  users: number
  /** The blocks that were read last: small chunks come out of the same block many times. */
  span: { readonly from: number; readonly data: Uint8Array }
}

export class SnapshotReaders {
  readonly #files: Files
  readonly #dir: string
  readonly #now: () => number
  /** By name. Undefined: there was no such file. */
  readonly #readings = new Map<string, Promise<Reading | undefined>>()

  constructor(files: Files, dir: string, now: () => number) {
    this.#files = files
    this.#dir = dir
    this.#now = now
  }

  async read(position: Position, offset: number, length: number): Promise<ReadChunk | undefined> {
    const reading = await this.#reading(position)
    if (reading === undefined) return undefined
    reading.users++
    try {
      const size = reading.opened.header.meta.bytes
      const from = Math.min(offset, size)
      const end = Math.min(size, from + length)
      return { data: await this.#data(reading, from, end), done: end === size }
    } finally {
      reading.users--
      reading.readAt = this.#now()
    }
  }

  async *load(position: Position): AsyncGenerator<Uint8Array> {
    const reading = await this.#reading(position)
    if (reading === undefined) throw corrupt(join(this.#dir, snapshotName(position)), 0, 'the file is missing')
    reading.users++
    try {
      const damage = yield* dataOf(reading.file, reading.opened)
      if (damage !== undefined) throw corrupt(reading.path, damage.offset, damage.reason)
    } finally {
      reading.users--
      reading.readAt = this.#now()
    }
  }

  /** What this name stood for is gone or another file now: new readers open it anew. */
  async forget(position: Position): Promise<void> {
    const name = snapshotName(position)
    const reading = await this.#readings.get(name)
    this.#readings.delete(name)
    await reading?.file.close().catch(() => undefined)
  }

  /** Closes what nobody has read for a while, except the snapshot `current`. */
  async tidy(current: Position): Promise<void> {
    for (const [name, promise] of this.#readings) {
      if (name === snapshotName(current)) continue
      const reading = await promise.catch(() => undefined)
      if (reading !== undefined && (reading.users > 0 || this.#now() - reading.readAt < PATIENCE_MS)) continue
      this.#readings.delete(name)
      await reading?.file.close().catch(() => undefined)
    }
  }

  async close(): Promise<void> {
    for (const promise of this.#readings.values()) {
      const reading = await promise.catch(() => undefined)
      await reading?.file.close().catch(() => undefined)
    }
    this.#readings.clear()
  }

  #reading(position: Position): Promise<Reading | undefined> {
    const name = snapshotName(position)
    const known = this.#readings.get(name)
    if (known !== undefined) return known
    const opening = this.#open(join(this.#dir, name))
    this.#readings.set(name, opening)
    // Nothing is remembered of what could not be opened: it may be there the next time.
    const drop = () => this.#readings.get(name) === opening && this.#readings.delete(name)
    opening.then((reading) => reading ?? drop(), drop)
    return opening
  }

  async #open(path: string): Promise<Reading | undefined> {
    let file: ReadableFile
    try {
      file = await this.#files.openToRead(path)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    }
    const opening = await openSnapshot(file)
    if (opening.ok) {
      const span = { from: 0, data: new Uint8Array(0) }
      return { path, file, opened: opening.opened, readAt: this.#now(), users: 0, span }
    }
    await file.close()
    throw corrupt(path, opening.damage.offset, opening.damage.reason)
  }

  async #data(reading: Reading, from: number, end: number): Promise<Uint8Array> {
    const { span } = reading
    if (from >= span.from && end <= span.from + span.data.length) {
      return span.data.subarray(from - span.from, end - span.from)
    }
    const start = Math.floor(from / SNAPSHOT_BLOCK_BYTES) * SNAPSHOT_BLOCK_BYTES
    const size = reading.opened.header.meta.bytes
    const stop = Math.min(size, Math.ceil(end / SNAPSHOT_BLOCK_BYTES) * SNAPSHOT_BLOCK_BYTES)
    const data = await readData(reading.file, reading.opened, start, stop)
    if ('reason' in data) throw corrupt(reading.path, data.offset, data.reason)
    reading.span = { from: start, data }
    return data.subarray(from - start, end - start)
  }
}

export function corrupt(file: string, offset: number, reason: string): Problem<'snapshot-corrupt'> {
  return new Problem('snapshot-corrupt', { file, offset, reason })
}
