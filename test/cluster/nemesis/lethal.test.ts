import { expect, test } from 'vitest'
import { makeSchedule } from '../../../main/cluster/nemesis/schedule'
import { nemesisPlanSchema } from '../../../main/cluster/nemesis/types'
import type { ProblemCode } from '../../../main/node/contract/problem'

const plan = (more: object) =>
  nemesisPlanSchema.parse({ seed: 1, durationMs: 60_000, packages: { process: { perMinute: 60 } }, ...more })

const problem = (code: ProblemCode, details: object) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) })

test.each([
  [1, 1],
  [3, 3],
  [5, 7],
])('of %i nodes, %i at once would leave nothing alive', (nodes, maxDown) => {
  const ids = Array.from({ length: nodes }, (_, at) => at + 1)
  expect(() => makeSchedule(plan({ maxDown }), ids)).toThrow(problem('schedule-lethal', { down: maxDown, nodes }))
})

test('a single node is left alone, unless somebody asks for it', () => {
  expect(makeSchedule(plan({}), [1]).steps).toEqual([])
})

test('all but one may go when somebody asks for it', () => {
  expect(makeSchedule(plan({ maxDown: 4 }), [1, 2, 3, 4, 5]).steps.length).toBeGreaterThan(0)
})

test('a schedule of too many steps is refused, and says which package', () => {
  const day = { durationMs: 24 * 3_600_000, packages: { clock: { perMinute: 600 } } }
  expect(() => makeSchedule(plan(day), [1, 2, 3])).toThrow(problem('fault-invalid', { where: 'packages.clock' }))
})

test('plans out of range do not pass their schema', () => {
  const refused = [
    { durationMs: 0 },
    { seed: -1 },
    { packages: { process: { perMinute: 601 } } },
    { packages: { process: { perMinute: 1, lasting: { minMs: 10, maxMs: 5 } } } },
    { packages: { weather: { perMinute: 1 } } },
    { maxDown: 52 },
  ]
  for (const more of refused) expect(() => plan(more)).toThrow()
})
