/** What clients were told, judged again and again while they go on: each time only the keys on which something was answered. */
import type { HistoryView, IllegalView } from '../../../../preload/contract'
import { BandReader } from '../../../checks/history/bands'
import { ClientHistoryReader } from '../../../checks/history/from-timeline'
import type { Operation } from '../../../checks/history/operation'
import { checkParts } from '../../../checks/linearizability/check'
import { type KeyValueInput, type KeyValueOutput, keyValue } from '../../../checks/models/key-value'
import type { TimelineEvent } from '../../../node/contract/events'
import { illegalPart, inItsTime } from '../../checking'
import type { Finder } from './finder'

/** Steps of the search on one key; a history whose clients wait for each other needs a thousandth of it. */
const MOST_STEPS = 5_000_000
/** Calls that are kept to be judged, so that a cluster may run for days: some hundred megabytes. More are for `check`. */
const MOST_CALLS = 250_000
/** More illegal keys are counted, not drawn. */
const DRAWN = 8

export class HistoryJudge {
  readonly #reader = new ClientHistoryReader()
  readonly #bands = new BandReader()
  readonly #finder: Finder
  readonly #most: number
  readonly #keyOf = new Map<number, string>()
  readonly #all = new Set<string>()
  readonly #dirty = new Set<string>()
  readonly #illegal = new Map<string, IllegalView | null>()
  readonly #undecided = new Set<string>()
  #taken = 0
  #judgedUntil = -1
  #calls = 0
  #waiting = 0

  constructor(finder: Finder, most = MOST_CALLS) {
    this.#finder = finder
    this.#most = most
  }

  take(event: TimelineEvent): void {
    this.#bands.take(event)
    if (this.#judgedUntil >= 0) return
    if (event.kind === 'invoke' && ++this.#taken > this.#most) {
      this.#judgedUntil = event.seq
      return
    }
    this.#reader.take(event)
    if (event.kind === 'invoke') this.#keyOf.set(event.call, event.key)
    if (event.kind !== 'answer') return
    const key = this.#keyOf.get(event.call)
    this.#keyOf.delete(event.call)
    if (key === undefined || event.outcome === 'failed') return
    this.#waiting++
    this.#all.add(key)
    // Nothing that comes later makes a wrong history right.
    if (!this.#illegal.has(key)) this.#dirty.add(key)
  }

  get isWaiting(): boolean {
    return this.#dirty.size > 0
  }

  /** Judges the keys on which something was answered since the last time. @throws the signal's reason */
  async judge(signal: AbortSignal): Promise<void> {
    const keys = new Set(this.#dirty)
    const waiting = this.#waiting
    this.#dirty.clear()
    const operations = this.#reader.soFar().operations.filter(({ input }) => keys.has(input.key))
    for await (const verdict of checkParts(keyValue, operations, { signal, maxSteps: MOST_STEPS })) {
      this.#undecided.delete(verdict.part)
      if (verdict.outcome === 'undecided') this.#undecided.add(verdict.part)
      if (verdict.outcome !== 'illegal') continue
      const core = verdict.core.flatMap((place) => verdict.operations[place] ?? [])
      this.#illegal.set(verdict.part, this.#illegal.size < DRAWN ? await this.#drawn(verdict.part, core) : null)
    }
    this.#waiting -= waiting
    this.#calls += waiting
  }

  async #drawn(part: string, core: readonly Operation<KeyValueInput, KeyValueOutput>[]): Promise<IllegalView> {
    const { drawn } = inItsTime(illegalPart(keyValue, part, core, 'ns'), this.#bands)
    const stuck = drawn.calls.filter(({ standing }) => standing.kind === 'stuck')
    const seq = Math.min(...(stuck.length > 0 ? stuck : drawn.calls).map(({ answer }) => answer))
    const event = await this.#finder.event(seq)
    return { part, drawn, seq, t: event?.t ?? 0 }
  }

  view(): HistoryView {
    const { stale, failed } = this.#reader
    return {
      standing:
        this.#illegal.size > 0 ? 'broken' : this.#undecided.size > 0 || this.#judgedUntil >= 0 ? 'undecided' : 'holds',
      calls: this.#calls,
      waiting: this.#waiting,
      keys: this.#all.size,
      stale,
      failed,
      illegal: [...this.#illegal.values()].filter((view) => view !== null),
      undecided: [...this.#undecided],
      judgedUntil: this.#judgedUntil,
    }
  }
}
