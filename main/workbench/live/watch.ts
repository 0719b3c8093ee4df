import type { TimelineEvent } from '../../node/contract/events'
import { Problem, type Problems } from '../../node/contract/problem'
import { isProblemCode } from '../problems'

/** The same trouble of the same node is told at most once in this time. */
const QUIET_MILLIS = 10_000

/** Finds, among a live cluster's events, what a person should be told though no call is waiting for it. */
export class TroubleWatch {
  readonly #report: (problem: Problem) => void
  readonly #now: () => number
  readonly #told = new Map<string, number>()

  constructor(report: (problem: Problem) => void, now: () => number = Date.now) {
    this.#report = report
    this.#now = now
  }

  take(events: readonly TimelineEvent[]): void {
    for (const event of events) {
      if (event.kind === 'process' && event.state === 'crashed') {
        const reason = event.signal === '' ? `exit status ${event.exitCode}` : event.signal
        this.#tell(`crashed ${event.subject}`, new Problem('node-crashed', { node: String(event.subject), reason }))
      } else if (event.kind === 'trouble') {
        this.#tell(`${event.problem} ${event.node}`, troubleOf(event.node, event.problem, event.detail))
      }
    }
  }

  #tell(what: string, problem: Problem): void {
    const now = this.#now()
    if (now - (this.#told.get(what) ?? Number.NEGATIVE_INFINITY) < QUIET_MILLIS) return
    this.#told.set(what, now)
    this.#report(problem)
  }
}

/** A node's own report; `detail` is the problem's details as JSON, or words. */
function troubleOf(node: number, code: string, detail: string): Problem {
  if (isProblemCode(code)) {
    try {
      const details: unknown = JSON.parse(detail)
      if (typeof details === 'object' && details !== null) return new Problem(code, details as Problems[typeof code])
    } catch {
      // Words: told as they are, below.
    }
  }
  return new Problem('node-crashed', { node: String(node), reason: detail === '' ? code : `${code}: ${detail}` })
}
