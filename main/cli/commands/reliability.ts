/** `raft-workbench reliability`: clusters under random faults and load, for as long as one likes, and what must hold afterwards. */
import { MAX_NODES, Problem } from '../../workbench'
import { type ReliabilityResult, type RoundState, runReliability } from '../../workbench/headless'
import { Ending } from '../ending'
import type { Places } from '../hosting'
import { EXIT, type Terminal } from '../terminal'
import { RELIABILITY_TEXTS, type ReliabilityTexts } from '../texts/reliability'

export interface ReliabilityOptions {
  readonly minutes: number
  readonly seeds: readonly number[]
  readonly nodes: number
  readonly json: boolean
}

export const DEFAULT_MINUTES = 60
export const DEFAULT_SEEDS = [1, 2, 3, 4] as const
export const DEFAULT_RELIABILITY_NODES = 5
const MAX_MINUTES = 24 * 60
const MAX_SEED = 0xffff_ffff
/** How often a line says where it stands. */
const SAY_MS = 10_000

export function parseMinutes(given: string, texts: ReliabilityTexts): number {
  const minutes = Number(given)
  if (/^\d+(\.\d+)?$/.test(given) && minutes > 0 && minutes <= MAX_MINUTES) return minutes
  throw new Problem('usage', { reason: texts.notMinutes(given, MAX_MINUTES) })
}

export function parseSeeds(given: string, texts: ReliabilityTexts): readonly number[] {
  return given.split(',').map((part) => {
    const seed = Number(part)
    if (/^\s*\d+\s*$/.test(part) && seed <= MAX_SEED) return seed
    throw new Problem('usage', { reason: texts.notSeeds(given, MAX_SEED) })
  })
}

/** @returns 0: everything held; 1: something did not, or it was ended before its time */
export async function reliability(options: ReliabilityOptions, places: Places, terminal: Terminal): Promise<number> {
  const { json, nodes, seeds } = options
  // With two, none may fail.
  if (nodes < 3 || nodes > MAX_NODES) throw new Problem('node-count', { given: nodes, min: 3, max: MAX_NODES })
  const texts = RELIABILITY_TEXTS[terminal.language]
  const ending = new Ending()
  let said = 0
  const progress = (round: number, state: RoundState): void => {
    if (performance.now() - said < SAY_MS) return
    said = performance.now()
    terminal.say(texts.progress(round, seeds.length, state))
  }
  try {
    const result = await runReliability({
      ...options,
      programs: places.programs,
      signal: ending.signal,
      progress,
      ended: (round, { seed, findings, kept }) => terminal.say(texts.ended(round, seed, findings.length, kept)),
    })
    if (json) terminal.print(JSON.stringify(result, null, 2))
    else for (const line of texts.report(result)) terminal.print(line)
    return statusOf(result)
  } finally {
    ending.release()
  }
}

function statusOf({ holds }: ReliabilityResult): number {
  return holds ? EXIT.ok : EXIT.failed
}
