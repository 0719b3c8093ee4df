/** What a timeline can be taken away as, what can be brought in, and long work with its progress. */
import { z } from 'zod'
import { EVENT_KINDS, type EventKind } from '../../../main/node/contract/events'
import { RULE_COLOURS } from '../../../main/timeline/diagram/shown'
import type { ExportFormat, LeftOut } from '../../../main/timeline/export/exporter'
import type { ProblemView } from '../views'

export { EVENT_KINDS } from '../../../main/node/contract/events'
export type { ExportFormat, LeftOut } from '../../../main/timeline/export/exporter'

z.config({ jitless: true })

/** In the order in which people are offered them; the compiler keeps the list complete. */
const FORMATS: Readonly<Record<ExportFormat, true>> = {
  jsonl: true,
  html: true,
  svg: true,
  png: true,
  csv: true,
  sqlite: true,
  perfetto: true,
  otlp: true,
  shiviz: true,
  jepsen: true,
  'jepsen-log': true,
  porcupine: true,
  'porcupine-edn': true,
  etcd: true,
  mermaid: true,
}
export const EXPORT_FORMATS = Object.keys(FORMATS) as readonly ExportFormat[]

/** Formats that need every node and kind: a state cannot be folded from a part, nor a picture be what it shows. */
export const WHOLE_FORMATS: readonly ExportFormat[] = ['html']

/** What clients asked and were answered, and nothing else: one key can be chosen. */
export const HISTORY_FORMATS: readonly ExportFormat[] = ['jepsen', 'jepsen-log', 'porcupine', 'porcupine-edn']
/** Characters; a key has no more. */
export const MAX_KEY_LENGTH = 1024

export const MIN_PICTURE_WIDTH = 400
export const MAX_PICTURE_WIDTH = 8_000

const bound = z.number().optional()

const seqs = z.array(z.number().int().min(0)).max(50_000)

/** How the window shows the diagram beyond its span: a picture then does, too. */
export const shownSchema = z.strictObject({
  hideHeartbeats: z.boolean().optional(),
  filter: z.string().max(1_000).optional(),
  rules: z
    .array(z.strictObject({ filter: z.string().max(1_000), colour: z.enum(RULE_COLOURS), on: z.boolean() }))
    .max(50)
    .optional(),
  message: z.strictObject({ sender: z.number(), receiver: z.number(), id: z.number() }).optional(),
  node: z.number().int().optional(),
  pin: z.number().optional(),
  causal: z.strictObject({ origin: z.number().int(), past: seqs, future: seqs, path: seqs }).optional(),
})
export type ShownInput = z.infer<typeof shownSchema>

export const exportWishSchema = z.strictObject({
  format: z.enum(EXPORT_FORMATS as readonly [ExportFormat, ...ExportFormat[]]),
  fromSeq: bound,
  toSeq: bound,
  /** Nanoseconds; from is included, to is not. */
  fromT: bound,
  toT: bound,
  /** Left out: of all. 0 is the workbench. */
  nodes: z.array(z.number().int().min(0).max(65_535)).min(1).max(1_000).optional(),
  kinds: z
    .array(z.enum(EVENT_KINDS as readonly [EventKind, ...EventKind[]]))
    .min(1)
    .max(100)
    .optional(),
  /** Of clients' calls only those of this key: of histories. */
  key: z.string().min(1).max(MAX_KEY_LENGTH).optional(),
  /** Of pictures and pages. */
  theme: z.enum(['dark', 'light']).optional(),
  /** Of words that a format has room for; left out: as in the settings. */
  language: z.enum(['en', 'zh']).optional(),
  /** Of pictures, CSS pixels. */
  width: z.number().int().min(MIN_PICTURE_WIDTH).max(MAX_PICTURE_WIDTH).optional(),
  /** Of pictures. */
  shown: shownSchema.optional(),
})
export type ExportWishInput = z.infer<typeof exportWishSchema>

export const EXPORT_CALLS = {
  /** A save dialog in Electron, a download in a browser. Answers when the file is there, or offered. */
  'timeline.export': {
    input: z.strictObject({ source: z.enum(['live', 'recording']), ...exportWishSchema.shape }),
  },
  'tasks.cancel': { input: z.strictObject({ task: z.number().int().min(1) }) },
  /** Files that were opened lately and are still there, the last one first. */
  'files.recent': { input: z.strictObject({}) },
} as const

export type SaveResult =
  | { readonly kind: 'saved'; readonly path: string; readonly events: number; readonly leftOut: readonly LeftOut[] }
  /** Browser host: fetch this path (same origin, once) to download. */
  | { readonly kind: 'download'; readonly url: string; readonly name: string }
  | { readonly kind: 'cancelled' }

export interface RecentFile {
  readonly path: string
  readonly name: string
  /** ISO 8601. */
  readonly opened: string
}

export type TaskState = 'running' | 'done' | 'failed' | 'cancelled'

/** Work that takes long enough to be looked at. */
export interface TaskView {
  readonly id: number
  readonly kind: 'export' | 'import' | 'fork'
  /** The name of the file that is made, or read; of the cluster that is made. */
  readonly what: string
  readonly state: TaskState
  readonly done: number
  /** 0 = nobody knows yet. */
  readonly total: number
  /** Of an export that is done. */
  readonly leftOut: readonly LeftOut[]
  /** Where the result is; empty when that is not known (a download). */
  readonly path: string
  readonly problem: ProblemView | null
}

export interface ExportOutputs {
  'timeline.export': SaveResult
  'files.recent': readonly RecentFile[]
}

/** Browser host: a file is sent here with POST, its name as `?name=`; the answer is an {@link UploadAnswer}. */
export const UPLOAD_PATH = '/uploads'
export const MAX_UPLOAD_BYTES = 2 ** 31

/** JSON. `path` is of a recording that can be opened. */
export type UploadAnswer =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly problem: ProblemView }

/** What the shell's menu leaves to the window: it has the dialog. */
export interface AskedOfWindow {
  readonly command: 'timeline.export'
}
