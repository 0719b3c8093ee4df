/**
 * Follows a timeline event by event, with a fold of its own: a condition is judged at every event that can change it, so that
 * what was so for a moment only is seen as well.
 */
import type { EventKind, TimelineEvent } from '../../node/contract/events'
import { fold, newCluster } from '../../timeline'
import type { Stage } from './api'
import type { Calls } from './calls'
import type { Cast } from './cast'
import type { Scene } from './conditions'
import type { Memory } from './memory'

interface Waiter {
  readonly kinds: ReadonlySet<EventKind> | 'all'
  check(): boolean
  done(): void
}

export interface WatchOptions {
  readonly stage: Stage
  readonly cast: Cast
  readonly calls: Calls
  readonly memory: Memory
  /** At every event, after it was folded. */
  saw(event: TimelineEvent): void
}

export class Watch {
  readonly #state = newCluster('', '')
  readonly #options: WatchOptions
  readonly #waiters = new Set<Waiter>()
  readonly scene: Scene
  #unsubscribe: () => void = () => undefined

  constructor(options: WatchOptions) {
    const { cast, calls, memory } = options
    this.#options = options
    const state = this.#state
    this.scene = {
      state,
      cast,
      calls: calls.named,
      leadersIn: (term) => memory.leadersIn(term),
      counted: (wish) => memory.counted(wish),
      get stopKind() {
        return memory.stopKind
      },
    }
    calls.onAnswer(() => this.#look(undefined))
  }

  /** Catches up with what was recorded so far, and follows from there. */
  async begin(): Promise<void> {
    const { stage } = this.#options
    let early: TimelineEvent[] | undefined = []
    this.#unsubscribe = stage.subscribe((event) => {
      if (early === undefined) this.#take(event)
      else early.push(event)
    })
    for await (const batch of stage.events()) for (const event of batch) this.#take(event)
    const late = early
    early = undefined
    for (const event of late) this.#take(event)
  }

  end(): void {
    this.#unsubscribe()
  }

  /** Resolves as soon as `check` says so: now, or right after an event of these kinds, or an answer. Rejects with the signal. */
  when(check: () => boolean, kinds: ReadonlySet<EventKind> | 'all', signal: AbortSignal): Promise<void> {
    if (check()) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiters.delete(waiter)
        reject(signal.reason)
      }
      const waiter: Waiter = {
        kinds,
        check,
        done: () => {
          this.#waiters.delete(waiter)
          signal.removeEventListener('abort', giveUp)
          resolve()
        },
      }
      if (signal.aborted) return giveUp()
      signal.addEventListener('abort', giveUp, { once: true })
      this.#waiters.add(waiter)
    })
  }

  #take(event: TimelineEvent): void {
    // What came while the past was read may stand in both.
    if (event.seq < this.#state.seq) return
    fold(this.#state, event)
    this.#options.memory.take(event, this.#state)
    this.#options.saw(event)
    this.#look(event.kind)
  }

  #look(kind: EventKind | undefined): void {
    for (const waiter of this.#waiters) {
      const isAbout = kind === undefined || waiter.kinds === 'all' || waiter.kinds.has(kind)
      if (isAbout && waiter.check()) waiter.done()
    }
  }
}
