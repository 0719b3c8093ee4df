/** An event before the reporter has given it its node, number and time. */
import type { Observation } from '../../raft/types'
import { toNanos } from '../clock'
import type { EventKind, FieldsOf, ReportedEvent } from '../contract/events'
import type { MessageFrame } from '../contract/frames'

export type EventBody<K extends EventKind = EventKind> = { [P in K]: { readonly kind: P } & FieldsOf<P> }[K]

/** Gives a body its place in the report. */
export function placed(body: EventBody, node: number, n: number, t: number): ReportedEvent {
  return { ...body, node, n, t }
}

/** What the core observed, in the words of the timeline. */
export function observed(observation: Observation): EventBody {
  switch (observation.kind) {
    case 'role':
    case 'leader':
    case 'hardState':
    case 'truncated':
    case 'committed':
    case 'remark':
      return observation
    case 'appended': {
      const { entries } = observation
      return { kind: 'appended', firstIndex: entries[0]?.index ?? 0, count: entries.length, entries }
    }
    case 'progress': {
      const { peer, matchIndex, nextIndex, state, inFlight } = observation.progress
      return { kind: 'progress', peer, matchIndex, nextIndex, state, inFlight }
    }
    case 'timer': {
      const { deadline, duration } = observation
      return { kind: 'timer', deadline: toNanos(deadline), duration: toNanos(duration) }
    }
  }
}

/** A message on its way out; see `sent` in events.ts for what stands where. */
export function sent({ id, inReplyTo, message }: MessageFrame): EventBody<'sent'> {
  const common = {
    kind: 'sent',
    peer: message.to,
    id,
    message: message.type,
    term: message.term,
    index: 0,
    logTerm: 0,
    commit: 0,
    count: 0,
    ok: false,
    hint: 0,
    hintTerm: 0,
    inReplyTo,
  } as const
  switch (message.type) {
    case 'RequestVote':
      return { ...common, index: message.lastLogIndex, logTerm: message.lastLogTerm }
    case 'RequestVoteReply':
      return { ...common, ok: message.voteGranted }
    case 'AppendEntries': {
      const { prevLogIndex, prevLogTerm, leaderCommit, entries } = message
      return { ...common, index: prevLogIndex, logTerm: prevLogTerm, commit: leaderCommit, count: entries.length }
    }
    case 'AppendEntriesReply': {
      const { success, matchIndex, conflictIndex, conflictTerm } = message
      return { ...common, ok: success, index: matchIndex, hint: conflictIndex, hintTerm: conflictTerm }
    }
  }
}

export function received({ id, message }: MessageFrame): EventBody<'received'> {
  const count = message.type === 'AppendEntries' ? message.entries.length : 0
  return { kind: 'received', peer: message.from, id, message: message.type, term: message.term, count }
}

export function dropped({ id, message }: MessageFrame, reason: FieldsOf<'dropped'>['reason']): EventBody<'dropped'> {
  return { kind: 'dropped', sender: message.from, receiver: message.to, id, message: message.type, reason }
}
