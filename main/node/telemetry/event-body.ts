/** An event before the reporter has given it its node, number and time. */
import type { Configuration, NodeId, Observation, Write } from '../../raft/types'
import type { EventKind, FieldsOf } from '../contract/events'
import type { NamedMessage } from '../contract/frames'
import type { CoreClock } from '../core-clock'

export type EventBody<K extends EventKind = EventKind> = { [P in K]: { readonly kind: P } & FieldsOf<P> }[K]

/** Entries make events of their own: `runs.ts`. */
export type PlainObservation = Exclude<Observation, { readonly kind: 'appended' }>

/** An election timer that runs at `t` until the core's clock says `deadline`. */
export function timer(deadline: number, clock: CoreClock, t: number): EventBody<'timer'> {
  const machine = clock.machineAt(deadline)
  return { kind: 'timer', deadline: machine, duration: machine === Number.POSITIVE_INFINITY ? machine : machine - t }
}

/** What the core observed, in the words of the timeline. `write`: what the same step wants on disk. */
export function observed(
  observation: Exclude<PlainObservation, { readonly kind: 'timer' }>,
  write: Write | undefined,
): EventBody {
  switch (observation.kind) {
    case 'role':
    case 'leader':
    case 'hardState':
    case 'truncated':
    case 'committed':
    case 'remark':
    case 'read':
    case 'transfer':
      return observation
    case 'progress': {
      const { peer, matchIndex, nextIndex, state, inFlight } = observation.progress
      return { kind: 'progress', peer, matchIndex, nextIndex, state, inFlight }
    }
    case 'configuration':
      return configured(observation.index, observation.configuration, observation.standing)
    case 'snapshot':
      return {
        ...observation,
        keepsLog: observation.stage === 'installed' && (write?.install?.keepsLog ?? false),
      }
    case 'compacted':
      return { kind: 'compacted', firstIndex: observation.firstIndex, baseTerm: write?.compactTo?.term ?? 0 }
  }
}

export function configured(
  index: number,
  { voters, outgoing, learners, learnersNext, witnesses }: Configuration,
  standing: FieldsOf<'configuration'>['standing'],
): EventBody<'configuration'> {
  return {
    kind: 'configuration',
    index,
    standing,
    voters: list(voters),
    outgoing: list(outgoing),
    learners: list(learners),
    learnersNext: list(learnersNext),
    witnesses: list(witnesses),
  }
}

function list(nodes: readonly NodeId[]): string {
  return nodes.join(',')
}

/** A message on its way out; see `sent` in events.ts for what stands where. */
export function sent({ id, inReplyTo, message }: NamedMessage): EventBody<'sent'> {
  // One shape for all messages, filled in: this is made for every one of them.
  const body = {
    kind: 'sent' as const,
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
    round: 0,
  }
  switch (message.type) {
    case 'RequestVote':
      body.ok = message.transfer
      body.index = message.lastLogIndex
      body.logTerm = message.lastLogTerm
      break
    case 'RequestPreVote':
      body.index = message.lastLogIndex
      body.logTerm = message.lastLogTerm
      break
    case 'RequestVoteReply':
    case 'RequestPreVoteReply':
      body.ok = message.voteGranted
      break
    case 'AppendEntries':
      body.index = message.prevLogIndex
      body.logTerm = message.prevLogTerm
      body.commit = message.leaderCommit
      body.count = message.entries.length
      body.round = message.round
      break
    case 'AppendEntriesReply':
      body.ok = message.success
      body.index = message.matchIndex
      body.hint = message.conflictIndex
      body.hintTerm = message.conflictTerm
      body.round = message.round
      break
    case 'InstallSnapshot':
      body.ok = message.done
      body.index = message.snapshot.index
      body.logTerm = message.snapshot.term
      body.hint = message.offset
      body.count = message.data.length
      body.round = message.round
      break
    case 'InstallSnapshotReply':
      body.ok = message.installed
      body.index = message.index
      body.hint = message.offset
      body.round = message.round
      break
    case 'TimeoutNow':
      break
    case 'ReadIndex':
      body.round = message.context
      break
    case 'ReadIndexReply':
      body.index = message.index
      body.round = message.context
      break
    default:
      message satisfies never
  }
  return body
}

export function received({ message }: NamedMessage, id: number): EventBody<'received'> {
  return { kind: 'received', peer: message.from, id, message: message.type, term: message.term, count: sizeOf(message) }
}

function sizeOf(message: NamedMessage['message']): number {
  switch (message.type) {
    case 'AppendEntries':
      return message.entries.length
    case 'InstallSnapshot':
      return message.data.length
    default:
      return 0
  }
}

export function dropped({ id, message }: NamedMessage, reason: FieldsOf<'dropped'>['reason']): EventBody<'dropped'> {
  return { kind: 'dropped', sender: message.from, receiver: message.to, id, message: message.type, reason }
}
