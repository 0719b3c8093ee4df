/** One thread of a trace: slices that never overlap, in the order of their times, and the flows that are bound to them. */
import type { TimelineEvent } from '../../../node/contract/events'
import { fieldsOf } from '../walk'

export type Args = Readonly<Record<string, string | number | boolean>>

/** `ts` and `dur` in nanoseconds; they are written in microseconds. */
export interface TraceEvent {
  readonly name: string
  readonly cat?: string
  readonly ph: 'M' | 'X' | 'i' | 'C' | 's' | 'f' | 'b' | 'e'
  readonly ts: number
  readonly dur?: number
  readonly pid: number
  readonly tid: number
  readonly id?: string
  readonly bp?: 'e'
  readonly s?: 't' | 'p' | 'g'
  readonly args?: Args
}

export interface Slice {
  readonly from: number
  readonly to: number
  readonly name: string
  readonly args: Args
  /** A flow that begins or ends in this slice. */
  readonly flow?: { readonly ph: 's' | 'f'; readonly id: string }
}

const micros = (nanos: number): number => Number((nanos / 1_000).toFixed(3))

export function traceLine({ ts, dur, ...rest }: TraceEvent): string {
  return JSON.stringify({ ...rest, ts: micros(ts), ...(dur !== undefined && { dur: micros(dur) }) })
}

export const argsOf = (event: TimelineEvent): Args => ({ seq: event.seq, ...Object.fromEntries(fieldsOf(event)) })

export class Track {
  readonly pid: number
  readonly tid: number
  readonly #write: (event: TraceEvent) => void
  /** The last slice; written when the next one says how long it may be. */
  #last: Slice | undefined
  /** Nothing on this thread may begin before: viewers take what overlaps for nesting. */
  #least = 0

  constructor(pid: number, tid: number, write: (event: TraceEvent) => void) {
    this.pid = pid
    this.tid = tid
    this.#write = write
  }

  slice(slice: Slice): void {
    const from = Math.max(slice.from, this.#last?.from ?? this.#least)
    this.#put(from)
    this.#last = { ...slice, from, to: Math.max(from, slice.to) }
  }

  /** A slice that lasts until the next one of this thread. */
  become(t: number, name: string, args: Args): void {
    this.slice({ from: t, to: Number.POSITIVE_INFINITY, name, args })
  }

  instant({ ts, ...rest }: Required<Pick<TraceEvent, 'name' | 'cat' | 'ts' | 's' | 'args'>>): void {
    this.#least = Math.max(this.#least, ts)
    this.#write({ ...rest, ph: 'i', ts: this.#least, pid: this.pid, tid: this.tid })
  }

  /** What lasts still is known until `t`. */
  end(t: number): void {
    this.#put(Math.max(t, this.#last?.from ?? t))
  }

  #put(next: number): void {
    const slice = this.#last
    if (slice === undefined) return
    this.#last = undefined
    const { from, name, args, flow } = slice
    const to = Math.min(slice.to, next)
    const { pid, tid } = this
    this.#write({ name, cat: 'slice', ph: 'X', ts: from, dur: to - from, pid, tid, args })
    if (flow === undefined) return
    const bind = flow.ph === 'f' ? { bp: 'e' as const } : {}
    this.#write({ name: 'message', cat: 'message', ph: flow.ph, id: flow.id, ts: from, pid, tid, ...bind })
  }
}
