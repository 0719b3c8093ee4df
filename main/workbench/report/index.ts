/** Reports: one page for one run or recording. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { Problem } from '../../node/contract/problem'
import { openRecording } from '../../timeline'
import { importFile } from '../../timeline/export/import-file'
import type { CheckReport } from '../checking'
import { reasonOf, writeWhole } from '../files'
import { factsOf } from './facts'
import { checkAgain, verdictsOfCheck } from './from-check'
import { reportPage } from './page'
import type { ReportInput, ReportLook, ReportScenario, RunFacts } from './types'

export { quoted } from './from-check'
export { inputOfView } from './from-view'
export { reportPage } from './page'
export type { ReportInput, ReportLook, ReportScenario } from './types'

export interface ReportWish extends ReportLook {
  /** Where it is written to. */
  readonly out: string
  readonly signal: AbortSignal
  /** Left out: the name of the cluster or of the file. */
  readonly title?: string | undefined
  /** Of a run. */
  readonly scenario?: ReportScenario | undefined
  /** Command lines that lead to the same run; how the file is judged again is added. */
  readonly reproduce?: readonly string[] | undefined
}

/**
 * Writes the report of a file that was checked.
 * @throws {Problem} 'export-failed', or why the file can't be read
 */
export async function reportCheck(report: CheckReport, wish: ReportWish): Promise<void> {
  const { file, form, history, events, holds } = report
  const { title, scenario, reproduce = [], signal } = wish
  const told = await timelineOf(file, form, signal)
  const input: ReportInput = {
    title: title ?? (told?.name || basename(file)),
    file,
    began: told?.began ?? '',
    events,
    holds,
    isPartial: false,
    verdicts: verdictsOfCheck(report),
    illegal: history.illegal,
    facts: told?.facts,
    scenario,
    reproduce: [...reproduce, checkAgain(file)],
  }
  await writeReport(input, wish)
}

/** Writes a report. @throws {Problem} 'export-failed' */
async function writeReport(
  input: ReportInput,
  { out, ...look }: Pick<ReportWish, 'out' | 'language' | 'theme'>,
): Promise<void> {
  const path = resolve(out)
  try {
    await writeWhole(path, (file) => file.writeFile(reportPage(input, look)))
  } catch (trouble) {
    throw new Problem('export-failed', { path, reason: reasonOf(trouble) }, { cause: trouble })
  }
}

/** What happened; undefined for the history of another system, which tells only its calls. */
async function timelineOf(
  file: string,
  form: CheckReport['form'],
  signal: AbortSignal,
): Promise<{ readonly facts: RunFacts; readonly began: string; readonly name: string } | undefined> {
  if (form !== 'recording' && form !== 'jsonl') return undefined
  const directory = form === 'jsonl' ? await mkdtemp(join(tmpdir(), 'raft-report-')) : undefined
  try {
    const recording = directory === undefined ? file : join(directory, 'imported.raftrec')
    if (form === 'jsonl') await importFile(file, form, recording, { signal })
    const source = await openRecording(recording)
    try {
      const { began, clusterName } = source.info()
      return { facts: await factsOf(source, signal), began, name: clusterName }
    } finally {
      await source.close()
    }
  } finally {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true })
  }
}
