/** Calls that wait for their entry. */
import { expect, test } from 'vitest'
import type { Outcome } from '../../../main/node/kv/api'
import { PendingCalls } from '../../../main/node/runtime/pending'
import { entry, listening } from './support'

const outcome: Outcome = { kind: 'done', found: true, value: new Uint8Array([1]) }

test('the entry of the same term answers, another one means lost', () => {
  const { replies, call } = listening()
  const calls = new PendingCalls()
  calls.add(5, 1, call(10))
  calls.add(6, 1, call(9))
  // It lost its entries, and leads again.
  calls.add(5, 3, call(11))
  calls.add(6, 3, call(12))
  calls.applied(entry(4, 1), outcome)
  expect(replies).toEqual([])
  calls.applied(entry(5, 3), outcome)
  expect(replies).toEqual([
    { request: 10, status: 'lost' },
    { request: 11, status: 'ok', found: true, value: new Uint8Array([1]), index: 5, term: 3 },
  ])
  expect(calls.count).toBe(2)
  calls.applied(entry(6, 3), outcome)
  expect(replies.slice(2).map(({ request, status }) => [request, status])).toEqual([
    [9, 'lost'],
    [12, 'ok'],
  ])
  expect(calls.count).toBe(0)
})

test('many come and go', () => {
  const { replies, call } = listening()
  const calls = new PendingCalls()
  for (let index = 1; index <= 20_000; index++) {
    calls.add(index, 1, call(index))
    if (index > 100) calls.applied(entry(index - 100, 1), outcome)
  }
  expect(calls.count).toBe(100)
  expect(replies.map(({ request }) => request)).toEqual(Array.from({ length: 19_900 }, (_, at) => at + 1))
})

test.each([
  [{ kind: 'stale' }, 'bad-input'],
  [{ kind: 'expired' }, 'session-expired'],
  [{ kind: 'too-large', given: 2 << 20 }, 'value-size'],
] as const)('%o is told as a problem', (kind, problem) => {
  const { replies, call } = listening()
  const calls = new PendingCalls()
  calls.add(1, 1, call(10))
  calls.applied(entry(1, 1), kind)
  expect(replies[0]).toMatchObject({ request: 10, status: 'refused', problem })
})

test('what a snapshot stepped over is not answered: the connection closes', () => {
  const { replies, state, call } = listening()
  const other = listening()
  const calls = new PendingCalls()
  calls.add(5, 1, call(1))
  calls.add(7, 1, other.call(2))
  calls.overtaken(6)
  expect([state.isClosed, other.state.isClosed, replies.length, calls.count]).toEqual([true, false, 0, 1])
})
