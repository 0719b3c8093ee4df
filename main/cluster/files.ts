/** Small file habits that the whole room shares. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Problem } from '../node/contract/problem'

export function randomToken(): string {
  return randomBytes(8).toString('hex')
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Runs an action that writes under `path`; a failure of the file system becomes the problem `directory-unwritable`. */
export async function writing<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof Problem || codeOf(error) === '') throw error
    throw new Problem('directory-unwritable', { path, reason: (error as Error).message }, { cause: error })
  }
}

/** Makes a directory and its parents, or throws `directory-unwritable`. */
export async function makeDirectory(path: string): Promise<void> {
  await writing(path, () => mkdir(path, { recursive: true }))
}

/** Replaces `path` so that a crash at any moment leaves either the old or the new content, whole. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomToken()}.tmp`
  await writing(path, async () => {
    try {
      const file = await open(temporary, 'wx')
      try {
        await file.writeFile(text)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
    await syncDirectory(dirname(path))
  })
}

/** Names in a directory are durable only when it is (not possible, nor needed, on Windows). */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** Bytes of all files under a directory; what vanishes meanwhile counts nothing. */
export async function bytesUnder(path: string): Promise<number> {
  let total = 0
  for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
    const inside = join(path, entry.name)
    if (entry.isDirectory()) total += await bytesUnder(inside)
    else if (entry.isFile())
      total += await stat(inside).then(
        (found) => found.size,
        () => 0,
      )
  }
  return total
}

/** When anything under a directory was last written, in milliseconds; 0 = there is nothing. */
export async function newestWrite(path: string): Promise<number> {
  let newest = 0
  for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
    const inside = join(path, entry.name)
    const time = entry.isDirectory()
      ? await newestWrite(inside)
      : ((await stat(inside).catch(() => null))?.mtimeMs ?? 0)
    newest = Math.max(newest, time)
  }
  return newest
}

/** Removes a directory with all it holds. Retries: a dying process may still be creating files in it. */
export async function removeDirectory(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}
