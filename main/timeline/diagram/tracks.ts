/** What runs below the lanes: faults, operations, client calls, and the index up to which the log is committed. */
import type { EventView } from '../views/types'

/** A stretch of time; `to` is Infinity while it lasts. */
interface Stretch {
  readonly seq: number
  readonly from: number
  to: number
}

export interface FaultSpan extends Stretch {
  readonly id: number
  readonly type: EventView<'fault'>['type']
  /** JSON: the nodes, links or groups concerned. */
  readonly detail: string
  /** 0 is the upper row of the track. */
  readonly row: number
}

export interface CallSpan extends Stretch {
  readonly call: number
  readonly op: EventView<'invoke'>['op']
  readonly key: string
  readonly value: string
  readonly via: number
  readonly consistency: EventView<'invoke'>['consistency']
  outcome: EventView<'answer'>['outcome'] | 'pending'
  readonly row: number
}

/** What the user asked of the cluster besides faults and calls. */
export interface OperationSpan extends Stretch {
  readonly id: number
  readonly type: EventView<'operation'>['type']
  /** JSON: what exactly. */
  readonly detail: string
  outcome: 'pending' | 'done' | 'failed'
  readonly row: number
}

export interface CommitStep {
  readonly t: number
  readonly seq: number
  readonly index: number
}

/** The recorder shed events between `from` and `to`; `subject` 0 means all nodes. */
export interface GapSpan {
  readonly seq: number
  readonly from: number
  readonly to: number
  readonly subject: number
  readonly shed: number
}

/** What a person wrote down at a moment: a note of the recording, or a bookmark. Or where a verdict says that something broke. */
export interface Flag {
  readonly seq: number
  readonly t: number
  readonly text: string
  readonly kind: 'note' | 'bookmark' | 'violation'
}

/** The whole cluster stood still. */
export interface StopSpan extends Stretch {
  /** Who hit a breakpoint or made a step; 0 = by command. */
  readonly subject: number
}

/** Rows that a track may have when there is room; what does not fit shares the last one. */
const FAULT_ROWS = 3
const CALL_ROWS = 3
const OPERATION_ROWS = 2
const MOST = 4_000

export class Tracks {
  faults: FaultSpan[] = []
  calls: CallSpan[] = []
  operations: OperationSpan[] = []
  commits: CommitStep[] = []
  gaps: GapSpan[] = []
  stops: StopSpan[] = []
  notes: Flag[] = []
  /** Rows that were ever needed at once: the tracks keep this height. */
  faultRows = 1
  callRows = 1
  /** 0 until something was asked: a cluster that is only watched needs no such track. */
  operationRows = 0

  fault(event: EventView<'fault'>): void {
    if (event.action === 'end') {
      const open = this.faults.find((span) => span.id === event.id && span.to === Number.POSITIVE_INFINITY)
      if (open !== undefined) open.to = event.t
      return
    }
    const row = freeRow(this.faults, event.t, FAULT_ROWS)
    this.faultRows = Math.max(this.faultRows, row + 1)
    this.faults = kept(this.faults, {
      id: event.id,
      seq: event.seq,
      from: event.t,
      to: Number.POSITIVE_INFINITY,
      type: event.type,
      detail: event.detail,
      row,
    })
  }

  note({ seq, t, text }: EventView<'note'>): void {
    this.notes = kept(this.notes, { seq, t, text, kind: 'note' })
  }

  stop(event: EventView<'stop'>): void {
    const open = this.stops.at(-1)
    if (open !== undefined && open.to === Number.POSITIVE_INFINITY) open.to = event.t
    if (event.action !== 'stopped') return
    this.stops = kept(this.stops, {
      seq: event.seq,
      from: event.t,
      to: Number.POSITIVE_INFINITY,
      subject: event.subject,
    })
  }

  operation(event: EventView<'operation'>): void {
    if (event.action !== 'begin') {
      const open = this.operations.find((span) => span.id === event.id && span.outcome === 'pending')
      if (open === undefined) return
      open.to = event.t
      open.outcome = event.action
      return
    }
    const row = freeRow(this.operations, event.t, OPERATION_ROWS)
    this.operationRows = Math.max(this.operationRows, row + 1)
    this.operations = kept(this.operations, {
      id: event.id,
      seq: event.seq,
      from: event.t,
      to: Number.POSITIVE_INFINITY,
      type: event.type,
      detail: event.detail,
      outcome: 'pending',
      row,
    })
  }

  invoke(event: EventView<'invoke'>): void {
    const row = freeRow(this.calls, event.t, CALL_ROWS)
    this.callRows = Math.max(this.callRows, row + 1)
    this.calls = kept(this.calls, {
      call: event.call,
      seq: event.seq,
      from: event.t,
      to: Number.POSITIVE_INFINITY,
      op: event.op,
      key: event.key,
      value: event.value,
      via: event.via,
      consistency: event.consistency,
      outcome: 'pending',
      row,
    })
  }

  answer(event: EventView<'answer'>): void {
    const span = this.calls.findLast((call) => call.call === event.call)
    if (span === undefined) return
    span.outcome = event.outcome
    // Without an answer it may still take effect: the call stays open, as it would in a history.
    if (event.outcome !== 'unknown') span.to = event.t
  }

  /** Committed is the highest commitIndex that any node has. */
  committed(event: EventView<'committed'>): void {
    if (event.commitIndex <= (this.commits.at(-1)?.index ?? 0)) return
    this.commits = kept(this.commits, { t: event.t, seq: event.seq, index: event.commitIndex })
  }

  gap(event: EventView<'gap'>, after: number): void {
    const last = this.gaps.at(-1)
    const from = Math.min(after, event.t)
    if (last !== undefined && last.to >= from && last.subject === event.subject) {
      this.gaps[this.gaps.length - 1] = { ...last, to: event.t, shed: last.shed + event.shed }
      return
    }
    this.gaps = kept(this.gaps, { seq: event.seq, from, to: event.t, subject: event.subject, shed: event.shed })
  }
}

function kept<T>(items: T[], item: T): T[] {
  items.push(item)
  return items.length > MOST * 1.25 ? items.slice(-MOST) : items
}

/** The first row in which nothing is going on at `t`; the last one when all are busy. */
function freeRow(spans: readonly { readonly row: number; readonly to: number }[], t: number, rows: number): number {
  const recent = spans.slice(-24)
  for (let row = 0; row < rows - 1; row++) {
    if (recent.every((span) => span.row !== row || span.to <= t)) return row
  }
  return rows - 1
}
