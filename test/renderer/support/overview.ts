/** What the workbench would answer about a span of these events, counted plainly. */
import type { CallInput, EventView, OverviewView } from '../../../preload/contract'

export function overviewOf(
  all: readonly EventView[],
  nodes: readonly number[],
  { from, to, buckets }: CallInput<'overview.read'>,
): OverviewView {
  const events = all.filter(({ t }) => t >= from && t < to)
  const counts = (holds: (event: EventView) => boolean): number[] => {
    const parts = new Array<number>(buckets).fill(0)
    for (const event of events) {
      const place = Math.floor(((event.t - from) / (to - from)) * buckets)
      if (holds(event)) parts[place] = (parts[place] ?? 0) + 1
    }
    return parts
  }
  const none = () => counts(() => false)
  return {
    from,
    to,
    buckets,
    total: events.length,
    events: counts(() => true),
    lanes: nodes.map((node) => ({
      node,
      messages: counts((event) => event.node === node && (event.kind === 'sent' || event.kind === 'received')),
      dropped: none(),
    })),
    calls: { asked: none(), ok: none(), failed: none(), unknown: none() },
    commits: none(),
    landmarks: [],
    whole: true,
    damaged: 0,
  }
}
