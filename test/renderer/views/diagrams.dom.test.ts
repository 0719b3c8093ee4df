import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { i18n } from '../../../renderer/i18n'
import RingNode from '../../../renderer/views/cluster/RingNode.vue'
import EntryStrip from '../../../renderer/views/logs/EntryStrip.vue'
import LogCell from '../../../renderer/views/logs/LogCell.vue'
import type { EntryStory, Verdict } from '../../../renderer/views/logs/log-model'
import { type Bench, createBench } from '../support/mounted'
import { entryView, nodeView, processState } from '../support/samples'

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.end())

const ringNode = (changes: Parameters<typeof nodeView>[1] = {}, id = 4) =>
  bench.mount(RingNode, {
    node: nodeView(id, { role: 'leader', leader: 4, currentTerm: 3, commitIndex: 47, lastApplied: 46, ...changes }),
    at: { x: 10, y: 10 },
    radius: 20,
    dense: false,
    tight: false,
    bar: [40, 52],
    selected: false,
    lit: false,
    focusable: true,
    side: undefined,
    onHull: false,
  })

describe('a node on the ring', () => {
  it('says its whole state in words and as data', () => {
    const node = ringNode({ log: { firstIndex: 1, lastIndex: 49, durableIndex: 49, entries: [] } }).get(
      '[data-testid="node-4"]',
    )
    expect(node.attributes('aria-label')).toBe('n4, leader, term 3, known committed 47 of 49 entries, applied 46')
    expect(node.attributes()).toMatchObject({
      'data-role': 'leader',
      'data-term': '3',
      'data-standing': 'running',
      'data-commit': '47',
      'data-last': '49',
    })
  })
  it('follows its leader, and says so', () => {
    const node = ringNode({ role: 'follower' }, 2).get('.node')
    expect(node.attributes('aria-label')).toContain('n2, follower, term 3, follows n4')
  })
  it('has an election timer unless it leads or is down', () => {
    expect(ringNode().find('.timer').exists()).toBe(false)
    expect(ringNode({ role: 'follower', timerDuration: 1e8 }, 2).find('.timer').exists()).toBe(true)
    const dead = {
      role: 'follower' as const,
      timerDuration: 1e8,
      process: processState({ standing: 'killed' as const }),
    }
    expect(ringNode(dead, 2).find('.timer').exists()).toBe(false)
  })
  it('wears a sign and a word when its process is down or paused', () => {
    const killed = ringNode({ process: processState({ standing: 'killed' }) })
    expect(killed.find('.sign.dead').exists()).toBe(true)
    expect(killed.get('.state').text()).toBe('killed')
    expect(killed.find('.badge').exists()).toBe(false)
    const paused = ringNode({ process: processState({ standing: 'paused' }) })
    expect(paused.find('.sign.held').exists()).toBe(true)
    expect(paused.get('.state').text()).toBe('paused')
  })
})

describe('a log cell', () => {
  const cell = (changes: Record<string, unknown> = {}) =>
    bench.mount(LogCell, {
      node: 1,
      entry: entryView(49, { term: 2, key: 'z', value: '1' }),
      standing: 'replicated',
      conflict: false,
      selected: false,
      lit: false,
      compact: false,
      left: 0,
      focusable: true,
      ...changes,
    })
  it('writes the term and says its standing', () => {
    const button = cell().get('button')
    expect(button.get('.term').text()).toBe('T2')
    expect(button.attributes('aria-label')).toBe('Entry 49 of n1, term 2, z←1: replicated here')
    expect(button.attributes()).toMatchObject({ 'data-term': '2', 'data-standing': 'replicated' })
  })
  it('says a conflict by sign and words', () => {
    const button = cell({ conflict: true }).get('button')
    expect(button.attributes('aria-label')).toContain('conflicts with leader')
    expect(button.classes()).toContain('conflict')
    expect(button.text()).toContain('≠')
  })
  it('doubles its bar from term 9 on', () => {
    expect(
      cell({ entry: entryView(1, { term: 9 }) })
        .get('button')
        .classes(),
    ).toEqual(expect.arrayContaining(['t1', 'doubled']))
  })
})

describe('the strip', () => {
  const strip = (verdict: Verdict, changes: Partial<EntryStory> = {}) =>
    bench.mount(EntryStrip, {
      story: {
        node: 4,
        entry: entryView(49, { term: 3, type: 'noop', op: '' }),
        on: [4, 5],
        missing: 1,
        of: [1, 2, 3],
        verdict,
        ...changes,
      },
    })
  it('says where the entry is and what it waits for', () => {
    const text = strip({ kind: 'needs-copies', holds: 48 }).text()
    expect(text).toContain('Entry 49')
    expect(text).toContain('on disk at n4, n5')
    expect(text).toContain('needs one more of n1, n2, n3')
    expect(text).toContain('not committed; 48 waits for it (§5.4.2)')
  })
  it.each<[Verdict, string]>([
    [{ kind: 'committed', known: [1, 4], applied: [4] }, 'committed; known at n1, n4; applied on 1'],
    [{ kind: 'older-term', waitsFor: 49, term: 3, leader: 4 }, 'waits for entry 49 of term 3 (§5.4.2)'],
    [{ kind: 'no-majority', leader: 1, reaches: 2, voters: 5 }, 'n1 reaches 2 of 5'],
    [{ kind: 'no-leader' }, 'waits for a leader'],
    [{ kind: 'not-in-leader', leader: 4, term: 3, other: 3 }, 'will replace it'],
    [{ kind: 'replaced', term: 3 }, 'never committed'],
  ])('%j', (verdict, words) => {
    expect(strip(verdict).text()).toContain(words)
  })
  it('speaks Chinese', () => {
    i18n.global.locale.value = 'zh'
    expect(strip({ kind: 'needs-copies', holds: 48 }).text()).toContain('尚未提交；48 须待其提交（§5.4.2）')
  })
})
