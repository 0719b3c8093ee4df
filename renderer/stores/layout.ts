/** Sizes of the regions: automatic from the window until somebody drags a divider; remembered per machine. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'

const STORED = 'raft-workbench.layout.1'

/** px; limits of the mockup. */
export const LIMITS = {
  left: { min: 280, max: 480 },
  right: { min: 280, max: 420 },
  centre: { min: 480 },
  timeline: { min: 200, maxShare: 0.7 },
  ring: { min: 160, minBelow: 176 },
  /** Below this width the inspector lies over the logs. */
  overlayBelow: 1200,
  /** Below this height the timeline folds its tracks. */
  foldBelow: 900,
} as const
const TOP_BAR = 44
const STATUS_BAR = 24
const HEAD = 36

export type Divider = 'left' | 'right' | 'timeline' | 'ring'
type Sizes = Record<Divider, number | null>

export const clamp = (value: number, min: number, max: number) => Math.max(min, Math.min(Math.max(min, max), value))

function stored(): Sizes {
  const sizes: Sizes = { left: null, right: null, timeline: null, ring: null }
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
  const chosen = ref<Sizes>(stored())
  const inspectorOpen = ref(true)

  const overlay = computed(() => width.value < LIMITS.overlayBelow)
  const folded = computed(() => height.value < LIMITS.foldBelow)
  const middle = computed(() => height.value - TOP_BAR - STATUS_BAR)

  const right = computed(() => clamp(chosen.value.right ?? width.value * 0.155, right_.value.min, right_.value.max))
  const right_ = computed(() => {
    const room = width.value - LIMITS.centre.min - LIMITS.left.min
    const max = overlay.value ? LIMITS.right.max : Math.min(LIMITS.right.max, room)
    const automatic = chosen.value.right === null
    return { min: automatic ? 316 : LIMITS.right.min, max: automatic ? Math.min(max, 400) : max }
  })
  const left = computed(() => clamp(chosen.value.left ?? width.value * 0.17, limits.value.left.min, limits.value.left.max))
  const timeline = computed(() => {
    const automatic = folded.value ? middle.value * 0.33 : clamp(middle.value * 0.375, 312, 460)
    return clamp(chosen.value.timeline ?? automatic, limits.value.timeline.min, limits.value.timeline.max)
  })
  const ring = computed(() => {
    const room = middle.value - timeline.value - HEAD
    return clamp(chosen.value.ring ?? room * 0.58, limits.value.ring.min, limits.value.ring.max)
  })

  const limits = computed(() => {
    const inspector = overlay.value ? 0 : right.value
    const automaticLeft = chosen.value.left === null
    const leftMax = Math.min(LIMITS.left.max, width.value - LIMITS.centre.min - inspector)
    return {
      left: {
        min: automaticLeft ? Math.min(width.value < 1360 ? 312 : 344, leftMax) : LIMITS.left.min,
        max: automaticLeft ? Math.min(leftMax, 440) : leftMax,
      },
      right: right_.value,
      timeline: { min: LIMITS.timeline.min, max: middle.value * LIMITS.timeline.maxShare },
      ring: { min: LIMITS.ring.min, max: middle.value - timeline.value - HEAD - LIMITS.ring.minBelow },
    }
  })
  const sizes = computed<Record<Divider, number>>(() => ({
    left: left.value,
    right: right.value,
    timeline: timeline.value,
    ring: ring.value,
  }))
  /** What a divider may be set to (px). */
  function limitsOf(divider: Divider): { readonly min: number; readonly max: number } {
    const { max } = limits.value[divider]
    if (divider === 'left') return { min: LIMITS.left.min, max: Math.min(LIMITS.left.max, roomForLeft.value) }
    if (divider === 'right') return { min: LIMITS.right.min, max: Math.min(LIMITS.right.max, roomForRight.value) }
    return { min: limits.value[divider].min, max }
  }
  const roomForLeft = computed(() => width.value - LIMITS.centre.min - (overlay.value ? 0 : right.value))
  const roomForRight = computed(() => (overlay.value ? LIMITS.right.max : width.value - LIMITS.centre.min - left.value))

  /** `null` = automatic again. */
  function resize(divider: Divider, size: number | null): void {
    const { min, max } = limitsOf(divider)
    chosen.value = { ...chosen.value, [divider]: size === null ? null : Math.round(clamp(size, min, max)) }
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

  return { width, height, sizes, overlay, folded, inspectorOpen, limitsOf, resize, connect }
})
