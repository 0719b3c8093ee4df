/** Verdicts over a file: a recording's invariants, transitions and clients' history, or the history of another system. */
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConformanceVerdict, ConformanceWatcher } from '../checks/conformance'
import type { Counterexample } from '../checks/drawing'
import { BandReader, spanOf } from '../checks/history/bands'
import { type ModelName, operationsOf } from '../checks/history/from-history'
import { ClientHistoryReader } from '../checks/history/from-timeline'
import type { Operation } from '../checks/history/operation'
import { type InvariantVerdict, InvariantWatcher } from '../checks/invariants'
import { checkParts } from '../checks/linearizability/check'
import { counterexampleOf } from '../checks/linearizability/counterexample'
import { keyValue } from '../checks/models/key-value'
import type { Model } from '../checks/models/model'
import { Problem } from '../node/contract/problem'
import { openRecording } from '../timeline'
import type { TimelineSource } from '../timeline/api'
import { type FileForm, formOf, importFile } from '../timeline/export/import-file'
import { type HistoryForm, readHistory } from '../timeline/import'
import { damageOf } from './exporting'
import { inFile } from './files'

export type { ModelName } from '../checks/history/from-history'

export interface CheckWish {
  readonly file: string
  /** Of what a foreign history is; left out: its operations tell. */
  readonly model?: ModelName | undefined
  readonly signal: AbortSignal
  /** Called now and then: events or parts done, of so many. */
  readonly progress: (done: number, total: number) => void
}

/** A call of a counterexample, for people. */
export interface JudgedCall {
  readonly process: number
  /** `put "k" "v"`, with its answer. */
  readonly text: string
  /** `seq` of its events, or lines of the history. */
  readonly call: number
  readonly answer: number
  readonly isAnswered: boolean
}

/** Calls that no order explains, and how they are drawn. */
export interface IllegalPart {
  readonly part: string
  readonly calls: readonly JudgedCall[]
  readonly drawn: Counterexample
}

export interface HistoryVerdict {
  readonly model: string
  readonly calls: number
  /** Reads that promise nothing, and calls that certainly had no effect: not judged. */
  readonly stale: number
  readonly failed: number
  readonly parts: number
  readonly outcome: 'linearizable' | 'illegal' | 'undecided'
  readonly illegal: readonly IllegalPart[]
  readonly undecided: readonly string[]
}

export interface CheckReport {
  readonly file: string
  readonly form: FileForm
  /** Everything that was judged holds, and nothing was left undecided. */
  readonly holds: boolean
  /** Of a recording; empty for the history of another system. */
  readonly invariants: readonly InvariantVerdict[]
  /** Of a recording: is every transition one that Raft's specification allows? */
  readonly conformance: ConformanceVerdict | undefined
  readonly events: number
  /** The `seq` from which on the invariants were not judged, because events were shed; −1 = all were. */
  readonly judgedUntil: number
  readonly history: HistoryVerdict
  /** What was wrong with the recording, when it could be read nevertheless. */
  readonly damage: readonly Problem[]
}

/**
 * Judges a file of any form that can be read.
 * @throws {Problem} why it can't be read (which line, which rule); 'import-cancelled'
 */
