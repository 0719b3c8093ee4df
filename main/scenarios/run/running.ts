/** Workloads and nemeses of a scenario that run beside its steps. */
import type { WorkloadRun } from '../../cluster/workload/types'
import { Problem } from '../../node/contract/problem'

interface Stoppable {
  readonly ended: Promise<unknown>
  stop(): Promise<void>
}

export class RunningBeside {
  readonly #runs = new Set<Stoppable>()
  readonly #named = new Map<string, Stoppable>()

  add(run: Stoppable | WorkloadRun, name?: string): void {
    this.#runs.add(run)
    if (name !== undefined) this.#named.set(name, run)
    void run.ended.then(() => this.#runs.delete(run))
  }

  /** @throws {Problem} 'scenario-name' */
  async end(name: string): Promise<void> {
    const run = this.#named.get(name)
    if (run === undefined) throw new Problem('scenario-name', { name })
    await run.stop()
  }

  async endAll(): Promise<void> {
    await Promise.allSettled([...this.#runs].map((run) => run.stop()))
  }
}
