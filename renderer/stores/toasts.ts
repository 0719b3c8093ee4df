/** Short notices at the edge of the window: what was done, and the act that undoes it. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export type ToastTone = 'neutral' | 'ok' | 'warn' | 'danger'

export interface ToastAction {
  readonly label: string
  readonly run: () => unknown
}
export interface Toast {
  readonly id: number
  readonly tone: ToastTone
  readonly text: string
  readonly action?: ToastAction
  /** Milliseconds until it goes by itself. */
  readonly stays: number
}

const SHOWN_AT_ONCE = 4
const STAYS_MS = 8_000
const PROBLEM_STAYS_MS = 20_000

export const useToasts = defineStore('toasts', () => {
  const toasts = ref<readonly Toast[]>([])
  let next = 1

  /** Shows a notice; the same sentence twice is shown once, anew. */
  function push(toast: Omit<Toast, 'id' | 'stays'>): void {
    const stays = toast.tone === 'danger' ? PROBLEM_STAYS_MS : STAYS_MS
    const others = toasts.value.filter((other) => other.text !== toast.text)
    toasts.value = [...others, { ...toast, id: next++, stays }].slice(-SHOWN_AT_ONCE)
  }
  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }
  return { toasts, push, dismiss }
})
