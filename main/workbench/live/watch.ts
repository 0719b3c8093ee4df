import { z } from 'zod'
import type { TimelineEvent } from '../../node/contract/events'
import { Problem, type Problems } from '../../node/contract/problem'
import { isProblemCode } from '../problems'

z.config({ jitless: true })

/** The same trouble of the same node is told at most once in this time. */
const QUIET_MILLIS = 10_000

/** Finds, among a live cluster's events, what a person should be told though no call is waiting for it. */
export class TroubleWatch {
  readonly #report: (problem: Problem) => void
  readonly #now: () => number
  readonly #told = new Map<string, number>()
  /** Nodes whose life a fault of the user ends: whatever they say from there on was asked for. */
  readonly #struck = new Set<number>()
  /** Nodes whose disk a nemesis has damaged, by fault: that they refuse to start is what it wants to see. */
  readonly #damaged = new Map<number, readonly number[]>()

  constructor(report: (problem: Problem) => void, now: () => number = Date.now) {
    this.#report = report
    this.#now = now
  }

  take(events: readonly TimelineEvent[]): void {
    for (const event of events) {
      switch (event.kind) {
        case 'struck':
          this.#struck.add(event.node)
          break
        case 'fault':
          if (event.action === 'end') this.#damaged.delete(event.id)
          else if (event.type === 'bit-flip') this.#damaged.set(event.id, nodesOfNemesis(event.detail))
          break
        case 'process':
          this.#process(event)
          break
        case 'trouble':
          if (this.#isAsked(event.node)) break
          this.#tell(`${event.problem} ${event.node}`, troubleOf(event.node, event.problem, event.detail))
          break
      }
    }
  }

  #process({ subject, state, signal, exitCode }: TimelineEvent<'process'>): void {
    if (state === 'spawned') this.#struck.delete(subject)
    if (state !== 'crashed' || this.#isAsked(subject)) return
    const reason = signal === '' ? `exit status ${exitCode}` : signal
    this.#tell(`crashed ${subject}`, new Problem('node-crashed', { node: String(subject), reason }))
  }

  #isAsked(node: number): boolean {
    return this.#struck.has(node) || [...this.#damaged.values()].some((nodes) => nodes.includes(node))
  }

  #tell(what: string, problem: Problem): void {
    const now = this.#now()
    if (now - (this.#told.get(what) ?? Number.NEGATIVE_INFINITY) < QUIET_MILLIS) return
    this.#told.set(what, now)
    this.#report(problem)
  }
}

const detailSchema = z.object({ nemesis: z.number(), nodes: z.array(z.number()) })

/** The nodes of a fault that a nemesis began; none of one that a person did. */
function nodesOfNemesis(detail: string): readonly number[] {
  try {
    return detailSchema.safeParse(JSON.parse(detail)).data?.nodes ?? []
  } catch {
    return []
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
