/** Client calls that were proposed and wait for their entry to be applied. */
import type { Entry, Index, Term } from '../../raft/types'
import type { Outcome } from '../kv/api'
import type { Call } from './call'

/** Answered calls at the front are let go when there are so many. */
const MAX_ANSWERED = 4096

export class PendingCalls {
  /** By index, those at one index by term; the first {@link #answered} are done with. */
  #calls: Call[] = []
  #answered = 0

  get count(): number {
    return this.#calls.length - this.#answered
  }

  add(index: Index, term: Term, call: Call): void {
    call.index = index
    call.term = term
    const calls = this.#calls
    // Only who lost entries and leads again proposes at an index for a second time.
    let place = calls.length
    while (place > this.#answered && (calls[place - 1]?.index ?? 0) > index) place -= 1
    if (place === calls.length) calls.push(call)
    else calls.splice(place, 0, call)
  }

  /**
   * The entry at its index was applied: whoever proposed it hears what it gave, and whoever proposed another one there
   * that theirs is lost for certain. Before that nothing is certain: a truncated entry may come back.
   */
  applied(entry: Entry, outcome: Outcome | undefined): void {
    for (;;) {
      const call = this.#calls[this.#answered]
      if (call?.index !== entry.index) return
      this.#next()
      if (call.term === entry.term) call.done(entry, outcome)
      else call.lost()
    }
  }

  /**
   * A snapshot replaced the entries up to `index`: what became of these calls cannot be known here any more. Their
   * connections are closed, which says just that.
   */
  overtaken(index: Index): void {
    for (;;) {
      const call = this.#calls[this.#answered]
      if (call === undefined || call.index > index) return
      this.#next()
      call.connection.close()
    }
  }

  #next(): void {
    this.#answered += 1
    if (this.#answered < MAX_ANSWERED && this.#answered < this.#calls.length) return
    this.#calls = this.#calls.slice(this.#answered)
    this.#answered = 0
  }
}
