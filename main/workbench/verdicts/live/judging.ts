/**
 * Judges a timeline from its first event on, and a live one as long as it grows. In small slices with rests between them, behind
 * what happens: nobody waits for it, and nothing of a live timeline is kept for it, for it reads what was recorded.
 */
import { setTimeout as rest } from 'node:timers/promises'
import type { TimelineSource } from '../../../timeline/api'
import { ConformanceJudge } from './conformance'
import { Finder } from './finder'
import { HistoryJudge } from './history'
import { InvariantJudge } from './invariants'
import type { Found, FromJudge } from './protocol'

/** Events of one slice. */
const SLICE = 256
/** After each slice, so many times its length is left to others. */
const REST = 2
/** Milliseconds between two looks for new events, between two views, and at least between two searches in the history. */
const LOOK_EVERY = 250
const TELL_EVERY = 300
const SEARCH_EVERY = 1_500
/** How long a slice waits at most for what windows ask: a live timeline goes on, a recording does not. */
const GIVE_WAY = { live: 50, recording: 500 } as const

export interface JudgingRooms {
  readonly say: (message: FromJudge) => void
  /** Resolves when nobody waits for an answer, `most` milliseconds later at the latest. */
  readonly giveWay: (most: number) => Promise<void>
  /** Of a live timeline: takes in what was recorded since. Of a recording there is nothing more to come. */
  readonly readOn: (() => Promise<void>) | undefined
}

export class Judging {
  readonly #source: TimelineSource
  readonly #rooms: JudgingRooms
  readonly #invariants: InvariantJudge
  readonly #conformance: ConformanceJudge
  readonly #history: HistoryJudge
  #state: 'judging' | 'following' = 'judging'
  #judged = 0
  /** A history of another system has none: then there is nothing to say of them. */
  #hasNodes = false
  #toldAt = 0

  constructor(source: TimelineSource, rooms: JudgingRooms) {
    const finder = new Finder(source)
    this.#source = source
    this.#rooms = rooms
    this.#invariants = new InvariantJudge(finder)
    this.#conformance = new ConformanceJudge(finder)
    this.#history = new HistoryJudge(finder)
  }

  /** Of a recording it ends with `done`, of a live timeline never. @throws {Problem} of the source; the signal's reason */
  async run(signal: AbortSignal): Promise<void> {
    const { readOn } = this.#rooms
    try {
      if (readOn === undefined) await this.#once(signal)
      else await this.#onAndOn(readOn, signal)
    } catch (thrown) {
      if (!signal.aborted) this.#tell(true)
      throw thrown
    }
  }

  async #once(signal: AbortSignal): Promise<void> {
    await this.#read(0, GIVE_WAY.recording, signal)
    this.#invariants.finish()
    await this.#invariants.tell()
    this.#tell(true)
    await this.#history.judge(signal)
    this.#rooms.say({ type: 'done', found: this.#found() })
  }

  async #onAndOn(readOn: () => Promise<void>, signal: AbortSignal): Promise<void> {
    let next = 0
    let searchAt = 0
    for (;;) {
      await readOn()
      next = await this.#read(next, GIVE_WAY.live, signal)
      if (this.#history.isWaiting && performance.now() >= searchAt) {
        const began = performance.now()
        await this.#history.judge(signal)
        // The longer a search takes, the rarer it is.
        searchAt = performance.now() + Math.max(SEARCH_EVERY, 4 * (performance.now() - began))
      }
      this.#state = 'following'
      this.#tell()
      await rest(LOOK_EVERY, undefined, { signal })
    }
  }

  /** @returns the `seq` to go on from */
  async #read(from: number, giveWay: number, signal: AbortSignal): Promise<number> {
    let next = from
    for await (const batch of this.#source.scan({ fromSeq: from }, signal)) {
      for (let at = 0; at < batch.length; at += SLICE) {
        const began = performance.now()
        const slice = batch.slice(at, at + SLICE)
        for (const event of slice) {
          if (event.node > 0) this.#hasNodes = true
          this.#invariants.take(event)
          this.#conformance.take(event)
          this.#history.take(event)
        }
        this.#judged += slice.length
        next = (slice.at(-1)?.seq ?? next) + 1
        await this.#invariants.tell()
        await this.#conformance.tell()
        this.#tell()
        await rest(REST * (performance.now() - began), undefined, { signal })
        await this.#rooms.giveWay(giveWay)
      }
    }
    return next
  }

  #tell(now = false): void {
    const at = performance.now()
    if (!now && at - this.#toldAt < TELL_EVERY) return
    this.#toldAt = at
    this.#rooms.say({ type: 'found', state: this.#state, found: this.#found() })
  }

  #found(): Found {
    return {
      judged: this.#judged,
      checks: this.#hasNodes ? [...this.#invariants.view(), this.#conformance.view()] : [],
      history: this.#history.view(),
    }
  }
}
