/** Who finds a mutant: a directed test, or the simulator with the first seed that shows it. */
import { Raft } from '../../../main/raft'
import type { RaftClass } from '../node'
import { simulate } from '../simulation'
import { withMutant } from './load'
import type { Mutant } from './mutant'

export interface Verdict {
  readonly mutant: Mutant
  /** Undefined: nobody found it. */
  readonly killedBy: string | undefined
  /** 0 = none was needed. */
  readonly seed: number
  readonly seeds: number
  /** What was seen. */
  readonly reason: string
}

/** More than any of them needs. */
const SEEDS = 400

/**
 * Looks for what the mutant breaks, first where it showed last time. What finds it must find nothing in the core as it is.
 * @throws when an edit does not apply, or the real core fails the same test
 */
export function judge(mutant: Mutant): Promise<Verdict> {
  return withMutant(mutant.edits, async (Broken) => {
    const { directed } = mutant
    if (directed) {
      directed(Raft)
      const reason = failureOf(directed, Broken)
      return {
        mutant,
        killedBy: reason === undefined ? undefined : 'directed test',
        seed: 0,
        seeds: 0,
        reason: reason ?? '',
      }
    }
    const first = mutant.seed ?? 1
    for (let seeds = 1; seeds <= SEEDS; seeds += 1) {
      const seed = ((first - 1 + seeds - 1) % SEEDS) + 1
      const failure = await simulationOf(seed, Broken, mutant)
      if (failure === undefined) continue
      const inReal = await simulationOf(seed, Raft, mutant)
      if (inReal !== undefined) throw new Error(`the core as it is fails too: ${inReal}`)
      const again = await simulationOf(seed, Broken, mutant)
      if (again !== failure) throw new Error(`seed ${seed} does not show it again: ${again ?? 'nothing'}`)
      const reason = failure.split('\n')[0]!.replace(/^seed \d+: /, '')
      return { mutant, killedBy: 'simulator', seed, seeds, reason }
    }
    return { mutant, killedBy: undefined, seed: 0, seeds: SEEDS, reason: '' }
  })
}

async function simulationOf(seed: number, Core: RaftClass, { wishes }: Mutant): Promise<string | undefined> {
  try {
    await simulate(seed, Core, wishes)
    return undefined
  } catch (failure) {
    return failure instanceof Error ? failure.message : String(failure)
  }
}

function failureOf(directed: (Core: RaftClass) => void, Core: RaftClass): string | undefined {
  try {
    directed(Core)
    return undefined
  } catch (failure) {
    return failure instanceof Error ? failure.message : String(failure)
  }
}
