/** How far what each process told of itself reaches: what it did last, one that was killed could not tell any more. */
import type { TimelineEvent } from '../../node/contract/events'

/** Nanoseconds: what a process did is heard of by others within this, or not at all. */
const HEARD_WITHIN = 1e9

interface Life {
  readonly begin: number
  lastTold: number
  end: number | undefined
}

export class Told {
  readonly #lives = new Map<number, Life[]>()

  take(event: TimelineEvent): void {
    if (event.kind === 'process') {
      if (event.state === 'killed' || event.state === 'crashed' || event.state === 'stopped') this.#end(event)
      return
    }
    if (event.node === 0) return
    const lives = this.#lives.get(event.node) ?? []
    const life = lives.at(-1)
    if (life === undefined || event.kind === 'started')
      lives.push({ begin: event.t, lastTold: event.t, end: undefined })
    else life.lastTold = Math.max(life.lastTold, event.t)
    this.#lives.set(event.node, lives)
  }

  /** Whether a node may have done something by `t`, and ended before it could tell. */
  mayHaveMore(node: number, t: number): boolean {
    const life = this.#lives.get(node)?.findLast(({ begin }) => begin <= t)
    return life?.end !== undefined && life.lastTold <= t && life.end >= t - HEARD_WITHIN
  }

  #end({ subject, t }: TimelineEvent<'process'>): void {
    const life = this.#lives.get(subject)?.at(-1)
    if (life !== undefined) life.end ??= t
  }
}
