/** Entries per second, from the highest commitIndex seen at several times. */
const WINDOW_NS = 2e9

export class CommittedRate {
  #samples: { readonly t: number; readonly index: number }[] = []

  /** @returns entries per second over the last two seconds up to `t` (ns) */
  sample(t: number, index: number): number {
    const last = this.#samples.at(-1)
    // A commitIndex is volatile: after a restart it grows from 0 again, which is not a rate.
    if (last !== undefined && (t < last.t || index < last.index)) this.#samples = []
    this.#samples.push({ t, index })
    while (this.#samples.length > 2 && (this.#samples[1]?.t ?? t) < t - WINDOW_NS) this.#samples.shift()
    const first = this.#samples[0]
    if (first === undefined || t <= first.t) return 0
    return ((index - first.index) / (t - first.t)) * 1e9
  }

  reset(): void {
    this.#samples = []
  }
}
