/** What the loop of a node needs of its disk. `docs/storage-format.md` says how it is kept. */
import type { Position, Restored, SnapshotMeta, Write } from '../../raft/types'

/** A {@link Write}; its number is the caller's business. */
export type WriteRequest = Omit<Write, 'number'>

/** What one request cost: its bytes, and how long the write and sync took that it was part of. */
export interface Written {
  readonly bytes: number
  readonly micros: number
}

/** Durable storage of one node. Every method fails with Problem 'disk-failed', for good, after the first failure. */
export interface Disk {
  /**
   * Resolves when it is on the disk (fdatasync has returned), requests strictly in order. Requests that wait at the same
   * time share one write and one fdatasync. A request that contradicts the log (a gap, a term that goes back) is a fault of
   * the caller: it rejects with 'internal' and ends the disk as well.
   *
   * `install` names a snapshot that `receive` has finished. `compactTo` lets whole segments go, behind the answer.
   */
  write(request: WriteRequest): Promise<Written>
  readonly snapshots: SnapshotFiles
  /** Finishes what is queued, then closes the files. Never throws; safe to call twice. */
  close(): Promise<void>
}

export interface SnapshotFiles {
  /**
   * Writes the state machine's own snapshot: durable under its name when this resolves, with the length and CRC-32C of
   * what `chunks` gave. The caller then steps `snapshot-saved`. Older snapshots go after the next one is durable.
   */
  save(
    position: Position,
    configuration: SnapshotMeta['configuration'],
    chunks: Iterable<Uint8Array>,
  ): Promise<SnapshotMeta>
  /**
   * Up to `length` bytes from `offset` of a snapshot that is on the disk; `done`: they are its last. Undefined: it is gone.
   * One that was replaced while it was read can be read on, until nobody did for 30 s. Rejects with Problem
   * 'snapshot-corrupt' when those bytes are damaged; the disk goes on.
   */
  read(
    position: Position,
    offset: number,
    length: number,
  ): Promise<{ readonly data: Uint8Array; readonly done: boolean } | undefined>
  /** All of it, in chunks. Throws Problem 'snapshot-corrupt'. */
  load(position: Position): AsyncIterable<Uint8Array>
  /**
   * Takes bytes of a snapshot that comes from a leader. A chunk that does not continue what is there is ignored; a chunk of
   * another snapshot begins a new one. What was received survives a restart, so the transfer goes on where it stopped.
   * `offset`: how many bytes are there now; `complete`: all of them, durable, with the right checksum (a wrong one starts
   * the transfer over: offset 0).
   */
  receive(
    snapshot: SnapshotMeta,
    offset: number,
    data: Uint8Array,
    done: boolean,
  ): Promise<{ readonly offset: number; readonly complete: boolean }>
}

export interface OpenedDisk {
  readonly disk: Disk
  readonly restored: Restored
  /** Bytes of a torn last write that were cut away; 0 = a clean end. */
  readonly tornBytes: number
}
