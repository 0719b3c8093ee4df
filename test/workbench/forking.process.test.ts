/** Branches of a real, faulty run: what is written, and that real processes go on from it. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Problem } from '../../main/node/contract/problem'
import { randomFrom } from '../cluster/support'
import { checkAlive, checkFiles, type Desk, eventfulRun, forkAt, makeDesk, type Run, runOf } from './fork-run'

const SEED = Number(process.env.RAFT_FORK_SEED ?? 20_260_711)
const MOMENTS = 100
/** Each that is started takes most of a second. */
const STARTED = process.env.RAFT_FORK_ALL === '1' ? MOMENTS : 10

let desk: Desk
let run: Run

beforeAll(async () => {
  desk = await makeDesk()
  run = await runOf(await eventfulRun(desk, SEED))
}, 300_000)

afterAll(async () => {
  await run?.source.close()
  await desk?.clear()
})

/** The first moment of which a branch can be made. */
function earliest(): number {
  return run.events.findIndex(({ kind }) => kind === 'configuration') + 1
}

it('the run has in it what makes branching hard', () => {
  const kinds = new Set(run.events.map(({ kind }) => kind))
  for (const kind of ['truncated', 'compacted', 'snapshot'] as const) expect(kinds).toContain(kind)
  const stages = new Set(run.events.flatMap((event) => (event.kind === 'snapshot' ? [event.stage] : [])))
  expect(stages).toContain('saved')
  expect(stages).toContain('installed')
  const processes = new Set(run.events.flatMap((event) => (event.kind === 'process' ? [event.state] : [])))
  for (const state of ['killed', 'paused', 'removed'] as const) expect(processes).toContain(state)
  expect(run.events.some((event) => event.kind === 'configuration' && event.voters === '1,2,3,4')).toBe(true)
})

it(`a hundred random moments: every file checks out, and ${STARTED} of the branches go on`, async () => {
  const below = randomFrom(SEED)
  const from = earliest()
  const moments = Array.from({ length: MOMENTS }, () => from + below(run.events.length - from))
  const completed = new Set<number>()
  let snapshots = 0
  for (const [at, seq] of moments.entries()) {
    const made = await forkAt(desk, run, seq, `branch-${at}`)
    try {
      if (made.image.completed.length > 0) completed.add(seq)
      const found = await checkFiles(run, made)
      snapshots += found.filter(({ snapshot }) => snapshot !== undefined).length
      if (at % (MOMENTS / STARTED) === 0) await checkAlive(desk, run, made)
    } catch (error) {
      throw new Error(`branch ${at}, at event ${seq} of seed ${SEED}`, { cause: error })
    } finally {
      await desk.store.delete(made.name)
    }
  }
  expect(snapshots).toBeGreaterThan(50)
}, 600_000)

it('a moment before anybody said what its disk holds is refused in words, and leaves nothing', async () => {
  const before = await readdir(join(desk.home, 'clusters'))
  await expect(forkAt(desk, run, 0)).rejects.toMatchObject({ code: 'fork-refused', details: { reason: 'early' } })
  expect(await readdir(join(desk.home, 'clusters'))).toEqual(before)
})

it('a name that is taken or cannot be one is refused, and leaves nothing', async () => {
  const before = await readdir(join(desk.home, 'clusters'))
  const seq = run.events.length
  await expect(forkAt(desk, run, seq, 'parent')).rejects.toMatchObject({ code: 'cluster-exists' })
  await expect(forkAt(desk, run, seq, '../x')).rejects.toBeInstanceOf(Problem)
  expect(await readdir(join(desk.home, 'clusters'))).toEqual(before)
})
