/** What was done by hand, as a scenario. */
import { describe, expect, test } from 'vitest'
import type { TimelineEvent } from '../../../main/node/contract/events'
import { readScenario } from '../../../main/scenarios/language/parse'
import { writeScenario } from '../../../main/scenarios/writing'
import { Story } from '../../checks/support/story'

const bytes = (text: string) => new TextEncoder().encode(text)

/** Three nodes that run, and the second of them leads. */
function begun(): Story {
  const story = new Story().tell(0, 'cluster', { id: 'c', name: 'demo', nodes: 3, settings: '{"preVote":false}' })
  for (const node of [1, 2, 3]) {
    story.tell(0, 'process', { subject: node, state: 'spawned', incarnation: 1 })
    story.tell(node, 'started', { incarnation: 1, firstIndex: 1 })
    story.tell(node, 'configuration', { standing: 'committed', voters: '1,2,3' })
    story.tell(0, 'process', { subject: node, state: 'ready', incarnation: 1 })
  }
  story.elect(2, 1).append(2, 1, 1)
  for (const node of [1, 3]) story.follow(node, 2, 1).append(node, 1, 1)
  return story.commit(2, 1).commit(1, 1).commit(3, 1)
}

/** The lines of its steps, without those that make the first leader. */
async function stepsOf(story: Story, from?: number): Promise<readonly string[]> {
  const text = await writeScenario([story.events as readonly TimelineEvent[]], {
    id: 'mine',
    ...(from === undefined ? {} : { from }),
  })
  expect(readScenario(text)).toMatchObject({ ok: true })
  const lines = text.split('\n')
  return lines
    .slice(lines.indexOf('steps:') + 1)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
const FIRST = [
  '# the clocks stand, so node 2 leads first, as it did',
  '- heal: {}',
  '- fire: 2',
  '- wait: { leader: { is: 2, followed: all } }',
  '# from here on the clocks run',
  '- heal: all',
]
const END = '- say: { en: Here the recording ends., zh: 录制到此结束。 }'

test('a cluster to which nothing was done: its leader leads', async () => {
  expect(await stepsOf(begun())).toEqual([...FIRST, END])
  const text = await writeScenario([begun().events], { id: 'mine' })
  expect(text).toContain('cluster: { nodes: 3, manual: true, settings: { preVote: false } }')
  expect(text).toMatch(/^# What was done by hand in the cluster “demo”/)
})

test('nodes that have a bug: the word of the language for it, and no setting', async () => {
  const story = new Story().tell(0, 'cluster', { id: 'c', name: 'demo', nodes: 1, settings: '{"bug":"vote-not-kept"}' })
  const text = await writeScenario([story.events], { id: 'mine' })
  expect(text).toContain('cluster: { nodes: 1, bug: vote-not-kept }')
})

test('a write that was waited for, a kill, the next leader, and the start of the old one', async () => {
  const story = begun()
    .tell(0, 'invoke', { call: 1, client: 1, op: 'put', key: 'x', value: bytes('1') })
    .append(2, 2, 1)
    .commit(2, 2)
    .tell(0, 'answer', { call: 1, outcome: 'ok', index: 2, term: 1, from: 2 })
    .tell(0, 'fault', { action: 'begin', id: 1, type: 'kill', detail: '{"nodes":[2]}' })
    .tell(0, 'process', { subject: 2, state: 'killed', incarnation: 1 })
    .elect(3, 2)
    .follow(1, 3, 2)
    .tell(0, 'fault', { action: 'end', id: 1, type: 'kill', detail: '{"nodes":[2]}' })
    .tell(0, 'process', { subject: 2, state: 'spawned', incarnation: 2 })
  expect(await stepsOf(story)).toEqual([
    ...FIRST,
    "- put: { key: x, value: '1', answer: { outcome: ok } }",
    '- wait: { committed: { index: 2, by: [ 2 ] } }',
    '- kill: 2',
    '- wait: { leader: { isNot: 2, followed: all } }',
    '- let: { leader-2: leader }',
    '- start: 2',
    END,
  ])
})

test('a call that nobody waited for goes on in the background, and its answer is waited for where it came', async () => {
  const story = begun()
    .tell(0, 'invoke', { call: 1, client: 1, op: 'cas', key: 'x', value: bytes('2'), hasExpected: false })
    .tell(0, 'fault', { action: 'begin', id: 1, type: 'pause', detail: '{"nodes":[3]}' })
    .tell(0, 'process', { subject: 3, state: 'paused', incarnation: 1 })
    .tell(0, 'answer', { call: 1, outcome: 'unknown' })
    .tell(0, 'process', { subject: 3, state: 'resumed', incarnation: 1 })
  expect(await stepsOf(story)).toEqual([
    ...FIRST,
    "- cas: { key: x, expected: null, value: '2', name: call-1, background: true }",
    '- pause: 3',
    '- wait: { answer: { call: call-1, outcome: unknown } }',
    '- resume: 3',
    END,
  ])
})

describe('links', () => {
  const hold = JSON.stringify({ seed: 5, rules: [{ messages: ['AppendEntries'], action: { type: 'hold' } }] })

  test('what is held, released and let go', async () => {
    const detail = JSON.stringify({
      links: [
        [2, 1],
        [2, 3],
      ],
      ...JSON.parse(hold),
    })
    const story = begun().tell(0, 'fault', { action: 'begin', id: 1, type: 'links', detail })
    for (const to of [1, 3]) story.tell(0, 'rules', { from: 2, to, rules: hold })
    for (const id of [7, 8]) story.tell(1, 'held', { peer: 2, id, message: 'AppendEntries', place: id - 7 })
    for (const id of [7, 8]) story.tell(1, 'released', { peer: 2, id, message: 'AppendEntries', how: 'delivered' })
    for (const to of [1, 3]) story.tell(0, 'rules', { from: 2, to, rules: '' })
    story.tell(0, 'fault', { action: 'end', id: 1, type: 'links', detail })
    expect(await stepsOf(story)).toEqual([
      ...FIRST,
      '- hold: { from: 2, to: [ 1, 3 ], messages: [ AppendEntries ] }',
      '- release: { from: 2, to: 1, message: AppendEntries, count: 2 }',
      '- heal: { from: 2, to: [ 1, 3 ] }',
      END,
    ])
  })

  test('what goes by itself when the hold ends was not released by hand', async () => {
    const detail = JSON.stringify({ links: [[2, 1]], ...JSON.parse(hold) })
    const story = begun()
      .tell(0, 'fault', { action: 'begin', id: 1, type: 'links', detail })
      .tell(0, 'rules', { from: 2, to: 1, rules: hold })
      .tell(1, 'held', { peer: 2, id: 7, message: 'AppendEntries' })
      .tell(0, 'rules', { from: 2, to: 1, rules: '' })
      .tell(0, 'fault', { action: 'end', id: 1, type: 'links', detail })
      .tell(1, 'released', { peer: 2, id: 7, message: 'AppendEntries', how: 'delivered' })
    expect(await stepsOf(story)).toEqual([
      ...FIRST,
      '- hold: { from: 2, to: 1, messages: [ AppendEntries ] }',
      '- heal: { from: 2, to: 1 }',
      END,
    ])
  })

  test('a partition in place of another is one step, and healing everything is one', async () => {
    const story = begun()
      .tell(0, 'link', { from: 1, to: 2, blocked: true })
      .tell(0, 'fault', { action: 'begin', id: 1, type: 'isolate', detail: '{"groups":[[1],[2,3]]}' })
      .tell(0, 'link', { from: 1, to: 2, blocked: false })
      .tell(0, 'fault', { action: 'end', id: 1, type: 'isolate', detail: '{"groups":[[1],[2,3]]}' })
      .tell(0, 'fault', { action: 'begin', id: 2, type: 'partition', detail: '{"groups":[[1,2],[3]]}' })
      .tell(0, 'fault', { action: 'begin', id: 3, type: 'clock', detail: '{"nodes":[1],"mode":"manual","rate":1}' })
      .tell(0, 'link', { from: 1, to: 3, blocked: false })
      .tell(0, 'fault', { action: 'end', id: 2, type: 'partition', detail: '{"groups":[[1,2],[3]]}' })
      .tell(0, 'fault', { action: 'end', id: 3, type: 'clock', detail: '{"nodes":[1],"mode":"manual","rate":1}' })
    expect(await stepsOf(story)).toEqual([
      ...FIRST,
      '- partition: [ [ 1 ], [ 2, 3 ] ]',
      '- partition: [ [ 1, 2 ], [ 3 ] ]',
      '- clock: { of: 1, mode: manual, rate: 1 }',
      '- heal: all',
      END,
    ])
  })
})

test('a change that was refused must be refused again; a node that joins has the next number', async () => {
  const story = begun()
    .tell(0, 'operation', { action: 'begin', id: 1, type: 'transfer', detail: '{"target":3}' })
    .tell(0, 'operation', {
      action: 'failed',
      id: 1,
      type: 'transfer',
      detail: '{"target":3}',
      problem: 'transfer-refused',
    })
    .tell(0, 'operation', { action: 'begin', id: 2, type: 'add-node', detail: '{"role":"learner"}' })
    .tell(0, 'process', { subject: 9, state: 'spawned', incarnation: 1 })
    .tell(9, 'started', { incarnation: 1, firstIndex: 1 })
    .tell(0, 'process', { subject: 9, state: 'ready', incarnation: 1 })
    .tell(0, 'operation', { action: 'done', id: 2, type: 'add-node', detail: '{"role":"learner","node":9}' })
    .tell(0, 'fault', { action: 'begin', id: 1, type: 'stop', detail: '{"nodes":[9]}' })
  expect(await stepsOf(story)).toEqual([
    ...FIRST,
    '- transfer: 3',
    'refused: transfer-refused',
    '- add: { role: learner, node: 4 }',
    '- stop: 4',
    END,
  ])
})

test('a nemesis is one step; what it does is not told again', async () => {
  const plan = { seed: 7, durationMs: 1000, quietMs: 500, packages: {} }
  const story = begun()
    .tell(0, 'nemesis', { action: 'begin', id: 1, detail: JSON.stringify({ plan, nodes: [1, 2, 3] }) })
    .tell(0, 'fault', { action: 'begin', id: 1, type: 'kill', detail: '{"nodes":[2],"nemesis":1,"step":1}' })
    .tell(0, 'process', { subject: 2, state: 'killed', incarnation: 1 })
    .tell(0, 'process', { subject: 2, state: 'spawned', incarnation: 2 })
    .tell(0, 'nemesis', { action: 'end', id: 1 })
  expect(await stepsOf(story)).toEqual([
    ...FIRST,
    '- nemesis: { seed: 7, durationMs: 1000, quietMs: 500, packages: {} }',
    END,
  ])
})

test('a breakpoint, the stop there, a step, and going on', async () => {
  const story = begun()
    .tell(0, 'watch', { breakpoint: 1, text: 'leader elected', enabled: true })
    .tell(0, 'stop', { action: 'stopped', subject: 3, breakpoint: 1 })
    .tell(0, 'stop', { action: 'stepping', subject: 3 })
    .tell(0, 'stop', { action: 'continued' })
  expect(await stepsOf(story)).toEqual([
    ...FIRST,
    '- breakpoint: leader elected',
    '- wait: { stopped: { node: 3 } }',
    '- step: { of: 3 }',
    '- continue: true',
    END,
  ])
})

test('a breakpoint is changed, turned off and taken away: by a name that it gets for that', async () => {
  const story = begun()
    .tell(0, 'watch', { breakpoint: 1, text: 'leader elected', enabled: true })
    .tell(0, 'watch', { breakpoint: 2, text: 'n2 killed', enabled: false })
    .tell(0, 'watch', { breakpoint: 1, text: 'vote granted', enabled: true })
    .tell(0, 'watch', { breakpoint: 1, text: 'vote granted', enabled: false })
    .tell(0, 'watch', { breakpoint: 1, text: 'vote granted', enabled: false, removed: true })
  expect(await stepsOf(story)).toEqual([
    ...FIRST,
    '- breakpoint: leader elected',
    'name: breakpoint-1',
    '- changeBreakpoint: { name: breakpoint-1, text: vote granted }',
    '- changeBreakpoint: { name: breakpoint-1, enabled: false }',
    '- removeBreakpoint: breakpoint-1',
    END,
  ])
})

test('of two faults that wait in nodes one is taken back, by a name that it gets for that', async () => {
  const torn = (node: number) => `{"nodes":[${node}],"fault":{"type":"torn-write","keepBytes":null,"seed":1}}`
  const story = begun()
    .tell(0, 'fault', { action: 'begin', id: 1, type: 'torn-write', detail: torn(1) })
    .tell(0, 'fault', { action: 'begin', id: 2, type: 'torn-write', detail: torn(2) })
    .tell(0, 'fault', { action: 'end', id: 1, type: 'torn-write', detail: torn(1) })
    .tell(0, 'note', { text: 'and on' })
  const steps = await stepsOf(story)
  expect(steps.filter((line) => line.includes('fault-1'))).toEqual(['name: fault-1', '- endFault: fault-1'])
  // That with which the clocks run again.
  expect(steps.filter((line) => line === '- heal: all')).toHaveLength(1)
})

test('what no step can do, and what the language does not take, stands there as a comment', async () => {
  const story = begun()
    .tell(0, 'invoke', { call: 1, client: 1, op: 'put', key: 'x', value: new Uint8Array([0xff]) })
    .tell(0, 'watch', { breakpoint: 1, text: 'no such thing', enabled: true })
    .tell(0, 'note', { text: 'look: here\n- kill: 1' })
  const steps = await stepsOf(story)
  expect(steps).toContain('# a call whose key or value is no text: put')
  expect(steps.some((line) => line.startsWith('# left out (breakpoint): {"breakpoint":"no such thing"}'))).toBe(true)
  const text = await writeScenario([story.events], { id: 'mine' })
  const read = readScenario(text)
  expect(read.ok && read.parsed.scenario.steps).toContainEqual({
    say: { en: 'look: here\n- kill: 1', zh: 'look: here\n- kill: 1' },
  })
})

test('what happens when the cluster is closed is nobody’s act', async () => {
  const story = begun().tell(0, 'closing').tell(0, 'process', { subject: 2, state: 'stopped', incarnation: 1 })
  story.tell(0, 'fault', { action: 'begin', id: 1, type: 'stop', detail: '{"nodes":[3]}' })
  expect(await stepsOf(story)).toEqual([...FIRST, END])
})

test('only what was done from an event on', async () => {
  const story = begun()
    .tell(0, 'fault', { action: 'begin', id: 1, type: 'pause', detail: '{"nodes":[1]}' })
    .tell(0, 'process', { subject: 1, state: 'resumed', incarnation: 1 })
  const from = story.events.length
  story.tell(0, 'fault', { action: 'begin', id: 2, type: 'pause', detail: '{"nodes":[3]}' })
  expect(await stepsOf(story, from)).toEqual([...FIRST, '- pause: 3', END])
})
