/** What a script knows of messages that wait: each node is heard by itself, the receiver perhaps before the sender. */
import { expect, test } from 'vitest'
import { carriesEntries, Field } from '../../main/zoo/field'
import { Story } from '../checks/support/story'

const field = () => new Field(1, new AbortController().signal)
const waits = () => new Story().tell(2, 'held', { peer: 1, id: 7, message: 'AppendEntries', place: 0 }).events
const sent = (count: number) => new Story().tell(1, 'sent', { peer: 2, id: 7, message: 'AppendEntries', count }).events

test('what a message carries is not known before its sender was heard', () => {
  const late = field()
  late.report(waits())
  const [message] = late.held(1, 2)
  expect(message?.count).toBeUndefined()
  expect(late.held(1, 2).some(carriesEntries)).toBe(false)
  late.report(sent(2))
  expect(message?.count).toBe(2)
  expect(late.held(1, 2).some(carriesEntries)).toBe(true)
})

test('a heartbeat carries nothing, and that is known', () => {
  const heard = field()
  heard.report([...sent(0), ...waits()])
  expect(heard.held(1, 2).map(({ count }) => count)).toEqual([0])
})

test('a copy carries what its original does, whenever that is told', () => {
  const late = field()
  late.report(waits())
  late.report(
    new Story()
      .tell(2, 'copied', { peer: 1, id: 7, copy: -1 })
      .tell(2, 'held', { peer: 1, id: -1, message: 'AppendEntries', place: 1 }).events,
  )
  late.report(sent(3))
  expect(late.held(1, 2).map(({ id, count }) => [id, count])).toEqual([
    [7, 3],
    [-1, 3],
  ])
})
