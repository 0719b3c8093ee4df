/**
 * What the window knows of events that are not in its memory: counts and landmarks of what is looked at, with a margin, and
 * of the whole recording for the minimap. Bounded whatever the recording's length.
 */
import { shallowRef } from 'vue'
import type { OverviewView } from '../../preload/contract'
import { type Camera, spanOf } from '../../preload/contract/diagram'
import { type Door, problemRef } from '../stores/door'

/** Parts of a span with its margins, and of the whole. */
const BUCKETS = 2_400
const WHOLE_BUCKETS = 640
/** On both sides of what is seen, so much of its length is read as well. */
const MARGIN = 0.75
/** Read again when what is seen is so much shorter than what was read: it would look coarse. */
const COARSE = 6
/** A live recording's counts are read again after so many milliseconds; what had not been looked at yet, sooner. */
const STALE_MILLIS = 1_000
const PARTIAL_MILLIS = 300
/** The minimap's after so long. */
const WHOLE_STALE_MILLIS = 5_000

type Source = 'live' | 'recording'

export function createOverviewMemory(door: Door, source: () => Source | null) {
  const version = shallowRef(0)
  const problem = problemRef()
  let seen: OverviewView | null = null
  let all: OverviewView | null = null
  let seenAt = 0
  let allAt = 0
  let reading = false
  /** Raised by `reset`: an answer about what was open before is thrown away. */
  let generation = 0

  function reset(): void {
    generation++
    seen = null
    all = null
    problem.value = ''
    version.value++
  }

  function covers(view: OverviewView, camera: Camera): boolean {
    const part = spanOf(view) / spanOf(camera)
    return view.from <= camera.from && view.to >= camera.to && part <= COARSE
  }

  /** Whether what is known is too old to be shown on. A live recording grows at its end only. */
  function stale(view: OverviewView, since: number, end: number, after: number): boolean {
    const age = performance.now() - since
    if (!view.whole) return age > PARTIAL_MILLIS
    return source() === 'live' && view.to >= end && age > after
  }

  /** Sees to it that the counts of what is seen are known, and those of everything; one question at a time. */
  async function ensure(camera: Camera, end: number): Promise<void> {
    const of = source()
    if (of === null || reading) return
    const wanted = { from: Math.max(0, camera.from), to: Math.max(camera.to, camera.from + 1) }
    const needsSeen = seen === null || !covers(seen, wanted) || stale(seen, seenAt, end, STALE_MILLIS)
    const needsAll =
      all === null || (of === 'live' && all.to < end * 0.98) || stale(all, allAt, end, WHOLE_STALE_MILLIS)
    if (!needsSeen && !needsAll) return
    const born = generation
    reading = true
    try {
      if (needsSeen) {
        const margin = spanOf(wanted) * MARGIN
        const range = { from: Math.max(0, wanted.from - margin), to: wanted.to + margin }
        const view = await door.call('overview.read', { source: of, ...range, buckets: BUCKETS })
        if (born !== generation) return
        seen = view
        seenAt = performance.now()
      }
      if (needsAll) {
        const view = await door.call('overview.read', { source: of, from: 0, to: end + 1, buckets: WHOLE_BUCKETS })
        if (born !== generation) return
        all = view
        allAt = performance.now()
      }
      problem.value = ''
      version.value++
    } catch (thrown) {
      if (born === generation) problem.value = thrown
    } finally {
      reading = false
    }
  }

  /** About how many events there are in the span; undefined: not known yet. */
  function eventsIn({ from, to }: Camera): number | undefined {
    const view = seen !== null && seen.from <= Math.max(0, from) && seen.to >= to ? seen : all
    if (view === null) return undefined
    const part = spanOf(view) / view.buckets
    const first = Math.max(0, Math.floor((from - view.from) / part))
    const last = Math.min(view.buckets - 1, Math.floor((to - view.from) / part))
    let events = 0
    for (let place = first; place <= last; place++) events += view.events[place] ?? 0
    // Of parts that are longer than the span, only the share that it has.
    return events * Math.min(1, (to - from) / ((last - first + 1) * part))
  }

  return {
    ensure,
    reset,
    eventsIn,
    /** Whether what is seen is counted as finely as it can be told apart. */
    covers: (camera: Camera) => seen !== null && seen.from <= Math.max(0, camera.from) && seen.to >= camera.to,
    version,
    problem,
    seen: () => seen,
    all: () => all,
  }
}
