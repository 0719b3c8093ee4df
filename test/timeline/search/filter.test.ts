import { describe, expect, test } from 'vitest'
import { nodesOf, parseFilter } from '../../../main/timeline/search/filter'
import type { EventView } from '../../../preload/contract'

const base = { seq: 7, n: 7, node: 4, t: 1e9 }
const vote: EventView<'sent'> = {
  ...base,
  kind: 'sent',
  peer: 3,
  id: 1,
  message: 'RequestVote',
  term: 3,
  index: 48,
  logTerm: 2,
  commit: 0,
  count: 0,
  ok: true,
  hint: 0,
  hintTerm: 0,
  inReplyTo: 0,
  round: 0,
}
const beat: EventView<'received'> = {
  ...base,
  kind: 'received',
  peer: 1,
  id: 9,
  message: 'AppendEntries',
  term: 2,
  count: 0,
}
const killed: EventView<'process'> = {
  ...base,
  node: 0,
  kind: 'process',
  subject: 2,
  state: 'killed',
  pid: 1,
  incarnation: 0,
  exitCode: 0,
  signal: 'SIGKILL',
}
const all: readonly EventView[] = [vote, beat, killed]
const found = (text: string) => all.filter((event) => parseFilter(text).matches(event))

describe('the text filter', () => {
  test.each([
    ['', all],
    ['term = 3 and kind = vote', [vote]],
    ['term=2', [beat]],
    ['term>=2', [vote, beat]],
    ['term != 3', [beat]],
    ['node = 3', [vote]],
    ['node:n2', [killed]],
    ['from = 4', [vote]],
    ['to:4', [beat]],
    ['heartbeat', [beat]],
    ['n4 requestvote', [vote]],
    ['T2', [beat]],
    ['sigkill', [killed]],
    ['index>40', [vote]],
    ['投票请求', [vote]],
    ['杀死', [killed]],
    ['收到 消息', [beat]],
    ['"投票" kind = sent', [vote]],
    ['nothing like it', []],
  ])('%s', (text, wanted) => {
    expect(found(text)).toEqual(wanted)
  })

  test('is empty when it holds no clause', () => {
    expect(parseFilter('  ').empty).toBe(true)
    expect(parseFilter('and').empty).toBe(true)
    expect(parseFilter('x').empty).toBe(false)
  })

  test('an event’s nodes are both ends of a message', () => {
    expect(nodesOf(vote)).toEqual([4, 3])
    expect(nodesOf(killed)).toEqual([2])
  })
})
