/**
 * Messages on their way, at the speed at which people can see them: local delivery takes a fifth of a millisecond, so
 * each message is shown for at least {@link READABLE}, in the order in which it was sent. One that really takes longer
 * waits near its receiver until its fate is known. Pure; times in nanoseconds on the recording's clock.
 */
import type { EventView } from '../../../preload/contract'
import { isRefusal, isReply } from '../../../preload/contract/diagram'

export type FlightFate = 'flying' | 'received' | 'dropped'

export interface Flight {
  readonly key: string
  readonly sender: number
  readonly receiver: number
  readonly id: number
  readonly message: EventView<'sent'>['message']
  readonly term: number
  readonly heartbeat: boolean
  readonly reply: boolean
  /** A reply that says no. */
  readonly refused: boolean
  readonly sentAt: number
  readonly sentSeq: number
  fate: FlightFate
  /** It waits at its receiver to be released, and is drawn there by others. */
  held: boolean
  /** Why it was dropped; empty otherwise. */
  reason: string
  endAt: number
}

export const READABLE = 350e6
/** Share of the way at which a message waits while nobody knows what became of it. */
const WAIT = 0.82
/** How long the × of a dropped message stays. */
export const CROSS = 450e6
/** Without news for this long a message is gone with its receiver. */
const GIVE_UP = 10e9
/** More glyphs than this at once help nobody; heartbeats give way first. */
export const MOST_FLIGHTS = 150

/** Only sender, receiver and id together name a copy. */
export const keyOf = (sender: number, receiver: number, id: number): string => `${sender}>${receiver}:${id}`

/** How far a flight has come at `t`: 0…1 on its way, undefined before and after. A dropped one stays at 1 for a while. */
export function progressOf(flight: Flight, t: number): number | undefined {
  const age = t - flight.sentAt
  if (age < 0) return undefined
  const waiting = Math.min(WAIT, age / READABLE)
  if (flight.fate === 'flying') return age < GIVE_UP || flight.held ? waiting : undefined
  const landing = Math.max(flight.endAt, flight.sentAt + READABLE * WAIT)
  if (t < landing) return waiting
  const share = WAIT + (t - landing) / READABLE
  if (share < 1) return share
  if (flight.fate === 'dropped') return t - landing < READABLE * (1 - WAIT) + CROSS ? 1 : undefined
  return undefined
}

export class Flights {
  #flights: Flight[] = []
  readonly #byKey = new Map<string, Flight>()
  #next = -1

