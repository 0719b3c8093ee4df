import { describe, expect, test } from 'vitest'
import type { EventView, NodeView } from '../../../../preload/contract'
import { entryText } from '../../../../renderer/components/entries'
import {
  committedIndex,
  conflictFrom,
  copiesAt,
  determinedBy,
  leadersOf,
  reachableFrom,
  standingOf,
  storyOf,
} from '../../../../renderer/views/logs/log-model'
import { SCENES } from '../../preview-diagrams/scenes'
import { configuration, entryRun, entryView, logView, nodeView, processState } from '../../support/samples'

/** A node with entries of these terms, from index 1. */
function node(id: number, terms: readonly number[], changes: Partial<NodeView> = {}): NodeView {
  const entries = terms.map((term, i) => entryView(i + 1, { term }))
  const last = terms.length
  return nodeView(id, {
    role: 'follower',
    currentTerm: Math.max(1, ...terms),
    commitIndex: 0,
    lastApplied: 0,
    log: logView(1, last, { durableIndex: last, entries }),
    ...changes,
  })
}
const story = (
  nodes: readonly NodeView[],
  id: number,
  index: number,
  blocked: readonly (readonly [number, number])[] = [],
) => {
  const of = nodes.find((n) => n.id === id)
  const entry = of?.log.entries[index - 1]
  if (entry === undefined) throw new Error('no entry')
  return storyOf({ nodes, blocked }, id, entry)
}

describe('standings', () => {
  test('written, replicated here, known committed, applied', () => {
    const of = nodeView(1, {
      commitIndex: 3,
      lastApplied: 2,
      log: logView(1, 5, { durableIndex: 4, entries: entryRun(1, 5) }),
    })
    expect([1, 2, 3, 4, 5].map((index) => standingOf(of, index))).toEqual([
      'applied',
      'applied',
      'committed',
      'replicated',
      'written',
    ])
  })
})

describe('committed', () => {
  test('is the highest commitIndex of any node, dead ones included', () => {
    const dead = node(3, [1, 1, 1], { commitIndex: 3, process: processState({ standing: 'killed' }) })
    expect(committedIndex([node(1, [1, 1, 1], { commitIndex: 2 }), dead])).toBe(3)
  })
  test('was determined by the leader that counted first', () => {
    const counted = (seq: number, of: number, index: number): EventView<'committed'> => ({
      kind: 'committed',
      seq,
      n: seq,
      node: of,
      t: seq,
      commitIndex: index,
      by: 'counted',
    })
    const role = (seq: number, of: number, term: number): EventView<'role'> => ({
      kind: 'role',
      seq,
      n: seq,
      node: of,
      t: seq,
      role: 'leader',
      term,
      leader: of,
      reason: 'won-election',
    })
    const events = [role(1, 1, 2), counted(2, 1, 47), counted(3, 1, 48), role(4, 4, 3)]
    expect(determinedBy([], 48, events)).toEqual({ node: 1, term: 2 })
    expect(determinedBy([], 47, events)).toEqual({ node: 1, term: 2 })
    expect(determinedBy([], 49, events)).toBeUndefined()
    const leader = node(5, [1], { role: 'leader', commitIndex: 1, currentTerm: 4 })
    expect(determinedBy([leader], 1, [])).toEqual({ node: 5, term: 4 })
  })
})

describe('conflicts', () => {
  const leader = node(4, [1, 1, 2, 3], { role: 'leader', currentTerm: 3 })
  test('begin with the first entry whose term differs and include all after it (§5.3)', () => {
    expect(conflictFrom(node(1, [1, 1, 2, 2, 2, 2], { currentTerm: 2 }), leader)).toBe(4)
    expect(conflictFrom(node(2, [1, 1, 2], { currentTerm: 2 }), leader)).toBe(Number.POSITIVE_INFINITY)
    expect(conflictFrom(node(3, [1, 1, 2, 3, 3], { currentTerm: 3 }), leader)).toBe(Number.POSITIVE_INFINITY)
  })
  test('are never seen through the eyes of an older leader', () => {
    const old = node(1, [1, 1, 2, 2], { role: 'leader', currentTerm: 2 })
    expect(conflictFrom(leader, old)).toBe(Number.POSITIVE_INFINITY)
    expect(leadersOf([old, leader]).map(({ id }) => id)).toEqual([4, 1])
  })
})

