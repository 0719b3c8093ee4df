/** What is wrong, as data; the command line words it in the person's language. */
export type Finding =
  /** No order of the calls explains this answer: an acknowledged write is lost, doubled, or was read when it was not there. */
  | { readonly kind: 'history'; readonly key: string; readonly detail: string }
  /** Two nodes led in the same term. */
  | { readonly kind: 'two-leaders'; readonly term: number; readonly nodes: readonly [number, number] }
  /** Two entries were committed at the same index, or a write was acknowledged for an index at which another one was. */
  | { readonly kind: 'committed'; readonly index: number; readonly detail: string }
  /** The logs on the nodes' disks differ, or did not become equal. */
  | { readonly kind: 'files'; readonly nodes: readonly [number, number]; readonly detail: string }
  /** A node's state machine holds something else than the cluster answers. */
  | { readonly kind: 'states'; readonly node: number; readonly key: string }
  /** After everything was healed. */
  | { readonly kind: 'not-healed'; readonly detail: string }
  /** It was shed, or cannot be read. */
  | { readonly kind: 'recording'; readonly detail: string }
  | { readonly kind: 'processes'; readonly count: number; readonly most: number }
  /** Still there after the end. */
  | { readonly kind: 'left-over'; readonly pids: readonly number[] }
  /** `node` 0: this program. */
  | { readonly kind: 'memory'; readonly node: number; readonly bytes: number; readonly most: number }
