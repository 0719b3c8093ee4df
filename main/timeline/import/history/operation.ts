/**
 * A history as Jepsen, Knossos and porcupine's tests write it: what clients asked and were told, in the order in which it
 * happened. Reading it is one thing; making a timeline of it, or judging it, is another.
 */
import type { Edn } from './edn'

export const OPERATION_TYPES = ['invoke', 'ok', 'fail', 'info'] as const
export type OperationType = (typeof OPERATION_TYPES)[number]

/** Our own word, and what a cas means that fails in a Jepsen log and says no more. */
export const MISMATCH = 'mismatch'

export interface HistoryOperation {
  /** Of the file, from 1. */
  readonly line: number
  /** A client, or somebody who breaks things: `nemesis`. */
  readonly process: number | string
  readonly type: OperationType
  /** What it does: read, write, cas, put, get, append, … */
  readonly f: string
  /** Of a store of keys: which one. Undefined where the history is of one thing. */
  readonly key: Edn | undefined
  readonly value: Edn
  /** Nanoseconds since the test began. */
  readonly time: number | undefined
  /** Why it failed or is not known; empty = not told. `mismatch`: a cas that compared and found something else. */
  readonly error: string
  /** Our own exports number faults, so that their ends find their beginnings. */
  readonly fault: number | undefined
}

/** A call and what came of it; `answer` undefined: nothing was ever heard. */
export interface HistoryCall {
  readonly invoke: HistoryOperation
  readonly answer: HistoryOperation | undefined
}
