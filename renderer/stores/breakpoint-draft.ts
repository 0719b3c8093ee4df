/** The breakpoint that is being written: it stays while another tab is looked at. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export const useBreakpointDraft = defineStore('breakpointDraft', () => {
  const text = ref('')
  /** The breakpoint whose text is changed; null = a new one. */
  const editing = ref<number | null>(null)

  function edit(id: number, of: string): void {
    editing.value = id
    text.value = of
  }
  function clear(): void {
    editing.value = null
    text.value = ''
  }
  return { text, editing, edit, clear }
})
