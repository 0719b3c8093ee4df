/**
 * The state machine: a key-value store with client sessions (paper §8, dissertation §6.3). What it holds depends on
 * nothing but the entries that were applied, so every node that applied the same log holds the same.
 */
import type { Entry } from '../../raft/types'
import type { Command } from '../contract/client'
import { decodeCommand, type LoggedCommand } from '../contract/command'
import { MAX_VALUE_BYTES } from '../contract/limits'
import type { Outcome, StateMachine } from './api'
import { Pairs } from './pairs'
import { type Answer, MAX_SESSIONS, type Session, Sessions } from './sessions'
import { readSnapshot, writeSnapshot } from './snapshot'
import { Values } from './values'

const NOTHING = new Uint8Array(0)
const NOT_FOUND: Outcome = { kind: 'done', found: false, value: NOTHING }
const FOUND: Outcome = { kind: 'done', found: true, value: NOTHING }
const EXPIRED: Outcome = { kind: 'expired' }
const STALE: Outcome = { kind: 'stale' }

export class KeyValueStore implements StateMachine {
  readonly #maxSessions: number
  readonly #values = new Values()
  #pairs = new Pairs()
  #sessions: Sessions
  /** The latest time that any entry was proposed at. */
  #logTime = 0
  #sessionTimeoutMs = 0
  #expired = 0

  constructor(maxSessions = MAX_SESSIONS) {
    this.#maxSessions = maxSessions
    this.#sessions = new Sessions([], maxSessions)
  }

  /** Keys that hold something. */
  get size(): number {
    return this.#pairs.size
  }

  get sessions(): number {
    return this.#sessions.size
  }

  get(key: string): Uint8Array | undefined {
    return this.#pairs.get(key)
  }

  takeExpired(): number {
    const expired = this.#expired
    this.#expired = 0
    return expired
  }

  apply(entry: Entry): Outcome | undefined {
    if (entry.type !== 'command') return undefined
    const logged = decodeCommand(entry.data)
    // A leader whose clock is behind does not turn time back.
    this.#logTime = Math.max(this.#logTime, logged.time)
    this.#forget()
    return this.#take(entry.index, logged)
  }

  #forget(): void {
    this.#expired += this.#sessions.expire(this.#logTime, this.#sessionTimeoutMs)
  }

  #take(index: number, logged: LoggedCommand): Outcome {
    const { client, command } = logged
    switch (command.op) {
      case 'open-session':
        this.#sessionTimeoutMs = logged.sessionTimeoutMs ?? 0
        this.#sessions.open(index, this.#logTime)
        this.#forget()
        return NOT_FOUND
      case 'close-session':
        return this.#sessions.close(client) ? FOUND : EXPIRED
      default:
        return client === 0 ? this.#execute(command) : this.#once(client, logged.sequence, command)
    }
  }

  /**
   * A repeated (client, sequence) gets the first answer again. A session has one command outstanding at a time, so the
   * last one is all that must be remembered.
   */
  #once(client: number, sequence: number, command: Command): Outcome {
    const session = this.#sessions.get(client)
    if (session === undefined) return EXPIRED
    if (sequence === 0 || sequence < session.sequence) return STALE
    if (sequence === session.sequence && command.op !== 'get') {
      this.#sessions.use(client, { ...session, lastUsed: this.#logTime })
      return outcomeOf(session.answer)
    }
    const outcome = this.#execute(command)
    this.#sessions.use(client, { sequence, answer: answerOf(outcome), lastUsed: this.#logTime })
    return outcome
  }

  #execute(command: Command): Outcome {
    switch (command.op) {
      case 'get': {
        const value = this.#pairs.get(command.key)
        return value === undefined ? NOT_FOUND : { kind: 'done', found: true, value }
      }
      case 'put':
        return this.#put(command.key, command.value) ?? NOT_FOUND
      case 'delete':
        return this.#pairs.delete(command.key) ? FOUND : NOT_FOUND
      case 'cas': {
        if (!holds(this.#pairs.get(command.key), command.expected)) return NOT_FOUND
        return this.#put(command.key, command.value) ?? FOUND
      }
      case 'append': {
        const before = this.#pairs.get(command.key)
        if (before === undefined) return this.#put(command.key, command.value) ?? NOT_FOUND
        return this.#put(command.key, before, command.value) ?? FOUND
      }
    }
  }

  /** Keeps a copy: an entry's data is a view of something larger. An outcome when it is too large. */
  #put(key: string, value: Uint8Array, more: Uint8Array = NOTHING): Outcome | undefined {
    const given = value.length + more.length
    if (given > MAX_VALUE_BYTES) return { kind: 'too-large', given }
    const copy = this.#values.allocate(given)
    copy.set(value)
    copy.set(more, value.length)
    this.#pairs.set(key, copy)
    return undefined
  }

  snapshot(): Iterable<Uint8Array> {
    return writeSnapshot({
      logTime: this.#logTime,
      sessionTimeoutMs: this.#sessionTimeoutMs,
      sessions: this.#sessions.frozen(),
      size: this.#pairs.size,
      pairs: this.#pairs.frozen(),
    })
  }

  async restore(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const pairs = new Pairs()
    const sessions: [number, Session][] = []
    const { logTime, sessionTimeoutMs } = await readSnapshot(chunks, {
      session: (client, session) => sessions.push([client, session]),
      pair: (key, value) => pairs.set(key, this.#values.copy(value)),
    })
    this.#pairs = pairs
    this.#sessions = new Sessions(sessions, this.#maxSessions)
    this.#logTime = logTime
    this.#sessionTimeoutMs = sessionTimeoutMs
    this.#expired = 0
  }
}

function holds(value: Uint8Array | undefined, expected: Uint8Array | null): boolean {
  if (value === undefined || expected === null) return value === undefined && expected === null
  return Buffer.compare(value, expected) === 0
}

function answerOf(outcome: Outcome): Answer {
  if (outcome.kind === 'too-large') return outcome
  return { kind: 'done', found: outcome.kind === 'done' && outcome.found }
}

function outcomeOf(answer: Answer): Outcome {
  if (answer.kind === 'too-large') return answer
  return answer.found ? FOUND : NOT_FOUND
}
