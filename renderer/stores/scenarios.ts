/** Scenarios: the library and what is looked for in it, the one that plays, and the text that is written. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ScenarioItem, ScenarioRead, ScenariosUpdate } from '../../preload/contract'
import { createAttempt } from './attempt'
import { problemRef, useDoor } from './door'

/** One of the library by its id, or the text of a file. */
export type WhichScenario = { readonly id: string } | { readonly text: string }

export const useScenarioAttempt = defineStore('scenarioAttempt', createAttempt)

const folded = (text: string): string => text.toLocaleLowerCase()

/** Those that hold every word of the query somewhere, in either language, and have the tag. Pure. */
export function searchScenarios(
  items: readonly ScenarioItem[],
  query: string,
  tag: string | null,
): readonly ScenarioItem[] {
  const words = folded(query).split(/\s+/).filter(Boolean)
  return items.filter((item) => {
    if (tag !== null && !item.tags.includes(tag)) return false
    const { id, title, about, source, tags, bug } = item
    const text = folded([id, title.en, title.zh, about.en, about.zh, source, ...tags, bug].join('\n'))
    return words.every((word) => text.includes(word))
  })
}

export const useScenariosStore = defineStore('scenarios', () => {
  const door = useDoor()
  const items = shallowRef<readonly ScenarioItem[]>([])
  const reading = ref(false)
  /** Why the library could not be read; empty when it could. */
  const problem = problemRef()
  const galleryOpen = ref(false)
  const query = ref('')
  const tag = ref<string | null>(null)
  const chosen = ref<string | null>(null)
  const update = shallowRef<ScenariosUpdate>({ playing: null, recordingFrom: -1 })
  /** What was played last, to play it again. */
  const last = shallowRef<WhichScenario | null>(null)
  /** The text that is being written; null = its dialog is closed. */
  const text = ref<string | null>(null)
  /** What the workbench makes of it. */
  const read = shallowRef<ScenarioRead | null>(null)

  const found = computed(() => searchScenarios(items.value, query.value, tag.value))
  const tags = computed(() => [...new Set(items.value.flatMap((item) => item.tags))].sort())
  const item = computed(() => found.value.find(({ id }) => id === chosen.value) ?? found.value[0] ?? null)
  const playing = computed(() => update.value.playing)
  const isRecording = computed(() => update.value.recordingFrom >= 0)

  async function refresh(): Promise<void> {
    reading.value = true
    try {
      items.value = await door.call('scenarios.list', {})
      problem.value = ''
    } catch (thrown) {
      problem.value = thrown
    } finally {
      reading.value = false
    }
  }

  /** @throws {ProblemError} */
  async function check(): Promise<void> {
    const { value } = text
    if (value === null) return
    const answer = await door.call('scenarios.read', { text: value })
    if (text.value === value) read.value = answer
  }

  /** Opens the dialog on a text. */
  function write(given: string): void {
    text.value = given
    read.value = null
  }

  /** Listens to the workbench; once, when the window starts. @returns a function that stops listening */
  function connect(): () => void {
    return door.subscribe('scenarios', (value) => {
      update.value = value
    })
  }

  return {
    items,
    reading,
    problem,
    galleryOpen,
    query,
    tag,
    chosen,
    found,
    tags,
    item,
    playing,
    isRecording,
    last,
    text,
    read,
    refresh,
    check,
    write,
    connect,
  }
})
