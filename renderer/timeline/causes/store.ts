/**
 * Why the selected event happened, and what is lit up on the diagram because of it: its causal past, its future, and the chain
 * that explains it, or a path from another event.
 */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { ChainView, ConeView, EventView } from '../../../preload/contract'
import { useClusterStore } from '../../stores/cluster'
import { problemRef, useDoor } from '../../stores/door'
import { useSelectionStore } from '../../stores/selection'

/** `seq`s of events. Outside of `past`, `future` and `path` the diagram steps back. */
export interface CausalHighlight {
  readonly past: ReadonlySet<number>
  readonly future: ReadonlySet<number>
  /** In order: each happened because of some before it. */
  readonly path: readonly number[]
}

/** Events of a cone that are lit up: the nearest. */
const LIMIT = 8_000
/** A cone reaches this far (nanoseconds); what was an hour ago explains nothing that can be seen. */
const SPAN = 120e9

/** What the chain is: an explanation, or a path from the marked event. */
export type Question = 'why' | 'path'

export const useCausesStore = defineStore('causes', () => {
  const cluster = useClusterStore()
  const selection = useSelectionStore()
  const door = useDoor()
  /** Several windows may ask at once; of one window's questions only the newest counts. */
  const window = crypto.getRandomValues(new Uint32Array(2)).join('-')

  const event = shallowRef<EventView | null>(null)
  const past = shallowRef<ConeView | null>(null)
  const future = shallowRef<ConeView | null>(null)
  const chain = shallowRef<ChainView | null>(null)
  const question = ref<Question>('why')
  /** Neither event happened because of the other. */
  const isApart = ref(false)
  const problem = problemRef()
  const reading = ref(false)
  /** Where a path begins. */
  const marked = ref<number | null>(null)
  let turn = 0

  const highlight = computed<CausalHighlight | null>(() => {
    if (event.value === null) return null
    return {
      past: new Set(past.value?.seqs),
      future: new Set(future.value?.seqs),
      path: (chain.value ?? []).map((step) => step.event.seq),
    }
  })

  function clear(): void {
    event.value = null
    past.value = null
    future.value = null
    chain.value = null
    isApart.value = false
    problem.value = ''
    reading.value = false
    question.value = 'why'
  }

  /** Runs a question; only the newest may tell its answer. */
  async function ask(work: (source: 'live' | 'recording', isNewest: () => boolean) => Promise<void>): Promise<void> {
    const source = cluster.sourceName
    const mine = ++turn
    if (source === null) return
    reading.value = true
    problem.value = ''
    try {
      await work(source, () => mine === turn)
    } catch (thrown) {
      if (mine === turn) problem.value = thrown
    } finally {
      if (mine === turn) reading.value = false
    }
  }

  async function look(seq: number): Promise<void> {
    await ask(async (source, isNewest) => {
      const [found] = await door.call('timeline.events', { source, fromSeq: seq, toSeq: seq + 1, limit: 1 })
      if (!isNewest()) return
      clear()
      if (found === undefined) return
      reading.value = true
      event.value = found
      const cone = (direction: 'past' | 'future') =>
        door.call('timeline.cone', { source, seq, direction, limit: LIMIT, span: SPAN, job: `${direction} ${window}` })
      const [why, before, after] = await Promise.all([
        door.call('timeline.why', { source, seq, job: `chain ${window}` }),
        cone('past'),
        cone('future'),
      ])
      if (!isNewest()) return
      chain.value = why
      past.value = before
      future.value = after
    })
  }

  /** The explanation again, after a path. */
  async function why(): Promise<void> {
    const seq = event.value?.seq
    if (seq !== undefined) await look(seq)
  }

  /** A chain from the marked event to the selected one. */
  async function path(): Promise<void> {
    const from = marked.value
    const to = event.value?.seq
    if (from === null || to === undefined) return
    await ask(async (source, isNewest) => {
      const found = await door.call('timeline.path', { source, from, to, job: `chain ${window}` })
      if (!isNewest() || found === null) return
      question.value = 'path'
      chain.value = found.steps
      isApart.value = found.steps === null
    })
  }

  function mark(): void {
    marked.value = event.value?.seq ?? null
  }

  watch(
    () => selection.event,
    (seq) => {
      if (seq !== null) {
        void look(seq)
        return
      }
      turn++
      clear()
    },
    { immediate: true },
  )
  watch(
    () => cluster.source,
    () => {
      turn++
      marked.value = null
      clear()
    },
  )

  return { highlight, event, past, future, chain, question, isApart, problem, reading, marked, why, path, mark }
})
