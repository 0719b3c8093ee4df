import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TimelineEvent } from '../../../main/node/contract/events'
import type { Entry } from '../../../main/raft/types'
import { diffStates } from '../../../main/timeline/diff'
import { logDiff } from '../../../main/timeline/diff/log'
import { newCluster } from '../../../main/timeline/fold/cluster'
import { fold } from '../../../main/timeline/fold/fold'
import { FIRST_START } from '../../support/events'

const entry = (index: number, term: number): Entry => ({
  index,
  term,
  type: 'command',
  data: Uint8Array.of(term, index),
})
const logOf = (terms: readonly number[], firstIndex = 1, commitIndex = 0) => ({
  firstIndex,
  lastIndex: firstIndex + terms.length - 1,
  commitIndex,
  log: terms.map((term, at) => entry(firstIndex + at, term)),
})
const same = (one: Entry) => one
const changes = (diff: ReturnType<typeof logDiff<Entry>>) =>
  diff.entries.map(({ index, change }) => `${index} ${change}`)

describe('two logs', () => {
  test.each([
    ['grown', logOf([1, 1]), logOf([1, 1, 2]), 2, ['1 same', '2 same', '3 added']],
    ['shortened', logOf([1, 1, 1]), logOf([1]), 1, ['1 same', '2 removed', '3 removed']],
    ['overwritten', logOf([1, 1, 1]), logOf([1, 2, 2]), 1, ['1 same', '2 rewritten', '3 rewritten']],
    ['overwritten and shorter', logOf([1, 1, 1]), logOf([1, 2]), 1, ['1 same', '2 rewritten', '3 removed']],
    ['compacted', logOf([1, 1, 2]), logOf([2], 3), 3, ['1 compacted', '2 compacted', '3 same']],
    ['nothing in common', logOf([1]), logOf([2]), 0, ['1 rewritten']],
    ['from nothing', logOf([]), logOf([1]), 0, ['1 added']],
  ] as const)('%s', (_, a, b, upTo, wanted) => {
    const diff = logDiff(a, b, same)
    expect(diff.sameUpTo).toBe(upTo)
    expect(changes(diff)).toEqual(wanted)
  })

  test('entries whose data was not recorded are compared by their term', () => {
    const bare = { ...logOf([1]), log: [{ ...entry(1, 1), data: new Uint8Array() }] }
    expect(logDiff(bare, logOf([1]), same).rewritten).toBe(0)
  })

  test('of a long log only what is near the change is shown, and all of it is counted', () => {
    const diff = logDiff(logOf(Array(10_000).fill(1)), logOf(Array(10_300).fill(1)), same)
    expect(diff.added).toBe(300)
    expect(diff.sameUpTo).toBe(10_000)
    expect(diff.entries.at(-1)?.index).toBe(10_300)
    expect(diff.entries.length).toBeLessThanOrEqual(120)
    const near = logDiff(logOf(Array(500).fill(1)), logOf([...Array(499).fill(1), 2]), same)
    expect(changes(near)).toEqual(['496 same', '497 same', '498 same', '499 same', '500 rewritten'])
  })

  test('a diff takes the one log to the other', () => {
    const terms = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 30 })
    fc.assert(
      fc.property(terms, terms, (before, after) => {
        const [a, b] = [logOf(before), logOf(after)]
        const diff = logDiff(a, b, same)
        const rebuilt = diff.entries.flatMap(({ change, b: entryB }) => (change === 'removed' ? [] : [entryB]))
        const from = diff.entries[0]?.index ?? 1
        expect(rebuilt).toEqual(b.log.slice(from - 1))
        expect(a.log.slice(0, diff.sameUpTo)).toEqual(b.log.slice(0, diff.sameUpTo))
        expect(diff.added + diff.removed).toBeGreaterThanOrEqual(Math.abs(before.length - after.length))
        const back = logDiff(b, a, same)
        expect([back.added, back.removed, back.rewritten]).toEqual([diff.removed, diff.added, diff.rewritten])
      }),
    )
  })
})

test('two states: fields, faults, links and members that differ, and nothing else', () => {
  const state = newCluster('c', 'demo')
  let seq = 0
  const tell = (node: number, body: object) =>
    fold(state, { seq: seq++, t: seq * 1e6, n: seq, node, ...body } as unknown as TimelineEvent)
  for (const node of [1, 2]) tell(node, { kind: 'started', ...FIRST_START, currentTerm: 1 })
  const before = structuredClone(state)
  tell(1, { kind: 'hardState', currentTerm: 2, votedFor: 1 })
  tell(1, { kind: 'role', role: 'leader', term: 2, leader: 1, reason: 'won-election' })
  tell(0, { kind: 'link', from: 1, to: 2, blocked: true })
  tell(0, { kind: 'fault', action: 'begin', id: 4, type: 'block', detail: '{"links":[[1,2]]}' })
  const diff = diffStates(before, state, same)
  expect(diff.nodes.map(({ node, presence }) => [node, presence])).toEqual([
    [1, 'both'],
    [2, 'both'],
  ])
  const fields = Object.fromEntries((diff.nodes[0]?.fields ?? []).map(({ field, from, to }) => [field, [from, to]]))
  expect(fields).toMatchObject({ currentTerm: ['1', '2'], votedFor: ['–', 'n1'], role: ['follower', 'leader'] })
  expect(diff.nodes[1]?.fields).toEqual([])
  expect(diff).toMatchObject({ cut: [[1, 2]], healed: [], ruled: [], faultsEnded: [] })
  expect(diff.faultsBegun.map(({ id }) => id)).toEqual([4])
  const back = diffStates(state, before, same)
  expect(back).toMatchObject({ cut: [], healed: [[1, 2]] })
  expect(back.faultsEnded.map(({ id }) => id)).toEqual([4])
  tell(0, { kind: 'process', subject: 2, state: 'removed', pid: 0, incarnation: 0, exitCode: 0, signal: '' })
  expect(diffStates(before, state, same).nodes[1]).toMatchObject({ node: 2, presence: 'left' })
})
