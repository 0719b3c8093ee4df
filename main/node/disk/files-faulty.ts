/**
 * The files of a node that can be given a bad disk. While nothing waits for it, a write of the log costs one look and one
 * note more; everything else is looked at more closely, because a power loss has to know what no sync has confirmed.
 */
import { type Files, type OpenFile, type OpenMode, type ReadableFile, writeFully } from './files'
import type { Inode } from './inode'
import { type Torn, Unsynced } from './unsynced'

export type FailingOperation = 'write' | 'truncate' | 'sync' | 'sync-directory'

/** One batch of the log on its way to the disk. */
export interface LogBatch {
  readonly path: string
  readonly bytes: Uint8Array
  /** Makes the first `length` bytes durable. */
  put(length: number): Promise<void>
  /** What is left of it when the power goes instead. */
  tear(): Torn
}

/** What waits for the disk. A promise that never settles: the process ends here. */
export interface DiskFaults {
  /** Nothing waits: none of the others need to be called. */
  readonly isIdle: boolean
  /** Before an operation of which no failure is played. */
  pass(): Promise<void>
  /** Before the operation. Rejects with what it fails with. */
  before(operation: FailingOperation, path: string): Promise<void>
  /** Instead of a write of the log. */
  write(batch: LogBatch): Promise<void>
}

export class FaultyFiles implements Files {
  readonly unsynced: Unsynced
  readonly #files: Files
  readonly #faults: DiskFaults
  /** Operations under way, except writes of the log. */
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(files: Files, faults: DiskFaults) {
    this.#files = files
    this.#faults = faults
    this.unsynced = new Unsynced(files)
  }

  /** When all that was begun has ended: the write of the log that was under way. Nothing may begin any more. */
  async settled(): Promise<Torn | undefined> {
    const torn = await this.unsynced.logWriteUnderWay()
    await Promise.allSettled(this.#underWay)
    return torn
  }

  async makeDirectory(path: string): Promise<void> {
    await this.#run(() => this.#files.makeDirectory(path))
  }

  list(path: string): Promise<readonly string[]> {
    return this.#files.list(path)
  }

  read(path: string): Promise<Uint8Array> {
    return this.#files.read(path)
  }

  openToRead(path: string): Promise<ReadableFile> {
    return this.#files.openToRead(path)
  }

  async open(path: string, mode: OpenMode): Promise<OpenFile> {
    const { file, inode } = await this.#run(() => this.unsynced.open(path, mode))
    return mode === 'through' ? this.#logFile(file, inode) : this.#plainFile(file, inode)
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#run(() => this.unsynced.rename(from, to))
  }

  async remove(path: string): Promise<void> {
    await this.#run(() => this.unsynced.remove(path))
  }

  async syncDirectory(path: string): Promise<void> {
    await this.#run(() => this.unsynced.syncDirectory(path), 'sync-directory', path)
  }

  #logFile(file: OpenFile, inode: Inode): OpenFile {
    return {
      ...this.#plainFile(file, inode),
      write: (bytes, position) => {
        if (!this.#faults.isIdle) return this.#conditioned(file, inode, bytes, position)
        const done = file.write(bytes, position)
        inode.beginLogWrite(bytes, position, done)
        return done
      },
    }
  }

  async #conditioned(file: OpenFile, inode: Inode, bytes: Uint8Array, position: number): Promise<number> {
    await this.#faults.write({
      path: inode.path,
      bytes,
      put: (length) => {
        const part = bytes.subarray(0, length)
        const done = writeFully(file, part, position)
        inode.beginLogWrite(part, position, done)
        return done
      },
      tear: () => ({ inode, write: inode.beginLogWrite(bytes, position, undefined) }),
    })
    return bytes.length
  }

  #plainFile(file: OpenFile, inode: Inode): OpenFile {
    const run = <T>(operation: FailingOperation, what: () => Promise<T>) => this.#run(what, operation, inode.path)
    return {
      write: (bytes, position) =>
        run('write', async () => {
          await inode.willWrite(position, bytes.length)
          const count = await file.write(bytes, position)
          inode.wrote(position + count)
          return count
        }),
      sync: () =>
        run('sync', async () => {
          const { standing } = inode
          await file.sync()
          inode.synced(standing)
        }),
      truncate: (length) =>
        run('truncate', async () => {
          await inode.willCut(length)
          await file.truncate(length)
          inode.cut(length)
        }),
      close: async () => {
        this.unsynced.closed(inode)
        await file.close()
      },
    }
  }

  async #run<T>(what: () => Promise<T>, operation?: FailingOperation, path = ''): Promise<T> {
    if (!this.#faults.isIdle)
      await (operation === undefined ? this.#faults.pass() : this.#faults.before(operation, path))
    const running = what()
    this.#underWay.add(running)
    try {
      return await running
    } finally {
      this.#underWay.delete(running)
    }
  }
}
