/**
 * What the clients of workloads saw, and the faults beside it: as the live stream tells it, and, for what was before the
 * window listened or in a recording, as `load` and `fault` events of the timeline. Times in nanoseconds.
 */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import type { EventView, FaultView, LoadView } from '../../preload/contract'
import { useClusterStore } from './cluster'
import { problemRef, useDoor } from './door'

/** A fault as a stretch of time. */
export interface FaultBand extends Pick<FaultView, 'id' | 'type' | 'detail'> {
  /** Where what is known begins, as long as its own beginning was not read. */
  readonly from: number
  /** Infinity while it lasts. */
  readonly to: number
}

/** Points kept of one workload: an hour and a half. */
const POINTS_KEPT = 20_000
const BANDS_KEPT = 5_000
const LOAD_LIMIT = 50_000
const KINDS: ('load' | 'fault')[] = ['load', 'fault']

interface Span {
  readonly from: number
  readonly to: number
}

export const useLoadStore = defineStore('load', () => {
  const door = useDoor()
  const cluster = useClusterStore()

  const series = new Map<number, LoadView[]>()
  const bands = new Map<number, FaultBand>()
  /** What `series` and `bands` are complete for; null = nothing yet. */
  let covered: Span | null = null
  let wanted: Span | null = null
  let generation = 0
  /** Raised with every change of points or bands. */
  const version = ref(0)
  const reading = ref(false)
  /** Why the timeline could not be read; empty when it could. */
  const problem = problemRef()

  function reset(): void {
    generation++
    series.clear()
    bands.clear()
    covered = null
    wanted = null
    problem.value = ''
    version.value++
  }

  function addPoint(point: LoadView): void {
    const points = series.get(point.workload)
    if (points === undefined) {
      series.set(point.workload, [point])
      return
    }
    // Nearly always the newest; what is read from the timeline comes before or between.
    let at = points.length
    while (at > 0 && (points[at - 1]?.t ?? 0) > point.t) at--
    if (points[at - 1]?.t === point.t) return
    points.splice(at, 0, point)
    if (points.length <= POINTS_KEPT * 1.1) return
    points.splice(0, points.length - POINTS_KEPT)
    if (covered !== null) covered = { ...covered, from: Math.max(covered.from, points[0]?.t ?? 0) }
  }

  function addFault({ action, id, type, detail, t }: EventView<'fault'>): void {
    const known = bands.get(id)
    if (action === 'begin') bands.set(id, { id, type, detail, from: t, to: known?.to ?? Number.POSITIVE_INFINITY })
    else
      bands.set(id, { id, type, detail: known?.detail ?? detail, from: known?.from ?? Number.NEGATIVE_INFINITY, to: t })
    if (bands.size > BANDS_KEPT) for (const old of bands.keys()) if (bands.delete(old)) break
  }

  function addEvents(events: readonly EventView[]): boolean {
    let any = false
    for (const event of events) {
      if (event.kind === 'load') addPoint(event)
      else if (event.kind === 'fault') addFault(event)
      else continue
      any = true
    }
    return any
  }

  /** The active faults of a moment are the truth about which bands are open. */
  function addActive(faults: readonly FaultView[], t: number, isLive: boolean): void {
    const active = new Set(faults.map((fault) => fault.id))
    for (const { id, type, detail, since } of faults) {
      const known = bands.get(id)
      if (known?.from !== since)
        bands.set(id, { id, type, detail, from: since, to: known?.to ?? Number.POSITIVE_INFINITY })
    }
    if (!isLive) return
    for (const band of bands.values()) {
      if (band.to === Number.POSITIVE_INFINITY && !active.has(band.id)) bands.set(band.id, { ...band, to: t })
    }
  }

  /** Reads events of the span until it is whole. */
  async function read(from: number, to: number): Promise<void> {
    const source = cluster.sourceName
    const born = generation
    let at = from
    while (source !== null && at < to) {
      const events = await door.call('timeline.events', { source, fromT: at, toT: to, kinds: KINDS, limit: LOAD_LIMIT })
      if (born !== generation) return
      addEvents(events)
      const last = events.at(-1)
      if (events.length < LOAD_LIMIT || last === undefined || last.t <= at) break
      at = last.t
    }
    if (born !== generation) return
    covered = covered === null ? { from, to } : { from: Math.min(covered.from, from), to: Math.max(covered.to, to) }
    version.value++
  }

  async function fill({ from, to }: Span): Promise<void> {
    if (covered !== null && (to < covered.from || from > covered.to)) {
      // Far from what is known: one stretch is enough to remember.
      if (cluster.sourceName === 'recording') reset()
    }
    if (covered === null) return read(from, to)
    if (from < covered.from) await read(from, covered.from)
    if (covered !== null && to > covered.to) await read(covered.to, to)
  }

  /** Sees to it that points and bands are there from `from` to `to`; the newest wish wins while one is read. */
  async function ensure(from: number, to: number): Promise<void> {
    if (covered !== null && covered.from <= from && covered.to >= to) return
    wanted = { from, to }
    if (reading.value) return
    reading.value = true
    const born = generation
    try {
      while (wanted !== null) {
        const wish: Span = wanted
        wanted = null
        await fill(wish)
      }
      problem.value = ''
    } catch (thrown) {
      if (born === generation) problem.value = thrown
    } finally {
      reading.value = false
    }
  }

  /** Listens to the workbench; once, when the window starts. @returns a function that stops listening */
  function connect(): () => void {
    const stops = [
      door.subscribe('load', (point) => {
        addPoint(point)
        version.value++
      }),
      door.subscribe('live', (update) => {
        if (addEvents(update.events)) version.value++
      }),
      watch(
        () => cluster.source,
        (now, before) => {
          if (
            now.kind === 'closing' ||
            (now.kind === before.kind &&
              now.kind === 'live' &&
              before.kind === 'live' &&
              now.recording === before.recording)
          )
            return
          reset()
        },
      ),
      watch(
        () => cluster.moment?.faults,
        (faults) => {
          const moment = cluster.moment
          if (faults === undefined || moment === null) return
          const isLive = cluster.mode === 'live'
          if (isLive && covered === null) covered = { from: moment.t, to: Number.POSITIVE_INFINITY }
          addActive(faults, moment.t, isLive)
          version.value++
        },
      ),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }

  return {
    version,
    reading,
    problem,
    connect,
    ensure,
    /** Numbers of the workloads that are known, oldest first. */
    known: (): readonly number[] => [...series.keys()].sort((a, b) => a - b),
    /** Oldest first; changes in place: watch `version`. */
    pointsOf: (workload: number): readonly LoadView[] => series.get(workload) ?? [],
    bandsIn: (from: number, to: number): readonly FaultBand[] =>
      [...bands.values()]
        .map((band) =>
          Number.isFinite(band.from) ? band : { ...band, from: Math.min(covered?.from ?? band.to, band.to) },
        )
        .filter((band) => band.from <= to && band.to >= from)
        .sort((a, b) => a.from - b.from),
  }
})
