/** The real storage code on files in memory that forget, tear and fail as real ones may. */

import { Problem } from '../../../main/node/contract/problem'
import { SEGMENT_HEADER_BYTES, segmentNumber } from '../../../main/node/contract/records'
import { type Disk, openDisk } from '../../../main/node/disk'
import type { Configuration, NodeId, Position, Restored, SnapshotMeta, Write } from '../../../main/raft'
import { DIRECTORY, SimulatedFiles } from '../../node/disk/simulated-files'
import type { Random } from '../random'
import { DiskImage } from './image'
import type { Medium, Received } from './medium'

/** Small, so that segments begin, fill and go. */
const SEGMENT_BYTES = 4096
/** File operations of one write, at most: where a crash can come in between. */
const OPERATIONS = 6

export class FileMedium implements Medium {
  image = new DiskImage()
  readonly #node: NodeId
  readonly #random: Random
  #files: SimulatedFiles
  #disk: Disk | undefined

  constructor(node: NodeId, random: Random) {
    this.#node = node
    this.#random = random
    this.#files = new SimulatedFiles(random.next)
  }

  async open(): Promise<Restored | undefined> {
    try {
      const { disk, restored } = await openDisk(
        DIRECTORY,
        { node: this.#node, clusterId: 'simulated' },
        {
          files: this.#files,
          segmentBytes: SEGMENT_BYTES,
          salt: () => this.#random.integer(0, 0xffff_ffff),
          now: () => 0,
        },
      )
      this.#disk = disk
      return restored
    } catch (error) {
      const isDamaged =
        error instanceof Problem && (error.code === 'record-corrupt' || error.code === 'snapshot-corrupt')
      if (isDamaged) return undefined
      throw error
    }
  }

  async write(writes: readonly Write[]): Promise<void> {
    await Promise.all(writes.map((write) => this.#opened.write(write)))
  }

  save(position: Position, configuration: Configuration, chunks: Iterable<Uint8Array>): Promise<SnapshotMeta> {
    return this.#opened.snapshots.save(position, configuration, chunks)
  }

  read(position: Position, offset: number, length: number): ReturnType<Medium['read']> {
    return this.#opened.snapshots.read(position, offset, length)
  }

  load(position: Position): AsyncIterable<Uint8Array> {
    return this.#opened.snapshots.load(position)
  }

  receive(snapshot: SnapshotMeta, offset: number, data: Uint8Array, done: boolean): Promise<Received> {
    return this.#opened.snapshots.receive(snapshot, offset, data, done)
  }

  /** The writes under way come as far as they come: the process dies, or an operation fails, somewhere among them. */
  async crash(underWay: readonly Write[]): Promise<undefined> {
    if (underWay.length > 0 && this.#random.chance(0.7)) {
      const what = this.#random.pick(['crash', 'crash', 'EIO', 'ENOSPC'] as const)
      this.#files.trap = { at: this.#files.operations.length + this.#random.integer(1, OPERATIONS), what }
      await Promise.allSettled(underWay.map((write) => this.#opened.write(write)))
    }
    this.#files.restart(this.#random.chance(0.5) ? 'power' : 'process')
    this.#disk = undefined
    return undefined
  }

  /** In the head of a segment: elsewhere it could look like the torn end of the last write. */
  async damage(): Promise<void> {
    const names = (await this.#files.list()).filter((name) => segmentNumber(name) !== undefined)
    const path = `${DIRECTORY}/${this.#random.pick(names.sort())}`
    const bytes = await this.#files.read(path)
    const at = this.#random.integer(0, SEGMENT_HEADER_BYTES - 1)
    const flipped = new Uint8Array([bytes[at]! ^ (1 << this.#random.integer(0, 7))])
    const file = await this.#files.open(path, 'open')
    await file.write(flipped, at)
    await file.sync()
  }

  wipe(): void {
    this.image = new DiskImage()
    this.#files = new SimulatedFiles(this.#random.next)
    this.#disk = undefined
  }

  get #opened(): Disk {
    if (!this.#disk) throw new Error('the disk is not open')
    return this.#disk
  }
}
