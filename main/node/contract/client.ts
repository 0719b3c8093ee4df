/**
 * What a client says to a node and hears back. A session is (client, sequence): the state machine answers a repeated
 * sequence from memory, so a retry after a lost reply takes effect once (paper §8, dissertation §6.3).
 */
export type Command =
  | { readonly op: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly op: 'get'; readonly key: string }
  | { readonly op: 'delete'; readonly key: string }

export interface ClientRequest {
  /** Matches the reply on this connection. */
  readonly request: number
  /** Session: a random 53-bit number chosen by the client. */
  readonly client: number
  /** 1, 2, 3… within the session; a retry repeats the number. */
  readonly sequence: number
  readonly command: Command
}

export type ClientReply =
  /** Applied. `found`/`value`: what `get` read, or whether `delete` removed something. */
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
  /** Refused before it was proposed (too large, malformed). `problem` is a code of problem.ts. */
  | { readonly request: number; readonly status: 'refused'; readonly problem: string; readonly detail: string }
