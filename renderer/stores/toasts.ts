/** Short notices at the edge of the window: what was done, and the act that undoes it. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export type ToastTone = 'neutral' | 'ok' | 'warn' | 'danger'

export interface ToastAction {
  readonly label: () => string
  readonly run: () => unknown
}
export interface Toast {
  readonly id: number
  readonly tone: ToastTone
  /** What it says, in the language that is shown now. What it speaks of is what it was when the notice was made. */
  readonly text: () => string
  readonly action?: ToastAction
  /** Milliseconds until it goes by itself. */
  readonly stays: number
}

const SHOWN_AT_ONCE = 4
const STAYS_MS = 8_000
const PROBLEM_STAYS_MS = 20_000

export const useToasts = defineStore('toasts', () => {
  const toasts = shallowRef<readonly Toast[]>([])
  let next = 1

  /** Shows a notice; the same sentence twice is shown once, anew. @returns what it is dismissed by */
  function push(toast: Omit<Toast, 'id' | 'stays'>): number {
    const stays = toast.tone === 'danger' ? PROBLEM_STAYS_MS : STAYS_MS
    const text = toast.text()
    const others = toasts.value.filter((other) => other.text() !== text)
    const id = next++
    toasts.value = [...others, { ...toast, id, stays }].slice(-SHOWN_AT_ONCE)
    return id
  }
  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }
  return { toasts, push, dismiss }
})
