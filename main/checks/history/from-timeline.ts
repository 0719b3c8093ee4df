/** The history of a cluster's clients, from the events of its timeline. */
import type { TimelineEvent } from '../../node/contract/events'
import type { KeyValueInput, KeyValueOutput } from '../models/key-value'
import type { Operation } from './operation'

export interface ClientHistory {
  readonly operations: readonly Operation<KeyValueInput, KeyValueOutput>[]
  /** Reads that did not ask for the truth (`stale`): they promise nothing. */
  readonly stale: number
  /** Calls that certainly had no effect. */
  readonly failed: number
}

/**
 * Calls that took effect, or may have. Values are compared byte by byte: each byte is one character of the model's strings.
 * @param events in order; a window of a timeline will do, calls that began before it are left out
 */
export function kvOperations(events: Iterable<TimelineEvent>): ClientHistory {
  const reader = new ClientHistoryReader()
  for (const event of events) reader.take(event)
  return reader.finish()
}

export class ClientHistoryReader {
  readonly #open = new Map<number, TimelineEvent<'invoke'>>()
  readonly #operations: Operation<KeyValueInput, KeyValueOutput>[] = []
  #stale = 0
  #failed = 0

  get stale(): number {
    return this.#stale
  }

  get failed(): number {
    return this.#failed
  }

  take(event: TimelineEvent): void {
    if (event.kind === 'invoke') this.#open.set(event.call, event)
    if (event.kind !== 'answer') return
    const call = this.#open.get(event.call)
    if (call === undefined) return
    this.#open.delete(event.call)
    if (event.outcome === 'failed') this.#failed++
    else if (isStale(call)) this.#stale++
    else this.#operations.push(operation(call, event.outcome === 'ok' ? event : undefined, event.seq))
  }

  /** The same as {@link finish}, while more events come: what is under way may have taken effect. */
  soFar(): ClientHistory {
    const open = [...this.#open.values()].filter((call) => !isStale(call))
    const operations = [...this.#operations, ...open.map((call) => operation(call, undefined, call.seq))]
    return { operations, stale: this.#stale, failed: this.#failed }
  }

  /** What was not answered may have taken effect. */
  finish(): ClientHistory {
    for (const call of this.#open.values()) {
      if (!isStale(call)) this.#operations.push(operation(call, undefined, call.seq))
    }
    this.#open.clear()
    return { operations: this.#operations, stale: this.#stale, failed: this.#failed }
  }
}

const isStale = ({ op, consistency }: TimelineEvent<'invoke'>): boolean => op === 'get' && consistency === 'stale'

function operation(
  call: TimelineEvent<'invoke'>,
  answer: TimelineEvent<'answer'> | undefined,
  answered: number,
): Operation<KeyValueInput, KeyValueOutput> {
  return {
    process: call.client,
    input: inputOf(call),
    output: answer === undefined ? undefined : outputOf(call, answer),
    from: call.t,
    to: answer === undefined ? Number.POSITIVE_INFINITY : answer.t,
    place: { call: call.seq, answer: answered },
  }
}

function inputOf({ op, key, value, expected, hasExpected }: TimelineEvent<'invoke'>): KeyValueInput {
  switch (op) {
    case 'get':
    case 'delete':
      return { op, key }
    case 'put':
    case 'append':
      return { op, key, value: textOf(value) }
    case 'cas':
      return { op, key, expected: hasExpected ? textOf(expected) : null, value: textOf(value) }
  }
}

function outputOf({ op }: TimelineEvent<'invoke'>, { found, value }: TimelineEvent<'answer'>): KeyValueOutput {
  switch (op) {
    case 'get':
      return { value: found ? textOf(value) : null }
    case 'delete':
    case 'cas':
      return { done: found }
    case 'put':
    case 'append':
      return {}
  }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
