/** What the recorder's main part and its writer say to each other. */
import type { ProblemCode, Problems } from '../../node/contract/problem'
import type { Block, BlockInfo, RecordingHeader } from '../recording/format'

export interface WriterStart {
  readonly path: string
  readonly header: RecordingHeader
}

export interface ProblemData {
  readonly code: ProblemCode
  readonly details: Problems[ProblemCode]
}

export type ToWriter = { readonly type: 'block'; readonly block: Block } | { readonly type: 'close' }

export type FromWriter =
  /** The file stands with its header. */
  | { readonly type: 'ready'; readonly bytes: number }
  /** The file has this block; `bytes` is its size now. */
  | { readonly type: 'written'; readonly info: BlockInfo; readonly bytes: number }
  /** A write failed; it is tried again until it succeeds. Said once per failure. */
  | { readonly type: 'failing'; readonly problem: ProblemData }
  /** It succeeded. */
  | { readonly type: 'recovered' }
  /** The last word; with a problem when the recording could not be finished. */
  | { readonly type: 'closed'; readonly problem?: ProblemData }

/** The writing side as the recorder's main part sees it: a worker thread, or in tests the same code in this one. */
export interface WriterPort {
  post(message: ToWriter): void
  onMessage(listener: (message: FromWriter) => void): void
  /** Frees everything; the recorder calls it after `closed`. */
  end(): Promise<void>
}
