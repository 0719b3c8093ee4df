/**
 * Notes in a file beside the recording, so that the recording itself is never written to. Every change reads the file anew: several
 * windows, and several workbenches, may note things of one recording. Under the name there is always one whole file.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { asProblem, Problem } from '../../node/contract/problem'
import { inOrder, MAX_NOTES, NOTES_VERSION, type NotesFile, notesFileSchema, type TimelineNote } from './schema'

export const notesPath = (recording: string): string => `${recording}.notes.json`

/** One change after the other, per file. */
const turns = new Map<string, Promise<unknown>>()

/** @throws {Problem} 'notes-corrupt', 'unreadable-file' */
export async function readNotes(recording: string): Promise<readonly TimelineNote[]> {
  const path = notesPath(recording)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (trouble) {
    if ((trouble as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new Problem('unreadable-file', { path, reason: asProblem(trouble).message }, { cause: trouble })
  }
  try {
    return inOrder(notesFileSchema.parse(JSON.parse(text)).notes)
  } catch (trouble) {
    // Never overwritten: what somebody wrote there may still be saved by hand.
    throw new Problem('notes-corrupt', { path, reason: reasonOf(trouble) }, { cause: trouble })
  }
}

/** Answers all notes there are then. @throws {Problem} what {@link readNotes} throws; 'directory-unwritable' */
export function addNote(
  recording: string,
  note: Pick<TimelineNote, 'seq' | 't' | 'text'>,
  now: Date,
): Promise<readonly TimelineNote[]> {
  return change(recording, (notes) => {
    if (notes.length >= MAX_NOTES) {
      throw new Problem('bad-input', { where: 'notes.add', reason: `at most ${MAX_NOTES} notes` })
    }
    return [...notes, { id: randomUUID(), ...note, created: now.toISOString() }]
  })
}

/** One that is gone meanwhile is no error. */
export function editNote(recording: string, id: string, text: string): Promise<readonly TimelineNote[]> {
  return change(recording, (notes) => notes.map((note) => (note.id === id ? { ...note, text } : note)))
}

export function removeNote(recording: string, id: string): Promise<readonly TimelineNote[]> {
  return change(recording, (notes) => notes.filter((note) => note.id !== id))
}

/**
 * The notes that a new recording comes with.
 * @throws {Problem} 'directory-unwritable', also when there are notes under this name already
 */
export async function writeNotes(recording: string, notes: readonly TimelineNote[]): Promise<void> {
  const path = notesPath(recording)
  if (existsSync(path)) throw new Problem('directory-unwritable', { path, reason: 'it exists already' })
  await write(path, { format: 'raft-workbench-notes', version: NOTES_VERSION, notes: [...inOrder(notes)] })
}

function change(
  recording: string,
  make: (notes: readonly TimelineNote[]) => readonly TimelineNote[],
): Promise<readonly TimelineNote[]> {
  const before = turns.get(recording) ?? Promise.resolve()
  const result = before.then(async () => {
    const notes = inOrder(make(await readNotes(recording)))
    await write(notesPath(recording), { format: 'raft-workbench-notes', version: NOTES_VERSION, notes: [...notes] })
    return notes
  })
  const settled = result.catch(() => undefined)
  turns.set(recording, settled)
  void settled.then(() => {
    if (turns.get(recording) === settled) turns.delete(recording)
  })
  return result
}

async function write(path: string, file: NotesFile): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.part`)
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(file, null, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (trouble) {
    await rm(temporary, { force: true })
    throw new Problem(
      'directory-unwritable',
      { path: dirname(path), reason: asProblem(trouble).message },
      { cause: trouble },
    )
  }
}

function reasonOf(trouble: unknown): string {
  if (trouble instanceof SyntaxError) return trouble.message
  const issues = (
    trouble as { readonly issues?: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] }
  ).issues
  const [first] = issues ?? []
  return first === undefined ? String(trouble) : `${first.path.join('.')}: ${first.message}`
}
