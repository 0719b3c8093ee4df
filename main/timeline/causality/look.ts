/** Looking back (and a little ahead) on a timeline, step by step, reading no more than is looked at. */
import type { EventKind, TimelineEvent } from '../../node/contract/events'
import type { TimelineSource } from '../api'
import { LATE } from './window'

/** Events read at once. */
const CHUNK = 4_096
/** So far back anything is looked for. */
const MOST = 400_000
/** So far ahead. */
const AHEAD = 20_000

export type Test = (event: TimelineEvent) => boolean

export class Look {
  readonly #source: TimelineSource
  readonly #signal: AbortSignal | undefined
  readonly #chunks = new Map<number, Promise<readonly TimelineEvent[]>>()

  constructor(source: TimelineSource, signal?: AbortSignal) {
    this.#source = source
    this.#signal = signal
  }

  async at(seq: number): Promise<TimelineEvent | undefined> {
    if (seq < 0) return undefined
    return (await this.#chunk(Math.floor(seq / CHUNK))).find((event) => event.seq === seq)
  }

  /** The last event before `seq` that passes; none from before the event `until`, when that is given. */
  async before(seq: number, test: Test, until = 0): Promise<TimelineEvent | undefined> {
    const lowest = Math.max(until, seq - MOST, 0)
    for (let number = Math.floor((seq - 1) / CHUNK); number >= 0 && (number + 1) * CHUNK > lowest; number--) {
      const found = (await this.#chunk(number)).findLast(
        (event) => event.seq < seq && event.seq >= lowest && test(event),
      )
      if (found !== undefined) return found
    }
    return undefined
  }

  /** As {@link before}, by the common clock: also what was told late and stands a little behind. */
  async earlier(effect: TimelineEvent, test: Test, until = 0): Promise<TimelineEvent | undefined> {
    return this.before(effect.seq + LATE, (event) => event.t <= effect.t && event !== effect && test(event), until)
  }

  /** The first event after `seq` that passes, not far away. */
  async after(seq: number, test: Test, most = AHEAD): Promise<TimelineEvent | undefined> {
    for (let number = Math.floor((seq + 1) / CHUNK); number * CHUNK <= seq + most; number++) {
      const chunk = await this.#chunk(number)
      const found = chunk.find((event) => event.seq > seq && event.seq <= seq + most && test(event))
      if (found !== undefined || chunk.length === 0) return found
    }
    return undefined
  }

  /** All before `seq` that pass, latest first, until one says that it was the last to look at. */
  async collect(seq: number, test: Test, isEnd: Test, most: number): Promise<readonly TimelineEvent[]> {
    const found: TimelineEvent[] = []
    await this.before(seq, (event) => {
      if (isEnd(event)) return true
      if (test(event)) found.push(event)
      return found.length >= most
    })
    return found
  }

  /** What the node `node` did last of these kinds in the same turn as `effect`: what it answers to. */
  async stimulus(effect: TimelineEvent, ...kinds: readonly EventKind[]): Promise<TimelineEvent | undefined> {
    const found = await this.before(
      effect.seq,
      (event) => event.node === effect.node && (event.t < effect.t || kinds.includes(event.kind)),
    )
    return found !== undefined && found.t === effect.t && kinds.includes(found.kind) ? found : undefined
  }

  #chunk(number: number): Promise<readonly TimelineEvent[]> {
    this.#signal?.throwIfAborted()
    const known = this.#chunks.get(number)
    if (known !== undefined) return known
    const chunk = this.#source.events({ fromSeq: number * CHUNK, toSeq: (number + 1) * CHUNK }, CHUNK)
    this.#chunks.set(number, chunk)
    return chunk
  }
}
