/** What a node keeps of the messages that reached it: those that are held, by link and in order, and the room for all that waits. */
import type { NodeId } from '../../raft/types'
import { MAX_KEPT_BYTES, MAX_KEPT_MESSAGES } from '../contract/conditions'
import { Problem } from '../contract/problem'
import type { Arrival } from './arrival'

export interface Limits {
  readonly messages: number
  readonly bytes: number
}

const LIMITS: Limits = { messages: MAX_KEPT_MESSAGES, bytes: MAX_KEPT_BYTES }

export class Keeper {
  readonly #node: NodeId
  readonly #limits: Limits
  /** By sender; a link without held messages has none. */
  readonly #held = new Map<NodeId, Arrival[]>()
  #messages = 0
  #bytes = 0
  #heldCount = 0

  constructor(node: NodeId, limits = LIMITS) {
    this.#node = node
    this.#limits = limits
  }

  /** Messages that wait to be released. */
  get held(): number {
    return this.#heldCount
  }

  /** Held and delayed ones. */
  get kept(): Limits {
    return { messages: this.#messages, bytes: this.#bytes }
  }

  /** Room for one more; false: there is none. */
  reserve({ bytes }: Arrival): boolean {
    if (!this.#hasRoom(bytes)) return false
    this.#messages += 1
    this.#bytes += bytes
    return true
  }

  free({ bytes }: Arrival): void {
    this.#messages -= 1
    this.#bytes -= bytes
  }

  /** The ids that the link from `from` holds, in order. */
  ids(from: NodeId): readonly number[] {
    return (this.#held.get(from) ?? []).map(({ id }) => id)
  }

  /** Holds one that has its room, at `place` or behind all others of its link. Returns the place. */
  hold(one: Arrival, place?: number): number {
    const { from } = one.frame.message
    const list = this.#held.get(from) ?? []
    if (list.length === 0) this.#held.set(from, list)
    const at = Math.min(place ?? list.length, list.length)
    if (at === list.length) list.push(one)
    else list.splice(at, 0, one)
    this.#heldCount += 1
    return at
  }

  /** Throws Problem 'held-unknown'. */
  find(from: NodeId, id: number): { readonly one: Arrival; readonly place: number } {
    const list = this.#held.get(from) ?? []
    const place = list.findIndex((held) => held.id === id)
    const one = list[place]
    if (one === undefined) throw new Problem('held-unknown', { link: `n${from}→n${this.#node}`, id })
    return { one, place }
  }

  /** Lets one go, with its room. Throws Problem 'held-unknown'. */
  release(from: NodeId, id: number): Arrival {
    const one = this.#remove(from, id)
    this.free(one)
    return one
  }

  /** Lets all of a link go, in their order. */
  releaseAll(from: NodeId): readonly Arrival[] {
    const list = this.#held.get(from) ?? []
    this.#held.delete(from)
    this.#heldCount -= list.length
    for (const one of list) this.free(one)
    return list
  }

  /** Puts one elsewhere in its link. Returns where. Throws Problem 'held-unknown'. */
  move(from: NodeId, id: number, place: number): number {
    return this.hold(this.#remove(from, id), place)
  }

  /** Throws Problem 'hold-full' when there is no room for `bytes` more. */
  demand(bytes: number): void {
    if (this.#hasRoom(bytes)) return
    throw new Problem('hold-full', { node: String(this.#node), messages: this.#messages, bytes: this.#bytes })
  }

  #hasRoom(bytes: number): boolean {
    return this.#messages < this.#limits.messages && this.#bytes + bytes <= this.#limits.bytes
  }

  #remove(from: NodeId, id: number): Arrival {
    const { one, place } = this.find(from, id)
    const list = this.#held.get(from) ?? []
    if (place === 0) list.shift()
    else list.splice(place, 1)
    if (list.length === 0) this.#held.delete(from)
    this.#heldCount -= 1
    return one
  }
}
