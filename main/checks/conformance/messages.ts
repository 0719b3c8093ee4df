/** What each message says, as its sender told it when it left, or as a user changed it on its way. */

import { ByteReader } from '../../node/contract/bytes'
import type { TimelineEvent } from '../../node/contract/events'
import { readMessage } from '../../node/contract/frames/messages'
import type { Message } from '../../raft/types'
import { SpecLog, type Terms } from './log'

/** Fields as in the event `sent`. */
export interface Said {
  /** Where it was told. */
  readonly seq: number
  readonly message: TimelineEvent<'sent'>['message']
  readonly term: number
  readonly index: number
  readonly logTerm: number
  readonly commit: number
  readonly count: number
  readonly ok: boolean
  /** Of an AppendEntries with entries: their terms; undefined when nobody can know them. */
  readonly entries: Terms | undefined
}

/** Messages that a link remembers, twice at most: what comes later than that many others is not known any more. */
const KEPT = 4_096

/** Of one link: those that were told lately. */
class Link {
  #young = new Map<number, Said>()
  #old = new Map<number, Said>()

  get(id: number): Said | undefined {
    return this.#young.get(id) ?? this.#old.get(id)
  }

  set(id: number, said: Said): void {
    if (this.#young.size >= KEPT) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(id, said)
  }
}

export class Messages {
  readonly #links = new Map<number, Link>()

  get(from: number, to: number, id: number): Said | undefined {
    return this.#links.get(from * 65_536 + to)?.get(id)
  }

  set(from: number, to: number, id: number, said: Said): void {
    const key = from * 65_536 + to
    let link = this.#links.get(key)
    if (link === undefined) {
      link = new Link()
      this.#links.set(key, link)
    }
    link.set(id, said)
  }
}

/** What is delivered instead of a message that was changed; undefined when nobody understands it. */
export function saidIn(bytes: Uint8Array, seq: number): Said | undefined {
  try {
    return saidBy(readMessage(new ByteReader(bytes), '').message, seq)
  } catch {
    // A file may come from anywhere.
    return undefined
  }
}

function saidBy(message: Message, seq: number): Said {
  const blank = { seq, message: message.type, term: message.term, index: 0, logTerm: 0, commit: 0, count: 0, ok: false }
  const said = { ...blank, entries: undefined }
  switch (message.type) {
    case 'RequestVote':
    case 'RequestPreVote':
      return { ...said, index: message.lastLogIndex, logTerm: message.lastLogTerm }
    case 'RequestVoteReply':
    case 'RequestPreVoteReply':
      return { ...said, ok: message.voteGranted }
    case 'AppendEntries': {
      const { prevLogIndex: index, prevLogTerm: logTerm, leaderCommit: commit } = message
      const log = new SpecLog(index, logTerm)
      for (const entry of message.entries) log.append(entry.index, 1, entry.term)
      const entries = log.slice(index + 1, log.last)
      return { ...said, index, logTerm, commit, count: message.entries.length, entries }
    }
    case 'AppendEntriesReply':
      return { ...said, ok: message.success, index: message.matchIndex }
    case 'InstallSnapshot':
      return { ...said, ok: message.done, index: message.snapshot.index, logTerm: message.snapshot.term }
    case 'InstallSnapshotReply':
      return { ...said, ok: message.installed, index: message.index }
    case 'ReadIndexReply':
      return { ...said, index: message.index }
    case 'TimeoutNow':
    case 'ReadIndex':
      return said
  }
}
