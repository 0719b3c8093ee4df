import { expect, test } from 'vitest'
import type { Look } from '../../../main/node/contract/breakpoint'
import { observed } from '../../../main/node/telemetry/event-body'
import { appendedRuns } from '../../../main/node/telemetry/runs'
import { Model } from '../../../main/node/watch/model'
import { type Effects, type Input, Raft } from '../../../main/raft'
import { simulate } from '../../sim/simulation'

let steps = 0
let differences: string[] = []

/** The core, and beside it what can be known of it from its events. */
class Told extends Raft {
  readonly #model = new Model()

  override initial(): Effects {
    this.#model.become(this.#actual())
    return this.#heard(super.initial())
  }

  override step(now: number, input: Input): Effects {
    const effects = super.step(now, input)
    if (input.type === 'persisted') {
      const { currentTerm, votedFor, durableIndex } = this.status()
      this.#model.saw({ kind: 'persisted', lastIndex: durableIndex, currentTerm, votedFor, bytes: 0, micros: 0 })
    }
    return this.#heard(effects)
  }

  #heard(effects: Effects): Effects {
    for (const observation of effects.observations) {
      if (observation.kind === 'timer') continue
      if (observation.kind !== 'appended') this.#model.saw(observed(observation, effects.write))
      else for (const body of appendedRuns(observation.entries, false)) this.#model.saw(body)
    }
    steps += 1
    const actual = this.#actual()
    for (const name of Object.keys(actual) as (keyof Look)[]) {
      const known = this.#model.look[name]
      if (known !== actual[name]) differences.push(`${name}: ${known} is ${actual[name]}`)
    }
    this.#model.become(actual)
    return effects
  }

  #actual(): Look {
    const status = this.status()
    return {
      role: status.role,
      term: status.currentTerm,
      votedFor: status.votedFor,
      leader: status.leader,
      commitIndex: status.commitIndex,
      lastApplied: 0,
      firstIndex: status.firstIndex,
      lastIndex: status.lastIndex,
      durableIndex: status.durableIndex,
      snapshotIndex: status.snapshot?.index ?? 0,
      quiescent: status.isQuiescent,
      voters: status.configuration.voters.length,
      held: 0,
    }
  }
}

test('what the events tell is what the core came to, in forty worlds', async () => {
  steps = 0
  differences = []
  for (let seed = 1; seed <= 40; seed += 1) await simulate(seed, Told)
  expect(steps).toBeGreaterThan(10_000)
  const counts = Map.groupBy(differences, (difference) => difference.split(':')[0])
  expect([...counts].map(([name, all]) => `${name} ${all.length}, as in ${all.slice(0, 5).join('; ')}`)).toEqual([])
})
