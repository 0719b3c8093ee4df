/** Fields of events, for tests that need such an event and ask for few of its fields. */
import type { FieldsOf } from '../../main/node/contract/events'

/** A first start, on an empty disk. */
export const FIRST_START: FieldsOf<'started'> = {
  incarnation: 0,
  pid: 1,
  currentTerm: 0,
  votedFor: 0,
  firstIndex: 1,
  lastIndex: 0,
  tornBytes: 0,
  baseTerm: 0,
  snapshotIndex: 0,
  snapshotTerm: 0,
}

/** AppendEntries with the first entry, to n2. */
export const SENT_ENTRY: FieldsOf<'sent'> = {
  peer: 2,
  id: 1,
  message: 'AppendEntries',
  term: 1,
  index: 0,
  logTerm: 0,
  commit: 0,
  count: 1,
  ok: true,
  hint: 0,
  hintTerm: 0,
  inReplyTo: 0,
  round: 0,
}
