/**
 * Messages as edges of the space-time diagram: built once from `sent`, closed by `received` or `dropped`, kept in
 * chunks so that a window finds its edges without looking at all of them and old ones leave at no cost.
 */
import type { EventView } from '../views/types'
import { isRefusal, isReply, type MessageName } from './messages'

/** `unreachable`: its receiver was dead or died meanwhile. `lost`: nothing was ever heard of it again. */
export type Fate = 'flying' | 'received' | 'dropped' | 'unreachable' | 'lost'

export interface Edge {
  readonly sender: number
  readonly receiver: number
  /** Negative: a copy's. With sender and receiver it names the message. */
  readonly id: number
  /** What it is a copy of, by `id`; 0 = none. A copy begins at its receiver. */
  readonly copyOf: number
  readonly message: MessageName
  readonly term: number
  /** Entries carried; an AppendEntries with 0 is a heartbeat (§5.2). */
  readonly count: number
  /** A reply that says no. */
  readonly refused: boolean
  readonly reply: boolean
  /** A heartbeat, or the answer to one. */
  readonly heartbeat: boolean
  /** Of a reply: what it answers, by `id` the other way; 0 = nothing that is known. */
  readonly inReplyTo: number
  /** Of a request: its reply, by `id` the other way; 0 = none yet. */
  answeredBy: number
  readonly sentAt: number
  readonly sentSeq: number
  fate: Fate
  /** Since when it waits at its receiver to be released; 0 = it was never held. It waits while it is flying. */
  heldAt: number
  /** Infinity while it is under way. */
  endAt: number
  /** The event that closed it; −1 while there is none. */
  endSeq: number
}

/** It waits at its receiver now. */
export const isHeld = (edge: Edge): boolean => edge.fate === 'flying' && edge.heldAt > 0

/** What names a message or a copy. */
export interface MessageRef {
  readonly sender: number
  readonly receiver: number
  readonly id: number
}

export const messageRef = ({ sender, receiver, id }: Edge): MessageRef => ({ sender, receiver, id })

const CHUNK = 256
/** A message of which nothing is heard for this long (nanoseconds) will not come any more. */
const FORGET_AFTER = 20e9

interface Chunk {
  readonly edges: Edge[]
  readonly from: number
  /** The latest known end; edges under way are in `flying` instead. */
  maxEnd: number
}

const linkOf = (sender: number, receiver: number): number => sender * 65_536 + receiver

export class Edges {
  #chunks: Chunk[] = []
  /** By link, then by id. */
  readonly #byName = new Map<number, Map<number, Edge>>()
  readonly #flying = new Set<Edge>()

