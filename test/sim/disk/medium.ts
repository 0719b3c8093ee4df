/** What lies under a simulated disk: a model of a few lines, or the real storage code on simulated files. */
import type { Configuration, Position, Restored, SnapshotMeta, Write } from '../../../main/raft'
import type { DiskImage } from './image'

export interface Received {
  readonly offset: number
  readonly complete: boolean
}

export interface Medium {
  /** Brings back what is there. Undefined: it is damaged and refuses to start. */
  open(): Promise<Restored | undefined>
  /** All of them are durable when this returns, or its promise resolves. They share one sync. */
  write(writes: readonly Write[]): Promise<void> | undefined
  save(position: Position, configuration: Configuration, chunks: Iterable<Uint8Array>): Promise<SnapshotMeta>
  read(position: Position, offset: number, length: number): Promise<{ data: Uint8Array; done: boolean } | undefined>
  load(position: Position): AsyncIterable<Uint8Array>
  receive(snapshot: SnapshotMeta, offset: number, data: Uint8Array, done: boolean): Promise<Received>
  /**
   * The process dies, or the power goes, while `underWay` was being written. Returns how many of them survived where that
   * is known at once; otherwise `open` tells.
   */
  crash(underWay: readonly Write[]): number | Promise<undefined>
  /** A bit of what is durable flips while the node is down. */
  damage(): Promise<void>
  /** Everything goes: a new disk. */
  wipe(): void
  /** Everything durable, as the acknowledged writes tell it. */
  readonly image: DiskImage
}
