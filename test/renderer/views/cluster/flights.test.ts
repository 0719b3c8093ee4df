import { describe, expect, test } from 'vitest'
import type { EventView } from '../../../../preload/contract'
import {
  CROSS,
  Flights,
  MOST_FLIGHTS,
  progressOf,
  READABLE,
  stillFlights,
} from '../../../../renderer/views/cluster/flights'
import { SENT_ENTRY } from '../../../support/events'
import { SCENES } from '../../preview-diagrams/scenes'

const sent = (seq: number, t: number, changes: Partial<EventView<'sent'>> = {}): EventView<'sent'> => ({
  kind: 'sent',
  seq,
  n: seq,
  node: 1,
  t,
  ...SENT_ENTRY,
  id: seq,
  ...changes,
})
const received = (seq: number, t: number, id: number): EventView<'received'> => ({
  kind: 'received',
  seq,
  n: seq,
  node: 2,
  t,
  peer: 1,
  id,
  message: 'AppendEntries',
  term: 1,
  count: 1,
})
const dropped = (seq: number, t: number, id: number, receiver = 2): EventView<'dropped'> => ({
  kind: 'dropped',
  seq,
  n: seq,
  node: receiver,
  t,
  sender: 1,
  receiver,
  id,
  message: 'AppendEntries',
  reason: 'blocked',
})

function flightOf(events: readonly EventView[], t: number) {
  const flights = new Flights()
  flights.take(events, 0)
  const [flight] = flights.at(t)
  if (flight === undefined) throw new Error('nothing flies')
  return flight
}

describe('messages that can be seen', () => {
  test('a delivery of a fifth of a millisecond still takes its readable time, evenly', () => {
    const flight = flightOf([sent(1, 1e9), received(2, 1.0002e9, 1)], 1.01e9)
    expect(progressOf(flight, 0.9e9)).toBeUndefined()
    for (const share of [0.1, 0.5, 0.9]) expect(progressOf(flight, 1e9 + READABLE * share)).toBeCloseTo(share, 3)
    expect(progressOf(flight, 1e9 + READABLE * 1.01)).toBeUndefined()
  })

  test('one that takes long waits before its receiver until its fate is known', () => {
    const events = [sent(1, 1e9)]
    const flight = flightOf(events, 1e9)
    const waiting = progressOf(flight, 3e9) ?? 0
    expect(waiting).toBeLessThan(1)
    expect(progressOf(flight, 4e9)).toBe(waiting)
    const landed = flightOf([...events, received(2, 3e9, 1)], 3.01e9)
    expect(progressOf(landed, 3.03e9)).toBeGreaterThan(waiting)
    expect(progressOf(landed, 4e9)).toBeUndefined()
  })

  test('a dropped one ends with a cross that stays for a while', () => {
    const flight = flightOf([sent(1, 1e9), dropped(2, 1.0002e9, 1)], 1.01e9)
    expect(progressOf(flight, 1e9 + READABLE + CROSS / 2)).toBe(1)
    expect(progressOf(flight, 1e9 + READABLE + CROSS * 1.1)).toBeUndefined()
    expect(flight.reason).toBe('blocked')
  })

  test('messages of one link arrive in the order in which they were sent', () => {
    const flights = new Flights()
    flights.take([sent(1, 1e9), received(2, 1.0002e9, 1), sent(3, 1.05e9), received(4, 1.0502e9, 3)], 0)
    const [first, second] = flights.at(1.1e9)
    for (let t = 1.05e9; t < 1.3e9; t += 10e6) {
      expect(progressOf(first!, t) ?? 2).toBeGreaterThan(progressOf(second!, t) ?? 0)
    }
  })

  test('there are never too many, and heartbeats give way first', () => {
    const flights = new Flights()
    const events: EventView[] = []
    for (let i = 0; i < 600; i++) events.push(sent(i, 1e9 + i, { count: i % 10 === 0 ? 1 : 0 }))
    flights.take(events, 0)
    const seen = flights.at(1.1e9)
    expect(seen.length).toBeLessThanOrEqual(MOST_FLIGHTS)
    expect(seen.filter((flight) => !flight.heartbeat)).toHaveLength(60)
    expect(flights.at(1.11e9).map((flight) => flight.key)).toEqual(seen.map((flight) => flight.key))
  })

  test('what has arrived is forgotten', () => {
    const flights = new Flights()
    flights.take(SCENES.one?.().events ?? [], 0)
    flights.take(SCENES.five?.().events ?? [], 0)
    flights.at(3e9)
    expect(flights.at(60e9)).toEqual([])
  })
})

describe('messages at a pinned moment', () => {
  const events = [sent(0, 1e9), sent(1, 1.001e9, { peer: 3, id: 1 }), received(2, 1.2e9, 0), dropped(3, 1.3e9, 1, 3)]
  test('stand where they really are', () => {
    const still = stillFlights(events.slice(0, 2), events.slice(2), 1.1e9)
    expect(still.map(({ flight }) => flight.key)).toEqual(['1>2:0', '1>3:1'])
    expect(still[0]?.share).toBeCloseTo(0.5)
  })
  test('the message of the pinned event stands at its end', () => {
    const arrived = stillFlights(events.slice(0, 3), events.slice(3), 1.2e9)
    expect(arrived.find(({ flight }) => flight.key === '1>2:0')?.share).toBeGreaterThan(0.8)
    const cut = stillFlights(events, [], 1.3e9)
    expect(cut).toMatchObject([{ share: 1, flight: { fate: 'dropped' } }])
  })
  test('what arrived long ago is not drawn', () => {
    expect(stillFlights([sent(0, 1e9), received(1, 1.0002e9, 0), sent(2, 1.5e9)], [], 1.5e9)).toHaveLength(1)
  })
})
