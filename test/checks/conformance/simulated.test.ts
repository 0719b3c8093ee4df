/** Simulated clusters, told as timelines: the correct core never deviates from the specification, and broken ones do. */
import { expect, it } from 'vitest'
import { ConformanceWatcher } from '../../../main/checks/conformance'
import { Raft } from '../../../main/raft'
import { mutants } from '../../sim/mutants'
import { withMutant } from '../../sim/mutants/load'
import { simulate } from '../../sim/simulation'
import { Teller, toldRaft } from '../support/told-raft'

const SEEDS = 12
/** What is not told at level `state`. */
const MOVEMENTS = new Set(['sent', 'received', 'remark', 'progress'])

it(`allows ${SEEDS} runs of the correct core, told with and without messages`, async () => {
  let transitions = 0
  const found: string[] = []
  for (let seed = 1; seed <= SEEDS; seed++) {
    const watcher = new ConformanceWatcher()
    const quiet = new ConformanceWatcher()
    const teller = new Teller((event) => {
      watcher.take(event)
      if (!MOVEMENTS.has(event.kind)) quiet.take(event)
    })
    await simulate(seed, toldRaft(Raft, teller))
    transitions += watcher.verdict().transitions
    for (const { first } of [watcher.verdict(), quiet.verdict()]) {
      if (first !== undefined) found.push(`seed ${seed}: ${JSON.stringify(first)}`)
    }
  }
  expect(found).toEqual([])
  expect(transitions).toBeGreaterThan(5_000)
})

/** Bugs of the core, a seed that shows each, and what is not allowed then. */
const BROKEN = [
  ['stepping down within a term forgets its vote', 5, 'vote-once'],
  ['the vote is given without a look at the one given before', 2, 'vote-once'],
  ['a vote is not written to the disk', 1, 'vote-reply-durable'],
  ['a candidate counts its own vote before its disk has it', 1, 'request-vote-durable'],
  ['a voter does not compare the logs', 1, 'vote-log-up-to-date'],
  ['half of the voters pass for a majority', 1, 'commit-majority'],
  ['copies of an old-term entry are counted', 25, 'commit-own-term'],
  ['acknowledgements overtake the disk', 1, 'append-reply-durable'],
  ['a follower commits what it has not verified', 29, 'learn-verified'],
  ['the consistency check is left out', 9, 'append-consistency'],
  ['a delayed, shorter message cuts the log', 1, 'truncate-on-conflict'],
] as const

it.each(BROKEN)('finds that %s (seed %i: %s)', async (name, seed, condition) => {
  const mutant = mutants.find((each) => each.name === name)
  if (mutant === undefined) throw new Error(`no such bug: ${name}`)
  const watcher = new ConformanceWatcher()
  await withMutant(mutant.edits, async (Broken) => {
    // The simulator's own judges may stop the run.
    await simulate(seed, toldRaft(Broken, new Teller((event) => watcher.take(event))), mutant.wishes).catch(
      () => undefined,
    )
  })
  expect(watcher.verdict().first?.condition).toBe(condition)
})
