/**
 * What the clocks of a log say: an order in which everything may have happened, and which event of another host each event
 * directly depends on. Every rule of vector clocks is checked on the way.
 */
import { bad } from '../bad'
import type { Steps } from '../turns'
import type { LoggedEvent } from './parse'

/** How many events are one step. */
const STEP = 500

export interface OrderedEvent {
  readonly event: LoggedEvent
  /** Events of other hosts that this one knows of, and no other way: messages that it received. In `events` by their place. */
  readonly from: readonly number[]
}

/** The events of one run, causes first, otherwise as the log has them. Throws `bad-input` at the clock that breaks a rule. */
export function* orderOf(logged: readonly LoggedEvent[]): Steps<readonly OrderedEvent[]> {
  const hosts = byHost(logged)
  const places = yield* sorted(logged, hosts)
  const placeOf = new Map(places.map((event, place) => [event, place]))
  const ordered: OrderedEvent[] = []
  for (const event of places) {
    const news = newsOf(event, hosts)
    // What came with other news needs no message of its own.
    const direct = news.filter(
      (one) =>
        !news.some((other) => other !== one && (other.clock.get(one.host) ?? 0) >= (one.clock.get(one.host) ?? 0)),
    )
    ordered.push({ event, from: direct.map((one) => placeOf.get(one) ?? 0) })
    if (ordered.length % STEP === 0) yield
  }
  return ordered
}

type Hosts = ReadonlyMap<string, readonly LoggedEvent[]>

/** Each host's events by their own count: 1, 2, 3… */
function byHost(logged: readonly LoggedEvent[]): Hosts {
  const hosts = new Map<string, LoggedEvent[]>()
  for (const event of logged) {
    const events = hosts.get(event.host) ?? []
    const place = ownCount(event) - 1
    if (place >= logged.length) throw tooMany(event, event.host, logged.length)
    const twin = events[place]
    if (twin !== undefined) {
      throw bad(event.clockLine, `the clock: ${event.host}: ${place + 1} stands in line ${twin.clockLine} already`)
    }
    events[place] = event
    hosts.set(event.host, events)
  }
  for (const [host, events] of hosts) {
    const missing = Array.from(events).indexOf(undefined as never)
    if (missing < 0) continue
    const next = events.slice(missing).find((event) => event !== undefined)
    const rule = missing === 0 ? 'a host begins with 1' : 'a host counts each of its events'
    throw bad(next?.clockLine ?? 1, `the clock: ${host}: ${missing + 1} expected before ${missing + 2}: ${rule}`)
  }
  return hosts
}

const ownCount = ({ clock, host }: LoggedEvent): number => clock.get(host) ?? 1

function known(event: LoggedEvent, host: string, count: number, hosts: Hosts): LoggedEvent {
  const events = hosts.get(host)
  if (events === undefined) throw bad(event.clockLine, `the clock: ${host}: a host without events`)
  const found = events[count - 1]
  if (found === undefined) throw tooMany(event, host, events.length)
  return found
}

function tooMany({ clock, clockLine }: LoggedEvent, host: string, most: number): Error {
  return bad(clockLine, `the clock: ${host}: at most ${most} expected, not ${clock.get(host)}: no more are in the log`)
}

function before(event: LoggedEvent, hosts: Hosts): LoggedEvent | undefined {
  return hosts.get(event.host)?.[ownCount(event) - 2]
}

/** The last event of each other host that this one is the first of its host to know. */
function newsOf(event: LoggedEvent, hosts: Hosts): readonly LoggedEvent[] {
  const last = before(event, hosts)?.clock
  const news: LoggedEvent[] = []
  for (const [host, count] of last ?? []) {
    if ((event.clock.get(host) ?? 0) < count) {
      throw bad(event.clockLine, `the clock: ${host}: ${count} or more expected: ${event.host} knew as much before`)
    }
  }
  for (const [host, count] of event.clock) {
    if (host === event.host || count <= (last?.get(host) ?? 0)) continue
    const one = known(event, host, count, hosts)
    for (const [other, seen] of one.clock) {
      if ((event.clock.get(other) ?? 0) < seen) {
        throw bad(
          event.clockLine,
          `the clock: ${other}: ${seen} or more expected: ${host} knew as much in line ${one.clockLine}`,
        )
      }
    }
    news.push(one)
  }
  return news
}

/** Causes first; of what may come next, what the log has first. */
function* sorted(logged: readonly LoggedEvent[], hosts: Hosts): Steps<readonly LoggedEvent[]> {
  const waits = new Map<LoggedEvent, number>()
  const waiting = new Map<LoggedEvent, LoggedEvent[]>()
  for (const event of logged) {
    const last = before(event, hosts)
    const causes = [...newsOf(event, hosts), ...(last === undefined ? [] : [last])]
    waits.set(event, causes.length)
    for (const cause of causes) {
      const others = waiting.get(cause)
      if (others === undefined) waiting.set(cause, [event])
      else others.push(event)
    }
    if (waits.size % STEP === 0) yield
  }
  const places: LoggedEvent[] = []
  const take = (event: LoggedEvent) => {
    const ready = [event]
    for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
      places.push(next)
      for (const one of waiting.get(next) ?? []) {
        const left = (waits.get(one) ?? 0) - 1
        waits.set(one, left)
        // What comes later in the log has its turn there.
        if (left === 0 && one.line < event.line) ready.push(one)
      }
    }
  }
  const taken = new Set<LoggedEvent>()
  for (const event of logged) {
    if (waits.get(event) !== 0 || taken.has(event)) continue
    const from = places.length
    take(event)
    for (const one of places.slice(from)) taken.add(one)
    if (from % STEP === 0) yield
  }
  if (places.length < logged.length) {
    const stuck = logged.find((event) => !taken.has(event))
    throw bad(stuck?.clockLine ?? 1, 'the clock: an event that does not depend on itself expected')
  }
  return places
}
