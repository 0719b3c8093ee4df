/** What the workbench room offers to its hosts: the Electron shell, the browser host, the command line. */
import type {
  Answer,
  ClusterSettings,
  HostKind,
  Language,
  ProblemView,
  StreamName,
  Streams,
} from '../../preload/contract'
import type { Exported, Write } from '../timeline/export/exporter'

export { DEFAULT_NODES, MAX_NODES, MIN_NODES } from '../node/contract/limits'
export { asProblem, Problem, type ProblemCode } from '../node/contract/problem'

/** Writes one export: hands it over piece by piece, and says at the end what it holds. */
export type Produce = (write: Write, signal: AbortSignal) => Promise<Exported>

/** What a person keeps: its name, and how it is made. */
export interface Offer {
  /** As a file is named, with its extension. */
  readonly name: string
  readonly mediaType: string
  readonly produce: Produce
}

/** How this host lets a person keep a file. */
export type Saving =
  | {
      readonly kind: 'dialog'
      /** Asks where to save; null when the person cancelled. */
      choose(suggestedName: string): Promise<string | null>
    }
  | {
      readonly kind: 'download'
      /** Keeps the export ready for one download; answers the path to fetch, on the window's own origin. */
      offer(offer: Offer): string
    }

export type LogLevel = 'info' | 'warn' | 'error'

/** What only the host can do. */
export interface HostServices {
  readonly kind: HostKind
  /** The language of the person's system, for the setting `system`. */
  systemLanguage(): Language
  readonly saving: Saving
  /** Asks which recording to open; null when cancelled. Left out where there is no such dialog. */
  chooseRecording?(): Promise<string | null>
  log(level: LogLevel, message: string): void
}

/** The built programs that run beside this one: absolute paths. */
export interface Programs {
  readonly node: string
  readonly warden: string
  readonly recorder: string
  readonly judge: string
  /** The page that an HTML export is put into; left out where it was not built. */
  readonly page?: string
}

export interface WorkbenchOptions {
  /** The folder with all clusters, recordings and settings of one person; created when missing. */
  readonly home: string
  readonly host: HostServices
  readonly programs: Programs
  readonly version: string
}

export interface ResumeWish {
  /** Of the cluster that is created when there is none. */
  readonly nodes: number
  /** A last cluster of another size is left alone, and one of `nodes` nodes created. */
  readonly exactly: boolean
  /** The cluster takes these on, whichever it is. */
  readonly settings?: Partial<ClusterSettings>
  /** So many of the nodes are witnesses; a cluster of its own is created for that. */
  readonly witnesses?: number
}

/** One object that implements `preload/contract` for every host. */
export interface Workbench {
  readonly home: string
  /** Any call of the contract, checked by its schema. Never rejects: trouble is an answer. */
  call(name: string, input: unknown): Promise<Answer<unknown>>
  /** The current value at once (for streams that have one), then every change, until the returned function is called. */
  subscribe<S extends StreamName>(stream: S, listener: (value: Streams[S]) => void): () => void
  /** Tells every window about a problem that no call is waiting for. */
  report(thrown: unknown): void
  /** The same, for a problem that some call answered. */
  show(problem: ProblemView): void
  /** Has the windows run a command of theirs. */
  ask(asked: Streams['asked']): void
  /** Anything thrown, with its sentence in the language that people read now. */
  problemView(thrown: unknown): ProblemView
  /** The language that people read now. */
  language(): Language
  /**
   * What a person sees first: opens the cluster that was open last, or the newest; where there is none, creates one.
   * A problem on the way is reported, not thrown.
   */
  resume(wish: ResumeWish): Promise<void>
  /** Opens a recording; a problem is reported, not thrown. */
  openRecording(path: string): Promise<void>
  /**
   * Takes a file that a person brought (its name, its bytes as they come, and how many they are, 0 when nobody knows) and
   * makes a recording of it, unless it is one.
   * @returns the recording's path
   * @throws {Problem} when it is of no kind that can be read, breaks its format's rules, or cannot be written
   */
  receive(name: string, chunks: AsyncIterable<Uint8Array>, size: number): Promise<string>
  /** Closes what is open and ends every process. Never throws; safe to call twice. */
  close(): Promise<void>
}
