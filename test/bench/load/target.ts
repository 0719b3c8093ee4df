/** A system under load, as the load sees it. */
export interface Target {
  /**
   * Puts {@link valueFor} at {@link keyOf} the write. `done` gets the position that the system gave it (log index or
   * revision, from 1), or 0 when it was refused or the answer was lost.
   */
  put(write: number, done: (position: number) => void): void
  close(): void
}

/** How to reach one; crosses to the load's process. */
export type TargetAddress =
  | { readonly system: 'ours'; readonly clusterId: string; readonly nodes: readonly { id: number; address: string }[] }
  | { readonly system: 'etcd'; readonly port: number; readonly connections: number }