describe('copies on disks', () => {
  test('tell different entries at one index apart', () => {
    const nodes = [node(1, [1, 2]), node(2, [1, 2]), node(3, [1]), node(4, [1, 3]), node(5, [1, 3])]
    expect(copiesAt(nodes, 1)).toEqual([{ term: 1, nodes: [1, 2, 3, 4, 5] }])
    expect(copiesAt(nodes, 2)).toEqual([
      { term: 2, nodes: [1, 2] },
      { term: 3, nodes: [4, 5] },
    ])
  })
  test('leave out what the disk does not have yet, and removed nodes', () => {
    const fresh = node(1, [1, 1])
    const nodes = [
      { ...fresh, log: { ...fresh.log, durableIndex: 1 } },
      node(2, [1, 1], { process: processState({ standing: 'removed' }) }),
      node(3, [1, 1], { process: processState({ standing: 'killed' }) }),
    ]
    expect(copiesAt(nodes, 2)).toEqual([{ term: 1, nodes: [3] }])
  })
  test('count old entries that a node no longer carries along', () => {
    const short = nodeView(2, {
      commitIndex: 300,
      log: logView(1, 300, { durableIndex: 300, entries: entryRun(45, 300) }),
    })
    const long = nodeView(1, {
      commitIndex: 300,
      log: logView(1, 300, { durableIndex: 300, entries: entryRun(1, 300) }),
    })
    expect(copiesAt([long, short], 10)).toEqual([{ term: 1, nodes: [1, 2] }])
  })
})

