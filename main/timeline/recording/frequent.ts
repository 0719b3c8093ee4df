/**
 * Events of the kinds of which most of a recording consists, out of the columns of their table. Each is an object that is made
 * in one go: one that grows field by field, as those of all other kinds do, takes several times as long.
 */
import type { EventKind, FieldsOf, TimelineEvent } from '../../node/contract/events'

/** The columns of a kind by the names of its fields. */
type Columns<K extends EventKind> = { readonly [F in keyof FieldsOf<K>]: ArrayLike<FieldsOf<K>[F]> }

type Making<K extends EventKind> = (
  node: number,
  n: number,
  t: number,
  seq: number,
  columns: Columns<K>,
  row: number,
) => TimelineEvent<K>

/** `row` is one that all columns have. Every field of the kind stands here once: the compiler looks after that. */
const FREQUENT: { readonly [K in EventKind]?: Making<K> } = {
  appended: (node, n, t, seq, columns, row) => ({
    kind: 'appended',
    node,
    n,
    t,
    seq,
    firstIndex: columns.firstIndex[row] as number,
    count: columns.count[row] as number,
    entries: columns.entries[row] as FieldsOf<'appended'>['entries'],
    term: columns.term[row] as number,
    bytes: columns.bytes[row] as number,
  }),
  persisted: (node, n, t, seq, columns, row) => ({
    kind: 'persisted',
    node,
    n,
    t,
    seq,
    lastIndex: columns.lastIndex[row] as number,
    currentTerm: columns.currentTerm[row] as number,
    votedFor: columns.votedFor[row] as number,
    bytes: columns.bytes[row] as number,
    micros: columns.micros[row] as number,
  }),
  committed: (node, n, t, seq, columns, row) => ({
    kind: 'committed',
    node,
    n,
    t,
    seq,
    commitIndex: columns.commitIndex[row] as number,
    by: columns.by[row] as FieldsOf<'committed'>['by'],
  }),
  applied: (node, n, t, seq, columns, row) => ({
    kind: 'applied',
    node,
    n,
    t,
    seq,
    lastApplied: columns.lastApplied[row] as number,
  }),
  timer: (node, n, t, seq, columns, row) => ({
    kind: 'timer',
    node,
    n,
    t,
    seq,
    deadline: columns.deadline[row] as number,
    duration: columns.duration[row] as number,
  }),
  progress: (node, n, t, seq, columns, row) => ({
    kind: 'progress',
    node,
    n,
    t,
    seq,
    peer: columns.peer[row] as number,
    matchIndex: columns.matchIndex[row] as number,
    nextIndex: columns.nextIndex[row] as number,
    state: columns.state[row] as FieldsOf<'progress'>['state'],
    inFlight: columns.inFlight[row] as number,
  }),
  sent: (node, n, t, seq, columns, row) => ({
    kind: 'sent',
    node,
    n,
    t,
    seq,
    peer: columns.peer[row] as number,
    id: columns.id[row] as number,
    message: columns.message[row] as FieldsOf<'sent'>['message'],
    term: columns.term[row] as number,
    index: columns.index[row] as number,
    logTerm: columns.logTerm[row] as number,
    commit: columns.commit[row] as number,
    count: columns.count[row] as number,
    ok: columns.ok[row] as boolean,
    hint: columns.hint[row] as number,
    hintTerm: columns.hintTerm[row] as number,
    inReplyTo: columns.inReplyTo[row] as number,
    round: columns.round[row] as number,
  }),
  received: (node, n, t, seq, columns, row) => ({
    kind: 'received',
    node,
    n,
    t,
    seq,
    peer: columns.peer[row] as number,
    id: columns.id[row] as number,
    message: columns.message[row] as FieldsOf<'received'>['message'],
    term: columns.term[row] as number,
    count: columns.count[row] as number,
  }),
}

/** {@link Making} for any kind: `columns` are those of a table of that kind. */
export type MakeEvent = (
  node: number,
  n: number,
  t: number,
  seq: number,
  columns: Readonly<Record<string, ArrayLike<unknown>>>,
  row: number,
) => TimelineEvent

/** How events of a kind are made in one go; undefined: field by field. */
export function makerOf(kind: EventKind): MakeEvent | undefined {
  return FREQUENT[kind] as MakeEvent | undefined
}
