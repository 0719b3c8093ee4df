/** What the disk needs of a file system, and nothing more: tests put a simulated one in its place. */
import { constants, write as writeAt } from 'node:fs'
import * as fs from 'node:fs/promises'
import { dirname } from 'node:path'
import { PromptWriter } from './prompt-writer'

export interface OpenFile {
  /** One write at a position. Returns how many bytes it took, which may be fewer than given. */
  write(bytes: Uint8Array, position: number): Promise<number>
  /** Everything written so far, and what is needed to find it again, is on the disk (fdatasync). */
  sync(): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

/** A file that can be read as long as it is open, also after its name is gone. */
export interface ReadableFile {
  size(): Promise<number>
  /** `length` bytes, or as many as there are. */
  read(position: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

/**
 * For writing. `create`: empty, whether it existed or not. `open`: as it is. `through`: as it is, and each write is on the
 * disk when it returns.
 */
export type OpenMode = 'create' | 'open' | 'through'

/** Errors are those of `node:fs`, with `code`. */
export interface Files {
  /** Makes a directory and those above it; one that exists is fine. */
  makeDirectory(path: string): Promise<void>
  /** The names in a directory. */
  list(path: string): Promise<readonly string[]>
  read(path: string): Promise<Uint8Array>
  openToRead(path: string): Promise<ReadableFile>
  open(path: string, mode: OpenMode): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  /** Names made, changed and removed in a directory are on the disk. */
  syncDirectory(path: string): Promise<void>
}

/** With O_DSYNC one call does what write and fdatasync do; macOS and Windows promise less for it. */
const DSYNC = process.platform === 'linux' ? constants.O_DSYNC : 0

const FLAGS: Record<OpenMode, number> = {
  create: constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC,
  open: constants.O_WRONLY,
  through: constants.O_WRONLY | DSYNC,
}

/** The real file system, on libuv's thread pool; see {@link PromptWriter} for the one exception. */
export const realFiles: Files = {
  async makeDirectory(path) {
    const made = await fs.mkdir(path, { recursive: true, mode: 0o700 })
    if (made !== undefined) await realFiles.syncDirectory(dirname(made))
  },
  list: (path) => fs.readdir(path),
  // As a plain array: pieces of a Buffer are Buffers, which cost twice as much to make.
  async read(path) {
    const { buffer, byteOffset, byteLength } = await fs.readFile(path)
    return new Uint8Array(buffer, byteOffset, byteLength)
  },
  async openToRead(path) {
    const handle = await fs.open(path, 'r')
    return {
      size: async () => (await handle.stat()).size,
      read: (position, length) => readFully(handle, position, length),
      close: () => handle.close(),
    }
  },
  async open(path, mode) {
    const handle = await fs.open(path, FLAGS[mode], 0o600)
    // The plain call on the descriptor: a write of the log costs half the time that the handle's own takes to get going.
    const write = (bytes: Uint8Array, position: number) =>
      new Promise<number>((resolve, reject) => {
        writeAt(handle.fd, bytes, 0, bytes.length, position, (error, count) => {
          if (error === null) resolve(count)
          else reject(error)
        })
      })
    const through = new PromptWriter(handle.fd)
    return {
      write:
        mode !== 'through'
          ? write
          : DSYNC !== 0
            ? (bytes, position) => through.write(bytes, position)
            : async (bytes, position) => {
                const count = await write(bytes, position)
                await handle.datasync()
                return count
              },
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

async function readFully(handle: fs.FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
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
export async function writeWhole(files: Files, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`
  const file = await files.open(temporary, 'create')
  try {
    await writeFully(file, bytes, 0)
    await file.sync()
  } finally {
    await file.close()
  }
  await files.rename(temporary, path)
  await files.syncDirectory(dirname(path))
}
