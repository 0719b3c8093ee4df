/** Sizes of the regions: automatic from the window until somebody drags a divider; remembered per machine. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'

const STORED = 'raft-workbench.layout.1'

const TOP_BAR = 44
const STATUS_BAR = 24
const CENTRE_MIN = 480
/** Left tabs below the ring: their bar and a few rows. */
const BELOW_RING_MIN = 176
/** So little height is left beside a guide that the ring needs more of it than what stands below. */
const LOW = 600
const BELOW_RING_MIN_LOW = 112
/** Below this width the inspector lies over the logs; below this height the timeline folds its tracks. */
const OVERLAY_BELOW = 1200
const FOLD_BELOW = 900

export type Divider = 'left' | 'right' | 'timeline' | 'ring'
/** px; `null` = automatic. */
export type ChosenSizes = Readonly<Record<Divider, number | null>>
export interface Limits {
  readonly min: number
  readonly max: number
}
export interface Layout {
  readonly overlay: boolean
  readonly folded: boolean
  readonly sizes: Readonly<Record<Divider, number>>
  readonly limits: Readonly<Record<Divider, Limits>>
}

const clamp = (value: number, { min, max }: Limits) => Math.round(Math.max(min, Math.min(Math.max(min, max), value)))

/** Where everything stands in a window of this size. Pure; limits are those of the mockup's layout grid. */
export function computeLayout(width: number, height: number, chosen: ChosenSizes): Layout {
  const overlay = width < OVERLAY_BELOW
  const folded = height < FOLD_BELOW
  const middle = height - TOP_BAR - STATUS_BAR

  const automaticLeft = clamp(width * 0.17, { min: 344, max: 440 })
  const wantedLeft = chosen.left ?? automaticLeft
  const rightLimits = { min: 280, max: overlay ? 420 : Math.min(420, width - CENTRE_MIN - wantedLeft) }
  const right = clamp(chosen.right ?? clamp(width * 0.155, { min: 316, max: 400 }), rightLimits)
  const leftLimits = { min: 280, max: Math.min(480, width - CENTRE_MIN - (overlay ? 0 : right)) }
  const left = clamp(wantedLeft, leftLimits)

  const timelineLimits = { min: 200, max: Math.round(middle * 0.7) }
  const automaticTimeline = folded ? middle * 0.34 : clamp(middle * 0.375, { min: 312, max: 480 })
  const timeline = clamp(chosen.timeline ?? automaticTimeline, timelineLimits)

  const upper = middle - timeline
  const isLow = middle < LOW
  const ringLimits = { min: 160, max: upper - (isLow ? BELOW_RING_MIN_LOW : BELOW_RING_MIN) }
  const ring = clamp(chosen.ring ?? upper * (isLow ? 0.68 : 0.6), ringLimits)

  return {
    overlay,
    folded,
    sizes: { left, right, timeline, ring },
    limits: { left: leftLimits, right: rightLimits, timeline: timelineLimits, ring: ringLimits },
  }
}

function stored(): ChosenSizes {
  const sizes: Record<Divider, number | null> = { left: null, right: null, timeline: null, ring: null }
  try {
    const read: unknown = JSON.parse(localStorage.getItem(STORED) ?? '{}')
    if (typeof read !== 'object' || read === null) return sizes
    for (const key of Object.keys(sizes) as Divider[]) {
      const value = (read as Record<string, unknown>)[key]
      if (typeof value === 'number' && Number.isFinite(value)) sizes[key] = value
    }
  } catch {
    // A broken memory is no memory: the automatic sizes are good.
  }
  return sizes
}

export const useLayoutStore = defineStore('layout', () => {
  const width = ref(window.innerWidth)
  const height = ref(window.innerHeight)
  const chosen = ref<ChosenSizes>(stored())
  /** Whether the inspector is shown where it lies over the logs. */
  const inspectorOpen = ref(false)

  /** px that something beside the regions needs. */
  const taken = shallowRef<{ readonly width: number; readonly height: number }>({ width: 0, height: 0 })

  const layout = computed(() =>
    computeLayout(width.value - taken.value.width, height.value - taken.value.height, chosen.value),
  )
  const overlay = computed(() => layout.value.overlay)
  const folded = computed(() => layout.value.folded)
  const sizes = computed(() => layout.value.sizes)
  const limits = computed(() => layout.value.limits)

  /** Sets a divider within its limits; `null` = automatic again. */
  function resize(divider: Divider, size: number | null): void {
    chosen.value = {
      ...chosen.value,
      [divider]: size === null ? null : clamp(size, limits.value[divider]),
    }
  }

  watch(chosen, (value) => {
    try {
      localStorage.setItem(STORED, JSON.stringify(value))
    } catch {
      // Private windows may refuse; the sizes then last as long as the window.
    }
  })

  /** Follows the window's size. @returns a function that stops */
  function connect(): () => void {
    const follow = () => {
      width.value = window.innerWidth
      height.value = window.innerHeight
    }
    follow()
    window.addEventListener('resize', follow)
    return () => window.removeEventListener('resize', follow)
  }

  return { width, height, taken, overlay, folded, sizes, limits, inspectorOpen, resize, connect }
})
