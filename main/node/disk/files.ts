/** What the disk needs of a file system, and nothing more: tests put a simulated one in its place. */
import { constants } from 'node:fs'
import * as fs from 'node:fs/promises'
import { dirname } from 'node:path'

export interface OpenFile {
  /** One write at a position. Returns how many bytes it took, which may be fewer than given. */
  write(bytes: Uint8Array, position: number): Promise<number>
  /** Everything written so far, and what is needed to find it again, is on the disk (fdatasync). */
  sync(): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

/** Errors are those of `node:fs`, with `code`. */
export interface Files {
  /** Makes a directory and those above it; one that exists is fine. */
  makeDirectory(path: string): Promise<void>
  /** The names in a directory. */
  list(path: string): Promise<readonly string[]>
  read(path: string): Promise<Uint8Array>
  /** `create`: empty, for writing, whether it existed or not. `open`: for writing, as it is. */
  open(path: string, how: 'create' | 'open'): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  /** Names made, changed and removed in a directory are on the disk. */
  syncDirectory(path: string): Promise<void>
}

/** The real file system, on libuv's thread pool: the main loop never waits for the disk. */
export const realFiles: Files = {
  async makeDirectory(path) {
    const made = await fs.mkdir(path, { recursive: true, mode: 0o700 })
    if (made !== undefined) await realFiles.syncDirectory(dirname(made))
  },
  list: (path) => fs.readdir(path),
  read: (path) => fs.readFile(path),
  async open(path, how) {
    const flags = how === 'create' ? constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC : constants.O_WRONLY
    const handle = await fs.open(path, flags, 0o600)
    return {
      write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
      sync: () => handle.datasync(),
      truncate: (length) => handle.truncate(length),
      close: () => handle.close(),
    }
  },
  rename: (from, to) => fs.rename(from, to),
  remove: (path) => fs.unlink(path),
  async syncDirectory(path) {
    // Windows cannot open a directory for this; NTFS journals names by itself.
    if (process.platform === 'win32') return
    const handle = await fs.open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
}

/** Writes all of it, going on after a short count. */
export async function writeFully(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const count = await file.write(done === 0 ? bytes : bytes.subarray(done), position + done)
    if (count <= 0) throw new Error('the file takes no more bytes')
    done += count
  }
}

/** A file that appears under its name only whole and durable: temporary name, sync, rename, sync of the directory. */
export async function writeWhole(files: Files, path: string, bytes: Uint8Array): Promise<OpenFile> {
  const temporary = `${path}.tmp`
  const file = await files.open(temporary, 'create')
  try {
    await writeFully(file, bytes, 0)
    await file.sync()
    await files.rename(temporary, path)
    await files.syncDirectory(dirname(path))
    return file
  } catch (error) {
    await file.close().catch(() => undefined)
    throw error
  }
}
