/** What a window may listen to. */
import type { LoadView } from './faults'
import type { ScenariosUpdate } from './scenarios'
import type { AskedOfWindow, TaskView } from './timeline/exports'
import type { NotesView } from './timeline/moments'
import type { VerdictsView } from './verdicts'
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
  /** The scenario that plays, at each change. */
  readonly scenarios: ScenariosUpdate
  /** What was judged of what is open, a few times a second while it goes on; null when nothing is. */
  readonly verdicts: VerdictsView | null
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
  'scenarios',
  'verdicts',
] as const satisfies readonly StreamName[]
