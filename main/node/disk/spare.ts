/**
 * The file of the next segment, made while the current one fills: zeros are written to it a slice at a time, so that the
 * log later writes over what the disk has already and no write waits for it.
 */
import { join } from 'node:path'
import type { Fault } from './fault'
import { type Files, type OpenFile, writeFully } from './files'

export const SPARE_NAME = 'spare.tmp'
const SLICE_BYTES = 512 << 10
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
  readonly #fault: Fault
  #filling: Filling | undefined
  /** What is under way. One thing at a time. */
  #busy: Promise<void> | undefined

  constructor(options: SpareOptions, fault: Fault) {
    this.#options = options
    this.#fault = fault
    this.path = join(options.dir, SPARE_NAME)
  }

  /** Goes on filling until `wanted` bytes are zeros. Never waits; a failure ends the disk. */
  fill(wanted: number): void {
    if (this.#busy !== undefined || wanted <= (this.#filling?.filled ?? 0)) return
    this.#start(async () => {
      const filling = await this.#open()
      while (filling.filled < wanted) {
        this.#fault.check()
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
      this.#fault.check()
      this.#filling = { file: await files.open(this.path, 'open'), filled: 0, recycled: true }
    })
  }

  /** Hands the file over with as many zeros as it has; what is not zeros is cut off. */
  async take(): Promise<{ readonly file: OpenFile; readonly filled: number }> {
    await this.#busy
    this.#fault.check()
    const { file, filled, recycled } = await this.#open()
    if (recycled) await file.truncate(filled)
    this.#filling = undefined
    return { file, filled }
  }

  /** Ends what is under way; the next start makes a new one. Never throws. */
  async close(): Promise<void> {
    await this.#busy
    const filling = this.#filling
    this.#filling = undefined
    if (filling === undefined) return
    await filling.file.close().catch(() => undefined)
    if (this.#fault.problem === undefined) await this.#options.files.remove(this.path).catch(() => undefined)
  }

  async #open(): Promise<Filling> {
    this.#filling ??= { file: await this.#options.files.open(this.path, 'create'), filled: 0, recycled: false }
    return this.#filling
  }

  #start(work: () => Promise<void>): Promise<void> {
    this.#busy = work()
      .catch((error: unknown) => {
        this.#fault.failed(this.path, 'prepare-segment', error)
      })
      .finally(() => {
        this.#busy = undefined
      })
    return this.#busy
  }
}
