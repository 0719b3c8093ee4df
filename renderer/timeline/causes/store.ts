/** What is lit up on the diagram because of the selected event: its causal past, its future, a path. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** `seq`s of events. Outside of `past`, `future` and `path` the diagram steps back. */
export interface CausalHighlight {
  readonly past: ReadonlySet<number>
  readonly future: ReadonlySet<number>
  /** In order: each happened because of the one before it. */
  readonly path: readonly number[]
}

export const useCausesStore = defineStore('causes', () => {
  const highlight = shallowRef<CausalHighlight | null>(null)
  return { highlight }
})
