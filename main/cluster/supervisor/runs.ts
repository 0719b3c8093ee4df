/** What goes on by itself in a cluster: a nemesis, and workloads. */
import { Problem } from '../../node/contract/problem'
import type { MemberRole } from '../../raft/types'
import type { Cluster } from '../api'
import { runNemesis } from '../nemesis/run'
import type { NemesisPlan, NemesisRun } from '../nemesis/types'
import { runWorkload } from '../workload/run'
import { MAX_WORKLOADS, type WorkloadObserver, type WorkloadPlan, type WorkloadRun } from '../workload/types'
import type { Interference } from './interference'
import type { Reporter } from './reporter'

export interface RunsContext {
  readonly cluster: Cluster
  readonly reporter: Reporter
  readonly interference: Interference
  roleOf(node: number): MemberRole
  /** Aborted when the cluster closes: all of them end then. */
  readonly closing: AbortSignal
}

export class Runs {
  readonly #context: RunsContext
  readonly #workloads = new Map<number, WorkloadRun>()
  #nemesis: NemesisRun | undefined
  #nemeses = 0
  #loads = 0

  constructor(context: RunsContext) {
    this.#context = context
  }

  /** The one that runs. */
  get nemesis(): NemesisRun | undefined {
    return this.#nemesis
  }

  get workloads(): readonly WorkloadRun[] {
    return [...this.#workloads.values()]
  }

  /** See `Cluster.startNemesis`. */
  startNemesis(plan: NemesisPlan): NemesisRun {
    if (this.#nemesis !== undefined) throw new Problem('nemesis-running', {})
    const { cluster, reporter, interference, roleOf, closing } = this.#context
    const run = runNemesis(this.#nemeses + 1, plan, {
      cluster,
      reporter,
      leader: () => interference.leader(),
      roleOf,
      faultsOf: (cause) => interference.faults.causedBy(cause),
      heal: () => interference.healAll(),
      closing,
    })
    this.#nemeses++
    this.#nemesis = run
    void run.ended.then(() => {
      this.#nemesis = undefined
    })
    return run
  }

  /** See `Cluster.startWorkload`. */
  startWorkload(plan: WorkloadPlan, observer?: WorkloadObserver): WorkloadRun {
    if (this.#workloads.size >= MAX_WORKLOADS) throw new Problem('workload-limit', { max: MAX_WORKLOADS })
    const { cluster, reporter, closing } = this.#context
    const ground = {
      call: cluster.call.bind(cluster),
      reporter,
      isStopped: () => cluster.stopped !== undefined,
      closing,
    }
    const run = runWorkload(++this.#loads, plan, ground, observer)
    this.#workloads.set(run.id, run)
    void run.ended.then(() => this.#workloads.delete(run.id))
    return run
  }

  /** Resolves when nothing goes on any more, after `closing`. */
  async settled(): Promise<void> {
    await Promise.all([this.#nemesis?.ended, ...this.workloads.map(({ ended }) => ended)])
  }
}
