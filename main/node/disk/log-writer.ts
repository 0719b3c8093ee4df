/** The end of the log that grows: writes queue here, and those that wait together go out together. */
import { join } from 'node:path'
import type { Index, Position, Write } from '../../raft/types'
import { asProblem, Problem } from '../contract/problem'
import { contentBytes, encodeWrite, type LogState, segmentName, WRITE_RECORD_BYTES } from '../contract/records'
import type { WriteRequest, Written } from './api'
import type { Fault } from './fault'
import { writeFully } from './files'
import type { OpenSegment, Segments } from './segments'

interface Waiting {
  readonly request: WriteRequest
  readonly bytes: number
  readonly resolve: (written: Written) => void
  readonly reject: (problem: Problem) => void
}

/** What the log has to do with snapshots. */
export interface SnapshotKeeper {
  /** The newest that is durable; 0 = none. */
  readonly newestIndex: Index
  /** A received snapshot is about to be installed: from now on it stays. False when it is not there. */
  reserve(position: Position): boolean
  /** The log begins after a received snapshot now, durably: it becomes the node's own. */
  adopt(position: Position): Promise<void>
}

export interface LogEnd extends OpenSegment {
  readonly nextSequence: number
  readonly state: LogState
}

export class LogWriter {
  readonly #dir: string
  readonly #segments: Segments
  readonly #snapshots: SnapshotKeeper
  readonly #fault: Fault
  #open: OpenSegment
  #position: number
  #nextSequence: number
  /** As of the last write that is durable: what a new segment repeats. */
  #durable: LogState
  /** As of the last request that was accepted; likewise the highest index of a snapshot that is or will be durable. */
  #accepted: LogState
  #snapshotIndex = 0
  #waiting: Waiting[] = []
  #draining: Promise<void> | undefined
  #closing: Promise<void> | undefined

  constructor(dir: string, segments: Segments, snapshots: SnapshotKeeper, end: LogEnd, fault: Fault) {
    this.#dir = dir
    this.#segments = segments
    this.#snapshots = snapshots
    this.#fault = fault
    this.#open = end
    this.#position = end.position
    this.#nextSequence = end.nextSequence
    this.#durable = end.state
    this.#accepted = end.state
  }

  /** As {@link Disk.write}. */
  write(request: WriteRequest): Promise<Written> {
    if (this.#fault.problem !== undefined) return Promise.reject(this.#fault.problem)
    if (this.#closing !== undefined) return Promise.reject(this.#closed())
    let accepted: WriteRequest
    let bytes: number
    try {
      accepted = this.#accept(request)
      bytes = contentBytes(accepted)
    } catch (error) {
      return Promise.reject(this.#fault.end(asProblem(error)))
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request: accepted, bytes, resolve, reject })
      this.#draining ??= this.#drain()
    })
  }

  /** When everything is durable that was asked for until now: how far the log reaches. */
  async settled(): Promise<Index> {
    await this.write({ entries: [] })
    return this.#durable.lastIndex
  }

