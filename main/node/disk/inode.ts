/** One file as the disk has it for certain: what it takes to get back to what a sync has confirmed. */
import { open } from 'node:fs/promises'
import type { Files } from './files'

/**
 * Overwriting or cutting off more than this at once counts as having reached the disk by itself, as it may at any time: so
 * little is ever kept for getting back.
 */
const MAX_PATCH_BYTES = 64 << 10
/** What reaches a disk whole or not at all. */
const SECTOR_BYTES = 512

/** What stood at `position` before. */
interface Patch {
  readonly position: number
  readonly bytes: Uint8Array
}

/** A write of the log that was the last to begin: it is under way until `done` settles; without `done` it was never made. */
export interface LogWrite {
  readonly position: number
  readonly bytes: Uint8Array
  readonly done: Promise<unknown> | undefined
  /** How long the file was before. */
  readonly length: number
}

export class Inode {
  path: string
  readonly #files: Files
  /** Bytes of its beginning that are on the disk, except where patches say otherwise. */
  #durable: number
  #length: number
  /** In the order of the changes. */
  #patches: Patch[] = []
  #logWrite: LogWrite | undefined

  constructor(files: Files, path: string, length: number) {
    this.#files = files
    this.path = path
    this.#durable = length
    this.#length = length
  }

  get isClean(): boolean {
    return this.#patches.length === 0 && this.#durable === this.#length
  }

  get logWrite(): LogWrite | undefined {
    return this.#logWrite
  }

  /** The log writes so that each write is on the disk when it is done, and begins one only then. */
  beginLogWrite(bytes: Uint8Array, position: number, done: Promise<unknown> | undefined): LogWrite {
    const before = this.#logWrite
    const length = before === undefined ? this.#length : Math.max(before.length, before.position + before.bytes.length)
    this.#logWrite = { position, bytes, done, length }
    return this.#logWrite
  }

  /** To be called before `length` bytes from `position` on are written. */
  async willWrite(position: number, length: number): Promise<void> {
    await this.#keep(position, Math.min(position + length, this.#durable))
  }

  wrote(end: number): void {
    this.#length = Math.max(this.#length, end)
  }

  /** To be called before it is cut to `length`. */
  async willCut(length: number): Promise<void> {
    if (length < this.#durable && !(await this.#keep(length, this.#durable))) this.#durable = length
  }

  cut(length: number): void {
    this.#length = length
  }

  /** A sync begins: what it confirms when it succeeds is to be handed to {@link synced}. */
  get standing(): { readonly length: number; readonly patches: readonly Patch[] } {
    return { length: this.#length, patches: [...this.#patches] }
  }

  synced({ length, patches }: Inode['standing']): void {
    this.#durable = length
    this.#patches = this.#patches.slice(patches.length)
  }

  /** Back to what is on the disk for certain. Nothing may be under way. */
  async undo(): Promise<void> {
    if (this.isClean) return
    const file = await open(this.path, 'r+')
    try {
      for (const { position, bytes } of this.#patches.toReversed()) await file.write(bytes, 0, bytes.length, position)
      await file.truncate(this.#durable)
    } finally {
      await file.close()
    }
  }

  /** Keeps what stands from `from` to `to`. False when that is too much. */
  async #keep(from: number, to: number): Promise<boolean> {
    if (to <= from) return true
    if (to - from > MAX_PATCH_BYTES) return false
    const source = await this.#files.openToRead(this.path)
    try {
      this.#patches.push({ position: from, bytes: await source.read(from, to - from) })
    } finally {
      await source.close()
    }
    return true
  }
}

/**
 * What a power loss leaves of a write of the log: of the sectors some, of the length that the file gains any part. Before,
 * there were only zeros where it goes, or nothing. Returns how many of its bytes are left.
 */
export async function tear(
  path: string,
  { bytes, position, length: before }: Omit<LogWrite, 'done'>,
  random: () => number,
): Promise<number> {
  const end = position + bytes.length
  const reached = Math.max(before, end)
  const choice = Math.floor(random() * 3)
  const length = choice === 0 ? before : choice === 1 ? reached : Math.round(before + (reached - before) * random())
  const mood = random()
  const left = new Uint8Array(bytes.length)
  let kept = 0
  for (let from = position; from < end; ) {
    const next = Math.min(end, (Math.floor(from / SECTOR_BYTES) + 1) * SECTOR_BYTES)
    const stays = random() < mood
    const until = Math.min(next, length)
    if (stays && until > from) {
      left.set(bytes.subarray(from - position, until - position), from - position)
      kept += until - from
    }
    from = next
  }
  const file = await open(path, 'r+')
  try {
    await file.write(left, 0, left.length, position)
    await file.truncate(length)
  } finally {
    await file.close()
  }
  return kept
}
