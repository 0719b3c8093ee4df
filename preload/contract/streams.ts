/** What a window may listen to. */
import type { LoadView } from './faults'
import type { AskedOfWindow, TaskView } from './timeline/exports'
import type { NotesView } from './timeline/moments'
import type { LiveUpdate, OpenSource, ProblemView, Settings } from './views'

export interface Streams {
  /** What is open; the current value on subscribing, then each change. */
  readonly source: OpenSource
  /** The live cluster, at most 20 times a second; `whole` on subscribing and after each opening. */
  readonly live: LiveUpdate
  /** Settings, also when another window changed them. */
  readonly settings: Settings
  /** Problems that no call is waiting for: a node that crashed by itself, a disk that filled up. */
  readonly problem: ProblemView
  /** Each interval of each workload, while it runs. */
  readonly load: LoadView
  /** All work that takes long: what runs, and the last that ended. */
  readonly tasks: readonly TaskView[]
  /** A command of the window that somebody chose in the application's own menu. */
  readonly asked: AskedOfWindow
  /** What people noted of a recording, after each change in any window. */
  readonly notes: NotesView
}
export type StreamName = keyof Streams
export const STREAMS = [
  'source',
  'live',
  'settings',
  'problem',
  'load',
  'tasks',
  'asked',
  'notes',
] as const satisfies readonly StreamName[]
