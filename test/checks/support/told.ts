/** A cluster of three that does what Raft says, told by hand with all its messages, up to where a story turns. */
import type { EventKind, FieldsOf } from '../../../main/node/contract/events'
import { Story } from './story'

type Sent = Partial<FieldsOf<'sent'>>

export class Told extends Story {
  #t = 0
  #ids = 0
  /** The message that was sent last. */
  #last: { readonly from: number; readonly id: number; readonly sent: Sent } = { from: 0, id: 0, sent: {} }

  override tell<K extends EventKind>(node: number, kind: K, fields: Partial<FieldsOf<K>> = {}): this {
    super.tell(node, kind, fields)
    const last = this.events.pop()
    if (last !== undefined) this.events.push({ ...last, t: this.#t })
    return this
  }

  /** What follows happens later. */
  later(): this {
    this.#t += 1e6
    return this
  }

  send(from: number, peer: number, message: FieldsOf<'sent'>['message'], fields: Sent = {}): this {
    const sent = { peer, message, term: 1, ...fields }
    this.#last = { from, id: ++this.#ids, sent }
    return this.tell(from, 'sent', { ...sent, id: this.#ids })
  }

  /** The message that was sent last arrives, in a turn of its own. */
  arrive(): this {
    const { from, id, sent } = this.#last
    const { peer = 0, message = 'AppendEntries', term = 0, count = 0 } = sent
    return this.later().tell(peer, 'received', { peer: from, id, message, term, count })
  }

  /** The receiver of the last message answers it. */
  reply(message: FieldsOf<'sent'>['message'], fields: Sent = {}): this {
    const { from, id, sent } = this.#last
    return this.send(sent.peer ?? 0, from, message, { inReplyTo: id, ...fields })
  }

  written(node: number, currentTerm: number, votedFor: number, lastIndex: number): this {
    return this.later().tell(node, 'persisted', { currentTerm, votedFor, lastIndex })
  }

  /** Everybody has started with an empty disk. */
  static override begin(voters = '1,2,3'): Told {
    const told = new Told()
    for (const node of [1, 2, 3]) {
      told.tell(node, 'started', { incarnation: 1, firstIndex: 1 }).tell(node, 'persisted')
      told.tell(node, 'role', { role: 'follower', reason: 'restarted' })
      told.tell(node, 'configuration', { standing: 'restored', voters })
    }
    return told
  }

  /** Node 1 stands for election in term 1. */
  static standing(): Told {
    return Told.begin()
      .later()
      .tell(1, 'hardState', { currentTerm: 1, votedFor: 1 })
      .tell(1, 'role', { role: 'candidate', term: 1, reason: 'election-timeout' })
      .written(1, 1, 1, 0)
  }

  /** Node 2 is asked for its vote, and is in term 1. */
  static asked(): Told {
    return Told.standing().send(1, 2, 'RequestVote').arrive().tell(2, 'hardState', { currentTerm: 1 })
  }

  /** Node 2 has voted for node 1, which has heard of it. */
  static voted(): Told {
    return Told.asked()
      .tell(2, 'hardState', { currentTerm: 1, votedFor: 1 })
      .tell(2, 'remark', { name: 'vote-granted', peer: 1, term: 1 })
      .written(2, 1, 1, 0)
      .reply('RequestVoteReply', { ok: true })
      .arrive()
  }

  /** Node 1 leads, with its first entry on disk. */
  static elected(): Told {
    return Told.voted()
      .tell(1, 'role', { role: 'leader', term: 1, leader: 1, reason: 'won-election' })
      .tell(1, 'appended', { firstIndex: 1, count: 1, term: 1 })
      .written(1, 1, 1, 1)
  }

  /** Node 2 has got the first entry, and handles it. */
  static replicating(): Told {
    return Told.elected().send(1, 2, 'AppendEntries', { count: 1 }).arrive().tell(2, 'leader', { leader: 1, term: 1 })
  }

  /** Node 2 has said that it has it, and node 1 has heard that. */
  static replicated(): Told {
    return Told.replicating()
      .tell(2, 'appended', { firstIndex: 1, count: 1, term: 1 })
      .written(2, 1, 1, 1)
      .reply('AppendEntriesReply', { ok: true, index: 1 })
      .arrive()
  }

  /** The first entry is committed and applied, and node 1 has three more, which are not. */
  static committed(): Told {
    return Told.replicated()
      .tell(1, 'committed', { commitIndex: 1, by: 'counted' })
      .tell(1, 'progress', { peer: 2, matchIndex: 1, nextIndex: 2, state: 'replicate' })
      .tell(1, 'applied', { lastApplied: 1 })
      .later()
      .tell(1, 'appended', { firstIndex: 2, count: 3, term: 1 })
      .written(1, 1, 1, 4)
  }
}
