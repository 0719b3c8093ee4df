/**
 * What a client says to a node and hears back. Commands go through the log, at most once per (client, sequence): a client
 * first opens a session (paper §8, dissertation §6.3), whose number is the index of the entry that opened it.
 */
export type Command =
  | { readonly op: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly op: 'get'; readonly key: string }
  | { readonly op: 'delete'; readonly key: string }
  /** Sets `value` if the key holds `expected` (null: if it holds nothing). `found` in the reply: it did. */
  | { readonly op: 'cas'; readonly key: string; readonly expected: Uint8Array | null; readonly value: Uint8Array }
  /** Adds `value` to the end of what is there (nothing counts as empty). */
  | { readonly op: 'append'; readonly key: string; readonly value: Uint8Array }
export type CommandOp = Command['op']

/**
 * How a `get` is answered: `log` as an entry; `index` after a majority confirmed the leader (§8, dissertation §6.4);
 * `lease` by the leader's clock (§6.4.1); `stale` from whatever this node has applied. All but `stale` are linearizable.
 * Followers answer `index` and `stale` as well.
 */
export const CONSISTENCIES = ['log', 'index', 'lease', 'stale'] as const
export type Consistency = (typeof CONSISTENCIES)[number]

/** What may stand in a request besides commands of the store. */
export type SessionAction = { readonly op: 'open-session' } | { readonly op: 'close-session' }

export interface ClientRequest {
  /** Matches the reply on this connection. */
  readonly request: number
  /** Session: what `open-session` gave; 0 = none, then a retry may take effect twice. */
  readonly client: number
  /** 1, 2, 3… within the session; a retry repeats the number. */
  readonly sequence: number
  readonly command: Command | SessionAction
  /** Only `get` heeds it. */
  readonly consistency: Consistency
}

export type ClientReply =
  /**
   * Done. `found`/`value`: what `get` read, whether `delete` removed or `cas` replaced something. `index`/`term`: its entry,
   * or for a read without one the index it was read at. `open-session`: `index` is the session's number.
   */
  | {
      readonly request: number
      readonly status: 'ok'
      readonly found: boolean
      readonly value: Uint8Array
      readonly index: number
      readonly term: number
    }
  /** Nothing was done; try `leader` (0 = not known yet). */
  | { readonly request: number; readonly status: 'not-leader'; readonly leader: number }
  /** The entry was replaced by another leader's: certainly without effect under this index; safe to retry by session. */
  | { readonly request: number; readonly status: 'lost' }
  /**
   * Nothing was done (too large, malformed, busy, session expired). `problem` is a code of problem.ts, `detail` its details
   * as JSON.
   */
  | { readonly request: number; readonly status: 'refused'; readonly problem: string; readonly detail: string }
