import { expect, test } from 'vitest'
import type { ReportedEvent, TimelineEvent } from '../../../main/node/contract/events'
import { difference } from '../../../main/workbench/reliability/files'
import { RecordingCheck } from '../../../main/workbench/reliability/recording'
import { memoryUse, Resources } from '../../../main/workbench/reliability/resources'
import { FIRST_START } from '../../support/events'

type Reported = ReportedEvent extends infer E ? (E extends ReportedEvent ? Omit<E, 'n' | 't'> : never) : never

function check(...events: readonly Reported[]) {
  const checking = new RecordingCheck()
  for (const [seq, event] of events.entries()) checking.saw({ ...event, seq, n: seq, t: seq } as TimelineEvent)
  return checking.end()
}

const lead = (node: number, term: number): Reported => ({
  kind: 'role',
  node,
  role: 'leader',
  term,
  leader: node,
  reason: 'won-election',
})
const started = (node: number, firstIndex = 1): Reported => ({
  ...{ kind: 'started', node, ...FIRST_START, incarnation: 1, currentTerm: 1, firstIndex },
})
const appended = (node: number, firstIndex: number, term: number, ...values: string[]): Reported => ({
  ...{ kind: 'appended', node, firstIndex, count: values.length, term, bytes: 0 },
  entries: values.map((value, at) => ({ index: firstIndex + at, term, type: 'command', data: Buffer.from(value) })),
})
const committed = (node: number, commitIndex: number): Reported => ({
  kind: 'committed',
  node,
  commitIndex,
  by: 'counted',
})
const write = (call: number, index: number, term: number, outcome: 'ok' | 'unknown' = 'ok'): Reported[] => [
  {
    ...{ kind: 'invoke', node: 0, call, client: 1, op: 'put', key: 'k', value: Buffer.alloc(0), via: 0 },
    ...{ consistency: 'log', expected: Buffer.alloc(0), hasExpected: false },
  },
  {
    ...{ kind: 'answer', node: 0, call, outcome, found: true, value: Buffer.alloc(0), from: 1, index, term },
    problem: '',
  },
]

test('one leader per term, equal prefixes, acknowledged writes at their places: nothing to find', () => {
  const { findings, counts } = check(
    started(1),
    started(2),
    lead(1, 1),
    appended(1, 1, 1, 'a', 'b'),
    appended(2, 1, 1, 'a', 'b'),
    committed(1, 2),
    ...write(1, 2, 1),
    committed(2, 1),
    lead(2, 2),
    started(2, 2),
    appended(2, 2, 1, 'b'),
    committed(2, 2),
  )
  expect(findings).toEqual([])
  expect(counts).toEqual({ terms: 2, elections: 2, committed: 2, acknowledged: 1 })
})

test('two leaders in one term', () => {
  expect(check(lead(1, 3), lead(2, 3)).findings).toEqual([{ kind: 'two-leaders', term: 3, nodes: [1, 2] }])
})

test('another entry, or the same with other data, committed at the same index', () => {
  const one = [appended(1, 1, 1, 'a'), committed(1, 1)]
  const found = (...events: Reported[]) => check(...one, ...events, committed(2, 1)).findings.map(({ kind }) => kind)
  expect(found(appended(2, 1, 2, 'a'))).toEqual(['committed'])
  expect(found(appended(2, 1, 1, 'b'))).toEqual(['committed'])
  expect(found(appended(2, 1, 1, 'a'))).toEqual([])
})

test('what was committed is removed from a log', () => {
  const { findings } = check(appended(1, 1, 1, 'a', 'b'), committed(1, 1), { kind: 'truncated', node: 1, fromIndex: 1 })
  expect(findings).toMatchObject([{ kind: 'committed', index: 1 }])
})

test('an acknowledged write is not what was committed, or nobody committed it', () => {
  const log = [appended(1, 1, 1, 'a')]
  expect(check(...log, committed(1, 1), ...write(1, 1, 2)).findings).toMatchObject([{ kind: 'committed', index: 1 }])
  expect(check(...log, ...write(1, 1, 1)).findings).toMatchObject([{ kind: 'committed', index: 1 }])
  expect(check(...log, ...write(1, 1, 1, 'unknown')).findings).toEqual([])
})

test('files that differ are found', () => {
  const entry = (index: number, data: string) => ({ index, term: 1, type: 'command' as const, data: Buffer.from(data) })
  const node = (firstIndex: number, ...data: string[]) =>
    ({
      findings: [],
      firstIndex,
      lastIndex: firstIndex + data.length - 1,
      entries: data.map((text, at) => entry(firstIndex + at, text)),
    }) as unknown as Parameters<typeof difference>[0]
  expect(difference(node(1, 'a', 'b', 'c'), node(2, 'b', 'c'))).toBeUndefined()
  expect(difference(node(1, 'a', 'b', 'c'), node(2, 'b', 'x'))).toContain('3')
  expect(difference(node(1, 'a', 'b'), node(1, 'a'))).toContain('end')
})

test('processes that are too many, and those that are left, are found', () => {
  const running = new Map<number, string>()
  const resources = new Resources(1, (pid) => running.get(pid) ?? null)
  const say = (subject: number, pid: number, state: 'spawned' | 'killed') => {
    if (state === 'spawned') running.set(pid, `node ${subject}`)
    else running.delete(pid)
    resources.saw([{ kind: 'process', subject, state, pid, node: 0 } as TimelineEvent])
  }
  say(1, 10, 'spawned')
  say(1, 10, 'killed')
  say(1, 11, 'spawned')
  running.delete(11)
  expect(resources.end()).toMatchObject({ findings: [], counts: { processes: 1, starts: 2 } })
  // The system gives numbers again: this is another program.
  running.set(10, 'another')
  say(2, 12, 'spawned')
  expect(resources.end().findings).toEqual([
    { kind: 'left-over', pids: [12] },
    { kind: 'processes', count: 2, most: 1 },
  ])
})

test('memory is told early and late', () => {
  const growing = Array.from({ length: 100 }, (_, at) => at)
  expect(memoryUse(growing)).toEqual({ early: 37, late: 87, max: 99 })
  expect(memoryUse([])).toEqual({ early: 0, late: 0, max: 0 })
})
