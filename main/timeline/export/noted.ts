/** What people noted beside a recording, on its way into an export: each note stands between the events where its moment is. */
import type { TimelineSource } from '../api'
import { readNotes, type TimelineNote } from '../notes'
import type { ExportSelection } from './exporter'

/** The notes of a selection, handed out once each, in the order of their moments. */
export class Noted {
  readonly #notes: readonly TimelineNote[]
  #next = 0

  constructor(notes: readonly TimelineNote[]) {
    this.#notes = notes
  }

  /** Notes that were not handed out yet whose moment comes before the event with this number. */
  *before(seq: number): Generator<TimelineNote> {
    for (let note = this.#notes[this.#next]; note !== undefined && note.seq <= seq; note = this.#notes[this.#next]) {
      this.#next++
      yield note
    }
  }

  /** All that were not handed out yet. */
  rest(): Generator<TimelineNote> {
    return this.before(Number.POSITIVE_INFINITY)
  }
}

/**
 * A person's notes are the workbench's (node 0), of the kind `note`: a selection without those has none.
 * @throws {Problem} 'notes-corrupt', 'unreadable-file'
 */
export async function notesWithin(
  source: TimelineSource,
  selection: ExportSelection,
): Promise<readonly TimelineNote[]> {
  const {
    nodes,
    kinds,
    fromSeq = 0,
    toSeq = Number.POSITIVE_INFINITY,
    fromT = 0,
    toT = Number.POSITIVE_INFINITY,
  } = selection
  if (nodes?.includes(0) === false || kinds?.includes('note') === false) return []
  const notes = await readNotes(source.info().path)
  // The moment `toSeq` comes after the last event that is taken.
  return notes.filter(({ seq, t }) => seq >= fromSeq && seq <= toSeq && t >= fromT && t < toT)
}

export async function notedIn(source: TimelineSource, selection: ExportSelection): Promise<Noted> {
  return new Noted(await notesWithin(source, selection))
}
