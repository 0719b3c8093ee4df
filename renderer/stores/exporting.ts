/** The export dialog: whether it is open, and what the diagram shows, which is one of the ranges to choose from. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ShownInput } from '../../preload/contract'
import { createAttempt } from './attempt'

/** Nanoseconds. */
export interface ShownSpan {
  readonly fromT: number
  readonly toT: number
}

export const useExportingStore = defineStore('exporting', () => {
  const open = ref(false)
  /** Asked when the dialog opens; null while there is no diagram. */
  const shown = shallowRef<(() => ShownSpan) | null>(null)
  /** How the diagram is looked at, for pictures of it. */
  const look = shallowRef<(() => ShownInput) | null>(null)
  return { open, shown, look, ...createAttempt() }
})
