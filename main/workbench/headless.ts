/** What the command line does without a window: reads what is on disk. */
import { stat } from 'node:fs/promises'
import type { MomentView } from '../../preload/contract'
import { Problem } from '../node/contract/problem'
import { openRecording } from '../timeline'
import type { Exported, Write } from '../timeline/export'
import { formOf, importFile } from '../timeline/export/import-file'
import { damageOf, eventsWithin, producer, saveAs, type Wanted } from './exporting'
import { inFile } from './files'
import { clusterView, nodesInOrder, nodeView } from './views/moment'

export type { InspectedRecord, NodeInspection } from '../cluster/inspect'
export { inspectNode } from '../cluster/inspect'
export { BUGS, type Catch, runZoo, type ZooResult, type ZooRow } from '../zoo'
export { settingsOf } from './cluster-settings'
export { sentence } from './problems'
export { bytes as bytesText } from './problems/sentences'
export {
  type Finding,
  type ReliabilityResult,
  type RoundResult,
  type RoundState,
  runReliability,
} from './reliability'
export { readLanguage } from './settings'
export { crcText } from './views/disk'

export interface ExportWish extends Wanted {
  readonly recording: string
  /** A file to write whole or not at all, or a function that takes it piece by piece. */
  readonly out: string | Write
  readonly signal: AbortSignal
  /** Called now and then: events looked at, of about so many. */
  readonly progress: (done: number, total: number) => void
}

export interface ExportedRecording extends Exported {
  /** What was wrong with the recording, when it could be read nevertheless. */
  readonly damage: readonly Problem[]
}

/**
 * Exports a recording.
 * @throws {Problem} why the recording can't be read or the export not written; 'export-cancelled'
 */
export async function exportRecording(wish: ExportWish): Promise<ExportedRecording> {
  const { recording, out, signal, progress } = wish
  const source = await openRecording(recording)
  try {
    const total = await eventsWithin(source, wish.selection)
    const damaged: Problem[] = []
    const produce = producer(
      source,
      wish,
      (done) => progress(done, total),
      (problem) => damaged.push(problem),
    )
    const exported = typeof out === 'string' ? await saveAs(out, produce, signal) : await produce(out, signal)
    return { ...exported, damage: [...damageOf(source.info()), ...damaged] }
  } catch (trouble) {
    if (signal.aborted && typeof out !== 'string')
      throw new Problem('export-cancelled', { path: '-' }, { cause: trouble })
    throw trouble
  } finally {
    await source.close()
  }
}

export interface ImportWish {
  readonly file: string
  /** The recording to make; there must be none. */
  readonly out: string
  readonly signal: AbortSignal
  /** Called now and then: bytes read, of so many. */
  readonly progress: (done: number, total: number) => void
}

/**
 * Makes a recording of a file of another form.
 * @returns the number of events
 * @throws {Problem} why the file can't be read (which line, which rule) or the recording not written
 */
export async function importForeign({ file, out, signal, progress }: ImportWish): Promise<number> {
  const form = await formOf(file)
  if (form === undefined) throw new Problem('import-foreign', { path: file })
  if (form === 'recording') throw new Problem('bad-input', { where: file, reason: 'a recording already' })
  const total = (await stat(file)).size
  try {
    return await importFile(file, form, out, { signal, progress: (done) => progress(done, total) })
  } catch (trouble) {
    if (signal.aborted) throw new Problem('import-cancelled', { path: file }, { cause: trouble })
    throw inFile(file, trouble)
  }
}

export interface StateWish {
  readonly recording: string
  /** Nanoseconds since the recording began; after its end means its end. */
  readonly at: number
  /** Only this node, with its whole log; without it all nodes, with the ends of their logs. */
  readonly node?: number
  readonly signal: AbortSignal
}

export interface RecordedState {
  readonly moment: MomentView
  /** What was wrong with the recording, when it could be read nevertheless. */
  readonly damage: readonly Problem[]
}

/**
 * The state of a recorded cluster at a moment.
 * @throws {Problem} why the recording can't be read; 'node-unknown' when it had no such node then
 */
export async function recordedState({ recording, at, node, signal }: StateWish): Promise<RecordedState> {
  const source = await openRecording(recording)
  try {
    const state = await source.stateAt(await source.seqAt(at), signal)
    const nodes = nodesInOrder(state)
    const chosen = node === undefined ? nodes : nodes.filter(({ id }) => id === node)
    if (chosen.length === 0 && node !== undefined) {
      throw new Problem('node-unknown', { node: String(node), known: nodes.map(({ id }) => id).join(', ') || '–' })
    }
    const most = node === undefined ? undefined : Number.POSITIVE_INFINITY
    return {
      moment: { ...clusterView(state), nodes: chosen.map((one) => nodeView(one, most)) },
      damage: damageOf(source.info()),
    }
  } finally {
    await source.close()
  }
}
