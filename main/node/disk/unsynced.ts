/**
 * What of a node's directory no sync has confirmed, so that a power loss can be played: contents and lengths of files
 * (`inode.ts`), and names made, changed and removed. What an earlier process left counts as confirmed.
 *
 * A removed file is kept open for that, but not for long: journals of file systems reach the disk by themselves, ext4's
 * after 5 s by default.
 */
import { rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Files, type OpenFile, type OpenMode, type ReadableFile, writeFully } from './files'
import { Inode, type LogWrite, tear } from './inode'

const JOURNAL_MILLIS = 5000
const PIECE_BYTES = 1 << 20
/** Windows replaces no file that somebody has open. */
const CAN_KEEP_REMOVED = process.platform !== 'win32'

/** A file without a name. */
interface Nameless {
  readonly source: ReadableFile
  readonly inode: Inode
}

type NameChange =
  | { readonly kind: 'made'; readonly path: string }
  | { readonly kind: 'renamed'; readonly from: string; readonly path: string; readonly over: Nameless | undefined }
  | { readonly kind: 'removed'; readonly path: string; readonly gone: Nameless }

/** A write of the log that is under way. */
export interface Torn {
  readonly inode: Inode
  readonly write: LogWrite
}

export class Unsynced {
  readonly #files: Files
  /** By their path: open files, and closed ones that are not as a sync has confirmed. */
  readonly #inodes = new Map<string, Inode>()
  /** In the order in which they happened. */
  #changes: NameChange[] = []
  #isLosing = false

  constructor(files: Files) {
    this.#files = files
  }

  async open(path: string, mode: OpenMode): Promise<{ readonly file: OpenFile; readonly inode: Inode }> {
    const there = await this.#inode(path)
    if (mode === 'create') await there?.willCut(0)
    const file = await this.#files.open(path, mode)
    const inode = there ?? new Inode(this.#files, path, 0)
    if (mode === 'create') inode.cut(0)
    if (there === undefined) this.#changes.push({ kind: 'made', path })
    this.#inodes.set(path, inode)
    return { file, inode }
  }

  /** What can be told of a file again from looking at it need not be kept. */
  closed(inode: Inode): void {
    const hasItsName = this.#inodes.get(inode.path) === inode
    if (inode.isClean && hasItsName) this.#inodes.delete(inode.path)
  }

  async rename(from: string, path: string): Promise<void> {
    const over = await this.#keep(path)
    await this.#files.rename(from, path)
    const inode = this.#inodes.get(from)
    this.#inodes.delete(from)
    this.#inodes.delete(path)
    if (inode !== undefined) {
      inode.path = path
      this.#inodes.set(path, inode)
    }
    this.#happened({ kind: 'renamed', from, path, over }, over)
  }

  async remove(path: string): Promise<void> {
    const gone = await this.#keep(path)
    await this.#files.remove(path)
    this.#inodes.delete(path)
    if (gone !== undefined) this.#happened({ kind: 'removed', path, gone }, gone)
  }

  async syncDirectory(path: string): Promise<void> {
    const confirmed = new Set(this.#changes.filter((change) => dirname(change.path) === path))
    await this.#files.syncDirectory(path)
    this.#changes = this.#changes.filter((change) => !confirmed.has(change))
    await release(confirmed)
  }

  /** Resolves when no write of the log is under way; with the one that was, if any. */
  async logWriteUnderWay(): Promise<Torn | undefined> {
    for (const inode of this.#inodes.values()) {
      const write = inode.logWrite
      if (write?.done === undefined) continue
      const settled = write.done.then(
        () => true,
        () => true,
      )
      const isSettled = await Promise.race([settled, new Promise<false>((wake) => setImmediate(wake, false))])
      if (isSettled) continue
      await settled
      return { inode, write }
    }
    return undefined
  }

  /** What a power loss would take. */
  get extent(): { readonly names: number; readonly files: number } {
    return { names: this.#changes.length, files: [...this.#inodes.values()].filter(({ isClean }) => !isClean).length }
  }

  /**
   * The power goes: all is undone that no sync has confirmed; of `torn`, the write of the log that is under way, a part is
   * left. Nothing else may be under way. Returns how many bytes of `torn` are left.
   */
  async lose(torn: Torn | undefined, random: () => number): Promise<number> {
    this.#isLosing = true
    const inodes = new Map(this.#inodes)
    for (const change of this.#changes.toReversed()) await this.#undo(change, inodes)
    this.#changes = []
    for (const inode of inodes.values()) await inode.undo()
    return torn === undefined || !inodes.has(torn.inode.path) ? 0 : await tear(torn.inode.path, torn.write, random)
  }

  async #undo(change: NameChange, inodes: Map<string, Inode>): Promise<void> {
    const { path } = change
    switch (change.kind) {
      case 'made':
        inodes.delete(path)
        await unlink(path)
        return
      case 'renamed': {
        await rename(path, change.from)
        const inode = inodes.get(path)
        inodes.delete(path)
        if (inode !== undefined) {
          inode.path = change.from
          inodes.set(change.from, inode)
        }
        if (change.over !== undefined) await this.#bringBack(path, change.over, inodes)
        return
      }
      case 'removed':
        await this.#bringBack(path, change.gone, inodes)
        return
      default:
        change satisfies never
    }
  }

  async #bringBack(path: string, { source, inode }: Nameless, inodes: Map<string, Inode>): Promise<void> {
    const file = await this.#files.open(path, 'create')
    try {
      for (let at = 0, size = await source.size(); at < size; at += PIECE_BYTES) {
        await writeFully(file, await source.read(at, PIECE_BYTES), at)
      }
    } finally {
      await file.close()
    }
    inode.path = path
    inodes.set(path, inode)
  }

  /** The file of this name, if there is one. */
  async #inode(path: string): Promise<Inode | undefined> {
    const known = this.#inodes.get(path)
    if (known !== undefined) return known
    const source = await openIfThere(this.#files, path)
    if (source === undefined) return undefined
    try {
      return new Inode(this.#files, path, await source.size())
    } finally {
      await source.close()
    }
  }

  /** The file of this name, kept open because it is about to lose it. */
  async #keep(path: string): Promise<Nameless | undefined> {
    const source = CAN_KEEP_REMOVED ? await openIfThere(this.#files, path) : undefined
    if (source === undefined) return undefined
    const inode = this.#inodes.get(path) ?? new Inode(this.#files, path, await source.size())
    return { source, inode }
  }

  #happened(change: NameChange, kept: Nameless | undefined): void {
    this.#changes.push(change)
    if (kept !== undefined) setTimeout(() => this.#reachedDisk(change), JOURNAL_MILLIS).unref()
  }

  /** By itself, and what happened before it. */
  #reachedDisk(change: NameChange): void {
    const at = this.#changes.indexOf(change)
    if (at === -1 || this.#isLosing) return
    void release(this.#changes.splice(0, at + 1))
  }
}

/** Never throws: closing a file that was only read loses nothing. */
async function release(changes: Iterable<NameChange>): Promise<void> {
  for (const change of changes) {
    const kept = change.kind === 'renamed' ? change.over : change.kind === 'removed' ? change.gone : undefined
    await kept?.source.close().catch(() => undefined)
  }
}

async function openIfThere(files: Files, path: string): Promise<ReadableFile | undefined> {
  try {
    return await files.openToRead(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
