/** The end of the log that grows: writes queue here, and those that wait together go out together. */
import { join } from 'node:path'
import type { HardState, Index, Write } from '../../raft/types'
import { asProblem, Problem } from '../contract/problem'
import { contentBytes, encodeSegment, encodeWrite, type SegmentHeader, segmentName } from '../contract/records'
import { type Files, type OpenFile, writeFully, writeWhole } from './files'

/** What one request cost: its bytes, and how long the write and sync took that it was part of. */
export interface Written {
  readonly bytes: number
  readonly micros: number
}

/** Durable storage of one node. */
export interface Disk {
  /**
   * Resolves when it is on the disk (fdatasync has returned), requests strictly in order. Requests that wait at the same
   * time share one write and one fdatasync. After any failure this and every later call rejects with Problem
   * 'disk-failed', for good. A request that contradicts the log (a gap, a term that goes back) is a fault of the caller:
   * it rejects with 'internal' and ends the disk as well.
   */
  write(write: WriteRequest): Promise<Written>
  /** Finishes what is queued, then closes the file. Never throws; safe to call twice. */
  close(): Promise<void>
}
/** A {@link Write}; its number is the caller's business. */
export type WriteRequest = Pick<Write, 'truncateFrom' | 'entries' | 'hardState'>

interface Waiting {
  readonly request: WriteRequest
  readonly bytes: number
  readonly resolve: (written: Written) => void
  readonly reject: (problem: Problem) => void
}

export interface LogWriterOptions {
  readonly files: Files
  readonly dir: string
  readonly segmentBytes: number
  /** A new segment's salt: uniform over 32 bits. */
  readonly salt: () => number
}

export interface LogEnd {
  readonly file: OpenFile
  readonly header: Omit<SegmentHeader, 'version'>
  readonly position: number
  readonly nextSequence: number
  readonly hardState: HardState
  readonly lastIndex: Index
}

export class LogWriter implements Disk {
  readonly #options: LogWriterOptions
  #file: OpenFile
  #header: Omit<SegmentHeader, 'version'>
  #position: number
  #nextSequence: number
  /** As of the last write that is durable: what a new segment repeats. */
  #hardState: HardState
  /** As of the last request that was accepted. */
  #lastIndex: Index
  #lastTerm: number
  #waiting: Waiting[] = []
  #draining: Promise<void> | undefined
  #failure: Problem | undefined
  #closing: Promise<void> | undefined

  constructor(options: LogWriterOptions, end: LogEnd) {
    this.#options = options
    this.#file = end.file
    this.#header = end.header
    this.#position = end.position
    this.#nextSequence = end.nextSequence
    this.#hardState = end.hardState
    this.#lastIndex = end.lastIndex
    this.#lastTerm = end.hardState.currentTerm
  }

  write(request: WriteRequest): Promise<Written> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#closing !== undefined) return Promise.reject(this.#failed('write', 'the disk is closed'))
    let bytes: number
    try {
      this.#accept(request)
      bytes = contentBytes(request)
    } catch (error) {
      this.#failure = asProblem(error)
      return Promise.reject(this.#failure)
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, bytes, resolve, reject })
      this.#draining ??= this.#drain()
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish()
    return this.#closing
  }

  async #finish(): Promise<void> {
    await this.#draining
    await this.#file.close().catch(() => undefined)
  }

  /** Keeps caller and log in step; replay would refuse such a log at the next start, when it is too late. */
  #accept({ truncateFrom, entries, hardState }: WriteRequest): void {
    let lastIndex = this.#lastIndex
    if (truncateFrom !== undefined) {
      if (truncateFrom < 1 || truncateFrom > lastIndex + 1) {
        throw new Error(`truncate from ${truncateFrom}, but the log ends at ${lastIndex}`)
      }
      lastIndex = truncateFrom - 1
    }
    for (const entry of entries) {
      if (entry.index !== lastIndex + 1) throw new Error(`entry ${entry.index} cannot follow entry ${lastIndex}`)
      lastIndex = entry.index
    }
    if (hardState !== undefined && hardState.currentTerm < this.#lastTerm) {
      throw new Error(`the term goes back from ${this.#lastTerm} to ${hardState.currentTerm}`)
    }
    this.#lastIndex = lastIndex
    this.#lastTerm = hardState?.currentTerm ?? this.#lastTerm
  }

  async #drain(): Promise<void> {
    // One turn of the event loop's microtasks, so that requests of the same step go out together.
    await undefined
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      const failure = await this.#writeBatch(batch)
      if (failure === undefined) continue
      this.#failure = failure
      for (const { reject } of [...batch, ...this.#waiting]) reject(failure)
      this.#waiting = []
    }
    this.#draining = undefined
  }

  /** One write and one fdatasync; settles the batch on success, returns what failed otherwise. */
  async #writeBatch(batch: readonly Waiting[]): Promise<Problem | undefined> {
    const began = process.hrtime.bigint()
    const total = batch.reduce((sum, { bytes }) => sum + bytes, 0)
    let operation = 'new-segment'
    try {
      if (total > 0) {
        await this.#rollFor(total)
        operation = 'write'
        const bytes = encodeWrite(
          this.#nextSequence,
          this.#header.salt,
          batch.map(({ request }) => request),
        )
        await writeFully(this.#file, bytes, this.#position)
        operation = 'sync'
        await this.#file.sync()
        this.#position += bytes.length
        this.#nextSequence++
        for (const { request } of batch) this.#hardState = request.hardState ?? this.#hardState
      }
    } catch (error) {
      return this.#failed(operation, error instanceof Error ? error.message : String(error), error)
    }
    const micros = Number((process.hrtime.bigint() - began) / 1000n)
    for (const { resolve, bytes } of batch) resolve({ bytes, micros })
    return undefined
  }

  /** Begins a new segment when `bytes` more would be too many for this one. */
  async #rollFor(bytes: number): Promise<void> {
    const hasOwnWrites = this.#nextSequence > this.#header.firstSequence + 1
    if (!hasOwnWrites || this.#position + bytes <= this.#options.segmentBytes) return
    const segment = this.#header.segment + 1
    const made = await createSegment(
      this.#options,
      {
        ...this.#header,
        segment,
        salt: this.#options.salt(),
        firstSequence: this.#nextSequence,
      },
      this.#hardState,
    )
    const full = this.#file
    this.#file = made.file
    this.#header = made.header
    this.#position = made.position
    this.#nextSequence++
    await full.close()
  }

  #failed(operation: string, reason: string, cause?: unknown): Problem {
    const path = join(this.#options.dir, segmentName(this.#header.segment))
    return new Problem('disk-failed', { path, operation, reason }, { cause })
  }
}

/** Makes a segment with the hard state as its first write; whole and durable when it returns. */
export async function createSegment(
  { files, dir }: Pick<LogWriterOptions, 'files' | 'dir'>,
  header: Omit<SegmentHeader, 'version'>,
  hardState: HardState,
): Promise<{ file: OpenFile; header: Omit<SegmentHeader, 'version'>; position: number }> {
  const bytes = encodeSegment(header, hardState)
  const file = await writeWhole(files, join(dir, segmentName(header.segment)), bytes)
  return { file, header, position: bytes.length }
}