  /** Takes new events; those before the last one seen are skipped. */
  take(events: readonly EventView[], from: number): void {
    for (let i = from; i < events.length; i++) {
      const event = events[i]
      if (event === undefined || event.seq < this.#next) continue
      this.#next = event.seq + 1
      if (event.kind === 'sent') this.#sent(event)
      else if (event.kind === 'received') this.#ended(keyOf(event.peer, event.node, event.id), 'received', event.t, '')
      else if (event.kind === 'dropped') {
        this.#ended(keyOf(event.sender, event.receiver, event.id), 'dropped', event.t, event.reason)
      } else if (event.kind === 'copied') this.#copied(event)
      else if (event.kind === 'held') this.#held(event)
    }
  }

  get next(): number {
    return this.#next
  }

  reset(): void {
    this.#flights = []
    this.#byKey.clear()
    this.#next = -1
  }

  /** Those to be seen at `t`, at most {@link MOST_FLIGHTS}; older ones are forgotten. */
  at(t: number): readonly Flight[] {
    this.#flights = this.#flights.filter((flight) => {
      const keep = flight.sentAt > t || progressOf(flight, t) !== undefined
      if (!keep) this.#byKey.delete(flight.key)
      return keep
    })
    const seen = this.#flights.filter((flight) => flight.sentAt <= t)
    if (seen.length <= MOST_FLIGHTS) return seen
    const important = seen.filter((flight) => !flight.heartbeat)
    const room = Math.max(0, MOST_FLIGHTS - important.length)
    const beats = seen.filter((flight) => flight.heartbeat)
    // Every k-th by message id: the same ones from frame to frame.
    const every = Math.max(1, Math.ceil(beats.length / Math.max(1, room)))
    const sampled = room === 0 ? [] : beats.filter((flight) => flight.id % every === 0).slice(0, room)
    return [...important.slice(-MOST_FLIGHTS), ...sampled]
  }

  #sent(event: EventView<'sent'>): void {
    const reply = isReply(event.message)
    const answers = reply ? this.#byKey.get(keyOf(event.peer, event.node, event.inReplyTo)) : undefined
    const flight: Flight = {
      key: keyOf(event.node, event.peer, event.id),
      sender: event.node,
      receiver: event.peer,
      id: event.id,
      message: event.message,
      term: event.term,
      heartbeat: event.message === 'AppendEntries' ? event.count === 0 : (answers?.heartbeat ?? false),
      reply,
      refused: isRefusal(event.message, event.ok),
      sentAt: event.t,
      sentSeq: event.seq,
      fate: 'flying',
      held: false,
      reason: '',
      endAt: Number.POSITIVE_INFINITY,
    }
    this.#flights.push(flight)
    this.#byKey.set(flight.key, flight)
  }

  /** A copy is made at the receiver: it begins where messages wait. */
  #copied(event: EventView<'copied'>): void {
    const original = this.#byKey.get(keyOf(event.peer, event.node, event.id))
    if (original === undefined) return
    const copy: Flight = {
      ...original,
      key: keyOf(event.peer, event.node, event.copy),
      id: event.copy,
      sentAt: event.t - READABLE * WAIT,
      sentSeq: event.seq,
      fate: 'flying',
      held: false,
      reason: '',
      endAt: Number.POSITIVE_INFINITY,
    }
    this.#flights.push(copy)
    this.#byKey.set(copy.key, copy)
  }

  #held(event: EventView<'held'>): void {
    const flight = this.#byKey.get(keyOf(event.peer, event.node, event.id))
    if (flight?.fate === 'flying') flight.held = true
  }

  #ended(key: string, fate: 'received' | 'dropped', t: number, reason: string): void {
    const flight = this.#byKey.get(key)
    if (flight === undefined || flight.fate !== 'flying') return
    flight.held = false
    flight.fate = fate
    flight.endAt = t
    flight.reason = reason
  }
}

/** A message at a pinned moment, at its true place: nothing moves there. */
export interface StillFlight {
  readonly flight: Flight
  readonly share: number
}

/**
 * What is really under way at a pinned moment, and the message of the event at which the moment stands.
 * @param before the events up to the moment, the pinned one last
 * @param after some events behind it, which tell what became of the messages
 */
export function stillFlights(
  before: readonly EventView[],
  after: readonly EventView[],
  t: number,
): readonly StillFlight[] {
  const flights = new Flights()
  flights.take(before, 0)
  const open = flights.at(t).filter((flight) => flight.fate === 'flying' && !flight.held)
  const last = before.at(-1)
  const key =
    last?.kind === 'sent'
      ? keyOf(last.node, last.peer, last.id)
      : last?.kind === 'received'
        ? keyOf(last.peer, last.node, last.id)
        : last?.kind === 'dropped'
          ? keyOf(last.sender, last.receiver, last.id)
          : ''
  const all = flights.at(t)
  flights.take(after, 0)
  const still = open.map((flight): StillFlight => {
    const way = Math.max(1, flight.endAt - flight.sentAt)
    const share = flight.key === key ? 0.16 : Math.min(0.8, Math.max(0.16, (t - flight.sentAt) / way))
    return { flight, share: Number.isFinite(share) ? share : 0.5 }
  })
  const ended =
    last?.kind === 'received' || last?.kind === 'dropped' ? all.find((flight) => flight.key === key) : undefined
  return ended === undefined ? still : [...still, { flight: ended, share: ended.fate === 'dropped' ? 1 : 0.86 }]
}
