/** The lesson that is being taken: which step, whether what it waits for was seen, what helps; how far each lesson got. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { BothTexts, Language } from '../../preload/contract'
import { i18n } from '../i18n'
import {
  type Baseline,
  baselineOf,
  isReached,
  type Led,
  leaderOf,
  ledBy,
  runs,
  type Sight,
  termOf,
} from '../views/tours/judge'
import { tourOf } from '../views/tours/lessons'
import type { Tour, TourStep } from '../views/tours/types'
import { useClusterStore } from './cluster'
import { useSelectionStore } from './selection'

const STORED = 'raft-workbench.tours.1'
const TICK_MS = 1_000

export interface TourProgress {
  /** The step to go on with, from 0. */
  readonly step: number
  readonly done: boolean
}
type Progress = Readonly<Record<string, TourProgress>>

function stored(): Progress {
  const progress: Record<string, TourProgress> = {}
  try {
    const read: unknown = JSON.parse(localStorage.getItem(STORED) ?? '{}')
    if (typeof read !== 'object' || read === null) return progress
    for (const [id, value] of Object.entries(read as Record<string, Partial<TourProgress> | null>)) {
      const steps = tourOf(id)?.steps.length ?? 0
      const step = value?.step
      if (typeof step !== 'number' || !Number.isInteger(step) || step < 0 || step >= steps) continue
      progress[id] = { step, done: value?.done === true }
    }
  } catch {
    // A broken memory is no memory: the lessons begin at their beginning.
  }
  return progress
}

export const useToursStore = defineStore('tours', () => {
  const cluster = useClusterStore()
  const selection = useSelectionStore()
  const progress = ref<Progress>(stored())
  const tour = shallowRef<Tour | null>(null)
  /** As many as there are steps = it is at its end. */
  const at = ref(0)
  const reached = ref(false)
  const old = shallowRef<Led | null>(null)
  const baseline = shallowRef<Baseline | null>(null)
  /** From when on the next step counts what is done. */
  let reachedAt: Baseline | null = null
  /** Seconds that this step has waited. */
  const waited = ref(0)
  let ticker: ReturnType<typeof setInterval> | undefined

  const step = computed<TourStep | null>(() => tour.value?.steps[at.value] ?? null)
  const sight = computed<Sight>(() => ({
    live: cluster.live,
    baseline: baseline.value,
    old: old.value,
    inspected: selection.node,
    pinned: cluster.mode === 'pinned',
  }))
  /** What helps now: about what was done instead, else about what to do. */
  const hint = computed<BothTexts | null>(() => {
    if (step.value === null || reached.value) return null
    const astray = step.value.astray?.find(({ when }) => isReached(when, sight.value))
    if (astray !== undefined) return astray.say
    return step.value.hints?.findLast(({ after }) => waited.value >= after)?.say ?? null
  })

  /** A text of the lesson with the nodes and terms of now. */
  function told(text: BothTexts): string {
    const { live } = sight.value
    const named: Readonly<Record<string, number | undefined>> = {
      leader: leaderOf(live),
      old: old.value?.node,
      term: termOf(live),
    }
    return text[i18n.global.locale.value as Language].replace(/\{(\w+)\}/g, (_: string, name: string) =>
      String(named[name] || '…'),
    )
  }

  function look(): void {
    const now = step.value
    if (now === null) return
    const { live } = sight.value
    if (live !== null) baseline.value ??= baselineOf(live)
    if (reached.value) return
    if (now.names === 'old') nameOld()
    reached.value = now.goal === undefined || isReached(now.goal, sight.value)
    if (reached.value && live !== null) reachedAt = baselineOf(live)
  }

  /** Whoever leads, until something was done to it: leadership may have passed on while the learner read. */
  function nameOld(): void {
    const { live } = sight.value
    const known = live?.nodes.find(({ id }) => id === old.value?.node)
    if (known !== undefined && (!runs(known) || (live?.blocked.length ?? 0) > 0)) return
    const led = ledBy(live)
    // Only what is new: the watcher that calls this looks at it, too.
    if (led !== null && (led.node !== old.value?.node || led.term !== old.value.term)) old.value = led
  }

  function go(to: number): void {
    const { value } = tour
    if (value === null) return
    at.value = Math.max(0, Math.min(value.steps.length, to))
    reached.value = false
    waited.value = 0
    if (step.value?.names === 'old') old.value = null
    baseline.value = reachedAt
    reachedAt = null
    const done = at.value === value.steps.length
    remember(value.id, { step: done ? 0 : at.value, done: done || progress.value[value.id]?.done === true })
    look()
  }

  function remember(id: string, now: TourProgress): void {
    progress.value = { ...progress.value, [id]: now }
    try {
      localStorage.setItem(STORED, JSON.stringify(progress.value))
    } catch {
      // Private windows may refuse; progress then lasts as long as the window.
    }
  }

  /** Begins a lesson, or goes on with it; `again`: from its first step. */
  function start(id: string, again = false): void {
    const wanted = tourOf(id)
    if (wanted === undefined) return
    leave()
    tour.value = wanted
    ticker = setInterval(() => waited.value++, TICK_MS)
    // What an earlier step named is gone with its window: such a lesson begins anew.
    const known = again ? 0 : (progress.value[id]?.step ?? 0)
    const named = wanted.steps.findIndex(({ names }) => names !== undefined)
    go(named >= 0 && known > named ? named : known)
  }

  function leave(): void {
    clearInterval(ticker)
    tour.value = null
    old.value = null
    baseline.value = null
    reachedAt = null
  }

  watch(sight, look)

  return {
    progress,
    tour,
    at,
    step,
    reached,
    hint,
    waited,
    told,
    start,
    leave,
    next: () => go(at.value + 1),
    back: () => go(at.value - 1),
  }
})
