/** How a run ends that does not go well, or is not left alone; all on one cluster of one node. */
import { beforeAll, expect, it } from 'vitest'
import type { Scenario } from '../../../main/scenarios/language/schema'
import type { RunOptions, ScenarioProgress } from '../../../main/scenarios/run/api'
import { playScenario } from '../../../main/scenarios/run/run'
import { type HeadlessStage, openStage } from '../../../main/workbench/scenarios/stage'
import { ensureBuilt } from '../../support/build'
import { say, scenario } from './support'

let stage: HeadlessStage

beforeAll(async () => {
  stage = await openStage(
    { nodes: 1, witnesses: 0, settings: {}, manual: false, seed: 1 },
    { programs: await ensureBuilt(), signal: new AbortController().signal },
  )
  return () => stage.clear()
})

const leads = { wait: { leader: { is: 1 } } }
const put = (value: string) => ({ put: { key: 'x', value } })

async function played(given: Scenario, options: RunOptions = {}) {
  return await playScenario(given, stage, options).ended
}

/** Standings of the steps, and the problem of the one that failed. */
async function failing(steps: readonly Record<string, unknown>[], more: Record<string, unknown> = {}) {
  const { outcome, steps: taken, expectations } = await played(scenario(steps, more))
  const problem = taken.find((step) => step.problem !== undefined)?.problem
  return {
    outcome,
    standings: taken.map(({ standing }) => standing).join(' '),
    problem: problem === undefined ? undefined : { code: problem.code, ...(problem.details as object) },
    expectations,
  }
}

it('an expectation that is not met says what there was instead, and the rest is left out', async () => {
  expect(await failing([leads, { expect: { node: { is: 1, role: 'follower' } } }, put('1')])).toMatchObject({
    outcome: 'failed',
    standings: 'done failed left-out',
    problem: {
      code: 'scenario-unmet',
      what: 'node: { is: 1, role: follower }',
      found: { en: 'n1 leads', zh: 'n1 是领导人' },
    },
  })
})

it('what is waited for in vain has its time', async () => {
  expect(await failing([{ wait: { leader: { is: 2 } }, within: '50ms' }])).toMatchObject({
    standings: 'failed',
    problem: { code: 'scenario-late', what: 'wait: { leader: { is: 2 } }', millis: 50 },
  })
  expect(await failing([{ release: { from: 1, to: 1 }, within: '50ms' }])).toMatchObject({
    problem: { code: 'scenario-late', found: { en: 'no such messages are held' } },
  })
})

it('what must be refused must be refused with that very code', async () => {
  expect(await failing([leads, { ...put('1'), refused: 'not-leader' }])).toMatchObject({
    problem: { code: 'scenario-not-refused', wanted: 'not-leader', found: '' },
  })
  expect(await failing([leads, { start: 1, refused: 'node-unknown' }])).toMatchObject({
    problem: { code: 'scenario-not-refused', wanted: 'node-unknown', found: 'node-state' },
  })
  expect(await failing([leads, { start: 1 }])).toMatchObject({ problem: { code: 'node-state' } })
  expect(await failing([leads, { kill: '$nobody' }])).toMatchObject({
    problem: { code: 'scenario-name', name: '$nobody' },
  })
})

it('an answer must be as it is wished, and `ok` where nothing is', async () => {
  expect(await failing([leads, put('1'), { get: { key: 'x', answer: { value: '2' } } }])).toMatchObject({
    problem: {
      code: 'scenario-unmet',
      what: "answer: { value: '2' }",
      found: { en: expect.stringContaining('the value is “1”') },
    },
  })
  expect(await failing([{ put: { key: 'x', value: '1', via: 9 } }])).toMatchObject({
    problem: { code: 'node-unknown' },
  })
})