export async function checkFile(wish: CheckWish): Promise<CheckReport> {
  const { file, signal } = wish
  const form = await formOf(file)
  if (form === undefined || form === 'shiviz') throw new Problem('import-foreign', { path: file })
  try {
    if (form === 'recording') return await checkRecording(file, form, wish)
    if (form !== 'jsonl') return await checkHistory(file, form, wish)
    const directory = await mkdtemp(join(tmpdir(), 'raft-check-'))
    try {
      const recording = join(directory, 'imported.raftrec')
      await importFile(file, form, recording, { signal })
      return { ...(await checkRecording(recording, form, wish)), file }
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  } catch (trouble) {
    if (signal.aborted) throw new Problem('import-cancelled', { path: file }, { cause: trouble })
    throw inFile(file, trouble)
  }
}

async function checkRecording(file: string, form: FileForm, wish: CheckWish): Promise<CheckReport> {
  const source = await openRecording(file)
  try {
    return { file, form, ...(await checkTimeline(source, wish)), damage: damageOf(source.info()) }
  } finally {
    await source.close()
  }
}

/** Judges a timeline, live or recorded, from its first event to its last one now. */
async function checkTimeline(
  source: TimelineSource,
  { signal, progress }: Pick<CheckWish, 'signal' | 'progress'>,
): Promise<Omit<CheckReport, 'file' | 'form' | 'damage'>> {
  const watcher = new InvariantWatcher()
  const specification = new ConformanceWatcher()
  const clients = new ClientHistoryReader()
  const bands = new BandReader()
  const total = source.info().events
  let done = 0
  for await (const batch of source.scan({}, signal)) {
    for (const event of batch) {
      watcher.take(event)
      specification.take(event)
      clients.take(event)
      bands.take(event)
    }
    done += batch.length
    progress(done, total)
  }
  const invariants = watcher.verdicts()
  const { operations, stale, failed } = clients.finish()
  const verdict = await judge(keyValue, operations, 'ns', signal, progress)
  const illegal = verdict.illegal.map((part) => inItsTime(part, bands))
  const history = { ...verdict, illegal, stale, failed }
  const conformance = specification.verdict()
  const isJudged = watcher.judgedUntil < 0 && conformance.judgedUntil < 0
  const isRight = conformance.conforms && invariants.every(({ found }) => found === 0)
  const holds = isJudged && isRight && history.outcome === 'linearizable'
  return { holds, invariants, conformance, events: watcher.events, judgedUntil: watcher.judgedUntil, history }
}

const HISTORY_FORM: Readonly<Record<'edn' | 'jepsen-log', HistoryForm>> = { edn: 'edn', 'jepsen-log': 'log' }

async function checkHistory(file: string, form: 'edn' | 'jepsen-log', wish: CheckWish): Promise<CheckReport> {
  const { signal, progress, model } = wish
  const chunks = createReadStream(file, { encoding: 'utf8', signal }) as AsyncIterable<string>
  const read = await operationsOf(readHistory(chunks, HISTORY_FORM[form]), HISTORY_FORM[form], model).catch(
    (trouble: unknown) => {
      if (trouble instanceof TypeError) throw new Problem('bad-input', { where: file, reason: trouble.message })
      throw trouble
    },
  )
  const verdict =
    read.of === 'kv'
      ? await judge(read.model, read.operations, 'order', signal, progress)
      : await judge(read.model, read.operations, 'order', signal, progress)
  const history = { ...verdict, stale: 0, failed: 0 }
  const holds = history.outcome === 'linearizable'
  return { file, form, holds, invariants: [], conformance: undefined, events: 0, judgedUntil: -1, history, damage: [] }
}

async function judge<I, O>(
  model: Model<I, O>,
  operations: readonly Operation<I, O>[],
  unit: Counterexample['unit'],
  signal: AbortSignal,
  progress: CheckWish['progress'],
): Promise<Omit<HistoryVerdict, 'stale' | 'failed'>> {
  const illegal: HistoryVerdict['illegal'][number][] = []
  const undecided: string[] = []
  let parts = 0
  for await (const verdict of checkParts(model, operations, { signal, progress })) {
    parts++
    if (verdict.outcome === 'undecided') undecided.push(verdict.part)
    if (verdict.outcome !== 'illegal') continue
    const core = verdict.core.flatMap((place) => verdict.operations[place] ?? [])
    illegal.push(illegalPart(model, verdict.part, core, unit))
  }
  const outcome = illegal.length > 0 ? 'illegal' : undecided.length > 0 ? 'undecided' : 'linearizable'
  return { model: model.name, calls: operations.length, parts, outcome, illegal, undecided }
}

/** @param core a few calls of the part that no order explains either */
export function illegalPart<I, O>(
  model: Model<I, O>,
  part: string,
  core: readonly Operation<I, O>[],
  unit: Counterexample['unit'],
): IllegalPart {
  const calls = core.map((operation) => judged(model, operation))
  return { part, calls, drawn: counterexampleOf(model, part, core, unit) }
}

/** With who led and what was broken then. */
export function inItsTime(illegal: IllegalPart, bands: BandReader): IllegalPart {
  const { from, to } = spanOf(illegal.drawn.calls)
  return { ...illegal, drawn: { ...illegal.drawn, bands: bands.within(from, to) } }
}

function judged<I, O>(model: Model<I, O>, { process, input, output, place }: Operation<I, O>): JudgedCall {
  return { process, text: model.spell(input, output), ...place, isAnswered: output !== undefined }
}
