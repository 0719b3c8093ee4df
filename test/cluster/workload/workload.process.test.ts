/** Workloads on real processes. */
import { expect, test } from 'vitest'
import { type LoadPoint, MAX_WORKLOADS, workloadPlanSchema } from '../../../main/cluster/workload/types'
import { awaitLeader, openCluster, STEADY, until } from '../../support/cluster'

const plan = (pace: object, more: object = {}) => workloadPlanSchema.parse({ pace, seed: 3, durationMs: 3000, ...more })
const mix = { put: 2, get: 4, cas: 1, append: 1, delete: 1 }

test('open: the rate is kept; closed: no more calls at a time than clients; all on the timeline', async () => {
  const { cluster, witness } = await openCluster(3, STEADY)
  await awaitLeader(cluster)
  const points: LoadPoint[] = []
  const began = performance.now()
  const open40 = cluster.startWorkload(plan({ type: 'open', perSecond: 40 }, { mix, timeoutMs: 60_000 }), {
    point: (point) => points.push(point),
  })
  const closed2 = cluster.startWorkload(plan({ type: 'closed', clients: 2 }, { mix }))
  expect(cluster.workloads.map(({ id }) => id)).toEqual([open40.id, closed2.id])
  const [steady, busy] = await Promise.all([open40.ended, closed2.ended])
  expect(cluster.workloads).toEqual([])

  // What is due in a moment when the machine does something else begins right afterwards, and the end may come late as well.
  const due = ((performance.now() - began) / 1000) * 40
  expect(steady.started).toBeGreaterThan(60)
  expect(steady.started).toBeLessThanOrEqual(due + 1)
  expect(steady.ok).toBe(steady.started)
  expect(points.reduce((sum, { started }) => sum + started, 0)).toBe(steady.started)
  expect(steady.p50).toBeGreaterThan(0)
  expect(steady.p99).toBeGreaterThanOrEqual(steady.p50)
  expect(busy.ok).toBeGreaterThan(2)
  const most = witness.of('load').filter(({ workload }) => workload === closed2.id)
  expect(Math.max(...most.map(({ waiting }) => waiting))).toBeLessThanOrEqual(2)

  const told = witness.of('workload').map(({ action, id }) => `${action} ${id}`)
  expect(told.slice(0, 2)).toEqual([`begin ${open40.id}`, `begin ${closed2.id}`])
  expect(told.length).toBe(4)
  const keys = new Set(witness.of('invoke').map(({ key }) => key.split('/').slice(0, 2).join('/')))
  expect(keys).toContain(`load/${open40.id}`)
  expect(keys).toContain(`load/${closed2.id}`)
})

test('without a majority calls are unknown or fail; when it is back they succeed; so many at a time and no more', async () => {
  const { cluster, witness } = await openCluster(3)
  await awaitLeader(cluster)
  const answers = (isOk: boolean) => witness.of('answer').filter(({ outcome }) => (outcome === 'ok') === isOk).length
  const more = async (isOk: boolean, count: number) => {
    const before = answers(isOk)
    await until(`answers that are${isOk ? '' : ' not'} ok`, () => answers(isOk) >= before + count)
  }
  const run = cluster.startWorkload(
    plan({ type: 'closed', clients: 2 }, { durationMs: null, timeoutMs: 500, mix: { put: 1 } }),
  )
  await more(true, 10)
  await Promise.all([cluster.kill(2), cluster.kill(3)])
  await more(false, 3)
  await Promise.all([cluster.start(2), cluster.start(3)])
  await awaitLeader(cluster)
  await more(true, 2)
  await run.stop()
  const totals = await run.ended
  expect(totals.failed + totals.unknown).toBeGreaterThanOrEqual(3)
  expect(Object.values(totals.problems).reduce((sum, count) => sum + count, 0)).toBe(totals.failed + totals.unknown)
  expect(totals.ok).toBeGreaterThanOrEqual(12)
  // Their time limit was half a second: nobody waited until the majority was back.
  expect(totals.max).toBeLessThan(20_000)

  const idle = plan({ type: 'open', perSecond: 0.1 }, { durationMs: null })
  for (let count = 0; count < MAX_WORKLOADS; count++) cluster.startWorkload(idle)
  expect(() => cluster.startWorkload(idle)).toThrow(expect.objectContaining({ code: 'workload-limit' }))
})
