/** The events table by hand: a row is chosen, by pointer or by key, and everything else shows its moment. */
import type { ShallowRef } from 'vue'
import type { EventView } from '../../preload/contract'
import { firstWhere, nodesOf } from '../../preload/contract/diagram'
import { useClusterStore } from '../stores/cluster'
import { useDoor } from '../stores/door'
import { useSelectionStore } from '../stores/selection'
import { messageOf } from './table-row'
import type { Timeline } from './use-timeline'

interface Rows {
  readonly rows: Readonly<ShallowRef<EventView[]>>
  /** The event after which the pin stands; −1 = none. */
  readonly pinned: { readonly value: number }
  /** Rows that Page Up and Page Down go. */
  page(): number
}

export function useTableKeys(
  timeline: Timeline,
  { rows, pinned, page }: Rows,
): { choose(event: EventView | undefined): Promise<void>; onKey(event: KeyboardEvent): void } {
  const cluster = useClusterStore()
  const door = useDoor()
  const selection = useSelectionStore()
  /** Raised by each wish to be elsewhere. */
  let asked = 0

  async function choose(event: EventView | undefined): Promise<void> {
    if (event === undefined) return
    asked++
    selection.selectEvent(event.seq)
    const [node] = nodesOf(event)
    if (node !== undefined) selection.selectNode(node)
    selection.selectMessage(messageOf(event))
    await cluster.pinAt({ seq: event.seq + 1 })
  }

  /** Where a key goes on from: the moment that was asked for last, though it may not be shown yet. */
  function standing(): number {
    const wish = cluster.pinning
    return wish !== null && 'seq' in wish ? wish.seq - 1 : pinned.value
  }

  /** The first or the last row there is. Of a long recording not all events are in memory: it is asked then. */
  async function toEdge(by: 1 | -1): Promise<void> {
    const mine = ++asked
    const { events } = timeline.model()
    const { source, sourceName } = cluster
    const total = source.kind === 'recording' ? source.info.events : (cluster.live?.seq ?? 0)
    const here = by > 0 ? events[0]?.seq === 0 : (events.at(-1)?.seq ?? -1) >= total - 1
    if (here) return choose(by > 0 ? rows.value[0] : rows.value.at(-1))
    let from: number | null = by > 0 ? 0 : total - 1
    if (timeline.filter.value.empty) return cluster.pinAt({ seq: from + 1 })
    while (from !== null && sourceName !== null) {
      const what = { text: timeline.filterText.value }
      const found: { readonly match: { readonly seq: number } | null; readonly next: number | null } = await door.call(
        'timeline.find',
        { source: sourceName, what, seq: from, by },
      )
      // Who has gone elsewhere meanwhile stays there.
      if (mine !== asked) return
      if (found.match !== null) {
        selection.selectEvent(found.match.seq)
        return cluster.pinAt({ seq: found.match.seq + 1 })
      }
      from = found.next
    }
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    if (event.key === 'Home' || event.key === 'End') {
      event.preventDefault()
      void toEdge(event.key === 'Home' ? 1 : -1)
      return
    }
    const stands = standing()
    const at = stands < 0 ? rows.value.length : firstWhere(rows.value, (each) => each.seq >= stands)
    const exact = rows.value[at]?.seq === stands
    const screenful = page()
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: exact ? 1 : 0,
      ArrowUp: -1,
      PageDown: screenful,
      PageUp: -screenful,
      // Where one stands already: selected, so that everything else tells of it.
      Enter: 0,
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    void choose(rows.value[Math.min(rows.value.length - 1, Math.max(0, at + step))])
  }

  return { choose, onKey }
}
