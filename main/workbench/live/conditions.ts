/** Puts a new cluster under what another was under at a moment: cuts and rules of links, clocks, faults that wait, who was down. */
import type { Cluster } from '../../cluster/api'
import { type NodeFault, nodeFaultSchema } from '../../node/contract/conditions'
import { TRUE_CLOCK } from '../../node/contract/conditions/clock'
import { asProblem, type Problem } from '../../node/contract/problem'
import type { ActiveFault, ClusterState, ProcessStanding } from '../../timeline/state'

const DOWN: readonly ProcessStanding[] = ['stopped', 'killed', 'crashed']
/** Faults that wait in a node until they strike, or for as long as they last. */
const ARMED: readonly ActiveFault['type'][] = ['crash-point', 'slow-disk', 'disk-error', 'torn-write']

/** How many things there are that {@link condition} would do. */
export function conditionsOf({ rules, blocked, nodes, faults }: ClusterState): number {
  const odd = [...nodes.values()].filter(
    ({ clock, process }) =>
      process.standing !== 'removed' &&
      (clock.mode !== TRUE_CLOCK.mode ||
        clock.rate !== TRUE_CLOCK.rate ||
        DOWN.includes(process.standing) ||
        process.standing === 'paused'),
  )
  return rules.size + blocked.size + odd.length + faults.filter(({ type }) => ARMED.includes(type)).length
}

/** Does all that it can; returns what could not be done. */
export async function condition(cluster: Cluster, state: ClusterState): Promise<readonly Problem[]> {
  const problems: Problem[] = []
  const attempt = async (act: () => unknown) => {
    try {
      await act()
    } catch (trouble) {
      problems.push(asProblem(trouble))
    }
  }
  const here = new Set(cluster.nodeIds)
  const both = (link: number) => ({ from: Math.floor(link / 65_536), to: link % 65_536 })
  const present = ({ from, to }: { readonly from: number; readonly to: number }) => here.has(from) && here.has(to)
  for (const [link, { rules, seed }] of state.rules) {
    if (present(both(link))) await attempt(() => cluster.condition([both(link)], rules, seed))
  }
  for (const link of state.blocked) {
    const { from, to } = both(link)
    if (present(both(link))) await attempt(() => cluster.block(from, to))
  }
  for (const { id, clock, process } of state.nodes.values()) {
    if (!here.has(id)) continue
    const { mode, rate } = clock
    if (mode !== TRUE_CLOCK.mode || rate !== TRUE_CLOCK.rate) await attempt(() => cluster.setClock(id, { mode, rate }))
    if (process.standing === 'paused') await attempt(() => cluster.pause(id))
    if (DOWN.includes(process.standing)) await attempt(() => cluster.kill(id))
  }
  for (const fault of state.faults) {
    if (!ARMED.includes(fault.type)) continue
    for (const { node, armed } of armedIn(fault.detail)) {
      if (here.has(node)) await attempt(() => cluster.arm(node, armed))
    }
  }
  return problems
}

function armedIn(detail: string): readonly { readonly node: number; readonly armed: NodeFault }[] {
  try {
    const { nodes, fault } = JSON.parse(detail) as { readonly nodes?: unknown; readonly fault?: unknown }
    const armed = nodeFaultSchema.safeParse(fault)
    if (!armed.success || !Array.isArray(nodes)) return []
    return nodes.filter((node) => typeof node === 'number').map((node) => ({ node, armed: armed.data }))
  } catch {
    return []
  }
}
