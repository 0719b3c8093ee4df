/** The one snapshot that is arriving from a leader: `receiving.part`. */
import { join } from 'node:path'
import type { SnapshotMeta } from '../../../raft/types'
import {
  BlockSums,
  clusterHash,
  encodeFooter,
  encodeMark,
  encodeSnapshotHeader,
  type Identity,
  MARK_BYTES,
  PART_NAME,
  readHeaderOf,
  readMark,
  receivedName,
  STORAGE_VERSION,
} from '../../contract/records'
import { type Files, type OpenFile, writeFully } from '../files'
import { giveName } from './saving'

const PIECE_BYTES = 1 << 20

export interface Received {
  readonly offset: number
  readonly complete: boolean
}

interface Part {
  readonly file: OpenFile
  readonly meta: SnapshotMeta
  readonly headerBytes: number
  readonly sums: BlockSums
}

export class Receiver {
  readonly #files: Files
  readonly #dir: string
  readonly #path: string
  readonly #owner: Identity
  #part: Part | undefined
  /** A file of an earlier life was not looked at yet. */
  #mayResume = true

  constructor(files: Files, dir: string, owner: Identity) {
    this.#files = files
    this.#dir = dir
    this.#path = join(dir, PART_NAME)
    this.#owner = owner
  }

  /** One call at a time. When it is complete, it has its name as a received snapshot, durably. */
  async receive(snapshot: SnapshotMeta, offset: number, data: Uint8Array, done: boolean): Promise<Received> {
    if (this.#mayResume) {
      this.#mayResume = false
      this.#part = await this.#resume(snapshot)
    }
    if (this.#part !== undefined && !isSameSnapshot(this.#part.meta, snapshot)) {
      // Only its beginning starts another one: a late chunk must not undo what is there.
      if (offset !== 0) return { offset: 0, complete: false }
      await this.close()
    }
    if (this.#part === undefined && offset !== 0) return { offset: 0, complete: false }
    this.#part ??= await this.#begin(snapshot)
    const { sums, file, headerBytes } = this.#part
    if (offset !== sums.length) return { offset: sums.length, complete: false }
    const length = offset + data.length
    const isWhole = length === snapshot.bytes
    // Longer or shorter than the leader said it would be: it is not what he described.
    if (length > snapshot.bytes || (done && !isWhole)) return this.#startOver()
    if (data.length === 0 && !isWhole) return { offset, complete: false }
    sums.add(data)
    if (isWhole && sums.crc !== snapshot.checksum) return this.#startOver()
    const end = isWhole ? encodeFooter(sums.blocks()) : encodeMark({ bytes: length, crc: sums.crc })
    const bytes = new Uint8Array(data.length + end.length)
    bytes.set(data)
    bytes.set(end, data.length)
    await writeFully(file, bytes, headerBytes + offset)
    if (!isWhole) return { offset: length, complete: false }
    // The mark before may have been longer than the end of a small snapshot.
    await file.truncate(headerBytes + offset + bytes.length)
    await file.sync()
    await this.close()
    await giveName(this.#files, this.#path, join(this.#dir, receivedName(snapshot)))
    return { offset: length, complete: true }
  }

  async close(): Promise<void> {
    const part = this.#part
    this.#part = undefined
    await part?.file.close()
  }

  async #startOver(): Promise<Received> {
    await this.close()
    await this.#files.remove(this.#path)
    return { offset: 0, complete: false }
  }

  async #begin(meta: SnapshotMeta): Promise<Part> {
    const file = await this.#files.open(this.#path, 'create')
    const header = encodeSnapshotHeader(this.#owner, meta)
    this.#part = { file, meta, headerBytes: header.length, sums: new BlockSums() }
    await writeFully(file, header, 0)
    return this.#part
  }

  /**
   * What an earlier life received of this snapshot, when all of it checks out. It may be in the page cache only, and the
   * kernel may take it for clean though the disk never had it: so it is written again, and synced with the rest.
   */
  async #resume(snapshot: SnapshotMeta): Promise<Part | undefined> {
    if (!(await this.#files.list(this.#dir)).includes(PART_NAME)) return undefined
    const source = await this.#files.openToRead(this.#path)
    let file: OpenFile | undefined
    try {
      const header = await readHeaderOf(source)
      if ('reason' in header || header.version !== STORAGE_VERSION || header.node !== this.#owner.node) return undefined
      if (header.clusterHash !== clusterHash(this.#owner.clusterId)) return undefined
      if (!isSameSnapshot(header.meta, snapshot)) return undefined
      const length = (await source.size()) - header.bytes - MARK_BYTES
      if (length < 0 || length > snapshot.bytes) return undefined
      const mark = readMark(await source.read(header.bytes + length, MARK_BYTES))
      if (mark?.bytes !== length) return undefined
      file = await this.#files.open(this.#path, 'open')
      await writeFully(file, await source.read(0, header.bytes), 0)
      const sums = new BlockSums()
      while (sums.length < length) {
        const at = header.bytes + sums.length
        const piece = await source.read(at, Math.min(PIECE_BYTES, length - sums.length))
        sums.add(piece)
        await writeFully(file, piece, at)
      }
      if (sums.crc !== mark.crc) return undefined
      const part = { file, meta: snapshot, headerBytes: header.bytes, sums }
      file = undefined
      return part
    } finally {
      await source.close()
      await file?.close()
    }
  }
}

/** The same contents at the same place, whoever sends it. */
export function isSameSnapshot(a: SnapshotMeta, b: SnapshotMeta): boolean {
  return a.index === b.index && a.term === b.term && a.bytes === b.bytes && a.checksum === b.checksum
}
