import { randomBytes } from 'node:crypto'
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Problem } from '../node/contract/problem'
import { lineIn } from './problems/sentences'

/**
 * Writes a file so that its name never holds half of it: to a file beside it, synced, then renamed over it. When `fill`
 * (or the disk) fails, nothing is left and what stood under the name before stays. A link is followed; a device or a
 * pipe is written to as it is, never replaced.
 */
export async function writeWhole<T>(name: string, fill: (file: FileHandle) => Promise<T>): Promise<T> {
  const path = await realpath(name).catch(() => name)
  const there = await stat(path).catch(() => undefined)
  if (there && !there.isFile() && !there.isDirectory()) return writeInto(path, fill)
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`)
  let file: FileHandle | undefined
  try {
    file = await open(temporary, 'wx', 0o600)
    const result = await fill(file)
    await file.sync()
    await file.close()
    file = undefined
    await rename(temporary, path)
    return result
  } catch (trouble) {
    await file?.close().catch(() => undefined)
    await rm(temporary, { force: true })
    throw trouble
  }
}

async function writeInto<T>(path: string, fill: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'w')
  try {
    return await fill(file)
  } finally {
    await file.close()
  }
}

/** What the system says about a failed file operation, short enough for a sentence. */
export function reasonOf(trouble: unknown): string {
  if (!(trouble instanceof Error)) return String(trouble)
  // Node adds the call and the path after the first comma; the sentence names the path itself.
  const code = (trouble as NodeJS.ErrnoException).code
  return code ? (trouble.message.split(', ')[0] ?? code) : trouble.message
}

/** Wall time (UTC) as a file name that sorts by time and is allowed everywhere: `2026-11-22T20-16-05.123`. */
export function timeName(date: Date): string {
  return date.toISOString().replaceAll(':', '-').replace('Z', '')
}

/** What a format's reader said of a line, with the file that the line is in; anything else as it was. */
export function inFile(name: string, trouble: unknown): unknown {
  if (!(trouble instanceof Problem) || trouble.code !== 'bad-input') return trouble
  const { where, reason } = trouble.details as Problem<'bad-input'>['details']
  const said = lineIn(where)
  if (said.line === '' || said.file !== '') return trouble
  return new Problem('bad-input', { where: `${name}, ${where}`, reason }, { cause: trouble })
}
