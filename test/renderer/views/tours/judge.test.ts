/** What lessons wait for: each kind of goal on a cluster where it is so, and on one where it is not; and the lessons' data. */
import { describe, expect, it } from 'vitest'
import type { MomentView, NodeView } from '../../../../preload/contract'
import { messages } from '../../../../renderer/i18n'
import { baselineOf, isReached, leaderOf, type Sight } from '../../../../renderer/views/tours/judge'
import { TOURS } from '../../../../renderer/views/tours/lessons'
import type { Goal } from '../../../../renderer/views/tours/types'
import { callView, entryRun, logView, momentView, nodeView, processState } from '../../support/samples'

const five = (changes: Readonly<Record<number, Partial<NodeView>>> = {}): NodeView[] =>
  [1, 2, 3, 4, 5].map((id) => nodeView(id, changes[id] ?? {}))
const down = { process: processState({ standing: 'killed' }) }
const BEFORE = momentView(five())

function sight(live: MomentView | null, changes: Partial<Sight> = {}): Sight {
  return { live, baseline: baselineOf(BEFORE), old: { node: 1, term: 1 }, inspected: null, pinned: false, ...changes }
}
const reached = (goal: Goal, live: MomentView | null, changes: Partial<Sight> = {}) =>
  isReached(goal, sight(live, changes))
const cut = (groups: readonly (readonly number[])[]): (readonly [number, number])[] =>
  groups.flatMap((group, at) =>
    groups.flatMap((other, place) => (place === at ? [] : group.flatMap((a) => other.map((b) => [a, b] as const)))),
  )

describe('a goal', () => {
  it('nothing is reached without a cluster', () => {
    expect(reached({ type: 'led', nodes: 1 }, null)).toBe(false)
    expect(reached({ type: 'shown', what: 'now' }, null)).toBe(false)
  })
  it('led: so many run and one of them leads', () => {
    expect(reached({ type: 'led', nodes: 5 }, BEFORE)).toBe(true)
    expect(reached({ type: 'led', nodes: 5 }, momentView(five({ 3: down })))).toBe(false)
    expect(reached({ type: 'led', nodes: 4 }, momentView(five({ 1: down })))).toBe(false)
  })
  it('inspected: who leads, who led, or anybody who follows', () => {
    expect(reached({ type: 'inspected', part: 'leader' }, BEFORE, { inspected: 1 })).toBe(true)
    expect(reached({ type: 'inspected', part: 'leader' }, BEFORE, { inspected: 2 })).toBe(false)
    expect(reached({ type: 'inspected', part: 'follower' }, BEFORE, { inspected: 2 })).toBe(true)
    expect(reached({ type: 'inspected', part: 'follower' }, BEFORE)).toBe(false)
    expect(reached({ type: 'inspected', part: 'old' }, BEFORE, { inspected: null, old: null })).toBe(false)
  })
  it('stands, and somebody else stands', () => {
    const live = momentView(five({ 1: down }))
    expect(reached({ type: 'stands', part: 'old', standing: ['killed'] }, live)).toBe(true)
    expect(reached({ type: 'stands', part: 'old', standing: ['paused'] }, live)).toBe(false)
    expect(reached({ type: 'otherStands', part: 'old', standing: ['killed'] }, live)).toBe(false)
    const other = momentView(five({ 2: down }))
    expect(reached({ type: 'otherStands', part: 'old', standing: ['killed'] }, other)).toBe(true)
    // Who was down before was not brought down now.
    const before = { baseline: baselineOf(other) }
    expect(reached({ type: 'otherStands', part: 'old', standing: ['killed'] }, other, before)).toBe(false)
  })
  it('elected: a later term than that of who led', () => {
    const live = momentView(five({ 1: down, 2: { role: 'leader', currentTerm: 2 } }))
    expect(leaderOf(live)).toBe(2)
    expect(reached({ type: 'elected' }, live)).toBe(true)
    expect(reached({ type: 'elected' }, BEFORE)).toBe(false)
    expect(reached({ type: 'elected' }, live, { old: null })).toBe(false)
  })
  it('follows: it runs and follows who leads', () => {
    const changes = { 1: { role: 'follower', leader: 2 }, 2: { role: 'leader', currentTerm: 2, leader: 2 } } as const
    expect(reached({ type: 'follows', part: 'old' }, momentView(five(changes)))).toBe(true)
    expect(reached({ type: 'follows', part: 'old' }, BEFORE)).toBe(false)
  })
  it('running: within bounds', () => {
    const live = momentView(five({ 1: down, 2: down }))
    expect(reached({ type: 'running', atLeast: 3, atMost: 4 }, live)).toBe(true)
    expect(reached({ type: 'running', atMost: 2 }, live)).toBe(false)
    expect(reached({ type: 'running', atLeast: 3, atMost: 4 }, BEFORE)).toBe(false)
  })
  it('answered and unanswered: only calls made since', () => {
    const baseline = baselineOf(momentView(five(), { calls: [callView(1)] }))
    const with2 = (changes: Parameters<typeof callView>[1]) =>
      momentView(five(), { t: 9e9, calls: [callView(1), callView(2, changes)] })
    const put: Goal = { type: 'answered', ops: ['put'] }
    expect(reached(put, momentView(five(), { calls: [callView(1)] }), { baseline })).toBe(false)
    expect(reached(put, with2({}), { baseline })).toBe(true)
    expect(reached(put, with2({ op: 'get' }), { baseline })).toBe(false)
    expect(reached(put, with2({ outcome: 'pending' }), { baseline })).toBe(false)
    const silent: Goal = { type: 'unanswered', seconds: 1 }
    expect(reached(silent, with2({ outcome: 'pending', invokedAt: 8.5e9 }), { baseline })).toBe(false)
    expect(reached(silent, with2({ outcome: 'pending', invokedAt: 7.9e9 }), { baseline })).toBe(true)
    expect(reached(silent, with2({ outcome: 'unknown' }), { baseline })).toBe(true)
    expect(reached(silent, with2({}), { baseline })).toBe(false)
  })
  it('committed since, and all logs the same', () => {
    expect(reached({ type: 'committed' }, BEFORE)).toBe(false)
    expect(reached({ type: 'committed' }, momentView(five({ 2: { commitIndex: 4 } })))).toBe(true)
    expect(reached({ type: 'sameLogs' }, BEFORE)).toBe(true)
    expect(reached({ type: 'sameLogs' }, momentView(five({ 2: { commitIndex: 2 } })))).toBe(false)
    expect(reached({ type: 'sameLogs' }, momentView(five({ 2: down })))).toBe(false)
    const other = logView(1, 3, { entries: entryRun(1, 3, 2) })
    expect(reached({ type: 'sameLogs' }, momentView(five({ 2: { log: other } })))).toBe(false)
  })
  it('cut off: on which side', () => {
    const blocked = cut([
      [1, 2],
      [3, 4, 5],
    ])
    const live = momentView(five(), { blocked })
    expect(reached({ type: 'cutOff', part: 'old', side: 'minority' }, live)).toBe(true)
    expect(reached({ type: 'cutOff', part: 'old', side: 'majority' }, live)).toBe(false)
    expect(reached({ type: 'cutOff', part: 'old', side: 'majority' }, live, { old: { node: 4, term: 1 } })).toBe(true)
    expect(reached({ type: 'cutOff', part: 'old', side: 'minority' }, BEFORE)).toBe(false)
    expect(reached({ type: 'healed' }, live)).toBe(false)
    expect(reached({ type: 'healed' }, BEFORE)).toBe(true)
  })
  it('shown: a past moment, or now', () => {
    expect(reached({ type: 'shown', what: 'past' }, BEFORE, { pinned: true })).toBe(true)
    expect(reached({ type: 'shown', what: 'past' }, BEFORE)).toBe(false)
    expect(reached({ type: 'shown', what: 'now' }, BEFORE)).toBe(true)
  })
})

