import type {
  CallInput,
  CallName,
  CallOutput,
  Language,
  LoadView,
  NotesView,
  ProblemView,
} from '../../../preload/contract'
import type { ClusterStore } from '../../cluster/api'
import type { HostServices, WorkbenchOptions } from '../api'
import type { Playing } from '../playing'
import type { PlayedClusters } from '../scenarios/played'
import type { Session } from '../session'
import type { SettingsStore } from '../settings'
import type { Tasks } from '../tasks'
import type { Judge } from '../verdicts/live/judge'

/** What the calls work on. */
export interface Rooms {
  readonly options: WorkbenchOptions
  readonly host: HostServices
  readonly store: ClusterStore
  readonly session: Session
  readonly settings: SettingsStore
  /** Long work: its progress, and its end. */
  readonly tasks: Tasks
  /** Verdicts over what is open. */
  readonly judge: Judge
  /** The scenario that plays. */
  readonly playing: Playing
  /** Clusters that were made for scenarios. */
  readonly played: PlayedClusters
  /** Settings were changed: every window hears of it. */
  readonly settingsChanged: () => void
  /** What a workload's clients saw: every window hears of it. */
  readonly loadSeen: (point: LoadView) => void
  /** What people noted was changed: every window hears of it. */
  readonly notesChanged: (notes: NotesView) => void
  /** A problem as it crosses, in the language of the settings. */
  readonly problemView: (thrown: unknown) => ProblemView
  /** That people read now. */
  readonly language: () => Language
  /** Aborted when the workbench closes: long work ends. */
  readonly signal: AbortSignal
}

/** What calls need that only read a timeline: an exported page has no more. */
export interface ReadingRooms {
  readonly session: Pick<Session, 'timeline' | 'recorder'>
  readonly signal: AbortSignal
}

/** One function per call of the contract; the input has passed its schema, a `Problem` is thrown. */
export type Calls<C extends CallName = CallName> = {
  readonly [K in C]: (input: CallInput<K>) => Promise<CallOutput<K>>
}
