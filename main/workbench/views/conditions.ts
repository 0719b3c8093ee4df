/** Rules of links, nemeses and workloads as a window gets them. */
import { z } from 'zod'
import {
  type LinkView,
  type NemesisView,
  nemesisPlanSchema,
  type WorkloadView,
  workloadPlanSchema,
} from '../../../preload/contract'
import type { ClusterState, NemesisState, WorkloadState } from '../../timeline/state'

/** The two ends of a link, which a state holds as `from * 65536 + to`. */
export function endsOf(link: number): readonly [from: number, to: number] {
  return [Math.floor(link / 65536), link % 65536]
}

/** By sender, then by receiver. */
export function linksView(rules: ClusterState['rules']): readonly LinkView[] {
  return [...rules]
    .sort(([a], [b]) => a - b)
    .map(([link, kept]) => {
      const [from, to] = endsOf(link)
      return { from, to, ...kept }
    })
}

const begunSchema = z.object({ plan: nemesisPlanSchema, nodes: z.array(z.number()) })

export function nemesisView({ id, plan: text, since, steps }: NemesisState): NemesisView {
  const begun = begunSchema.safeParse(json(text))
  return { id, plan: begun.data?.plan ?? null, nodes: begun.data?.nodes ?? [], since, steps }
}

export function workloadView({ plan, ...workload }: WorkloadState): WorkloadView {
  return { ...workload, plan: workloadPlanSchema.safeParse(json(plan)).data ?? null }
}

/** A recording may come from anywhere: what is no JSON is nothing. */
function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
