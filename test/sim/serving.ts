/** What clients asked of a simulated process, from the question to the answer. */
import type { LoggedCommand } from '../../main/node/contract/command'
import type { Outcome } from '../../main/node/kv/api'
import type { KeyValueStore } from '../../main/node/kv/store'
import type { Entry, Index, NodeId, ProposalResult, ReadResult, Term } from '../../main/raft'

/** What a client asks of a node. */
export type Request =
  | {
      readonly kind: 'command'
      readonly id: number
      readonly key: string
      readonly logged: Omit<LoggedCommand, 'time'>
    }
  | { readonly kind: 'read'; readonly id: number; readonly key: string; readonly by: 'index' | 'lease' }

export type Reply =
  /** `length`: of the key's value behind the command. */
  | { readonly status: 'applied'; readonly outcome: Outcome; readonly index: Index; readonly length: number }
  | { readonly status: 'read'; readonly value: Uint8Array }
  /** Nothing was done. */
  | { readonly status: 'refused'; readonly leader: NodeId }

export type Answer = (reply: Reply) => void

const NO_VALUE = new Uint8Array(0)

export class Serving {
  /** The core has not said yet what becomes of them. */
  readonly #asked = new Map<number, Request & { readonly answer: Answer }>()
  /** By the index at which their entry should be applied. */
  readonly #commands = new Map<Index, { readonly term: Term; readonly key: string; readonly answer: Answer }>()
  /** Answered when `index` is applied. */
  #reads: { readonly index: Index; readonly key: string; readonly answer: Answer }[] = []

  asked(request: Request, answer: Answer): void {
    this.#asked.set(request.id, { ...request, answer })
  }

  proposed(result: ProposalResult): void {
    const request = this.#take(result.id)
    if (!request) return
    const { key, answer } = request
    if (result.accepted) this.#commands.set(result.index, { term: result.term, key, answer })
    else answer({ status: 'refused', leader: result.leader })
  }

  confirmed(result: ReadResult): void {
    const request = this.#take(result.id)
    if (!request) return
    const { key, answer } = request
    if (result.ok) this.#reads.push({ index: result.index, key, answer })
    else answer({ status: 'refused', leader: result.leader })
  }

  /** @param outcome undefined when the entry was no command */
  applied({ index, term }: Entry, outcome: Outcome | undefined, store: KeyValueStore): void {
    const waiting = this.#commands.get(index)
    if (!waiting) return
    this.#commands.delete(index)
    const { key, answer } = waiting
    if (waiting.term !== term || !outcome) answer({ status: 'refused', leader: 0 })
    else answer({ status: 'applied', outcome, index, length: store.get(key)?.length ?? 0 })
  }

  /** Answers the reads that may be by now; a witness has no `store` to answer from. */
  read(lastApplied: Index, store: KeyValueStore | undefined): void {
    if (this.#reads.length === 0) return
    for (const { index, key, answer } of this.#reads) {
      if (index > lastApplied) continue
      if (store) answer({ status: 'read', value: store.get(key) ?? NO_VALUE })
      else answer({ status: 'refused', leader: 0 })
    }
    this.#reads = this.#reads.filter(({ index }) => index > lastApplied)
  }

  /** The process is gone, and nobody gets an answer any more. */
  forget(): void {
    this.#asked.clear()
    this.#commands.clear()
    this.#reads = []
  }

  #take(id: number): (Request & { readonly answer: Answer }) | undefined {
    const request = this.#asked.get(id)
    this.#asked.delete(id)
    return request
  }
}
