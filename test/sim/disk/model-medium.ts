/** A medium that is its own model: fast, and without a fault of its own. */
import { crc32c } from '../../../main/node/contract/crc32c'
import type { Configuration, Position, Restored, SnapshotMeta, Write } from '../../../main/raft'
import type { Random } from '../random'
import { DiskImage } from './image'
import type { Medium, Received } from './medium'

interface Arriving {
  readonly snapshot: SnapshotMeta
  readonly data: Uint8Array
  length: number
}

export class ModelMedium implements Medium {
  image = new DiskImage()
  readonly #random: Random
  readonly #snapshots = new Map<string, Uint8Array>()
  #arriving: Arriving | undefined
  #isDamaged = false

  constructor(random: Random) {
    this.#random = random
  }

  async open(): Promise<Restored | undefined> {
    if (this.#isDamaged) return undefined
    const { hardState, log, snapshot } = this.image
    return { hardState, base: log.base, entries: [...log.entries], ...(snapshot && { snapshot }) }
  }

  write(): undefined {
    return undefined
  }

  async save(position: Position, configuration: Configuration, chunks: Iterable<Uint8Array>): Promise<SnapshotMeta> {
    const data = Buffer.concat([...chunks])
    const { index, term } = position
    this.#snapshots.set(nameOf(position), data)
    return { index, term, configuration, bytes: data.length, checksum: crc32c(data) }
  }

  async read(position: Position, offset: number, length: number) {
    const all = this.#snapshots.get(nameOf(position))
    if (!all || offset > all.length) return undefined
    return { data: all.subarray(offset, offset + length), done: offset + length >= all.length }
  }

  async *load(position: Position): AsyncIterable<Uint8Array> {
    const all = this.#snapshots.get(nameOf(position))
    if (!all) throw new Error(`no snapshot of ${nameOf(position)}`)
    // Cut in an odd place, as files are.
    const cut = this.#random.integer(0, all.length)
    yield all.subarray(0, cut)
    yield all.subarray(cut)
  }

  async receive(snapshot: SnapshotMeta, offset: number, data: Uint8Array, done: boolean): Promise<Received> {
    if (!this.#arriving || !sameSnapshot(this.#arriving.snapshot, snapshot)) {
      this.#arriving = { snapshot, data: new Uint8Array(snapshot.bytes), length: 0 }
    }
    const arriving = this.#arriving
    if (offset !== arriving.length) return { offset: arriving.length, complete: false }
    arriving.data.set(data, offset)
    arriving.length += data.length
    if (!done) return { offset: arriving.length, complete: false }
    this.#arriving = undefined
    if (arriving.length !== snapshot.bytes || crc32c(arriving.data) !== snapshot.checksum) {
      return { offset: 0, complete: false }
    }
    this.#snapshots.set(nameOf(snapshot), arriving.data)
    return { offset: arriving.length, complete: true }
  }

  crash(underWay: readonly Write[]): number {
    return this.#random.chance(0.5) ? 0 : this.#random.integer(0, underWay.length)
  }

  async damage(): Promise<void> {
    this.#isDamaged = true
  }

  wipe(): void {
    this.image = new DiskImage()
    this.#snapshots.clear()
    this.#arriving = undefined
    this.#isDamaged = false
  }
}

function nameOf({ index, term }: Position): string {
  return `${index}@${term}`
}

function sameSnapshot(a: SnapshotMeta, b: SnapshotMeta): boolean {
  return a.index === b.index && a.term === b.term && a.bytes === b.bytes && a.checksum === b.checksum
}
