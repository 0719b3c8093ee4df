/**
 * The state machine: a key-value store with client sessions. Pure and deterministic: what it holds depends on nothing
 * but the entries that were applied, so every node that applied the same log holds the same.
 */
import type { Command } from '../contract/client'
import type { SessionCommand } from '../contract/command'

/** What a command gave. `isStale`: the session has moved on, the command was not executed and its answer is forgotten. */
export interface Outcome {
  readonly found: boolean
  readonly value: Uint8Array
  readonly isStale: boolean
}

/** Sessions that are remembered; the one whose last command is the oldest in the log goes first. */
export const MAX_SESSIONS = 10_000

interface Session {
  readonly sequence: number
  /** Of the last command; a `get` is simply executed again, so no values are kept here. */
  readonly found: boolean
}

const NOTHING = new Uint8Array(0)

export class KeyValueStore {
  readonly #values = new Map<string, Uint8Array>()
  /** Oldest use first. */
  readonly #sessions = new Map<number, Session>()
  readonly #maxSessions: number

  constructor(maxSessions = MAX_SESSIONS) {
    this.#maxSessions = maxSessions
  }

  get size(): number {
    return this.#values.size
  }

  /**
   * Executes a command once (paper §8, dissertation §6.3): a repeated (client, sequence) gets the first answer again. It
   * holds for a session with one command outstanding at a time, as long as the session is among the last
   * {@link MAX_SESSIONS} used.
   */
  apply({ client, sequence, command }: SessionCommand): Outcome {
    const session = this.#sessions.get(client)
    if (session !== undefined && sequence < session.sequence) return { found: false, value: NOTHING, isStale: true }
    const isRepeated = session?.sequence === sequence && command.op !== 'get'
    const outcome = isRepeated ? { found: session.found, value: NOTHING } : this.#execute(command)
    this.#remember(client, { sequence, found: outcome.found })
    return { ...outcome, isStale: false }
  }

  #execute(command: Command): { readonly found: boolean; readonly value: Uint8Array } {
    switch (command.op) {
      case 'put':
        this.#values.set(command.key, command.value)
        return { found: false, value: NOTHING }
      case 'get': {
        const value = this.#values.get(command.key)
        return { found: value !== undefined, value: value ?? NOTHING }
      }
      case 'delete':
        return { found: this.#values.delete(command.key), value: NOTHING }
    }
  }

  #remember(client: number, session: Session): void {
    this.#sessions.delete(client)
    this.#sessions.set(client, session)
    if (this.#sessions.size <= this.#maxSessions) return
    for (const oldest of this.#sessions.keys()) {
      this.#sessions.delete(oldest)
      return
    }
  }
}
