/**
 * Whose doing a fault is: what a nemesis does goes through the same methods that people use, which know nothing of it. While a
 * step is performed its cause stands here; `Faults` writes it into the detail of what begins meanwhile.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

export interface Cause {
  /** Number of the nemesis. */
  readonly nemesis: number
  readonly step: number
}

const current = new AsyncLocalStorage<Cause>()

/** What `action` begins, also after it waited for something, is caused by this. */
export function causedBy<T>(cause: Cause, action: () => T): T {
  return current.run(cause, action)
}

/** Undefined: a person's doing. */
export function causeNow(): Cause | undefined {
  return current.getStore()
}
