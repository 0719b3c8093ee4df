/** Where each node stands while the whole cluster does: after which of its events. Pure. */
import type { EventView, MomentView, NodeView, StopState } from '../../../preload/contract'

/** What a node tells beside what it does: it stands after none of these. */
const ASIDE: ReadonlySet<EventView['kind']> = new Set<EventView['kind']>(['stats', 'breakpoint'])
/** Looked back at most so far: an idle node's last event may be long ago. */
const LOOK_BACK = 20_000

export type Standing = 'here' | 'goes' | 'stands' | 'down'
export interface Place {
  readonly node: NodeView
  readonly standing: Standing
  /** The last that it told; undefined when that is not in memory. */
  readonly after: EventView | undefined
}

export function placesOf(
  moment: Pick<MomentView, 'nodes' | 'seq'>,
  stop: StopState,
  events: readonly EventView[],
): readonly Place[] {
  const nodes = moment.nodes.filter((node) => node.process.standing !== 'removed')
  const last = new Map<number, EventView>()
  const lowest = Math.max(0, events.length - LOOK_BACK)
  for (let at = events.length - 1; at >= lowest && last.size < nodes.length; at--) {
    const event = events[at]
    if (event === undefined || event.seq >= moment.seq || event.node === 0) continue
    if (!ASIDE.has(event.kind) && !last.has(event.node)) last.set(event.node, event)
  }
  return nodes.map((node) => ({ node, standing: standingOf(node, stop), after: last.get(node.id) }))
}

function standingOf({ id, process }: NodeView, stop: StopState): Standing {
  if (process.standing !== 'running' && process.standing !== 'paused') return 'down'
  if (stop.stepping === id) return 'goes'
  return stop.node === id ? 'here' : 'stands'
}
