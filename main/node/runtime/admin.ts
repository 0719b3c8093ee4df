/** What an operator asks of a node (`contract/admin.ts`), and what becomes of it. */
import type { Input, NodeId, RequestResult } from '../../raft/types'
import type { AdminAction, AdminRequest } from '../contract/admin'
import { Problem } from '../contract/problem'
import type { Connection } from '../contract/transport'
import type { SnapshotHeard } from './snapshots'

export interface AdminArrival {
  readonly connection: Connection
  readonly request: AdminRequest
}

interface Asked extends AdminArrival {
  readonly action: Exclude<AdminAction, { readonly type: 'snapshot' }>
}

export class AdminDesk {
  readonly #node: NodeId
  readonly #requestSnapshot: (heard: SnapshotHeard) => string | undefined
  #id = 0
  /** By the number under which the core was asked. */
  readonly #asked = new Map<number, Asked>()

  /** `requestSnapshot` returns why none can be taken now. */
  constructor(node: NodeId, requestSnapshot: (heard: SnapshotHeard) => string | undefined) {
    this.#node = node
    this.#requestSnapshot = requestSnapshot
  }

  /** What the core has to be asked; undefined when this is not its business. */
  take(arrival: AdminArrival): Input | undefined {
    const { action } = arrival.request
    switch (action.type) {
      case 'change':
        return { type: 'change', id: this.#ask({ ...arrival, action }), changes: action.changes, mode: action.mode }
      case 'transfer':
        return { type: 'transfer', id: this.#ask({ ...arrival, action }), target: action.target }
      case 'snapshot': {
        const reason = this.#requestSnapshot(({ index }) => done(arrival, index))
        if (reason !== undefined) {
          refuse(arrival, new Problem('snapshot-refused', { node: String(this.#node), reason }), 0)
        }
        return undefined
      }
    }
  }

  /** The core has answered. */
  answered(results: readonly RequestResult[]): void {
    for (const result of results) {
      const asked = this.#asked.get(result.id)
      if (asked === undefined) continue
      this.#asked.delete(result.id)
      if (result.ok) done(asked, result.index)
      else refuse(asked, problemOf(asked.action, result), result.leader)
    }
  }

  #ask(asked: Asked): number {
    this.#id += 1
    this.#asked.set(this.#id, asked)
    return this.#id
  }
}

type Refusal = Extract<RequestResult, { readonly ok: false }>

function problemOf({ type }: Asked['action'], { reason, node, leader }: Refusal): Problem {
  if (reason === 'not-leader') return new Problem('not-leader', { leader: leader === 0 ? '' : String(leader) })
  return new Problem(type === 'change' ? 'change-refused' : 'transfer-refused', { reason, node })
}

function done({ connection, request }: AdminArrival, index: number): void {
  connection.send({ type: 'admin-reply', request: request.request, problem: '', detail: '', index, leader: 0 })
}

function refuse({ connection, request }: AdminArrival, { code, details }: Problem, leader: NodeId): void {
  const detail = JSON.stringify(details)
  connection.send({ type: 'admin-reply', request: request.request, problem: code, detail, index: 0, leader })
}
