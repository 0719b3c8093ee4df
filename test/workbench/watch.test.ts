import { expect, test } from 'vitest'
import type { TimelineEvent } from '../../main/node/contract/events'
import type { Problem } from '../../main/node/contract/problem'
import { TroubleWatch } from '../../main/workbench/live/watch'

const at = { seq: 0, n: 1, t: 0 }
const crashed = (subject: number, exitCode: number, signal: string): TimelineEvent<'process'> => ({
  ...at,
  kind: 'process',
  node: 0,
  subject,
  state: 'crashed',
  pid: 1,
  incarnation: 0,
  exitCode,
  signal,
})
const trouble = (node: number, problem: string, detail: string): TimelineEvent => ({
  ...at,
  kind: 'trouble',
  node,
  problem,
  detail,
})

const struck = (node: number): TimelineEvent => ({
  ...at,
  kind: 'struck',
  node,
  fault: 1,
  type: 'disk-error',
  left: 0,
  detail: '{}',
})

test('what a fault of the user ends is not told, but what comes in the next life is', () => {
  const told: Problem[] = []
  const watch = new TroubleWatch(
    (problem) => told.push(problem),
    () => 0,
  )
  const died = crashed(2, 70, '')
  watch.take([struck(2), trouble(2, 'disk-failed', '{"path":"/a","operation":"write","reason":"EIO"}'), died])
  expect(told).toEqual([])
  watch.take([crashed(3, 70, '')])
  expect(told.map(({ details }) => details)).toEqual([{ node: '3', reason: 'exit status 70' }])
  watch.take([{ ...died, state: 'spawned' }, died])
  expect(told).toHaveLength(2)
})

test('a node that a nemesis has damaged may refuse to start; one that a person has damaged says why', () => {
  const told: Problem[] = []
  const watch = new TroubleWatch(
    (problem) => told.push(problem),
    () => 0,
  )
  const fault = (action: 'begin' | 'end', id: number, detail: object) =>
    ({ ...at, kind: 'fault', node: 0, action, id, type: 'bit-flip', detail: JSON.stringify(detail) }) as const
  const corrupt = (node: number) =>
    trouble(node, 'record-corrupt', '{"file":"000001.log","offset":9,"record":2,"reason":"CRC-32C"}')
  watch.take([fault('begin', 1, { nodes: [2], nemesis: 1, step: 4 }), corrupt(2), crashed(2, 70, ''), corrupt(3)])
  expect(told.map(({ code }) => code)).toEqual(['record-corrupt'])
  watch.take([fault('end', 1, {}), crashed(2, 70, ''), fault('begin', 2, { nodes: [1] }), corrupt(1)])
  expect(told.map(({ code }) => code)).toEqual(['record-corrupt', 'node-crashed', 'record-corrupt'])
})

test('crashes and troubles of nodes are told, the same one once in ten seconds', () => {
  const told: Problem[] = []
  let now = 0
  const watch = new TroubleWatch(
    (problem) => told.push(problem),
    () => now,
  )
  watch.take([
    crashed(3, 70, ''),
    crashed(3, 70, ''),
    crashed(4, 0, 'SIGSEGV'),
    trouble(2, 'frame-malformed', '{"peer":"n1","reason":"length 0"}'),
    trouble(2, 'frame-malformed', '{"peer":"n1","reason":"length 0"}'),
    trouble(1, 'no such code', 'some words'),
  ])
  expect(told.map(({ code, details }) => [code, details])).toEqual([
    ['node-crashed', { node: '3', reason: 'exit status 70' }],
    ['node-crashed', { node: '4', reason: 'SIGSEGV' }],
    ['frame-malformed', { peer: 'n1', reason: 'length 0' }],
    ['node-crashed', { node: '1', reason: 'no such code: some words' }],
  ])
  now = 11_000
  watch.take([crashed(3, 70, '')])
  expect(told).toHaveLength(5)
})
