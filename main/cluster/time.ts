/** The clock of a cluster's time limits. It stands while the whole cluster is stopped: nobody could answer. */
export class ClusterTime {
  #lost = 0
  #standsSince: number | undefined

  /** Milliseconds; from where does not matter. */
  now(): number {
    return (this.#standsSince ?? performance.now()) - this.#lost
  }

  stand(): void {
    this.#standsSince ??= performance.now()
  }

  goOn(): void {
    if (this.#standsSince !== undefined) this.#lost += performance.now() - this.#standsSince
    this.#standsSince = undefined
  }
}
