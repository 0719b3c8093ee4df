/** Why an entry is in a log, on a disk, committed, applied: §5.3 and §5.4, backwards. */
import type { TimelineEvent } from '../../../node/contract/events'
import type { Look } from '../look'
import { LATE } from '../window'
import { because, cameWith, originOf, type Rule } from './common'

/** Acknowledgements that are looked at for one commit. */
const MAX_REPLIES = 400

const covers = (event: TimelineEvent, index: number): event is TimelineEvent<'appended'> =>
  event.kind === 'appended' && event.firstIndex <= index && index < event.firstIndex + event.count

const appendedAt = (look: Look, before: TimelineEvent, node: number, index: number) =>
  look.earlier(before, (event) => event.node === node && covers(event, index))

export const appended: Rule<'appended'> = async (look, event) => {
  const { received, sent } = await cameWith(look, event)
  if (received !== undefined && received.message === 'AppendEntries') {
    const source = sent && (await appendedAt(look, sent, sent.node, event.firstIndex))
    return because([sent ?? received, 'message'], [source, 'replicated'])
  }
  const began = await look.stimulus(event, 'role', 'started')
  if (began?.kind === 'started') return because([began, 'booted'])
  if (began?.kind === 'role' && began.role === 'leader') return because([began, 'leads'])
  return because([await asked(look, event), 'client'])
}

/** The client's call that became these entries: its answer says which entry it is. */
async function asked(look: Look, event: TimelineEvent<'appended'>): Promise<TimelineEvent | undefined> {
  const answer = await look.after(
    Math.max(-1, event.seq - LATE),
    (at) => at.kind === 'answer' && at.from === event.node && at.term === event.term && covers(event, at.index),
  )
  if (answer?.kind !== 'answer') return undefined
  return look.earlier(event, (at) => at.kind === 'invoke' && at.call === answer.call)
}

export const truncated: Rule<'truncated'> = async (look, event) => {
  const { received, sent } = await cameWith(look, event)
  return because([sent ?? received, 'message'])
}

export const persisted: Rule<'persisted'> = async (look, event) => {
  const { node, seq, lastIndex, currentTerm, votedFor } = event
  const isBefore = (at: TimelineEvent) => at.node === node && at.kind === 'persisted'
  const since = await look.before(seq, isBefore)
  // One write may have been under way while the next was asked for.
  const until = since === undefined ? 0 : ((await look.before(since.seq, isBefore))?.seq ?? 0)
  const here = (test: (at: TimelineEvent) => boolean) =>
    look.before(seq, (at) => at.node === node && at.t <= event.t && test(at), until)
  const entry = await here((at) => at.kind === 'appended' && at.firstIndex <= lastIndex && at.seq > until)
  const isNews = since?.kind !== 'persisted' || since.currentTerm !== currentTerm || since.votedFor !== votedFor
  const vote = isNews
    ? await here((at) => at.kind === 'hardState' && at.currentTerm === currentTerm && at.votedFor === votedFor)
    : undefined
  const began = event.bytes === 0 ? await look.stimulus(event, 'started') : undefined
  return because([began, 'booted'], [entry, 'stored'], [vote, 'stored'])
}

export const committed: Rule<'committed'> = async (look, event) => {
  switch (event.by) {
    case 'learned': {
      const { received, sent } = await cameWith(look, event)
      if (sent === undefined) return because([received, 'message'])
      const decided = await look.before(
        sent.seq,
        (at) => at.node === sent.node && at.kind === 'committed' && at.commitIndex >= event.commitIndex,
        Math.max(0, sent.seq - 20_000),
      )
      return because([sent, 'message'], [decided, 'decided'])
    }
    case 'snapshot':
      return because([await look.stimulus(event, 'snapshot', 'received'), 'here'])
    case 'counted':
      return majority(look, event)
  }
}

