import { basename } from 'node:path'
import type { Files, OpenFile, OpenMode, ReadableFile } from '../../../main/node/disk'

/** A small seeded generator (mulberry32): the same seed, the same run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export const DIRECTORY = '/simulated/node-3'
const SECTOR = 512

/** One file: what a process reads (the page cache), what the disk has, and which sectors differ as the kernel knows it. */
class Inode {
  cached = new Uint8Array(0)
  durable = new Uint8Array(0)
  readonly dirty = new Set<number>()

  write(bytes: Uint8Array, position: number): void {
    if (position + bytes.length > this.cached.length) this.resize(position + bytes.length)
    this.cached.set(bytes, position)
    const end = position + bytes.length
    for (let sector = Math.floor(position / SECTOR); sector * SECTOR < end; sector++) this.dirty.add(sector)
  }

  resize(length: number): void {
    const next = new Uint8Array(length)
    next.set(this.cached.subarray(0, length))
    this.cached = next
    // What was cut off is not written any more.
    for (const sector of this.dirty) if (sector * SECTOR >= length) this.dirty.delete(sector)
  }

  sync(): void {
    if (this.durable.length !== this.cached.length) this.durable = this.survivor(this.cached.length, () => true)
    else for (const sector of this.dirty) this.durable.set(this.sector(sector), sector * SECTOR)
    this.dirty.clear()
  }

  private sector(sector: number): Uint8Array {
    return this.cached.subarray(sector * SECTOR, (sector + 1) * SECTOR)
  }

  /** After a power loss: any of the dirty sectors, and any length between the old and the new. */
  lose(random: () => number): void {
    const [old, now] = [this.durable.length, this.cached.length]
    const choice = Math.floor(random() * 3)
    const length = choice === 0 ? old : choice === 1 ? now : Math.round(old + (now - old) * random())
    const mood = random()
    this.durable = this.survivor(length, () => random() < mood)
    this.cached = this.durable.slice()
    this.dirty.clear()
  }

  private survivor(length: number, arrived: (sector: number) => boolean): Uint8Array<ArrayBuffer> {
    const next = new Uint8Array(length)
    next.set(this.durable.subarray(0, length))
    for (const sector of this.dirty) {
      if (!arrived(sector)) continue
      const from = sector * SECTOR
      next.set(
        this.cached.subarray(from, from + SECTOR).subarray(0, Math.max(0, length - from)),
        Math.min(from, length),
      )
    }
    return next
  }
}

type NameChange = { readonly name: string; readonly inode: Inode | undefined }[]

export type Operation = 'create' | 'write' | 'sync' | 'truncate' | 'rename' | 'remove' | 'syncDirectory'

/** What the test stops at: the process dies in the middle of an operation, or the operation fails. */
export interface Trap {
  /** Counts the operations that change something, from 1. */
  readonly at: number
  readonly what: 'crash' | 'EIO' | 'ENOSPC'
}

/**
 * One directory in memory that forgets as a real one may: at a power loss, any unsynced sector may be lost, by itself,
 * and name changes from any one of them on; after a failed sync the kernel takes its pages for clean.
 */
