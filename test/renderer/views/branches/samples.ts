import type { BranchCluster, ForkPreview } from '../../../../preload/contract'

const began = (minute: number) => `2026-03-01T10:0${minute}:00.000Z`

export function branchCluster(name: string, changes: Partial<BranchCluster> = {}): BranchCluster {
  const recordings = [
    { path: `/home/${name}/1.raftrec`, began: began(1), events: 48_213, end: 62.5e9, bytes: 3.2e6, complete: true },
  ]
  const common = { id: `id-${name}`, nodes: 5, created: began(0), bytes: 8.1e6, lockedBy: 0, origin: null, recordings }
  return { name, ...common, ...changes }
}

/** Came from the only recording of `parent`. */
export function branchOf(
  parent: string,
  name: string,
  seq: number,
  changes: Partial<BranchCluster> = {},
): BranchCluster {
  const origin = {
    recording: `/home/${parent}/1.raftrec`,
    clusterId: `id-${parent}`,
    clusterName: parent,
    began: began(1),
    seq,
    t: seq * 1e6,
  }
  return branchCluster(name, { origin, created: began(2), ...changes })
}

export const FOREST: readonly BranchCluster[] = [
  branchCluster('orders'),
  branchOf('orders', 'orders-fork-2', 40_102, { nodes: 4, recordings: [] }),
  branchOf('orders', 'orders-fork', 12_580),
  branchOf('orders-fork', 'orders-fork-3', 9_001),
  branchCluster('payments', { nodes: 3, recordings: [] }),
  branchOf('gone', 'inventory-fork', 777, { nodes: 3 }),
]

export const PREVIEW: ForkPreview = {
  seq: 12_580,
  t: 12.58e9,
  clusterName: 'orders',
  name: 'orders-fork',
  committed: 10_412,
  unsynced: 3,
  faults: 2,
  nodes: [
    { node: 1, role: 'voter', term: 7, lastIndex: 10_415, snapshotIndex: 10_000, wasDown: false, completed: false },
    { node: 2, role: 'voter', term: 7, lastIndex: 10_412, snapshotIndex: 10_000, wasDown: true, completed: true },
    { node: 3, role: 'voter', term: 6, lastIndex: 9_988, snapshotIndex: 0, wasDown: true, completed: false },
    { node: 4, role: 'witness', term: 7, lastIndex: 10_415, snapshotIndex: 10_000, wasDown: false, completed: false },
    { node: 5, role: 'learner', term: 0, lastIndex: 0, snapshotIndex: 0, wasDown: false, completed: false },
  ],
}
