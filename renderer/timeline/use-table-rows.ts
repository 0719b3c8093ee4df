/** The rows of the events table: those of the events in memory that the filter wants, taken as new ones come. */
import {
  type ComputedRef,
  computed,
  onBeforeUnmount,
  onMounted,
  type ShallowRef,
  shallowRef,
  triggerRef,
  watch,
} from 'vue'
import type { EventView } from '../../preload/contract'
import { firstWhere } from '../../preload/contract/diagram'
import { useSearchStore } from './search/store'
import type { Timeline } from './use-timeline'

/** Milliseconds between two takings of new events: faster than this nobody reads. */
const TAKE_EVERY = 150
/** Rows before the first event that is still in memory, until they are thrown away. */
const MOST_OLD = 4_000

interface Sight {
  /** It stands at its end, and follows. */
  sticks(): boolean
  toEnd(): void
  /** Other rows stand where these stood. */
  rebuilt(): void
}

export function useTableRows(
  timeline: Timeline,
  { sticks, toEnd, rebuilt }: Sight,
): { readonly rows: ShallowRef<EventView[]>; readonly elsewhere: ComputedRef<number> } {
  const search = useSearchStore()
  const rows = shallowRef<EventView[]>([])
  /** Rows from the first to the second `seq` were looked at. */
  let begun = -1
  let taken = -1

  const wanted = (event: EventView) =>
    timeline.filter.value.matches(event) && !(timeline.hideHeartbeats.value && timeline.isHeartbeat(event))

  function rebuild(): void {
    const { events } = timeline.model()
    rows.value = events.filter(wanted)
    begun = events[0]?.seq ?? -1
    taken = events.at(-1)?.seq ?? -1
    rebuilt()
  }

  function take(): void {
    const { events } = timeline.model()
    const first = events[0]
    const last = events.at(-1)
    if (first === undefined || last === undefined) {
      if (rows.value.length > 0) rebuild()
      return
    }
    const known = rows.value
    if (first.seq < begun || last.seq < taken || first.seq > taken + 1) {
      rebuild()
      return
    }
    if (last.seq === taken) return
    const atEnd = sticks()
    for (let i = firstWhere(events, (event) => event.seq > taken); i < events.length; i++) {
      const event = events[i]
      if (event !== undefined && wanted(event)) known.push(event)
    }
    const old = firstWhere(known, (event) => event.seq >= first.seq)
    if (old > MOST_OLD) {
      known.splice(0, old)
      begun = first.seq
    }
    taken = last.seq
    triggerRef(rows)
    if (atEnd) toEnd()
  }

  watch([timeline.filter, timeline.hideHeartbeats], rebuild)
  let timer: ReturnType<typeof setInterval> | undefined
  onMounted(() => {
    rebuild()
    timer = setInterval(take, TAKE_EVERY)
  })
  onBeforeUnmount(() => clearInterval(timer))

  /** Of a long recording only a part is in memory: so many matches, of those that are counted already, stand elsewhere. */
  const elsewhere = computed(() => {
    const { active, matches } = search
    return active && !timeline.hideHeartbeats.value ? Math.max(0, matches - rows.value.length) : 0
  })
  return { rows, elsewhere }
}