/** The first acknowledgement of each peer that covers the index, and the leader's own disk. */
async function majority(look: Look, event: TimelineEvent<'committed'>) {
  const { node, seq, commitIndex } = event
  const entry = await appendedAt(look, event, node, commitIndex)
  const replies = await look.collect(
    seq,
    (at) => at.node === node && at.kind === 'received' && at.message === 'AppendEntriesReply',
    (at) => at.seq <= (entry?.seq ?? seq - 20_000),
    MAX_REPLIES,
  )
  const first = new Map<number, TimelineEvent<'sent'>>()
  // Latest first, so the earliest of each peer stays.
  for (const reply of replies) {
    if (reply.kind !== 'received') continue
    const sent = await originOf(look, reply, reply.peer, reply.id)
    if (sent?.ok === true && sent.index >= commitIndex) first.set(reply.peer, sent)
  }
  const own = await look.before(
    seq,
    (at) => at.node === node && at.kind === 'persisted' && at.lastIndex >= commitIndex && at.seq > (entry?.seq ?? 0),
    entry?.seq ?? 0,
  )
  const acknowledgements = [...first.values()].sort((a, b) => a.seq - b.seq)
  return because([entry, 'here'], [own, 'stored'], ...acknowledgements.map((sent) => [sent, 'acknowledged'] as const))
}

export const applied: Rule<'applied'> = async (look, event) =>
  because([
    await look.before(
      event.seq,
      (at) =>
        at.node === event.node &&
        ((at.kind === 'committed' && at.commitIndex >= event.lastApplied) ||
          (at.kind === 'snapshot' && at.stage === 'installed')),
    ),
    'ran',
  ])

export const progress: Rule<'progress'> = async (look, event) => {
  const reply = await look.before(
    event.seq,
    (at) =>
      at.node === event.node &&
      ((at.kind === 'received' && at.peer === event.peer && at.message.endsWith('Reply')) ||
        (at.kind === 'role' && at.role === 'leader')),
  )
  if (reply?.kind !== 'received') return because([reply, 'leads'])
  return because([(await originOf(look, reply, reply.peer, reply.id)) ?? reply, 'message'])
}

export const snapshot: Rule<'snapshot'> = async (look, event) => {
  switch (event.stage) {
    case 'saved':
      return because([
        await look.before(
          event.seq,
          (at) => at.node === event.node && at.kind === 'applied' && at.lastApplied >= event.index,
        ),
        'ran',
      ])
    case 'sending':
      return because([await look.stimulus(event, 'received', 'role'), 'here'])
    case 'receiving':
    case 'installed': {
      const { received, sent } = await cameWith(look, event)
      return because([sent ?? received, 'message'])
    }
  }
}

export const compacted: Rule<'compacted'> = async (look, event) =>
  because([
    await look.before(
      event.seq,
      (at) => at.node === event.node && at.kind === 'snapshot' && (at.stage === 'saved' || at.stage === 'installed'),
    ),
    'here',
  ])

export const configuration: Rule<'configuration'> = async (look, event) => {
  switch (event.standing) {
    case 'appended':
      return because([await look.before(event.seq, (at) => at.node === event.node && covers(at, event.index)), 'here'])
    case 'committed':
      return because([await look.stimulus(event, 'committed', 'received', 'persisted'), 'decided'])
    case 'rolled-back':
      return because([await look.stimulus(event, 'truncated', 'received'), 'here'])
    case 'restored':
      return because([await look.before(event.seq, (at) => at.node === event.node && at.kind === 'started'), 'booted'])
  }
}

export const read: Rule<'read'> = async (look, event) => {
  if (event.stage === 'asked') {
    return because([await look.stimulus(event, 'received'), 'message'])
  }
  const { received, sent } = await cameWith(look, event)
  const asked = await look.before(
    event.seq,
    (at) => at.node === event.node && at.kind === 'read' && at.stage === 'asked',
  )
  return because([asked, 'began'], [sent ?? received, 'acknowledged'])
}
