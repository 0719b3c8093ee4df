/** Bookmarks and notes of what is open, as every window has them. */
import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import type { NotesView, TimelineNote } from '../../../preload/contract'
import { useClusterStore } from '../../stores/cluster'
import { problemRef, useDoor } from '../../stores/door'
import { usePlayback } from '../../stores/playback'

export const useNotesStore = defineStore('notes', () => {
  const cluster = useClusterStore()
  const playback = usePlayback()
  const door = useDoor()
  const notes = shallowRef<readonly TimelineNote[]>([])
  const problem = problemRef()
  /** Whether the list is shown. */
  const open = ref(false)
  /** Raised when a note is to be written now. */
  const writing = ref(0)
  let recording = ''
  let turn = 0

  function take(view: NotesView): void {
    recording = view.recording
    notes.value = view.notes
    problem.value = ''
  }

  async function read(): Promise<void> {
    const source = cluster.sourceName
    const mine = ++turn
    notes.value = []
    problem.value = ''
    recording = ''
    if (source === null) return
    try {
      const view = await door.call('notes.list', { source })
      if (mine === turn) take(view)
    } catch (thrown) {
      if (mine === turn) problem.value = thrown
    }
  }

  async function add(text: string, seq: number, t: number): Promise<void> {
    const source = cluster.sourceName
    if (source !== null) take(await door.call('notes.add', { source, seq, t: Math.max(0, t), text }))
  }
  /** Of the moment that is shown. */
  async function addHere(text: string): Promise<void> {
    const { moment } = cluster
    const at = cluster.pin ?? (moment === null ? null : { seq: moment.seq, t: moment.t })
    if (at !== null) await add(text, at.seq, at.t)
  }
  async function edit(id: string, text: string): Promise<void> {
    const source = cluster.sourceName
    if (source !== null) take(await door.call('notes.edit', { source, id, text }))
  }
  async function remove(id: string): Promise<void> {
    const source = cluster.sourceName
    if (source !== null) take(await door.call('notes.remove', { source, id }))
  }
  async function jump(note: TimelineNote): Promise<void> {
    playback.stop()
    await cluster.pinAt({ seq: note.seq })
  }
  function write(): void {
    open.value = true
    writing.value++
  }

  /** Another window noted something. */
  door.subscribe('notes', (view) => {
    if (view.recording === recording) take(view)
  })
  watch(
    () => (cluster.source.kind === 'recording' ? cluster.source.info.path : cluster.sourceName),
    () => void read(),
    { immediate: true },
  )

  return { notes, problem, open, writing, add, addHere, edit, remove, jump, write }
})