it('what must never be ends the run at the event that shows it', async () => {
  const never = [{ that: { event: { kind: 'invoke', where: { key: 'forbidden' } } }, say: say('Never asked.') }]
  const { outcome, standings, problem, expectations } = await failing(
    [leads, { put: { key: 'forbidden', value: '1' } }, { sleep: '1m' }],
    { never },
  )
  expect({ outcome, standings: standings.split(' ').at(-1) }).toEqual({
    outcome: 'failed',
    standings: expect.stringMatching(/failed|left-out/),
  })
  expect(problem).toMatchObject({ code: 'scenario-never' })
  const [broken] = expectations
  expect(broken).toMatchObject({
    type: 'never',
    holds: false,
    found: { en: '1 such event was told' },
    say: say('Never asked.'),
  })
  const [event] = await stage.cluster.inForce().then(async () => {
    for await (const batch of stage.events()) {
      const found = batch.filter(({ seq }) => seq === broken?.seq)
      if (found.length > 0) return found
    }
    return []
  })
  expect(event).toMatchObject({ kind: 'invoke', key: 'forbidden' })
})

it('all expectations at the end are looked at, also when one is not met', async () => {
  const { outcome, expectations } = await failing([leads], {
    expect: [
      { that: { leader: { is: 2 } }, within: '10ms' },
      { that: { leader: { is: 1 } }, say: say('It leads.') },
    ],
  })
  expect(outcome).toBe('failed')
  expect(expectations.map(({ holds }) => holds)).toEqual([false, true])
})

it('verdicts must be as expected', async () => {
  const { outcome, verdicts } = await played(
    scenario([leads, put('1')], { verdicts: { invariants: ['election-safety'] } }),
  )
  expect(outcome).toBe('failed')
  expect(verdicts).toMatchObject({ asExpected: false, linearizable: 'linearizable' })
})

it('nothing takes longer than the whole may', async () => {
  expect(await failing([leads, { sleep: '1m' }, put('1')], { limit: '2s' })).toMatchObject({
    outcome: 'failed',
    standings: 'done failed left-out',
    problem: { code: 'scenario-limit', millis: 2000 },
    expectations: [{ type: 'limit', holds: false }],
  })
})

it('stops in the middle of a step, by command or by signal, and ends what it began', async () => {
  const load = { pace: { type: 'closed', clients: 1 }, seed: 1, durationMs: null }
  const run = playScenario(scenario([leads, { workload: load }, { sleep: '1m' }, put('1')]), stage)
  await reached(run, ({ steps }) => steps[2]?.standing === 'running')
  expect(stage.cluster.workloads).toHaveLength(1)
  await run.stop()
  const { outcome, steps, verdicts } = await run.ended
  expect({ outcome, verdicts }).toEqual({ outcome: 'stopped', verdicts: undefined })
  expect(steps.map(({ standing }) => standing)).toEqual(['done', 'done', 'left-out', 'left-out'])
  expect(stage.cluster.workloads).toHaveLength(0)

  const ending = new AbortController()
  const other = playScenario(scenario([{ sleep: '1m' }]), stage, { signal: ending.signal })
  await reached(other, ({ phase }) => phase === 'running')
  ending.abort()
  expect((await other.ended).outcome).toBe('stopped')
})

it('goes step by step, flows, and pauses again', async () => {
  const run = playScenario(scenario([leads, put('1'), put('2'), { sleep: '50ms' }, put('3')]), stage, {
    stepByStep: true,
  })
  const done = () => run.progress.steps.filter(({ standing }) => standing === 'done').length
  await reached(run, ({ phase }) => phase === 'paused')
  expect(done()).toBe(0)
  run.next()
  await reached(run, ({ phase, at }) => phase === 'paused' && at === 1)
  expect(done()).toBe(1)
  run.flow()
  await reached(run, ({ steps }) => steps[3]?.standing === 'running')
  run.pause()
  await reached(run, ({ phase }) => phase === 'paused')
  expect(done()).toBe(4)
  run.flow()
  const { outcome, steps } = await run.ended
  expect(outcome).toBe('holds')
  expect(steps.every(({ began, ended }) => began > 0 && ended >= began)).toBe(true)
})

/** Resolves at the first progress that is so. */
function reached(run: ReturnType<typeof playScenario>, isSo: (progress: ScenarioProgress) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (progress: ScenarioProgress) => {
      if (!isSo(progress)) return
      forget()
      resolve()
    }
    const forget = run.watch(look)
    look(run.progress)
  })
}
