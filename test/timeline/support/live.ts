/** A real cluster that is recorded, and what its files hold. */
import { onTestFinished } from 'vitest'
import { createClusterStore } from '../../../main/cluster'
import type { Cluster, ClusterSettings } from '../../../main/cluster/api'
import { inspectNode } from '../../../main/cluster/inspect'
import type { ClusterState, NodeState, Recorder, RecorderOptions } from '../../../main/timeline'
import { createRecorder } from '../../../main/timeline'
import { EarlySink } from '../../../main/workbench/live/sink'
import { ensureBuilt } from '../../support/build'
import { join, tempDir } from './files'

export interface Live {
  readonly cluster: Cluster
  readonly recorder: Recorder
  readonly path: string
  close(): Promise<void>
}

/** Opens it with its recorder on; both are closed when the test is over, if `close` did not do so before. */
export async function live(nodes: number, settings: Partial<ClusterSettings> = {}): Promise<Live> {
  const programs = await ensureBuilt()
  const home = await tempDir()
  const path = join(home, 'live.raftrec')
  const store = await createClusterStore({ home, programs })
  const { name, id } = await store.create({ nodes, settings })
  const sink = new EarlySink()
  const about: Omit<RecorderOptions, 'origin'> = {
    path,
    clusterId: id,
    clusterName: name,
    began: new Date(),
    worker: programs.recorder,
    nodes: Array.from({ length: nodes }, (_, i) => i + 1),
  }
  let recorder: Promise<Recorder> | undefined
  const cluster = await store.open(name, (origin) => {
    recorder = createRecorder({ ...about, origin })
    recorder.then(
      (made) => sink.connect(made),
      () => undefined,
    )
    return sink
  })
  const made = await recorder!
  const close = async () => {
    await cluster.close()
    await made.close()
  }
  onTestFinished(close)
  return { cluster, recorder: made, path, close }
}

/** The leader whose process runs, as the state says. */
export const leaderOf = (state: ClusterState): NodeState | undefined =>
  [...state.nodes.values()].find((node) => node.role === 'leader' && node.process.standing === 'running')

/** What a disk can say about a node. */
export const onDisk = (node: NodeState) => ({
  currentTerm: node.durableTerm,
  votedFor: node.durableVote,
  base: { index: node.firstIndex - 1, term: node.baseTerm },
  lastIndex: node.durableIndex,
  snapshot: node.snapshot,
  log: Array.from(node.log, ({ index, term, type, data }) => ({ index, term, type, data: [...data] })),
})

/** What the node's own files say, in the words of {@link onDisk}. */
export async function disk(cluster: Cluster, node: number) {
  const { currentTerm, votedFor, base, lastIndex, snapshot: found, entries } = await inspectNode(cluster.dataDir(node))
  const log = entries.map(({ index, term, type, data }) => ({ index, term, type, data: [...data] }))
  const snapshot = found && { index: found.index, term: found.term, bytes: found.bytes }
  return { currentTerm, votedFor, base, lastIndex, snapshot, log }
}