describe('the lessons', () => {
  const texts = (value: unknown): { en: string; zh: string }[] => {
    if (typeof value !== 'object' || value === null) return []
    if ('en' in value && 'zh' in value) return [value as { en: string; zh: string }]
    return Object.values(value).flatMap(texts)
  }
  it('are three, each with steps of different names', () => {
    expect(TOURS.map(({ id }) => id)).toEqual(['first-election', 'replication', 'trouble'])
    for (const { steps } of TOURS) expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length)
  })
  it('say everything in both languages, with the same nodes and terms filled in', () => {
    const all = TOURS.flatMap(texts)
    expect(all.length).toBeGreaterThan(100)
    const slots = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()
    for (const { en, zh } of all) {
      expect(slots(zh), en).toEqual(slots(en))
      for (const slot of slots(en)) expect(['{leader}', '{old}', '{term}']).toContain(slot)
      expect(zh).not.toBe(en)
    }
  })
  it('who is asked to do something is helped when nothing happens', () => {
    for (const { steps } of TOURS) {
      for (const { id, goal, task, hints } of steps) {
        if (goal === undefined) continue
        expect(task, id).toBeDefined()
        expect(hints?.length, id).toBeGreaterThan(0)
      }
    }
  })
  it('name who led before they speak of it', () => {
    for (const { steps } of TOURS) {
      const named = steps.findIndex(({ names }) => names === 'old')
      for (const [at, step] of steps.entries()) {
        if (JSON.stringify(step).includes('"old"') || JSON.stringify(step).includes('{old}')) {
          expect(named, step.id).toBeGreaterThanOrEqual(0)
          expect(at, step.id).toBeGreaterThanOrEqual(named)
        }
      }
    }
  })
  it('the frame around them is translated as well', () => {
    expect(Object.keys(messages.zh.scenarios.tour)).toEqual(Object.keys(messages.en.scenarios.tour))
  })
})
