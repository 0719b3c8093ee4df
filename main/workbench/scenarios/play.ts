/** Plays a scenario without a window, on a cluster of its own that is gone afterwards; the recording may stay. */
import { copyFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Problem } from '../../node/contract/problem'
import type { ParsedScenario } from '../../scenarios/language/parse'
import type { ScenarioProgress, ScenarioResult } from '../../scenarios/run/api'
import { playScenario } from '../../scenarios/run/run'
import type { Programs } from '../api'
import { checkFile } from '../checking'
import { reasonOf } from '../files'
import { reportCheck } from '../report'
import { openStage } from './stage'
import { type Otherwise, wishOf } from './wish'

export interface PlayWish extends ParsedScenario, Otherwise {
  readonly programs: Programs
  /** Where the recording goes; left out: nowhere. */
  readonly out?: string | undefined
  /** Where a page that tells all of it goes, and how; left out: nowhere. */
  readonly page?: { readonly path: string; readonly language: 'en' | 'zh'; readonly reproduce: string } | undefined
  readonly signal: AbortSignal
  progress(progress: ScenarioProgress): void
  /** What goes wrong besides: the recording can't be written. */
  report(problem: Problem): void
}

/** @throws {Problem} why there is no cluster, or no place for the recording; the signal's reason before there was one */
export async function playHeadless(wish: PlayWish): Promise<ScenarioResult> {
  const { scenario, lines, seed, out, page, programs, signal, progress, report } = wish
  for (const path of [out, page?.path]) if (path !== undefined) await requirePlace(path)
  const stage = await openStage(wishOf(scenario, wish), { programs, signal, report })
  try {
    const run = playScenario(scenario, stage, { lines, signal, ...(seed === undefined ? {} : { seed }) })
    const forget = run.watch(progress)
    const result = await run.ended
    forget()
    await stage.close()
    if (out !== undefined) await keep(stage.recording, out)
    if (page !== undefined && result.outcome !== 'stopped') await writePage(stage.recording, result, wish, page)
    return result
  } finally {
    await stage.clear()
  }
}

async function writePage(
  recording: string,
  { seed, outcome, expectations }: ScenarioResult,
  { scenario, out, signal }: PlayWish,
  { path, language, reproduce }: NonNullable<PlayWish['page']>,
): Promise<void> {
  const checked = await checkFile({ file: recording, signal, progress: () => undefined })
  // What the scenario expects is what counts: a bug that it shows is found, and that is as it should be.
  await reportCheck(
    { ...checked, file: out ?? recording, holds: outcome === 'holds' },
    {
      out: path,
      language,
      signal,
      title: scenario.title[language],
      scenario: { about: scenario.about, seed, expectations },
      reproduce: [reproduce],
    },
  )
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
