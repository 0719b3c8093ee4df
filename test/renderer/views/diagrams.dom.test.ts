import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { i18n } from '../../../renderer/i18n'
import RingNode from '../../../renderer/views/cluster/RingNode.vue'
import EntryStrip from '../../../renderer/views/logs/EntryStrip.vue'
import LogCell from '../../../renderer/views/logs/LogCell.vue'
import type { EntryStory, Verdict } from '../../../renderer/views/logs/log-model'
import { type Bench, createBench } from '../support/mounted'
import { entryView, logView, nodeView, processState } from '../support/samples'

let bench: Bench
beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.end())

const ringNode = (changes: Parameters<typeof nodeView>[1] = {}, id = 4, more: Record<string, unknown> = {}) =>
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
    standing: { belongs: 'voter', side: undefined, passage: undefined },
    low: false,
    ...more,
  })

describe('a node on the ring', () => {
  it('says its whole state in words and as data', () => {
    const node = ringNode({ log: logView(1, 49, { durableIndex: 49, entries: [] }) }).get('[data-testid="node-4"]')
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

describe('a node that is not simply a voter', () => {
  const as = (standing: Record<string, unknown>, changes: Parameters<typeof nodeView>[1] = {}) =>
    ringNode({ role: 'follower', leader: 1, ...changes }, 4, {
      standing: { belongs: 'voter', side: undefined, passage: undefined, ...standing },
    })
  const outline = (node: ReturnType<typeof ringNode>) => node.get('.shape').attributes('d')
  it('has a shape and a word of its own', () => {
    const voter = as({})
    expect(voter.find('.tag').exists()).toBe(false)
    const learner = as({ belongs: 'learner' }, { role: 'learner' })
    expect(learner.get('.tag').text()).toBe('learner')
    expect(outline(learner)).not.toBe(outline(voter))
    const witness = as({ belongs: 'witness' })
    expect(witness.get('.tag').text()).toBe('witness')
    expect(witness.find('.inner').exists()).toBe(true)
    const stranger = as({ belongs: 'none' })
    expect(stranger.get('.tag').text()).toBe('no member')
    expect(outline(stranger)).toBe(outline(learner))
    expect(stranger.get('.node').attributes()).toMatchObject({ 'data-belongs': 'none' })
  })
  it('says in which configuration of joint consensus it votes', () => {
    const both = as({ side: 'both' })
    expect(both.get('.tag').text()).toBe('old + new')
    expect(both.get('.node').attributes('aria-label')).toContain('votes in the old + new configuration')
  })
  it('says that it comes or goes', () => {
    expect(as({ belongs: 'learner', passage: 'joining' }).get('.tag').text()).toBe('joining')
    expect(as({ passage: 'leaving' }).get('.tag').classes()).toContain('leaving')
  })
  it('rests without a timer, and says so', () => {
    const quiet = as({}, { isQuiescent: true, timerDuration: 3e8 })
    expect(quiet.find('.timer').exists()).toBe(false)
    expect(quiet.find('.sign.rest').exists()).toBe(true)
    expect(quiet.get('.node').attributes('aria-label')).toContain('resting')
  })
  it('shows how much of a snapshot is here', () => {
    const receiving = { peer: 1, index: 40, term: 2, bytes: 4000, offset: 1000 }
    const node = as({}, { receiving })
    expect(node.get('.state').text()).toBe('receives 25 %')
    expect(node.get('.node').attributes('aria-label')).toContain('receives a snapshot, 25 %')
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

describe('what is no command of the store', () => {
  const text = (changes: Parameters<typeof entryView>[1]) =>
    bench
      .mount(LogCell, {
        node: 1,
        entry: entryView(7, { op: '', key: '', value: '', ...changes }),
        standing: 'applied',
        conflict: false,
        selected: false,
        lit: false,
        compact: false,
        left: 0,
        focusable: true,
      })
      .get('button')
      .attributes('aria-label')
  it('is named by what it holds', () => {
    const joint = { voters: [1, 4], outgoing: [1, 2, 3], learners: [], learnersNext: [], witnesses: [] }
    expect(text({ type: 'config', configuration: { ...joint, outgoing: [] } })).toContain('C n1 n4')
    expect(text({ type: 'config', configuration: joint })).toContain('C n1 n2 n3 + n1 n4')
    expect(text({ type: 'metadata' })).toContain('meta')
    expect(text({ op: 'open-session' })).toContain('session')
    expect(text({ op: 'cas', key: 'x', value: '3' })).toContain('cas x←3')
    expect(text({ op: 'append', key: 'x', value: '3' })).toContain('x+3')
  })
})

describe('the strip', () => {
  const strip = (verdict: Verdict, changes: Partial<EntryStory> = {}) =>
    bench.mount(EntryStrip, {
      story: {
        node: 4,
        entry: entryView(49, { term: 3, type: 'noop', op: '' }),
        on: [4, 5],
        missing: [{ side: 'all', of: [1, 2, 3, 4, 5], needs: 3, missing: 1, from: [1, 2, 3] }],
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
  it('names what is missing of both majorities of a joint configuration', () => {
    const text = strip(
      { kind: 'needs-copies', holds: 0 },
      {
        missing: [
          { side: 'old', of: [1, 2, 3], needs: 2, missing: 1, from: [2, 3] },
          { side: 'new', of: [1, 6, 7], needs: 2, missing: 1, from: [6, 7] },
        ],
      },
    ).text()
    expect(text).toContain('one more of the old n2, n3')
    expect(text).toContain('one more of the new n6, n7')
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
