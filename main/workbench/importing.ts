import { mkdir, mkdtemp, open, rename, rm, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { MAX_UPLOAD_BYTES, type RecordingInfo } from '../../preload/contract'
import { Problem } from '../node/contract/problem'
import { RECORDING_EXTENSION } from '../timeline'
import { type FileForm, formOf, importFile } from '../timeline/export/import-file'
import { inFile, reasonOf, timeName } from './files'
import { bytes } from './problems/sentences'
import type { Session } from './session'
import type { SettingsStore } from './settings'
import type { Tasks } from './tasks'

export interface ImportRooms {
  readonly home: string
  readonly tasks: Tasks
  readonly signal: AbortSignal
}

/** A file's name that is safe wherever it came from: letters, digits, spaces and a few signs, not too long. */
function plainName(name: string): string {
  const plain = basename(name.replaceAll('\\', '/'))
    .replace(/[^\p{L}\p{N} ._()+-]+/gu, '-')
    .replace(/^\.+/, '')
  return plain.slice(-80) || 'file'
}

/** A file on its way in: a directory of its own, so that the recording keeps the name that its owner knows. */
interface Arrival {
  readonly directory: string
  /** The recording to make. */
  readonly out: string
}

/** Where a file's recording goes: `<home>/imports/<time>-<random>/<name>.raftrec`. */
async function newArrival(home: string, name: string): Promise<Arrival> {
  const imports = join(home, 'imports')
  try {
    await mkdir(imports, { recursive: true, mode: 0o700 })
    const directory = await mkdtemp(join(imports, `${timeName(new Date())}-`))
    const stem = basename(plainName(name), extname(name))
    return { directory, out: join(directory, `${stem}${RECORDING_EXTENSION}`) }
  } catch (trouble) {
    throw new Problem('directory-unwritable', { path: imports, reason: reasonOf(trouble) }, { cause: trouble })
  }
}

/** Does the work that fills it; nothing of it is left when that fails. */
async function filled({ directory, out }: Arrival, work: () => Promise<void>): Promise<string> {
  try {
    await work()
    return out
  } catch (trouble) {
    await rm(directory, { recursive: true, force: true })
    throw trouble
  }
}

async function importAs(
  path: string,
  name: string,
  form: Exclude<FileForm, 'recording'>,
  out: string,
  { tasks, signal }: ImportRooms,
): Promise<void> {
  await tasks.run({ kind: 'import', what: name, path: out }, signal, async (task) => {
    task.expect((await stat(path)).size)
    try {
      await importFile(path, form, out, { signal: task.signal, progress: task.progress })
    } catch (trouble) {
      if (task.signal.aborted) throw new Problem('import-cancelled', { path: name }, { cause: trouble })
      throw inFile(name, trouble)
    }
  })
}

/**
 * Opens a file of any kind that can be read: a recording as it is, anything else as a recording that is made of it.
 * @throws {Problem} 'cluster-open', or why the file can't be read
 */
export async function openFile(
  path: string,
  rooms: ImportRooms & { readonly session: Session; readonly settings: SettingsStore },
): Promise<RecordingInfo> {
  const name = basename(path)
  // What is no file, or of no known form, is for the recording's reader to name.
  const form = await formOf(path).catch((trouble) => {
    if (trouble instanceof Problem && trouble.code === 'bad-input') throw inFile(name, trouble)
    return undefined
  })
  const recording = form === undefined || form === 'recording' ? path : await foreign(path, name, form, rooms)
  const info = await rooms.session.openRecording(recording)
  await rooms.settings.opened(recording)
  return info
}

async function foreign(
  path: string,
  name: string,
  form: Exclude<FileForm, 'recording'>,
  rooms: ImportRooms,
): Promise<string> {
  const arrival = await newArrival(rooms.home, name)
  return filled(arrival, () => importAs(path, name, form, arrival.out, rooms))
}

/**
 * Takes a file that comes in pieces, `size` bytes or 0 when nobody knows, into `<home>/imports`.
 * @returns the path of a recording; see {@link Workbench.receive}
 */
export async function receiveFile(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  size: number,
  rooms: ImportRooms,
): Promise<string> {
  const arrival = await newArrival(rooms.home, name)
  const { directory, out } = arrival
  return filled(arrival, async () => {
    // Under its own name, which a foreign form's recording is named after, but not where a whole recording would stand.
    const waiting = join(directory, 'received')
    const received = join(waiting, plainName(name))
    await rooms.tasks.run({ kind: 'import', what: name }, rooms.signal, async (task) => {
      task.expect(size)
      await mkdir(waiting, { mode: 0o700 })
      await write(received, limited(chunks, name, task.progress), name, task.signal)
    })
    const form = await formOf(received).catch((trouble) => {
      throw inFile(plainName(name), trouble)
    })
    if (form === undefined) throw new Problem('import-foreign', { path: plainName(name) })
    if (form === 'recording') await rename(received, out)
    else await importAs(received, plainName(name), form, out, rooms)
    await rm(waiting, { recursive: true, force: true })
  })
}

async function write(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      for await (const chunk of until(signal, chunks)) await file.appendFile(chunk)
    } finally {
      await file.close()
    }
  } catch (trouble) {
    if (trouble instanceof Problem) throw trouble
    if (signal.aborted) throw new Problem('import-cancelled', { path: name }, { cause: trouble })
    throw new Problem('disk-failed', { path, operation: 'write', reason: reasonOf(trouble) }, { cause: trouble })
  }
}

/** Ends at once when it is aborted, also while it waits for somebody who sends nothing; throws the signal's reason then. */
async function* until<T>(signal: AbortSignal, items: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]()
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  aborted.catch(() => undefined)
  signal.throwIfAborted()
  for (;;) {
    const step = iterator.next()
    step.catch(() => undefined)
    const { done, value } = await Promise.race([step, aborted])
    if (done) return
    yield value
  }
}

async function* limited(
  chunks: AsyncIterable<Uint8Array>,
  where: string,
  progress: (size: number) => void,
): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > MAX_UPLOAD_BYTES) {
      throw new Problem('bad-input', { where, reason: `at most ${bytes(MAX_UPLOAD_BYTES)}` })
    }
    progress(size)
    yield chunk
  }
}
