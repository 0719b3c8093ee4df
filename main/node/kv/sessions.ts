/**
 * Client sessions (dissertation §6.3): what each has done last and what it was answered, so that a command that arrives
 * twice takes effect once. Time is log time: every server forgets the same sessions at the same entry.
 */

/** What a repeated command hears. Values are not kept: a `get` is simply executed again. */
export type Answer =
  | { readonly kind: 'done'; readonly found: boolean }
  | { readonly kind: 'too-large'; readonly given: number }

export interface Session {
  /** Of the last command; 0 before the first. */
  readonly sequence: number
  readonly answer: Answer
  /** Log time. */
  readonly lastUsed: number
}

/** The one that was not used for the longest time goes first. */
export const MAX_SESSIONS = 10_000

const NOT_YET: Answer = { kind: 'done', found: false }

export class Sessions {
  readonly #max: number
  /** Oldest use first, which is part of the state: every server drops the same one. */
  readonly #sessions: Map<number, Session>
  /** Nothing is to be forgotten before. Only so that not every entry has to look. */
  #dueAt = 0

  constructor(sessions: Iterable<readonly [number, Session]> = [], max = MAX_SESSIONS) {
    this.#sessions = new Map(sessions)
    this.#max = max
  }

  get size(): number {
    return this.#sessions.size
  }

  get(client: number): Session | undefined {
    return this.#sessions.get(client)
  }

  /** There may be too many then, and another timeout may hold from now on: look again. */
  open(client: number, time: number): void {
    this.use(client, { sequence: 0, answer: NOT_YET, lastUsed: time })
    this.#dueAt = 0
  }

  /** What it is from now on; the latest to be used. */
  use(client: number, session: Session): void {
    this.#sessions.delete(client)
    this.#sessions.set(client, session)
  }

  /** Whether it was open. */
  close(client: number): boolean {
    return this.#sessions.delete(client)
  }

  /** Forgets those that were not used for longer than `timeout` (0 = never), and those beyond the most; how many. */
  expire(time: number, timeout: number): number {
    const before = this.#sessions.size
    if (time >= this.#dueAt) this.#forget(time, timeout)
    return before - this.#sessions.size
  }

  #forget(time: number, timeout: number): void {
    this.#dueAt = Number.POSITIVE_INFINITY
    for (const [client, { lastUsed }] of this.#sessions) {
      const isOver = timeout > 0 && time - lastUsed > timeout
      if (!isOver && this.#sessions.size <= this.#max) {
        if (timeout > 0) this.#dueAt = lastUsed + timeout
        return
      }
      this.#sessions.delete(client)
    }
  }

  /** All as of now, oldest use first. */
  frozen(): readonly (readonly [number, Session])[] {
    return [...this.#sessions]
  }
}
