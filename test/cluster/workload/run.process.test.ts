/** The runner against a cluster that answers as it is told. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { CallResult, Cluster } from '../../../main/cluster/api'
import { runWorkload, type WorkloadGround } from '../../../main/cluster/workload/run'
import { type LoadPoint, type WorkloadPlanInput, workloadPlanSchema } from '../../../main/cluster/workload/types'
import type { EventKind, FieldsOf } from '../../../main/node/contract/events'
import { Problem } from '../../../main/node/contract/problem'
import { until } from '../../support/cluster'

const plan = (more: Partial<WorkloadPlanInput> = {}) =>
  workloadPlanSchema.parse({ pace: { type: 'closed', clients: 4 }, seed: 5, durationMs: 600, ...more })

const answer = (more: Partial<CallResult> = {}): CallResult => ({
  ...{ call: 1, outcome: 'ok', found: false, value: new Uint8Array(0), from: 1, index: 1, term: 1, millis: 1 },
  problem: '',
  ...more,
})

class Fake {
  readonly told: { readonly kind: EventKind; readonly fields: Record<string, unknown> }[] = []
  readonly closing = new AbortController()
  isStopped = false
  /** Calls under way, now and at most. */
  waiting = 0
  most = 0

  ground(reply: () => Promise<CallResult>): WorkloadGround {
    const call: Cluster['call'] = async () => {
      this.most = Math.max(this.most, ++this.waiting)
      try {
        return await reply()
      } finally {
        this.waiting--
      }
    }
    return {
      call,
      reporter: {
        now: () => performance.now() * 1e6,
        report: <K extends EventKind>(kind: K, fields: FieldsOf<K>) => void this.told.push({ kind, fields }),
      },
      isStopped: () => this.isStopped,
      closing: this.closing.signal,
    }
  }
}

const after =
  (millis: number, result = answer()) =>
  async () => {
    await sleep(millis)
    return result
  }

test('closed: so many clients, each with one call at a time; points and totals count the same', async () => {
  const fake = new Fake()
  const points: LoadPoint[] = []
  let answers = 0
  // Until enough is answered, however long that takes here.
  const run = runWorkload(2, plan({ durationMs: null }), fake.ground(after(5)), {
    point: (point) => points.push(point),
    answered: () => void answers++,
  })
  await until('many answers, and some points', () => answers > 40 && points.length >= 3)
  await run.stop()
  const totals = await run.ended
  expect(fake.most).toBe(4)
  expect(totals).toMatchObject({ started: totals.ok, failed: 0, unknown: 0, waiting: 0, problems: {} })
  expect(answers).toBe(totals.ok)
  expect(points.reduce((sum, { ok }) => sum + ok, 0)).toBe(totals.ok)
  expect(totals.p50).toBeGreaterThan(4)
  const kinds = fake.told.map(({ kind }) => kind)
  expect(kinds[0]).toBe('workload')
  expect(kinds.at(-1)).toBe('workload')
  expect(kinds.filter((kind) => kind === 'load').length).toBe(points.length)
})

test('open: calls begin at their rate, answered or not; latency counts from when they were due', async () => {
  const fake = new Fake()
  const open = { type: 'open', perSecond: 400, waiting: 1000 } as const
  let begun = 0
  const slow = async () => {
    begun++
    return await after(100)()
  }
  const began = performance.now()
  const run = runWorkload(1, plan({ pace: open, durationMs: null }), fake.ground(slow))
  await sleep(1000)
  // What was due while the machine did something else begins at the next opportunity: that has to come first.
  const due = ((performance.now() - began) / 1000) * open.perSecond
  await until('all that was due has begun', () => begun >= Math.floor(due))
  await run.stop()
  const most = ((performance.now() - began) / 1000) * open.perSecond
  const totals = await run.ended
  expect(totals.started).toBeLessThanOrEqual(most + 1)
  expect(fake.most).toBeGreaterThan(20)
  expect(totals.p50).toBeGreaterThan(98)
})

test('open: beyond what may wait no more begin, and those count as failed', async () => {
  const fake = new Fake()
  const open = { type: 'open', perSecond: 500, waiting: 3 } as const
  const run = runWorkload(1, plan({ pace: open, durationMs: null }), fake.ground(after(300)))
  await sleep(600)
  await run.stop()
  const totals = await run.ended
  expect(fake.most).toBe(3)
  // Many were due, and at most three at a time began, every 300 ms.
  expect(totals.failed).toBeGreaterThan(10 * totals.ok)
  expect(totals.problems).toEqual({ 'cluster-busy': totals.failed })
})

test('what fails, and what nobody knows, is counted with its problem', async () => {
  const results = [
    answer(),
    answer({ outcome: 'failed', problem: 'no-leader' }),
    answer({ outcome: 'unknown', problem: 'call-unknown' }),
  ]
  let at = 0
  const fake = new Fake()
  const one = { type: 'closed', clients: 1 } as const
  const totals = await runWorkload(
    1,
    plan({ pace: one }),
    fake.ground(async () => results[at++ % 3] ?? answer()),
  ).ended
  expect(totals.failed).toBeGreaterThan(3)
  expect(totals.problems).toEqual({ 'no-leader': totals.failed, 'call-unknown': totals.unknown })
  expect(totals.started).toBe(totals.ok + totals.failed + totals.unknown)
})

test('a cluster that refuses at once does not make it spin', async () => {
  const fake = new Fake()
  const refuse = async (): Promise<CallResult> => {
    throw new Problem('no-cluster', {})
  }
  const began = performance.now()
  const totals = await runWorkload(1, plan(), fake.ground(refuse)).ended
  // Each client at once, and then every ten milliseconds at most.
  expect(totals.failed).toBeGreaterThanOrEqual(4)
  expect(totals.failed).toBeLessThan(4 * (2 + (performance.now() - began) / 9))
})

test('stopped by hand it waits for the last answer, and begins nothing', async () => {
  const fake = new Fake()
  const { promise: answered, resolve: answerAll } = Promise.withResolvers<void>()
  const slow = async () => {
    await answered
    return answer()
  }
  const run = runWorkload(1, plan({ durationMs: null }), fake.ground(slow))
  await until('all clients wait', () => fake.waiting === 4)
  const stopped = run.stop()
  answerAll()
  await stopped
  expect(fake.waiting).toBe(0)
  expect((await run.ended).ok).toBe(4)
})

test('ends when the cluster closes', async () => {
  const fake = new Fake()
  const run = runWorkload(1, plan({ durationMs: null }), fake.ground(after(5)))
  await sleep(30)
  fake.closing.abort()
  expect((await run.ended).waiting).toBe(0)
})

test.each([{ type: 'closed', clients: 3 } as const, { type: 'open', perSecond: 100 } as const])(
  'while the cluster is stopped nothing begins and nothing is due: $type',
  async (pace) => {
    const fake = new Fake()
    fake.isStopped = true
    let answers = 0
    const run = runWorkload(1, plan({ pace, durationMs: null }), fake.ground(after(5)), {
      answered: () => void answers++,
    })
    await sleep(500)
    expect(fake.most).toBe(0)
    const before = performance.now()
    fake.isStopped = false
    await until('it goes on', () => answers > 10)
    await run.stop()
    const totals = await run.ended
    // Not the 50 of the time that stood.
    const due = ((performance.now() - before) / 1000) * 100
    if (pace.type === 'open') expect(totals.started).toBeLessThan(due + 5)
  },
)