describe('what stands between an entry and being committed', () => {
  const three = (n: number) => Array.from({ length: n }, () => 1)
  test('copies on other disks', () => {
    const nodes = [
      node(1, [1, 1], { role: 'leader', commitIndex: 1 }),
      node(2, [1], { commitIndex: 1 }),
      node(3, [1], { commitIndex: 1 }),
    ]
    expect(story(nodes, 1, 2)).toMatchObject({
      on: [1],
      missing: [{ side: 'all', missing: 1, from: [2, 3] }],
      verdict: { kind: 'needs-copies', holds: 0 },
    })
  })
  test('the leader’s word, once a majority has it', () => {
    const nodes = [node(1, [1, 1], { role: 'leader' }), node(2, [1, 1]), node(3, [])]
    expect(story(nodes, 1, 2).verdict).toEqual({ kind: 'counting', leader: 1 })
  })
  test('an entry of the leader’s own term, for one of an older term (§5.4.2, Figure 8)', () => {
    const leader = node(1, [1, 2, 4], { role: 'leader', currentTerm: 4, commitIndex: 1 })
    const nodes = [leader, node(2, [1, 2]), node(3, [1, 2]), node(4, [1]), node(5, [1, 3])]
    expect(story(nodes, 2, 2)).toMatchObject({
      missing: [],
      verdict: { kind: 'older-term', waitsFor: 3, term: 4, leader: 1 },
    })
    expect(story(nodes, 1, 3).verdict).toEqual({ kind: 'needs-copies', holds: 2 })
    const without = [node(1, [1, 2], { role: 'leader', currentTerm: 4 }), ...nodes.slice(1)]
    expect(story(without, 2, 2).verdict).toMatchObject({ kind: 'older-term', waitsFor: 0 })
  })
  test('a leader that has another entry, or none', () => {
    const nodes = [
      node(1, [1, 2, 2], { role: 'leader', currentTerm: 2 }),
      node(4, [1, 3], { role: 'leader', currentTerm: 3 }),
      node(5, [1]),
    ]
    expect(story(nodes, 1, 2).verdict).toEqual({ kind: 'not-in-leader', leader: 4, term: 3, other: 3 })
    expect(story(nodes, 1, 3).verdict).toEqual({ kind: 'not-in-leader', leader: 4, term: 3, other: 0 })
  })
  test('a leader without a majority', () => {
    const nodes = [node(1, [1], { role: 'leader' }), node(2, [1]), node(3, []), node(4, []), node(5, [])]
    const blocked = [3, 4, 5].map((to) => [1, to] as const)
    expect(story(nodes, 1, 1, blocked).verdict).toEqual({ kind: 'no-majority', leader: 1, reaches: 2, voters: 5 })
    expect(reachableFrom(nodes[0]!, nodes, [[2, 1]])).toEqual([1, 3, 4, 5])
  })
  test('copies of voters only; learners and strangers do not count', () => {
    const of = configuration([1, 2, 3], { learners: [4] })
    const nodes = [
      node(1, [1, 1], { role: 'leader', commitIndex: 1, configuration: of }),
      node(2, [1]),
      node(3, [1]),
      node(4, [1, 1]),
      node(5, [1, 1]),
    ]
    const told = story(nodes, 1, 2)
    expect(told.on).toEqual([1, 4, 5])
    expect(told.missing).toMatchObject([{ side: 'all', missing: 1, from: [2, 3] }])
    expect(told.verdict).toEqual({ kind: 'needs-copies', holds: 0 })
  })
  test('both majorities of a joint configuration (§6)', () => {
    const of = configuration([1, 4, 5], { outgoing: [1, 2, 3] })
    const nodes = [
      node(1, [1, 1], { role: 'leader', commitIndex: 1, configuration: of }),
      node(2, [1, 1]),
      node(3, [1]),
      node(4, [1]),
      node(5, [1]),
    ]
    expect(story(nodes, 1, 2).missing).toMatchObject([{ side: 'new', missing: 1, from: [4, 5] }])
    const blocked = [4, 5].map((to) => [1, to] as const)
    expect(story(nodes, 1, 2, blocked).verdict).toEqual({ kind: 'no-majority', leader: 1, reaches: 1, voters: 3 })
  })
  test('what a snapshot holds counts as a copy', () => {
    const compacted = nodeView(2, { commitIndex: 50, log: logView(41, 50) })
    expect(copiesAt([nodeView(1, { commitIndex: 50, log: logView(1, 50) }), compacted], 10)).toEqual([
      { term: 1, nodes: [1, 2] },
    ])
  })
  test('no leader', () => {
    expect(story([node(1, [1]), node(2, []), node(3, [])], 1, 1).verdict).toEqual({ kind: 'no-leader' })
  })
  test('nothing any more', () => {
    const nodes = [
      node(1, three(2), { role: 'leader', commitIndex: 2, lastApplied: 2 }),
      node(2, three(2), { commitIndex: 1 }),
      node(3, [1, 2], { commitIndex: 1 }),
    ]
    expect(story(nodes, 2, 2).verdict).toEqual({ kind: 'committed', known: [1], applied: [1] })
    expect(story(nodes, 3, 2).verdict).toEqual({ kind: 'replaced', term: 1 })
  })
  test('in the simulated partition: the old leader’s entries conflict, the new one’s are committed', () => {
    const moment = SCENES.five?.().moment()
    if (moment === undefined) throw new Error('no scene')
    const [newest, old] = leadersOf(moment.nodes)
    expect(newest?.currentTerm).toBeGreaterThan(old?.currentTerm ?? 9)
    const from = conflictFrom(old!, newest)
    expect(from).toBe(11)
    expect(copiesAt(moment.nodes, from)).toHaveLength(2)
    expect(story(moment.nodes, old!.id, from, moment.blocked).verdict).toMatchObject({ kind: 'replaced' })
    expect(committedIndex(moment.nodes)).toBe(newest?.commitIndex)
  })
})

describe('small things', () => {
  test('commands as they stand in cells', () => {
    expect(entryText(entryView(1, { key: 'x', value: '5' }))).toBe('x←5')
    expect(entryText(entryView(1, { type: 'noop', op: '' }))).toBe('no-op')
    expect(entryText(entryView(1, { op: 'delete', key: 'x' }))).toBe('del x')
  })
})
