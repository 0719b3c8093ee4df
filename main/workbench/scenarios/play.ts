/** Plays a scenario without a window, on a cluster of its own that is gone afterwards; the recording may stay. */
import { copyFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Problem } from '../../node/contract/problem'
import type { ParsedScenario } from '../../scenarios/language/parse'
import type { ScenarioProgress, ScenarioResult } from '../../scenarios/run/api'
import { playScenario } from '../../scenarios/run/run'
import type { Programs } from '../api'
import { reasonOf } from '../files'
import { openStage } from './stage'
import { type Otherwise, wishOf } from './wish'

export interface PlayWish extends ParsedScenario, Otherwise {
  readonly programs: Programs
  /** Where the recording goes; left out: nowhere. */
  readonly out?: string | undefined
  readonly signal: AbortSignal
  progress(progress: ScenarioProgress): void
  /** What goes wrong besides: the recording can't be written. */
  report(problem: Problem): void
}

/** @throws {Problem} why there is no cluster, or no place for the recording; the signal's reason before there was one */
export async function playHeadless(wish: PlayWish): Promise<ScenarioResult> {
  const { scenario, lines, seed, out, programs, signal, progress, report } = wish
  if (out !== undefined) await requirePlace(out)
  const stage = await openStage(wishOf(scenario, wish), { programs, signal, report })
  try {
    const run = playScenario(scenario, stage, { lines, signal, ...(seed === undefined ? {} : { seed }) })
    const forget = run.watch(progress)
    const result = await run.ended
    forget()
    await stage.close()
    if (out !== undefined) await keep(stage.recording, out)
    return result
  } finally {
    await stage.clear()
  }
}

/** Nobody wants to hear at the end that there never was a place for it. */
async function requirePlace(out: string): Promise<void> {
  const directory = dirname(resolve(out))
  const found = await stat(directory).catch((trouble: unknown) => {
    throw new Problem('directory-unwritable', { path: directory, reason: reasonOf(trouble) }, { cause: trouble })
  })
  if (!found.isDirectory()) throw new Problem('directory-unwritable', { path: directory, reason: 'not a directory' })
}

/** Whole or not at all. */
async function keep(recording: string, out: string): Promise<void> {
  const half = `${out}.part`
  try {
    await copyFile(recording, half)
    await rename(half, out)
  } catch (trouble) {
    await rm(half, { force: true })
    throw new Problem('export-failed', { path: out, reason: reasonOf(trouble) }, { cause: trouble })
  }
}
