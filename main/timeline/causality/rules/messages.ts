/** Why a message left, waited, arrived or did not. */
import type { TimelineEvent } from '../../../node/contract/events'
import type { Look } from '../look'
import type { Because } from '../types'
import { because, hasEnded, obstacle, originOf, type Rule } from './common'

const roleOf = (look: Look, { node, seq }: TimelineEvent, role: string) =>
  look.before(seq, (event) => event.node === node && event.kind === 'role' && event.role === role)

export const sent: Rule<'sent'> = async (look, event) => {
  if (event.inReplyTo > 0) return reply(look, event)
  switch (event.message) {
    case 'RequestVote':
      return because([await roleOf(look, event, 'candidate'), 'stood'])
    case 'RequestPreVote':
      return because([await roleOf(look, event, 'pre-candidate'), 'stood'])
    case 'AppendEntries': {
      const entry =
        event.count > 0
          ? await look.before(
              event.seq,
              (at) =>
                at.node === event.node &&
                at.kind === 'appended' &&
                at.firstIndex <= event.index + 1 &&
                event.index + 1 < at.firstIndex + at.count,
            )
          : undefined
      if (entry !== undefined) return because([entry, 'replicated'])
      return because([await roleOf(look, event, 'leader'), 'leads'])
    }
    case 'InstallSnapshot': {
      const saved = await look.before(
        event.seq,
        (at) => at.node === event.node && at.kind === 'snapshot' && at.stage === 'saved',
      )
      return because([saved ?? (await roleOf(look, event, 'leader')), saved ? 'replicated' : 'leads'])
    }
    case 'TimeoutNow':
      return because([await look.before(event.seq, (at) => at.node === event.node && at.kind === 'transfer'), 'here'])
    case 'ReadIndex':
      return because([await look.stimulus(event, 'read'), 'here'])
    case 'RequestVoteReply':
    case 'RequestPreVoteReply':
    case 'AppendEntriesReply':
    case 'InstallSnapshotReply':
    case 'ReadIndexReply':
    case 'Foreign':
      return because([await look.stimulus(event, 'received', 'read', 'foreign'), 'here'])
  }
}

/** What was asked, what this node found then, and the disk that had to have it first. */
async function reply(look: Look, event: TimelineEvent<'sent'>): Promise<readonly Because[]> {
  const here = (test: (at: TimelineEvent) => boolean, until = 0) =>
    look.before(event.seq, (at) => at.node === event.node && test(at), until)
  const arrived = await here((at) => at.kind === 'received' && at.peer === event.peer && at.id === event.inReplyTo)
  if (arrived?.kind !== 'received') return because([arrived, 'asked'])
  const request = await originOf(look, arrived, arrived.peer, arrived.id)
  const stored = await look.stimulus(event, 'persisted')
  switch (event.message) {
    case 'RequestVoteReply':
    case 'RequestPreVoteReply': {
      const found = await look.after(
        arrived.seq,
        (at) => at.node === event.node && at.kind === 'remark' && at.peer === event.peer && at.t === arrived.t,
        64,
      )
      return because([found ?? request, 'asked'], [stored, 'stored'])
    }
    case 'AppendEntriesReply': {
      if (!event.ok) {
        const found = await look.after(
          arrived.seq,
          (at) => at.node === event.node && at.kind === 'remark' && at.t === arrived.t,
          64,
        )
        return because([found ?? request, 'asked'])
      }
      const entry = await here(
        (at) => at.kind === 'appended' && at.seq > arrived.seq && at.t === arrived.t,
        arrived.seq,
      )
      return because([entry ?? request ?? arrived, entry ? 'replicated' : 'asked'], [stored, 'stored'])
    }
    default:
      return because([request ?? arrived, 'asked'], [stored, 'stored'])
  }
}

export const received: Rule<'received'> = async (look, event) => {
  const released = await look.stimulus(event, 'released')
  const waited = released?.kind === 'released' && released.id === event.id ? released : undefined
  return because([await originOf(look, event, event.peer, event.id), 'message'], [waited, 'waited'])
}

export const dropped: Rule<'dropped'> = async (look, event) => {
  const { sender, receiver, id, reason } = event
  const left = await originOf(look, event, sender, id)
  switch (reason) {
    case 'blocked':
    case 'lost':
    case 'hold-full':
      return because([left, 'message'], [await obstacle(look, event, sender, receiver), 'rule'])
    case 'unreachable': {
      const other = event.node === sender ? receiver : sender
      const last = await look.earlier(event, (at) => at.kind === 'process' && at.subject === other)
      return because([left, 'message'], [last && hasEnded(last, other) ? last : undefined, 'ended'])
    }
    case 'by-hand':
      return because([left, 'message'], [await look.stimulus(event, 'released'), 'waited'])
    case 'malformed':
    case 'overflow':
      return because([left, 'message'])
  }
}

export const held: Rule<'held'> = async (look, event) =>
  because(
    [await originOf(look, event, event.peer, event.id), 'message'],
    [await obstacle(look, event, event.peer, event.node), 'rule'],
  )

const waiting = (look: Look, { node, seq, peer, id }: TimelineEvent<'released'> | TimelineEvent<'moved'>) =>
  look.before(seq, (at) => at.node === node && at.kind === 'held' && at.peer === peer && at.id === id)

export const released: Rule<'released'> = async (look, event) => because([await waiting(look, event), 'waited'])

export const moved: Rule<'moved'> = async (look, event) => because([await waiting(look, event), 'waited'])

export const copied: Rule<'copied'> = async (look, event) =>
  because(
    [await originOf(look, event, event.peer, event.id), 'message'],
    [event.by === 'rule' ? await obstacle(look, event, event.peer, event.node) : undefined, 'rule'],
  )
