/** What the command line does without a window: reads what is on disk. */
import { stat } from 'node:fs/promises'
import type { MomentView } from '../../preload/contract'
import { Problem } from '../node/contract/problem'
import { openRecording } from '../timeline'
import { damageOf, producer, saveAs } from './exporting'
import { reasonOf } from './files'
import { clusterView, nodesInOrder, nodeView } from './views/moment'

export type { InspectedRecord, NodeInspection } from '../cluster/inspect'
export { inspectNode } from '../cluster/inspect'
export { settingsOf } from './cluster-settings'
export { sentence } from './problems'
export {
  type Finding,
  type ReliabilityResult,
  type RoundResult,
  type RoundState,
  runReliability,
} from './reliability'
export { readLanguage } from './settings'
export { crcText } from './views/disk'

export interface ExportWish {
  readonly recording: string
  /** Bounds in nanoseconds since the recording began, `from` inclusive, `to` exclusive; left out = unbounded. */
  readonly from?: number
  readonly to?: number
  /** A file to write whole or not at all, or a function that takes the text piece by piece. */
  readonly out: string | ((text: string) => Promise<void>)
  readonly signal: AbortSignal
}

export interface Exported {
  readonly events: number
  /** What was wrong with the recording, when it could be read nevertheless. */
  readonly damage: readonly Problem[]
}

/**
 * Exports a recording as JSON Lines.
 * @throws {Problem} why the recording can't be read or the export not written
 */
export async function exportRecording({ recording, from, to, out, signal }: ExportWish): Promise<Exported> {
  const source = await openRecording(recording)
  try {
    const range = { ...(from === undefined ? {} : { fromT: from }), ...(to === undefined ? {} : { toT: to }) }
    const produce = producer(source, range)
    const events = typeof out === 'string' ? await saveAs(out, produce, signal) : await produce(out, signal)
    return { events, damage: damageOf(source.info()) }
  } finally {
    await source.close()
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

/** @throws {Problem} 'unreadable-file' when there is no directory at `path` */
export async function requireDirectory(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) return
  } catch (trouble) {
    throw new Problem('unreadable-file', { path, reason: reasonOf(trouble) }, { cause: trouble })
  }
  throw new Problem('unreadable-file', { path, reason: 'not a directory' })
}
