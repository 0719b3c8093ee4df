/** The door as a window sees it, and how Electron's IPC carries it. */
import type { CallInput, CallName, CallOutput } from './calls'
import type { StreamName, Streams } from './streams'
import type { ProblemView } from './views'

/** A call's answer crosses as data, so that errors keep code and details. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: ProblemView }

/** `window.workbench` in Electron; the browser host's client implements the same. */
export interface WorkbenchDoor {
  call<C extends CallName>(name: C, input: CallInput<C>): Promise<Answer<CallOutput<C>>>
  /** Listens until the returned function is called. */
  subscribe<S extends StreamName>(name: S, listener: (value: Streams[S]) => void): () => void
  /** Electron: where a file lies that was dropped into the window; empty when it lies nowhere. */
  pathOf?(file: File): string
}

/** The few names that Electron's IPC carries; what goes through them is the above. */
export const CHANNELS = {
  /** invoke (name, input) → Answer */
  call: 'workbench:call',
  /** send (subscription, stream) */
  subscribe: 'workbench:subscribe',
  /** send (subscription) */
  unsubscribe: 'workbench:unsubscribe',
  /** to the window: (subscription, value) */
  value: 'workbench:value',
  /** send (subscription): the window took a value; one that takes none is sent no more live updates */
  taken: 'workbench:taken',
} as const
