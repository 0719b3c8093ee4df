/** What the running step has asked for so far, and how that becomes its {@link Effects}. */
import type {
  Effects,
  Entry,
  HardState,
  Index,
  Message,
  Millis,
  Observation,
  Position,
  ProposalResult,
  ReadResult,
  RequestResult,
  SnapshotChunk,
  SnapshotMeta,
  Write,
} from './types'

/** When a message may leave: as soon as the step is over, or when the disk has everything told so far. */
export type Departure = 'now' | 'durable'

/** Everything that the running step has asked for so far. */
export interface Pending {
  readonly messages: { readonly message: Message; readonly departure: Departure }[]
  readonly appended: Entry[]
  readonly committed: Entry[]
  readonly proposals: ProposalResult[]
  readonly reads: ReadResult[]
  readonly requests: RequestResult[]
  readonly observations: Observation[]
  truncateFrom: Index | undefined
  /** Did term or vote change? */
  hardState: boolean
  install: Write['install']
  compactTo: Position | undefined
  restore: SnapshotMeta | undefined
  chunk: SnapshotChunk | undefined
}

/** A step that has not asked for anything yet. */
export function nothing(): Pending {
  return {
    messages: [],
    appended: [],
    committed: [],
    proposals: [],
    reads: [],
    requests: [],
    observations: [],
    truncateFrom: undefined,
    hardState: false,
    install: undefined,
    compactTo: undefined,
    restore: undefined,
    chunk: undefined,
  }
}

/** Does the step change anything that must survive a crash? */
export function needsDisk({ truncateFrom, appended, hardState, install, compactTo }: Pending): boolean {
  const changesLog = truncateFrom !== undefined || appended.length > 0 || compactTo !== undefined
  return changesLog || hardState || install !== undefined
}

/** The last index that the step's write makes durable; 0 when it holds neither entries nor a snapshot. */
export function reachOf({ appended, install }: Pending): Index {
  return Math.max(appended.at(-1)?.index ?? 0, install?.snapshot.index ?? 0)
}

/** The step's write; `present` is the hard state as it stands at the end of the step. */
export function writeOf(pending: Pending, number: number, present: HardState): Write {
  const { truncateFrom, appended, hardState, install, compactTo } = pending
  return {
    number,
    ...(install && { install }),
    ...(truncateFrom !== undefined && { truncateFrom }),
    entries: appended,
    ...(hardState && { hardState: present }),
    ...(compactTo && { compactTo }),
  }
}

/** `awaited` is the write that everything told so far waits for, this step's own included; 0 when the disk is idle. */
export function effectsOf(pending: Pending, write: Write | undefined, awaited: number, deadline: Millis): Effects {
  const { messages, committed, proposals, reads, requests, observations, restore, chunk } = pending
  return {
    messages: messages.map(({ message, departure }) => ({ message, afterWrite: departure === 'now' ? 0 : awaited })),
    ...(write && { write }),
    ...(restore && { restore }),
    committed,
    ...(chunk && { chunk }),
    proposals,
    reads,
    requests,
    observations,
    deadline,
  }
}
