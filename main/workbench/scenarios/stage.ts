/** Stages for scenarios: a cluster of their own without a window, or the cluster that a window shows. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClusterStore } from '../../cluster'
import type { ClusterStore } from '../../cluster/api'
import type { Problem } from '../../node/contract/problem'
import type { Stage, StageWish } from '../../scenarios/run/api'
import type { Programs } from '../api'
import { type LiveCluster, openLive } from '../live/cluster'

export interface HeadlessStage extends Stage {
  /** The recording's file; whole when the stage is closed. */
  readonly recording: string
  /** Ends the cluster, and closes the recording. */
  close(): Promise<void>
  /** Closes, and removes everything that was made for the stage, the recording included. */
  clear(): Promise<void>
}

export interface HeadlessOptions {
  readonly programs: Programs
  /** Where the cluster's files go; left out: a directory of its own among the temporary ones. */
  readonly home?: string
  readonly signal: AbortSignal
  /** Told when the recording can't be written. */
  readonly report?: (problem: Problem) => void
}

/**
 * A new cluster for one scenario, with its recorder.
 * @throws {Problem} why it can't be made or started; the signal's reason
 */
export async function openStage(wish: StageWish, options: HeadlessOptions): Promise<HeadlessStage> {
  const { programs, signal, report = () => undefined } = options
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'raft-workbench-scenario-')))
  const isOwn = options.home === undefined
  const remove = async () => {
    if (isOwn) await rm(home, { recursive: true, force: true })
  }
  try {
    const store = await createClusterStore({ home, programs })
    const { nodes, witnesses, settings, manual } = wish
    const summary = await store.create({ nodes, witnesses, settings })
    const live = await openLive({
      store,
      summary,
      worker: programs.recorder,
      report,
      progress: () => undefined,
      signal,
      manual,
    })
    let closing: Promise<void> | undefined
    const close = () => {
      closing ??= live.close()
      return closing
    }
    return {
      ...stageOf(live, store),
      // A getter does not survive being spread.
      get state() {
        return live.recorder.state
      },
      recording: live.recording,
      close,
      async clear() {
        await close()
        if (isOwn) await remove()
        else await store.delete(summary.name)
      },
    }
  } catch (trouble) {
    await remove()
    throw trouble
  }
}

/** What is open now, as a stage. It goes by this cluster, also when another is opened later: then nothing happens on it any more. */
export function stageOf(live: Pick<LiveCluster, 'cluster' | 'recorder'>, store: ClusterStore): Stage {
  // Of a session they are those of the moment.
  const { cluster, recorder } = live
  return {
    cluster,
    get state() {
      return recorder.state
    },
    subscribe: (listener) =>
      recorder.onOrdered((events) => {
        for (const event of events) listener(event)
      }),
    events: () => recorder.source.scan({}),
    async configure(changes) {
      await store.configure(cluster.name, changes)
    },
    async told() {
      // What a node has done and not said yet, it says before it answers this.
      await cluster.inForce()
      await recorder.told()
    },
  }
}
