/** Reads without an entry. */
import { expect, test } from 'vitest'
import { Reads } from '../../../main/node/runtime/reads'
import { listening } from './support'

test('one question for all, answered once enough is applied', () => {
  const { replies, call } = listening()
  const reads = new Reads(
    (key) => (key === 'k' ? new Uint8Array([7]) : undefined),
    () => undefined,
  )
  const input = reads.ask([call(1), call(2, 'nothing')], 'index')
  expect(input).toMatchObject({ type: 'read', by: 'index' })
  const id = input.type === 'read' ? input.id : 0
  reads.answered([{ id: id + 1, ok: true, index: 1 }], 9)
  reads.answered([{ id, ok: true, index: 5 }], 4)
  expect([reads.count, replies.length]).toEqual([2, 0])
  reads.applied(5)
  expect(replies).toEqual([
    { request: 1, status: 'ok', found: true, value: new Uint8Array([7]), index: 5, term: 0 },
    { request: 2, status: 'ok', found: false, value: new Uint8Array(), index: 5, term: 0 },
  ])
  expect(reads.count).toBe(0)
})

test('who has nothing to read sends them to the leader', () => {
  const { replies, call } = listening()
  const reads = new Reads(
    () => new Uint8Array([7]),
    () => 4,
  )
  const input = reads.ask([call(1)], 'index')
  reads.answered([{ id: input.type === 'read' ? input.id : 0, ok: true, index: 5 }], 5)
  reads.stale(call(2), 5)
  expect(replies).toEqual([
    { request: 1, status: 'not-leader', leader: 4 },
    { request: 2, status: 'not-leader', leader: 4 },
  ])
})

test('when the leader is gone they are sent away', () => {
  const { replies, call } = listening()
  const reads = new Reads(
    () => undefined,
    () => undefined,
  )
  const input = reads.ask([call(1)], 'lease')
  const id = input.type === 'read' ? input.id : 0
  reads.answered([{ id, ok: false, reason: 'leader-changed', leader: 3 }], 4)
  expect(replies).toEqual([{ request: 1, status: 'not-leader', leader: 3 }])
  expect(reads.count).toBe(0)
})
