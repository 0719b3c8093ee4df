/** The state of the specification: for each server the variables of Figure 2, and what its rules go by. */
import type { TimelineEvent } from '../../node/contract/events'
import type { Role } from '../../raft/types'
import { SpecLog } from './log'
import { Messages, type Said } from './messages'

/** A configuration, and where it stands in the log. */
export interface Placed {
  readonly index: number
  readonly seq: number
  readonly voters: readonly number[]
  readonly outgoing: readonly number[]
  readonly witnesses: readonly number[]
}

/** The message that a server is handling. */
export interface Handling {
  readonly peer: number
  readonly message: TimelineEvent<'received'>['message']
  readonly term: number
  readonly seq: number
  readonly t: number
  /** Undefined: its sender ended before it could tell, or tells it later. */
  readonly said: Said | undefined
  /** The server was stopped in the middle of it: what follows of it happens later. */
  wasStopped: boolean
}

/** An AppendEntries that waits for its reply. */
export interface Request {
  readonly seq: number
  readonly term: number
  /** Up to where the logs are the same when it is accepted. */
  readonly verified: number
  /** Did the consistency check hold? Undefined: it came twice, and once it did. */
  readonly holds: boolean | undefined
}

/** What was on a server's disk, as far as it told. */
export interface Disk {
  term: number
  vote: number
  index: number
  seq: number
}

/** Each sender counts its messages by itself. */
export const requestKey = (sender: number, id: number): string => `${sender} ${id}`

export interface SpecNode {
  readonly id: number
  log: SpecLog
  currentTerm: number
  votedFor: number
  role: Role
  leader: number
  commitIndex: number
  lastApplied: number
  disk: Disk
  snapshot: { readonly index: number; readonly term: number }
  /** Since the last one that is committed, that one included; the last one counts. */
  configurations: readonly Placed[]
  /** Where its log ended when it stood for election last: a snapshot may still have come since. */
  stoodAt: { readonly index: number; readonly term: number }
  /** Whom it voted for, by term, in this life. */
  readonly votes: Map<number, number>
  /** Terms in which it became leader in this life. */
  readonly led: Set<number>
  /** Who promised or gave its vote; and those of whom nobody knows what they answered. */
  readonly granted: Set<number>
  /** Leaders: what each peer said that it has. */
  readonly match: Map<number, number>
  /** Leaders: the matchIndex that it told of each peer. */
  readonly progress: Map<number, number>
  handling: Handling | undefined
  /** By {@link requestKey}. */
  requests: Map<string, Request>
  olderRequests: Map<string, Request>
  /** Terms of snapshots that were received in parts, by index. */
  readonly offered: Map<number, number>
  /** Parts of others were received as well, of which nobody knows what they were. */
  hasUnknownOffer: boolean
  /** Its log is being read from disk. */
  isLoading: boolean
  /** It has not said yet what it is. */
  isFresh: boolean
  /** What it was before it started again. */
  readonly before: SpecNode | undefined
  /** Somebody changed its disk: nothing is promised of what it holds. */
  isDamaged: boolean
}

export interface Spec {
  readonly nodes: Map<number, SpecNode>
  readonly messages: Messages
  /** Messages are told in this recording. */
  tellsMessages: boolean
}

/** Nobody has told anything. */
export function newSpec(): Spec {
  return { nodes: new Map(), messages: new Messages(), tellsMessages: false }
}

/** A server as its own disk has it at a start (§5.2: follower, nothing volatile), with the life before to compare with. */
export function startedNode(event: TimelineEvent<'started'>, before: SpecNode | undefined): SpecNode {
  const { node, currentTerm, votedFor, firstIndex, baseTerm, snapshotIndex, snapshotTerm, seq } = event
  // Only its disk counts, and nothing of the life before that.
  const last = before === undefined ? undefined : { ...before, before: undefined }
  return {
    id: node,
    log: new SpecLog(firstIndex - 1, baseTerm),
    currentTerm,
    votedFor,
    role: 'follower',
    leader: 0,
    commitIndex: snapshotIndex,
    lastApplied: snapshotIndex,
    disk: { term: currentTerm, vote: votedFor, index: event.lastIndex, seq },
    snapshot: { index: snapshotIndex, term: snapshotTerm },
    configurations: [],
    stoodAt: { index: 0, term: 0 },
    votes: new Map(votedFor === 0 ? [] : [[currentTerm, votedFor]]),
    led: new Set(),
    granted: new Set(),
    match: new Map(),
    progress: new Map(),
    handling: undefined,
    requests: new Map(),
    olderRequests: new Map(),
    offered: new Map(),
    hasUnknownOffer: false,
    isLoading: true,
    isFresh: true,
    before: last,
    isDamaged: false,
  }
}

/** The configuration that a server goes by. */
export function configurationOf({ configurations }: SpecNode): Placed | undefined {
  return configurations.at(-1)
}

/** A majority of the voters, in a joint configuration of the old and of the new ones; undefined: nobody votes. */
export function hasMajority({ voters, outgoing }: Placed, counts: (node: number) => boolean): boolean {
  return [voters, outgoing].every((half) => half.length === 0 || half.filter(counts).length * 2 > half.length)
}

/** The message that the server is handling when this event happens, if it is one of those. */
export function handlingOf(node: SpecNode, event: TimelineEvent): Handling | undefined {
  const { handling } = node
  return handling !== undefined && (handling.t === event.t || handling.wasStopped) ? handling : undefined
}

/** At least as up-to-date as the server's own log (§5.4.1). */
export function isUpToDate({ log }: SpecNode, lastLogIndex: number, lastLogTerm: number): boolean {
  return lastLogTerm > log.lastTerm || (lastLogTerm === log.lastTerm && lastLogIndex >= log.last)
}

/** Of the list that an event carries, such as `1,2,3`. */
export function idsOf(text: string): readonly number[] {
  return text === '' ? [] : text.split(',').map(Number)
}
