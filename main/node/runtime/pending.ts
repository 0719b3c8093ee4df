/** Client calls that were proposed and wait for their entry to be applied. */
import type { Entry, Index, Term } from '../../raft/types'
import type { ClientReply, ClientRequest } from '../contract/client'
import { Problem } from '../contract/problem'
import type { Connection } from '../contract/transport'
import type { Outcome } from '../kv/store'

export interface Call {
  readonly connection: Connection
  readonly request: ClientRequest
}

interface Waiting extends Call {
  readonly term: Term
}

export class PendingCalls {
  /** Several at one index when this node led, lost its entry there, and leads again. */
  readonly #byIndex = new Map<Index, Waiting[]>()
  #count = 0

  get count(): number {
    return this.#count
  }

  add(index: Index, term: Term, call: Call): void {
    const waiting = { ...call, term }
    const others = this.#byIndex.get(index)
    if (others === undefined) this.#byIndex.set(index, [waiting])
    else others.push(waiting)
    this.#count += 1
  }

  /**
   * The entry at its index was applied: whoever proposed it hears what it gave, and whoever proposed another one there
   * that theirs is lost for certain. Before that nothing is certain: a truncated entry may come back.
   */
  applied(entry: Entry, outcome: Outcome | undefined): void {
    const calls = this.#byIndex.get(entry.index)
    if (calls === undefined) return
    this.#byIndex.delete(entry.index)
    this.#count -= calls.length
    for (const call of calls) answer(call, call.term === entry.term ? replyOf(call, entry, outcome) : lost(call))
  }
}

export function answer(call: Call, reply: ClientReply): void {
  call.connection.send({ type: 'reply', reply })
}

export function refused({ request }: Call, { code, details }: Problem): ClientReply {
  return { request: request.request, status: 'refused', problem: code, detail: JSON.stringify(details) }
}

function lost({ request }: Call): ClientReply {
  return { request: request.request, status: 'lost' }
}

function replyOf(call: Call, { index, term }: Entry, outcome: Outcome | undefined): ClientReply {
  if (outcome === undefined || outcome.isStale) {
    const { client, sequence } = call.request
    const reason = `session ${client} has moved on from command ${sequence}`
    return refused(call, new Problem('bad-input', { where: 'session', reason }))
  }
  const { found, value } = outcome
  return { request: call.request.request, status: 'ok', found, value, index, term }
}
