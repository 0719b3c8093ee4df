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
