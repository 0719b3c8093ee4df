/** A client's request that a node is working on, and the words it is answered with. */
import type { Entry, Index, NodeId, Term } from '../../raft/types'
import type { ClientReply, ClientRequest } from '../contract/client'
import { MAX_VALUE_BYTES } from '../contract/limits'
import { Problem } from '../contract/problem'
import type { Connection } from '../contract/transport'
import type { Outcome } from '../kv/api'

const NOTHING = new Uint8Array(0)

export class Call {
  readonly connection: Connection
  readonly request: ClientRequest
  /** Its entry, once there is one. */
  index: Index = 0
  term: Term = 0

  constructor(connection: Connection, request: ClientRequest) {
    this.connection = connection
    this.request = request
  }

  /** Its entry was applied. */
  done({ index, term }: Entry, outcome: Outcome | undefined): void {
    const { request, client, sequence } = this.request
    switch (outcome?.kind) {
      case 'done':
        this.#answer({ request, status: 'ok', found: outcome.found, value: outcome.value, index, term })
        break
      case 'expired':
        this.refused(new Problem('session-expired', { session: client }))
        break
      case 'too-large':
        this.refused(new Problem('value-size', { given: outcome.given, max: MAX_VALUE_BYTES }))
        break
      case 'stale':
      case undefined: {
        const reason = `session ${client} has moved on from command ${sequence}`
        this.refused(new Problem('bad-input', { where: 'session', reason }))
        break
      }
      default:
        outcome satisfies never
    }
  }

  /** What a `get` without an entry found, at `index`. */
  read(value: Uint8Array | undefined, index: Index): void {
    const { request } = this.request
    this.#answer({ request, status: 'ok', found: value !== undefined, value: value ?? NOTHING, index, term: 0 })
  }

  /** There is nothing to do for it. */
  waived(): void {
    this.#answer({ request: this.request.request, status: 'ok', found: false, value: NOTHING, index: 0, term: 0 })
  }

  /** Nothing was done; 0 = no leader is known. */
  notLeader(leader: NodeId): void {
    this.#answer({ request: this.request.request, status: 'not-leader', leader })
  }

  /** Another leader's entry stands at its index, for good. */
  lost(): void {
    this.#answer({ request: this.request.request, status: 'lost' })
  }

  refused({ code, details }: Problem): void {
    const { request } = this.request
    this.#answer({ request, status: 'refused', problem: code, detail: JSON.stringify(details) })
  }

  #answer(reply: ClientReply): void {
    this.connection.send({ type: 'reply', reply })
  }
}