  get size(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.edges.length, 0)
  }

  /** The edge of this message or copy, as long as it is in memory. */
  find(sender: number, receiver: number, id: number): Edge | undefined {
    return this.#byName.get(linkOf(sender, receiver))?.get(id)
  }

  /** The reply of a request, or the request that a reply answers; of a copy, what its original has. */
  pairOf(edge: Edge): Edge | undefined {
    if (edge.copyOf !== 0) {
      const original = this.find(edge.sender, edge.receiver, edge.copyOf)
      return original === undefined ? undefined : this.pairOf(original)
    }
    const id = edge.reply ? edge.inReplyTo : edge.answeredBy
    return id === 0 ? undefined : this.find(edge.receiver, edge.sender, id)
  }

  sent(event: EventView<'sent'>): void {
    const reply = isReply(event.message)
    const answers = reply && event.inReplyTo > 0 ? this.find(event.peer, event.node, event.inReplyTo) : undefined
    const edge: Edge = {
      sender: event.node,
      receiver: event.peer,
      id: event.id,
      copyOf: 0,
      message: event.message,
      term: event.term,
      count: event.count,
      refused: isRefusal(event.message, event.ok),
      reply,
      heartbeat: event.message === 'AppendEntries' ? event.count === 0 : (answers?.heartbeat ?? false),
      inReplyTo: reply ? event.inReplyTo : 0,
      answeredBy: 0,
      sentAt: event.t,
      sentSeq: event.seq,
      fate: 'flying',
      heldAt: 0,
      endAt: Number.POSITIVE_INFINITY,
      endSeq: -1,
    }
    if (answers !== undefined) answers.answeredBy = event.id
    this.#add(edge)
  }

  /** Its receiver doubled it; from there the copy is a message of its own. */
  copied(event: EventView<'copied'>): void {
    const original = this.find(event.peer, event.node, event.id)
    if (original === undefined) return
    this.#add({
      ...original,
      id: event.copy,
      copyOf: event.id,
      sentAt: event.t,
      sentSeq: event.seq,
      fate: 'flying',
      heldAt: 0,
      endAt: Number.POSITIVE_INFINITY,
      endSeq: -1,
    })
  }

  #add(edge: Edge): void {
    let chunk = this.#chunks.at(-1)
    if (chunk === undefined || chunk.edges.length >= CHUNK) {
      chunk = { edges: [], from: edge.sentAt, maxEnd: edge.sentAt }
      this.#chunks.push(chunk)
    }
    chunk.edges.push(edge)
    this.#flying.add(edge)
    const link = linkOf(edge.sender, edge.receiver)
    const names = this.#byName.get(link) ?? new Map<number, Edge>()
    this.#byName.set(link, names.set(edge.id, edge))
  }

  /** It waits at its receiver until somebody releases it. */
  held(event: EventView<'held'>): void {
    const edge = this.find(event.peer, event.node, event.id)
    if (edge?.fate === 'flying') edge.heldAt = event.t
  }

  received(event: EventView<'received'>): void {
    const edge = this.find(event.peer, event.node, event.id)
    if (edge !== undefined) this.#close(edge, 'received', event.t, event.seq)
  }

  dropped(event: EventView<'dropped'>): void {
    const edge = this.find(event.sender, event.receiver, event.id)
    if (edge === undefined) return
    this.#close(edge, event.reason === 'unreachable' ? 'unreachable' : 'dropped', event.t, event.seq)
  }

  /** A process ended: what was under way to it is gone with its socket. */
  receiverDied(node: number, t: number, seq: number): void {
    for (const edge of this.#flying) if (edge.receiver === node) this.#close(edge, 'unreachable', t, seq)
  }

  forgetOlderThan(t: number): void {
    for (const edge of this.#flying) {
      if (edge.heldAt > 0) continue
      if (edge.sentAt > t - FORGET_AFTER) return
      this.#close(edge, 'lost', edge.sentAt, edge.sentSeq)
    }
  }

  /** Drops whole chunks of edges that were sent before the event `seq`. */
  trimBefore(seq: number): void {
    while (this.#chunks.length > 1 && (this.#chunks[1]?.edges[0]?.sentSeq ?? seq) < seq) {
      for (const edge of this.#chunks.shift()?.edges ?? []) {
        this.#byName.get(linkOf(edge.sender, edge.receiver))?.delete(edge.id)
        this.#flying.delete(edge)
      }
    }
  }

  /** Every edge that touches [from, to], in the order of sending. */
  visit(from: number, to: number, see: (edge: Edge) => void): void {
    const early: Edge[] = []
    for (const edge of this.#flying) if (edge.sentAt < from) early.push(edge)
    for (const edge of early) see(edge)
    for (const chunk of this.#chunks) {
      if (chunk.from > to) return
      const last = chunk.edges.at(-1)
      if (chunk.maxEnd < from && (last === undefined || last.sentAt < from)) continue
      for (const edge of chunk.edges) {
        if (edge.sentAt > to) return
        if (edge.sentAt >= from || (edge.fate !== 'flying' && edge.endAt >= from)) see(edge)
      }
    }
  }

  #close(edge: Edge, fate: Fate, t: number, seq: number): void {
    if (edge.fate !== 'flying') return
    edge.fate = fate
    edge.endAt = t
    edge.endSeq = seq
    this.#flying.delete(edge)
    const chunk = this.#chunkOf(edge)
    if (chunk !== undefined && chunk.maxEnd < t) chunk.maxEnd = t
  }

  #chunkOf(edge: Edge): Chunk | undefined {
    let low = 0
    let high = this.#chunks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#chunks[middle]?.edges[0]?.sentSeq ?? 0) > edge.sentSeq) high = middle
      else low = middle + 1
    }
    return this.#chunks[low - 1]
  }
}
