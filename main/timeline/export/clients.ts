/**
 * Client calls as histories have them: processes that do one thing at a time. A process that got no answer is never heard of
 * again, because what it asked for may still take effect at any time.
 */
import type { TimelineEvent } from '../../node/contract/events'
import { Recent } from './walk'

export interface OpenCall {
  readonly process: number
  readonly invoke: TimelineEvent<'invoke'>
}

export class ClientProcesses {
  readonly #calls = new Recent<number, OpenCall>()
  /** Of each client: processes that wait for nothing. */
  readonly #idle = new Map<number, number[]>()
  #count = 0

  invoke(invoke: TimelineEvent<'invoke'>): OpenCall {
    const process = this.#idle.get(invoke.client)?.pop() ?? this.#count++
    const call = { process, invoke }
    this.#calls.set(invoke.call, call)
    return call
  }

  /** Undefined: its call is not known. */
  answer({ call, outcome }: TimelineEvent<'answer'>): OpenCall | undefined {
    const open = this.#calls.take(call)
    if (open === undefined || outcome === 'unknown') return open
    const { client } = open.invoke
    const idle = this.#idle.get(client) ?? []
    idle.push(open.process)
    this.#idle.set(client, idle)
    return open
  }

  /** Calls without an answer, oldest first. */
  pending(): Iterable<OpenCall> {
    return this.#calls.drain()
  }
}

/** Did a compare-and-set compare, find something else, and change nothing? */
export function isMismatch(invoke: TimelineEvent<'invoke'>, answer: TimelineEvent<'answer'>): boolean {
  return invoke.op === 'cas' && answer.outcome === 'ok' && !answer.found
}
