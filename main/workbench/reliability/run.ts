/** Several seeds, one after the other: what `raft-workbench reliability` does. */
import type { Programs } from '../api'
import { type RoundResult, type RoundState, runRound } from './round'

export interface ReliabilityWish {
  readonly seeds: readonly number[]
  /** In all; each seed gets its share. */
  readonly minutes: number
  readonly nodes: number
  readonly programs: Programs
  readonly signal: AbortSignal
  /** `round` counts from 1. */
  progress?(round: number, state: RoundState): void
  ended?(round: number, result: RoundResult): void
}

export interface ReliabilityResult {
  /** Every round was run to its end, and nothing was found. */
  readonly holds: boolean
  /** It was ended before its time: the rounds below are those that were finished. */
  readonly interrupted: boolean
  readonly minutes: number
  readonly nodes: number
  readonly rounds: readonly RoundResult[]
}

/** @throws {Problem} when a cluster cannot be run at all */
export async function runReliability(wish: ReliabilityWish): Promise<ReliabilityResult> {
  const { seeds, minutes, nodes, programs, signal } = wish
  const durationMs = Math.round((minutes * 60_000) / seeds.length)
  const rounds: RoundResult[] = []
  for (const [at, seed] of seeds.entries()) {
    if (signal.aborted) break
    try {
      const progress = (state: RoundState): void => wish.progress?.(at + 1, state)
      const result = await runRound({ seed, nodes, durationMs, programs, signal, progress })
      rounds.push(result)
      wish.ended?.(at + 1, result)
    } catch (trouble) {
      if (!signal.aborted) throw trouble
    }
  }
  const interrupted = rounds.length < seeds.length
  const holds = !interrupted && rounds.every(({ findings }) => findings.length === 0)
  return { holds, interrupted, minutes, nodes, rounds }
}
