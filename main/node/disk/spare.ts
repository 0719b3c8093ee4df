/**
 * The file of the next segment, made while the current one fills: zeros are written to it a slice at a time, so that the
 * log later writes over what the disk has already and no write waits for it.
 */
import { join } from 'node:path'
import { type Files, type OpenFile, writeFully } from './files'

export const SPARE_NAME = 'spare.tmp'
/**
 * Zeros go out in slices of this size, each with one sync: to sync a growing file makes the file system write its journal,
 * and the log's own writes wait meanwhile.
 */
const SLICE_BYTES = 256 << 10
const ZEROS = new Uint8Array(SLICE_BYTES)

export interface SpareOptions {
  readonly files: Files
  readonly dir: string
}

interface Filling {
  readonly file: OpenFile
  /** Bytes from the beginning that are zeros, durably. */
  filled: number
  /** Old contents stand behind them. */
  readonly recycled: boolean
}

export class Spare {
  readonly path: string
  readonly #options: SpareOptions
  #filling: Filling | undefined
  /** What is under way. One thing at a time. */
  #busy: Promise<void> | undefined

  constructor(options: SpareOptions) {
    this.#options = options
    this.path = join(options.dir, SPARE_NAME)
  }

  /** Goes on filling until `least` bytes are zeros, in whole slices up to `most`. Never waits; a failure ends the disk. */
  fill(least: number, most: number): void {
    if (this.#busy !== undefined || least <= (this.#filling?.filled ?? 0)) return
    const wanted = Math.min(most, Math.ceil(least / SLICE_BYTES) * SLICE_BYTES)
    this.#start(async () => {
      const filling = await this.#open()
      while (filling.filled < wanted) {
        const slice = ZEROS.subarray(0, Math.min(SLICE_BYTES, wanted - filling.filled))
        await writeFully(filling.file, slice, filling.filled)
        await filling.file.sync()
        filling.filled += slice.length
      }
    })
  }

  /** Whether a segment that goes could be used again. */
  get isWanted(): boolean {
    return this.#filling === undefined && this.#busy === undefined
  }

  /** Takes over the file of a segment that is not needed any more. Only when {@link isWanted}. */
  recycle(path: string): Promise<void> {
    const { files, dir } = this.#options
    return this.#start(async () => {
      await files.rename(path, this.path)
      // Before this is durable a power loss could bring the segment back, and it must not come back with zeros in it.
      await files.syncDirectory(dir)
      this.#filling = { file: await files.open(this.path, 'open'), filled: 0, recycled: true }
    })
  }

  /**
   * The file becomes `path`, with `bytes` at its beginning and behind them as many zeros as it has, `zeros` at least when
   * it has none; whole and durable when this returns.
   */
  async become(path: string, bytes: Uint8Array, zeros: number): Promise<void> {
    while (this.#busy !== undefined) await this.#busy
    const work = this.#become(path, bytes, zeros)
    // Nothing else may use the name meanwhile.
    this.#busy = this.#settled(work)
    await work
  }

  async #become(path: string, bytes: Uint8Array, zeros: number): Promise<void> {
    const { files, dir } = this.#options
    const { file, filled, recycled } = await this.#open()
    // What is not zeros yet is cut off.
    if (recycled) await file.truncate(filled)
    const isBare = filled < zeros && bytes.length < zeros
    const first = isBare ? new Uint8Array(zeros) : bytes
    if (isBare) first.set(bytes)
    await writeFully(file, first, 0)
    await file.sync()
    this.#filling = undefined
    await file.close()
    await files.rename(this.path, path)
    await files.syncDirectory(dir)
  }

  /** Ends what is under way; the next start makes a new one. Never throws. */
  async close(): Promise<void> {
    await this.#busy
    const filling = this.#filling
    this.#filling = undefined
    if (filling === undefined) return
    await filling.file.close().catch(() => undefined)
    await this.#options.files.remove(this.path).catch(() => undefined)
  }

  async #open(): Promise<Filling> {
    this.#filling ??= { file: await this.#options.files.open(this.path, 'create'), filled: 0, recycled: false }
    return this.#filling
  }

  #start(work: () => Promise<void>): Promise<void> {
    this.#busy = this.#settled(work())
    return this.#busy
  }

  /** Ends with `work`, however that ends: a failure ended the disk already. */
  #settled(work: Promise<void>): Promise<void> {
    return work
      .catch(() => undefined)
      .finally(() => {
        this.#busy = undefined
      })
  }
}
