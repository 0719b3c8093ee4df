import type { Cluster, ClusterStore, ClusterSummary } from '../../cluster/api'
import { dropBeginnings, keepBeginnings, originOf } from '../../cluster/fork'
import type { Problem } from '../../node/contract/problem'
import { createRecorder } from '../../timeline'
import type { Recorder } from '../../timeline/api'
import { newRecordingPath } from '../recordings'
import { EarlySink } from './sink'

/** A running cluster together with the recorder that everything it says goes to. */
export interface LiveCluster {
  readonly cluster: Cluster
  readonly recorder: Recorder
  readonly recording: string
  /** Ends the cluster, then orders and writes what is left. */
  close(): Promise<void>
}

export interface OpenLiveOptions {
  readonly store: ClusterStore
  readonly summary: ClusterSummary
  /** Path of the built recorder worker. */
  readonly worker: string
  /** Told when the recording can't be written (any further). */
  readonly report: (problem: Problem) => void
  readonly progress: (ready: number, of: number) => void
  readonly signal: AbortSignal
  /** See `ClusterStore.open`. */
  readonly manual?: boolean
}

/**
 * Starts a cluster and its recording. When either fails, neither is left.
 * @throws {Problem} what `ClusterStore.open` throws; 'directory-unwritable' for the recording
 */
export async function openLive(options: OpenLiveOptions): Promise<LiveCluster> {
  const { store, summary, worker, progress, signal, report, manual = false } = options
  const began = new Date()
  const recording = await newRecordingPath(summary.path, began)
  const forkedFrom = await originOf(summary.path)
  // Without it the recording is as good as ever; only branches of its snapshots lack it then, and say so.
  await keepBeginnings(summary.path, recording).catch(() => undefined)
  const sink = new EarlySink()
  const stop = new AbortController()
  let recorder: Promise<Recorder> | undefined

  const record = async (origin: bigint): Promise<Recorder> => {
    try {
      const nodes = Array.from({ length: summary.nodes }, (_, at) => at + 1)
      const made = await createRecorder({
        path: recording,
        clusterId: summary.id,
        clusterName: summary.name,
        origin,
        began,
        worker,
        nodes,
        forkedFrom,
        onProblem: report,
      })
      sink.connect(made)
      return made
    } catch (trouble) {
      // Nothing may happen off the record: without a recorder the cluster does not run.
      stop.abort(trouble)
      throw trouble
    }
  }

  try {
    const cluster = await store.open(
      summary.name,
      (origin) => {
        recorder = record(origin)
        // Its failure is seen where it is awaited; until then it must not count as unhandled.
        recorder.catch(() => undefined)
        return sink
      },
      { progress, signal: AbortSignal.any([signal, stop.signal]), manual },
    )
    if (!recorder) throw new Error('the cluster opened without asking where to report')
    const ready = await recorder.catch(async (trouble: unknown) => {
      await cluster.close()
      throw trouble
    })
    return {
      cluster,
      recorder: ready,
      recording,
      async close() {
        await cluster.close()
        await ready.close()
      },
    }
  } catch (trouble) {
    // What the cluster said before it failed stays readable.
    const made = await recorder?.catch(() => undefined)
    await made?.close()
    if (made === undefined) await dropBeginnings(recording).catch(() => undefined)
    throw stop.signal.aborted ? stop.signal.reason : trouble
  }
}
