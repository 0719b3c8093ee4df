/** What an export is: the same for every format, whoever asks for it. */
import type { EventKind } from '../../node/contract/events'
import type { EventRange, TimelineSource } from '../api'
import type { Shown } from '../diagram/shown'

export const EXPORT_FORMATS = [
  'jsonl',
  'csv',
  'perfetto',
  'shiviz',
  'jepsen',
  'jepsen-log',
  'porcupine',
  'porcupine-edn',
  'etcd',
  'mermaid',
  'otlp',
  'sqlite',
  'svg',
  'png',
  'html',
] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** A part of a timeline: a window of it, and in it only some nodes and kinds. */
export interface ExportSelection extends EventRange {
  /** Left out: of all. 0 is the workbench. */
  readonly nodes?: readonly number[]
  readonly kinds?: readonly EventKind[]
  /** Of clients' calls only those of this key. */
  readonly key?: string
}

export interface ExportWish {
  readonly selection: ExportSelection
  /** Of words that a format has room for. */
  readonly language: 'en' | 'zh'
  /** Of pictures. */
  readonly theme: 'dark' | 'light'
  /** Pictures: CSS pixels. */
  readonly width: number
  /** Pictures: how the window shows the diagram, so that the picture does, too. */
  readonly shown?: Shown
  /** Cancels; the call rejects then. */
  readonly signal: AbortSignal
  /** Called now and then with how many events are done. */
  progress(events: number): void
}

/** What a format had no room or no word for. */
export interface LeftOut {
  /** For people, a short phrase with a number: why, and how many. */
  readonly reason: 'too-long' | 'no-such-event' | 'unpaired' | 'no-data'
  readonly events: number
}

export interface Exported {
  /** Events that it holds. */
  readonly events: number
  readonly leftOut: readonly LeftOut[]
}

/** Resolves when more can be taken. */
export type Write = (chunk: string | Uint8Array) => Promise<void>

export interface Exporter {
  readonly format: ExportFormat
  /** Without the dot. */
  readonly extension: string
  readonly mediaType: string
  /**
   * Writes the selection, in bounded memory unless the format forbids it.
   * @throws {Problem} when this timeline cannot be told in this format, with what would be needed
   */
  write(source: TimelineSource, wish: ExportWish, write: Write): Promise<Exported>
}