  /** Finishes what is queued, then closes the file. Never throws; safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.#draining
      await this.#segments.close()
      await this.#open.file.close().catch(() => undefined)
    })()
    return this.#closing
  }

  /** Keeps caller and log in step; replay would refuse such a log at the next start, when it is too late. */
  #accept(request: WriteRequest): WriteRequest {
    const { install, truncateFrom, entries, hardState, compactTo } = request
    let { base, lastIndex } = this.#accepted
    let snapshotIndex = Math.max(this.#snapshotIndex, this.#snapshots.newestIndex)
    const { currentTerm } = this.#accepted.hardState
    if (install !== undefined) {
      const { index, term } = install.snapshot
      if (index < base.index) throw new Error(`install snapshot ${index}, but the log begins after ${base.index}`)
      if (install.keepsLog && index > lastIndex) {
        throw new Error(`keep what follows entry ${index}, but the log ends at ${lastIndex}`)
      }
      if (!this.#snapshots.reserve({ index, term })) throw new Error(`snapshot ${index} was not received`)
      base = { index, term }
      lastIndex = install.keepsLog ? lastIndex : index
      snapshotIndex = Math.max(snapshotIndex, index)
    }
    if (truncateFrom !== undefined) {
      if (truncateFrom <= base.index || truncateFrom > lastIndex + 1) {
        throw new Error(`truncate from ${truncateFrom}, but the log holds ${base.index + 1} to ${lastIndex}`)
      }
      lastIndex = truncateFrom - 1
    }
    for (const entry of entries) {
      if (entry.index !== lastIndex + 1) throw new Error(`entry ${entry.index} cannot follow entry ${lastIndex}`)
      lastIndex = entry.index
    }
    if (hardState !== undefined && hardState.currentTerm < currentTerm) {
      throw new Error(`the term goes back from ${currentTerm} to ${hardState.currentTerm}`)
    }
    const moves = compactTo !== undefined && compactTo.index > base.index
    if (moves) {
      const limit = Math.min(lastIndex, snapshotIndex)
      if (compactTo.index > limit) throw new Error(`forget entries to ${compactTo.index}, but only ${limit} may go`)
      base = { index: compactTo.index, term: compactTo.term }
    }
    this.#accepted = { base, lastIndex, hardState: hardState ?? this.#accepted.hardState }
    this.#snapshotIndex = snapshotIndex
    if (compactTo === undefined || moves) return request
    // What is gone already need not be forgotten again.
    const { compactTo: _, ...rest } = request
    return rest
  }

  async #drain(): Promise<void> {
    // One turn of the event loop's microtasks, so that requests of the same step go out together.
    await undefined
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      const failure = await this.#writeBatch(batch)
      if (failure === undefined) continue
      for (const { reject } of [...batch, ...this.#waiting]) reject(failure)
      this.#waiting = []
    }
    this.#draining = undefined
  }

  /** One write that is durable when it returns; settles the batch on success, returns what failed otherwise. */
  async #writeBatch(batch: readonly Waiting[]): Promise<Problem | undefined> {
    const began = process.hrtime.bigint()
    let total = 0
    for (const { bytes } of batch) total += bytes
    let operation = 'new-segment'
    try {
      this.#fault.check()
      if (total > 0) {
        await this.#rollFor(WRITE_RECORD_BYTES + total)
        const bytes = encodeWrite(
          this.#nextSequence,
          this.#open.header.salt,
          batch.map(({ request }) => request),
        )
        operation = 'write'
        await writeFully(this.#open.file, bytes, this.#position)
        this.#position += bytes.length
        this.#nextSequence++
        operation = 'install'
        for (const { request } of batch) await this.#settle(request)
        this.#segments.drop(this.#durable.base.index)
        this.#segments.prepare(this.#open.header.segment, this.#position)
        // Something else may have ended the disk meanwhile: then nothing is answered any more.
        this.#fault.check()
      }
    } catch (error) {
      return this.#fault.failed(join(this.#dir, segmentName(this.#open.header.segment)), operation, error)
    }
    const micros = Number((process.hrtime.bigint() - began) / 1000n)
    for (const { resolve, bytes } of batch) resolve({ bytes, micros })
    return undefined
  }

  /** What a request that is durable now amounts to. */
  async #settle({ install, truncateFrom, entries, hardState, compactTo }: WriteRequest): Promise<void> {
    let { base, lastIndex } = this.#durable
    const cut = (index: Index) => {
      lastIndex = index
      this.#segments.lower(index)
    }
    if (install !== undefined) {
      base = positionOf(install.snapshot)
      if (!install.keepsLog) cut(base.index)
    }
    if (truncateFrom !== undefined) cut(truncateFrom - 1)
    lastIndex = entries.at(-1)?.index ?? lastIndex
    if (compactTo !== undefined) base = positionOf(compactTo)
    this.#durable = { base, lastIndex, hardState: hardState ?? this.#durable.hardState }
    if (install !== undefined) await this.#snapshots.adopt(positionOf(install.snapshot))
  }

  /** Begins a new segment when `bytes` more would be too many for this one. */
  async #rollFor(bytes: number): Promise<void> {
    const { header, file } = this.#open
    const hasOwnWrites = this.#nextSequence > header.firstSequence + 1
    if (!hasOwnWrites || this.#position + bytes <= this.#segments.capacity(header.segment)) return
    const { salt: _, ...owner } = header
    const next = { ...owner, segment: header.segment + 1, firstSequence: this.#nextSequence }
    this.#open = await this.#segments.next(next, this.#durable)
    this.#position = this.#open.position
    this.#nextSequence++
    await file.close()
  }

  #closed(): Problem {
    const path = join(this.#dir, segmentName(this.#open.header.segment))
    return new Problem('disk-failed', { path, operation: 'write', reason: 'the disk is closed' })
  }
}

function positionOf({ index, term }: NonNullable<Write['compactTo']>): Position {
  return { index, term }
}
