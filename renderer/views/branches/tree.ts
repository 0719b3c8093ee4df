/** The tree of branches: clusters with their recordings, and below each recording the clusters that were forked from it. */
import type { BranchCluster, BranchRecording, ForkOrigin } from '../../../preload/contract'

export interface ClusterBranch {
  readonly kind: 'cluster'
  readonly key: string
  readonly cluster: BranchCluster
  /** The recording it came from, where that is here; the fork can be made again. */
  readonly parent: BranchRecording | null
  readonly children: readonly Branch[]
}
export interface RecordingBranch {
  readonly kind: 'recording'
  readonly key: string
  readonly cluster: BranchCluster
  readonly recording: BranchRecording
  readonly children: readonly Branch[]
}
export type Branch = ClusterBranch | RecordingBranch

/** Roots: what was not forked, or whose parent is not here any more. Siblings by the moment they came from, or by age. */
export function treeOf(clusters: readonly BranchCluster[]): readonly Branch[] {
  const placed = new Set<BranchCluster>()
  const byId = new Map(clusters.filter(({ id }) => id !== '').map((cluster) => [cluster.id, cluster]))
  const forksOf = (cluster: BranchCluster) => clusters.filter(({ origin }) => origin?.clusterId === cluster.id)

  function clusterBranch(cluster: BranchCluster, parent: BranchRecording | null): ClusterBranch {
    placed.add(cluster)
    const recordings = cluster.recordings.map((recording) => recordingBranch(cluster, recording))
    // Their recording was deleted, or lies elsewhere.
    const loose = forksOf(cluster)
      .filter((fork) => !placed.has(fork))
      .sort(byMoment)
      .map((fork) => clusterBranch(fork, null))
    return { kind: 'cluster', key: `cluster ${cluster.name}`, cluster, parent, children: [...recordings, ...loose] }
  }
  function recordingBranch(cluster: BranchCluster, recording: BranchRecording): RecordingBranch {
    const children = forksOf(cluster)
      .filter(({ origin }) => origin !== null && isOf(origin, recording))
      .filter((fork) => !placed.has(fork))
      .sort(byMoment)
      .map((fork) => clusterBranch(fork, recording))
    return { kind: 'recording', key: recording.path, cluster, recording, children }
  }

  const roots = clusters
    .filter(({ origin }) => origin === null || !byId.has(origin.clusterId))
    .toSorted((a, b) => a.created.localeCompare(b.created) || a.name.localeCompare(b.name))
    .map((cluster) => clusterBranch(cluster, null))
  // A copied directory can make a ring of parents: nobody is left out for that.
  const rest = clusters.filter((cluster) => !placed.has(cluster))
  return [...roots, ...rest.flatMap((cluster) => (placed.has(cluster) ? [] : [clusterBranch(cluster, null)]))]
}

/** A recording that was moved keeps the time at which it began. */
function isOf(origin: ForkOrigin, { path, began }: BranchRecording): boolean {
  return origin.recording === path || origin.began === began
}

function byMoment(a: BranchCluster, b: BranchCluster): number {
  return (a.origin?.seq ?? 0) - (b.origin?.seq ?? 0) || a.created.localeCompare(b.created)
}

export function keysOf(branches: readonly Branch[]): readonly string[] {
  return branches.flatMap(({ key, children }) => [key, ...keysOf(children)])
}
