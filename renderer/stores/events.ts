/**
 * The events that a window has in memory: the run of the latest live ones, and, when something older is looked at, a
 * window loaded from the recording. Consecutive at any time.
 */
import { shallowRef } from 'vue'
import type { EventView } from '../../preload/contract'
import { type Door, ProblemError, problemRef } from './door'
import { appendEvents, EVENTS_KEPT } from './merge'

/** Events asked for at once. */
const LOAD_LIMIT = 50_000
/** A window is loaded with this much of its own length on both sides, so that panning does not load at each step. */
const MARGIN = 0.5

interface Span {
  readonly from: number
  readonly to: number
}

/** What will not be readable the next time either. */
const isDamage = (thrown: unknown): boolean =>
  thrown instanceof ProblemError && thrown.problem.code === 'recording-corrupt'

export function createEventMemory(door: Door, source: () => 'live' | 'recording' | null) {
  const run: EventView[] = []
  let loaded: readonly EventView[] | null = null
  let loadedSpan: Span | null = null
  let wanted: Span | null = null
  /** What was asked for last, and what of that cannot be read. */
  let asked: Span | null = null
  let damaged: Span | null = null
  let loading = false
  /** Raised by `reset`: an answer for what was open before is thrown away. */
  let generation = 0
  const version = shallowRef(0)
  const problem = problemRef()

  function append(added: readonly EventView[]): void {
    if (appendEvents(run, added, EVENTS_KEPT) && loaded === null) version.value++
  }

  function reset(): void {
    generation++
    run.length = 0
    loaded = null
    loadedSpan = null
    wanted = null
    asked = null
    damaged = null
    problem.value = ''
    version.value++
  }

  const covers = (span: Span | null, from: number, to: number) => span !== null && span.from <= from && span.to >= to

  /** The run reaches back to the first event of all, or at least to `from`. */
  function runCovers(from: number): boolean {
    const first = run[0]
    return source() === 'live' && first !== undefined && (first.seq === 0 || first.t <= from)
  }

  /** Sees to it that `events` holds the span (ns); the newest wish wins while one is being read. */
  async function ensure(from: number, to: number): Promise<void> {
    if (runCovers(from)) {
      wanted = null
      if (loaded !== null) {
        loaded = null
        loadedSpan = null
        version.value++
      }
      return
    }
    if (covers(loadedSpan, from, to)) {
      problem.value = ''
      return
    }
    if (covers(wanted, from, to) || (damaged?.from === from && damaged.to === to)) return
    const margin = (to - from) * MARGIN
    asked = { from, to }
    wanted = { from: Math.max(0, from - margin), to: to + margin }
    if (loading) return
    loading = true
    try {
      while (wanted !== null) await load(wanted)
    } finally {
      loading = false
    }
  }

  async function load(span: Span): Promise<void> {
    const of = source()
    const born = generation
    if (of === null) {
      wanted = null
      return
    }
    try {
      const events = await door.call('timeline.events', {
        source: of,
        fromT: span.from,
        toT: span.to,
        limit: LOAD_LIMIT,
      })
      if (born !== generation) return
      problem.value = ''
      damaged = null
      if (wanted !== null && wanted !== span) return
      wanted = null
      loaded = events
      loadedSpan = span
      version.value++
    } catch (thrown) {
      if (born !== generation) return
      if (wanted !== span) return
      // The damage may be beside what is looked at.
      wanted = isDamage(thrown) && span !== asked ? asked : null
      if (wanted !== null) return
      damaged = isDamage(thrown) ? asked : null
      problem.value = thrown
    }
  }

  /** Whether every event of the span is in memory. */
  function holds(from: number, to: number): boolean {
    return loaded === null ? runCovers(from) : covers(loadedSpan, from, to)
  }

  return {
    append,
    holds,
    reset,
    ensure,
    version,
    /** Why the last window could not be read; empty when it could. */
    problem,
    current: (): readonly EventView[] => loaded ?? run,
  }
}