export class SimulatedFiles implements Files {
  /** Operations that were tried since the last start. */
  readonly operations: Operation[] = []
  /** A write takes no more than this at a time. */
  writeLimit = Number.POSITIVE_INFINITY
  trap: Trap | undefined
  /** What was begun after an operation had failed, and whether it was on the same file. */
  readonly late: { readonly operation: Operation; readonly again: boolean }[] = []
  /** On what the operation was that failed: a file, or the directory. */
  #failed: Inode | 'directory' | undefined
  #names = new Map<string, Inode>()
  #durableNames = new Map<string, Inode>()
  #nameChanges: NameChange[] = []
  #life = 1
  #dead = false
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  /** The process starts again, after dying (the page cache is still there) or after the power went. */
  restart(after: 'process' | 'power'): void {
    this.#life++
    this.#dead = false
    this.trap = undefined
    this.operations.length = 0
    this.late.length = 0
    this.#failed = undefined
    if (after === 'process') return
    for (const inode of new Set([...this.#names.values(), ...this.#durableNames.values()])) inode.lose(this.#random)
    const survive = Math.floor(this.#random() * (this.#nameChanges.length + 1))
    for (const change of this.#nameChanges.slice(0, survive)) apply(this.#durableNames, change)
    this.#names = new Map(this.#durableNames)
    this.#nameChanges = []
  }

  get dead(): boolean {
    return this.#dead
  }

  async makeDirectory(): Promise<void> {}

  async list(): Promise<readonly string[]> {
    return [...this.#names.keys()]
  }

  async read(path: string): Promise<Uint8Array> {
    return this.#inode(path).cached.slice()
  }

  /** Reads on when the name is gone, as a file does. */
  async openToRead(path: string): Promise<ReadableFile> {
    const inode = this.#inode(path)
    return {
      size: async () => inode.cached.length,
      read: async (position, length) => inode.cached.slice(position, position + length),
      close: async () => undefined,
    }
  }

  async open(path: string, mode: OpenMode): Promise<OpenFile> {
    const life = this.#life
    if (mode === 'create') {
      await this.#do('create', 'directory', life, () => {
        const there = this.#names.get(basename(path))
        if (there === undefined) this.#change([{ name: basename(path), inode: new Inode() }])
        else there.resize(0)
      })
    }
    const inode = this.#inode(path)
    const sync = () =>
      this.#do(
        'sync',
        inode,
        life,
        () => inode.sync(),
        () => undefined,
        () => inode.dirty.clear(),
      )
    return {
      write: async (bytes, position) => {
        const taken = bytes.subarray(0, this.writeLimit)
        await this.#do(
          'write',
          inode,
          life,
          () => inode.write(taken, position),
          () => inode.write(taken.subarray(0, Math.floor(this.#random() * taken.length)), position),
        )
        if (mode === 'through') await sync()
        return taken.length
      },
      sync,
      truncate: (length) => this.#do('truncate', inode, life, () => inode.resize(length)),
      close: async () => undefined,
    }
  }

  rename(from: string, to: string): Promise<void> {
    return this.#do('rename', 'directory', this.#life, () =>
      this.#change([
        { name: basename(to), inode: this.#inode(from) },
        { name: basename(from), inode: undefined },
      ]),
    )
  }

  remove(path: string): Promise<void> {
    return this.#do('remove', 'directory', this.#life, () => this.#change([{ name: basename(path), inode: undefined }]))
  }

  /** Only of {@link DIRECTORY}; what is above it is taken to be durable. */
  syncDirectory(path: string): Promise<void> {
    return this.#do('syncDirectory', 'directory', this.#life, () => {
      if (path !== DIRECTORY) return
      this.#durableNames = new Map(this.#names)
      this.#nameChanges = []
    })
  }

  /** `half`: what a crash in the middle does. `failed`: what an error leaves behind. */
  async #do(
    operation: Operation,
    on: Inode | 'directory',
    life: number,
    whole: () => void,
    half: () => void = () => this.#random() < 0.5 && whole(),
    failed: () => void = () => undefined,
  ): Promise<void> {
    if (this.#failed !== undefined) this.late.push({ operation, again: on === this.#failed })
    await undefined
    if (this.#dead || life !== this.#life) throw new Error('the process is dead')
    this.operations.push(operation)
    if (this.trap?.at !== this.operations.length) return whole()
    if (this.trap.what === 'crash') {
      half()
      this.#dead = true
      throw new Error('the process dies here')
    }
    failed()
    this.#failed = on
    throw Object.assign(new Error(`${this.trap.what}: no`), { code: this.trap.what })
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(basename(path))
    if (inode === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
    return inode
  }

  #change(change: NameChange): void {
    apply(this.#names, change)
    this.#nameChanges.push(change)
  }
}

function apply(names: Map<string, Inode>, change: NameChange): void {
  for (const { name, inode } of change) {
    if (inode === undefined) names.delete(name)
    else names.set(name, inode)
  }
}
