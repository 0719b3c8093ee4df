/** A door that a test holds in its hand: it says what streams say, and sees what is called. */
import { ref } from 'vue'
import type { Answer, CallInput, CallName, CallOutput, StreamName, Streams } from '../../../preload/contract'
import { type ConnectedDoor, type Connection, ProblemError } from '../../../renderer/stores/door'
import { problemView } from './samples'

type Handler<C extends CallName> = (input: CallInput<C>) => CallOutput<C> | Promise<CallOutput<C>>

export interface MadeCall {
  readonly name: CallName
  readonly input: unknown
}

export class FakeDoor implements ConnectedDoor {
  readonly connection = ref<Connection>('open')
  readonly retryAt = ref(0)
  readonly made: MadeCall[] = []
  retries = 0
  readonly #handlers = new Map<CallName, Handler<never>>()
  readonly #listeners = new Map<StreamName, Set<(value: never) => void>>()

  /** What a call answers from now on; a thrown ProblemError is the answer, another error becomes a problem with its message. */
  on<C extends CallName>(name: C, handler: Handler<C>): this {
    this.#handlers.set(name, handler as Handler<never>)
    return this
  }

  /** Says something on a stream, to everybody who listens. */
  say<S extends StreamName>(name: S, value: Streams[S]): void {
    for (const listener of this.#listeners.get(name) ?? []) (listener as (value: Streams[S]) => void)(value)
  }

  /** Inputs of all calls of one name so far. */
  inputsOf<C extends CallName>(name: C): CallInput<C>[] {
    return this.made.filter((call) => call.name === name).map((call) => call.input as CallInput<C>)
  }

  async call<C extends CallName>(name: C, input: CallInput<C>): Promise<Answer<CallOutput<C>>> {
    this.made.push({ name, input })
    const handler = this.#handlers.get(name) as Handler<C> | undefined
    try {
      const value = (await handler?.(input)) as CallOutput<C>
      return { ok: true, value }
    } catch (thrown) {
      if (thrown instanceof ProblemError) return { ok: false, problem: thrown.problem }
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      return { ok: false, problem: problemView('internal', message, { reason: message }) }
    }
  }

  subscribe<S extends StreamName>(name: S, listener: (value: Streams[S]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    listeners.add(listener as (value: never) => void)
    return () => listeners.delete(listener as (value: never) => void)
  }

  retryNow(): void {
    this.retries++
  }
}
