/** Events and entries as people read them: what crosses to a window, and what a picture is drawn from. Types only. */
import type { ClientOp, EventKind, TimelineEvent } from '../../node/contract/events'
import type { Configuration, EntryType } from '../../raft/types'

/** One log entry as people read it; long values are cut to 64 characters, `bytes` tells the true size. */
export interface EntryView {
  readonly index: number
  readonly term: number
  readonly type: EntryType
  /** Of a command; empty when there is none or its data was not recorded. */
  readonly op: ClientOp | 'open-session' | 'close-session' | ''
  /** Of a `config` entry. */
  readonly configuration?: Configuration
  readonly key: string
  readonly value: string
  readonly bytes: number
}

/** A timeline event as it crosses: entries as {@link EntryView}, bytes as text (cut to 64 characters). */
type Crossing<T> = T extends Uint8Array
  ? string
  : T extends readonly { readonly data: Uint8Array }[]
    ? readonly EntryView[]
    : T
export type EventView<K extends EventKind = EventKind> = {
  [P in K]: { readonly [F in keyof TimelineEvent<P>]: Crossing<TimelineEvent<P>[F]> }
}[K]
