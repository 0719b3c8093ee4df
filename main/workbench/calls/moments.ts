import type { MOMENT_CALLS, NotesView, TimelineNote } from '../../../preload/contract'
import { diffStates } from '../../timeline/diff'
import { addNote, editNote, readNotes, removeNote } from '../../timeline/notes'
import { entryView } from '../../timeline/views/entry'
import type { Calls, Rooms } from './rooms'

type Names = Extract<keyof typeof MOMENT_CALLS, string>
type Source = 'live' | 'recording'

export function momentsCalls({ session, notesChanged, signal }: Rooms): Calls<Names> {
  const pathOf = (source: Source) => session.timeline(source).info().path
  const changed = async (source: Source, change: (path: string) => Promise<readonly TimelineNote[]>) => {
    const recording = pathOf(source)
    const view: NotesView = { recording, notes: await change(recording) }
    notesChanged(view)
    return view
  }
  /** Nothing happens off the record: what is said while the cluster runs stands on its timeline, when it was said. */
  const tell = (text: string) => {
    const { recorder } = session
    // The recorder's own, as a gap is: no reporter counts it.
    recorder.report([{ kind: 'note', node: 0, n: 0, t: recorder.state.t, text }])
  }
  return {
    'timeline.diff': async ({ source, a, b }) => {
      const timeline = session.timeline(source)
      // One after the other: each reading may use what the one before has left in memory.
      const before = await timeline.stateAt(Math.min(a, b), signal)
      const after = await timeline.stateAt(Math.max(a, b), signal)
      return diffStates(before, after, entryView)
    },
    'notes.list': async ({ source }) => ({ recording: pathOf(source), notes: await readNotes(pathOf(source)) }),
    'notes.add': async ({ source, seq, t, text }) => {
      const view = await changed(source, (path) => addNote(path, { seq, t, text }, new Date()))
      if (source === 'live' && text !== '') tell(text)
      return view
    },
    'notes.edit': async ({ source, id, text }) => changed(source, (path) => editNote(path, id, text)),
    'notes.remove': async ({ source, id }) => changed(source, (path) => removeNote(path, id)),
  }
}
