/** The links' time: the machine's without that in which the whole cluster was stopped. All in nanoseconds. */

interface Stop {
  readonly end: number
  /** All stops together, before this one and with it. */
  readonly before: number
  readonly after: number
}

export class LinksTime {
  readonly #stops: Stop[] = []

  /** A stop of `nanos` is over at `end`, a time of the machine. */
  stopped(nanos: number, end: number): void {
    const before = this.#stops.at(-1)?.after ?? 0
    this.#stops.push({ end, before, after: before + nanos })
  }

  /** What it was, or is, when the machine's was `machine`. It stands within a stop. */
  at(machine: number): number {
    for (let place = this.#stops.length - 1; place >= 0; place--) {
      const stop = this.#stops[place] as Stop
      if (machine >= stop.end) return machine - stop.after
      const begin = stop.end - (stop.after - stop.before)
      if (machine >= begin) return begin - stop.before
    }
    return machine
  }
}
