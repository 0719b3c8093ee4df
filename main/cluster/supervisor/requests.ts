/** What one life of a node is asked and answers: each request has a number, and its reply names it. */
import * as z from 'zod/mini'
import type { Control } from '../../node/contract/control'
import type { ControlReply } from '../../node/contract/control-conditions'
import { Problem } from '../../node/contract/problem'

/** What is asked: a control that carries this number. */
export type Question = (request: number) => Control

interface Waiting {
  readonly answer: (value: number) => void
  readonly refuse: (problem: Problem) => void
}

export class Requests {
  readonly #waiting = new Map<number, Waiting>()
  #count = 0

  /** Resolves with the reply's value, rejects with its problem. `send`: false when the node cannot hear it. */
  ask(question: Question, send: (control: Control) => boolean, unheard: () => Problem): Promise<number> {
    const request = ++this.#count
    if (!send(question(request))) return Promise.reject(unheard())
    return new Promise((answer, refuse) => this.#waiting.set(request, { answer, refuse }))
  }

  /** Something was asked that is not answered yet. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0
  }

  settle(reply: ControlReply): void {
    const waiting = this.#waiting.get(reply.request)
    this.#waiting.delete(reply.request)
    if (reply.problem === '') waiting?.answer(reply.value)
    else waiting?.refuse(problemOf(reply))
  }

  /** Nobody will answer any more. */
  end(why: Problem): void {
    const all = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { refuse } of all) refuse(why)
  }
}

const details = {
  'held-unknown': z.object({ link: z.string(), id: z.number() }),
  'hold-full': z.object({ node: z.string(), messages: z.number(), bytes: z.number() }),
  'message-invalid': z.object({ reason: z.string() }),
  'timer-unset': z.object({ node: z.string() }),
} as const

/** Why it was not done. What cannot be read is `internal`. */
function problemOf({ problem, detail }: ControlReply): Problem {
  try {
    switch (problem) {
      case 'held-unknown':
        return new Problem(problem, details[problem].parse(JSON.parse(detail)))
      case 'hold-full':
        return new Problem(problem, details[problem].parse(JSON.parse(detail)))
      case 'message-invalid':
        return new Problem(problem, details[problem].parse(JSON.parse(detail)))
      case 'timer-unset':
        return new Problem(problem, details[problem].parse(JSON.parse(detail)))
    }
  } catch {
    // Then as it stands there.
  }
  return new Problem('internal', { reason: `${problem} ${detail}` })
}
