/** Reads without an entry (dissertation §6.4): asked of the core, then answered when enough is applied. */
import type { Index, Input, NodeId, ReadResult } from '../../raft/types'
import type { Call } from './call'

type By = 'index' | 'lease'

interface Confirmed {
  readonly index: Index
  readonly calls: readonly Call[]
}

export class Reads {
  readonly #get: (key: string) => Uint8Array | undefined
  readonly #elsewhere: () => NodeId | undefined
  #id = 0
  /** By the number under which the core was asked. */
  readonly #asked = new Map<number, readonly Call[]>()
  /** They wait for their index to be applied. */
  #confirmed: Confirmed[] = []
  #count = 0

  /**
   * `get` reads the state machine. `elsewhere` says whom to ask instead (0 = not known) when this node has nothing to read, as
   * a witness; undefined when it has.
   */
  constructor(get: (key: string) => Uint8Array | undefined, elsewhere: () => NodeId | undefined) {
    this.#get = get
    this.#elsewhere = elsewhere
  }

  /** Calls that wait. */
  get count(): number {
    return this.#count
  }

  /** One question to the core for all of them: they are asked at the same time. */
  ask(calls: readonly Call[], by: By): Input {
    this.#id += 1
    this.#asked.set(this.#id, calls)
    this.#count += calls.length
    return { type: 'read', id: this.#id, by }
  }

  /** The core has answered. */
  answered(results: readonly ReadResult[], lastApplied: Index): void {
    for (const result of results) {
      const calls = this.#asked.get(result.id)
      if (calls === undefined) continue
      this.#asked.delete(result.id)
      if (result.ok) {
        this.#confirmed.push({ index: result.index, calls })
      } else {
        this.#count -= calls.length
        for (const call of calls) call.notLeader(result.leader)
      }
    }
    if (results.length > 0) this.applied(lastApplied)
  }

  /** Everything up to `lastApplied` is in the state machine. */
  applied(lastApplied: Index): void {
    if (this.#confirmed.length === 0) return
    const waiting: Confirmed[] = []
    for (const one of this.#confirmed) {
      if (one.index > lastApplied) {
        waiting.push(one)
        continue
      }
      this.#count -= one.calls.length
      for (const call of one.calls) this.#answer(call, one.index)
    }
    this.#confirmed = waiting
  }

  /** Answers from what there is, whatever that is. */
  stale(call: Call, lastApplied: Index): void {
    this.#answer(call, lastApplied)
  }

  #answer(call: Call, index: Index): void {
    const leader = this.#elsewhere()
    if (leader !== undefined) {
      call.notLeader(leader)
      return
    }
    const { command } = call.request
    call.read(command.op === 'get' ? this.#get(command.key) : undefined, index)
  }
}
