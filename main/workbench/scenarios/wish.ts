/** What a scenario's cluster shall be. */
import type { ClusterSettings } from '../../cluster/api'
import type { Scenario } from '../../scenarios/language/schema'
import type { StageWish } from '../../scenarios/run/api'

/** What a person wants otherwise than it stands in the file. */
export interface Otherwise {
  readonly nodes?: number | undefined
  readonly seed?: number | undefined
  /** How much is recorded. */
  readonly level?: ClusterSettings['telemetry'] | undefined
}

export function wishOf({ cluster, seed }: Scenario, otherwise: Otherwise = {}): StageWish {
  const { nodes, witnesses, settings, manual, bug } = cluster
  const { level } = otherwise
  return {
    nodes: otherwise.nodes ?? nodes,
    witnesses,
    // Whoever makes the cluster checks them, one by one.
    settings: {
      ...settings,
      ...(bug === undefined ? {} : { bug }),
      ...(level === undefined ? {} : { telemetry: level }),
    } as Partial<ClusterSettings>,
    manual,
    seed: otherwise.seed ?? seed,
  }
}
