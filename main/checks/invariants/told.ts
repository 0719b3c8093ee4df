/**
 * How far what each process told of itself reaches: what it did last, one that was killed could not tell any more, and one that stands
 * (paused, or with the whole cluster) has not told yet.
 */
import type { TimelineEvent } from '../../node/contract/events'

/** Nanoseconds: what a process did is heard of by others within this, or not at all. */
const HEARD_WITHIN = 1e9

interface Life {
  readonly begin: number
  lastTold: number
  end: number | undefined
  /** It stands since then. */
  standing: number | undefined
}

export class Told {
  readonly #lives = new Map<number, Life[]>()

  take(event: TimelineEvent): void {
    if (event.kind === 'process') {
      if (event.state === 'killed' || event.state === 'crashed' || event.state === 'stopped') this.#end(event)
      else if (event.state === 'paused' || event.state === 'resumed')
        this.#stand(event.subject, event.state === 'paused', event.t)
      return
    }
    if (event.kind === 'stop') {
      const isStopped = event.action === 'stopped'
      // A step lets one go on, everything else concerns all.
      const nodes = event.action === 'stepping' ? [event.subject] : [...this.#lives.keys()]
      for (const node of nodes) this.#stand(node, isStopped, event.t)
      return
    }
    if (event.node === 0) return
    const lives = this.#lives.get(event.node) ?? []
    const life = lives.at(-1)
    if (life === undefined || event.kind === 'started')
      lives.push({ begin: event.t, lastTold: event.t, end: undefined, standing: undefined })
    else life.lastTold = Math.max(life.lastTold, event.t)
    this.#lives.set(event.node, lives)
  }

  /** Whether a node may have done something by `t`, and ended before it could tell, or stands and has not told. */
  mayHaveMore(node: number, t: number): boolean {
    const life = this.#lives.get(node)?.findLast(({ begin }) => begin <= t)
    const silent = life?.end ?? life?.standing
    return life !== undefined && silent !== undefined && life.lastTold <= t && silent >= t - HEARD_WITHIN
  }

  #stand(node: number, stands: boolean, t: number): void {
    const life = this.#lives.get(node)?.at(-1)
    if (life !== undefined) life.standing = stands ? (life.standing ?? t) : undefined
  }

  #end({ subject, t }: TimelineEvent<'process'>): void {
    const life = this.#lives.get(subject)?.at(-1)
    if (life !== undefined) life.end ??= t
  }
}
