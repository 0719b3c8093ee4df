/** Where the guide stands that tells a scenario or a lesson: above the regions, or beside them; never over them. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'

export type GuideSide = 'top' | 'right'

const STORED = 'raft-workbench.guide.1'
/** From this width on there is room beside the regions. */
const BESIDE_FROM = 1720

function stored(): GuideSide | null {
  try {
    const side = localStorage.getItem(STORED)
    return side === 'top' || side === 'right' ? side : null
  } catch {
    // A window that keeps nothing: the automatic side is good.
    return null
  }
}

/** What is told: a step, a step with something to do and a hint, or how it came out. */
type Told = 'step' | 'lesson' | 'result'
/** Above the regions: in a low window, and in a high one. */
const HEIGHTS: Readonly<Record<Told, readonly [low: number, high: number]>> = {
  step: [152, 188],
  lesson: [180, 240],
  result: [224, 300],
}

/** What the guide takes from the regions, in px. Pure. */
export function guideSize(
  side: GuideSide,
  { width, height, folded, tells }: Readonly<{ width: number; height: number; folded: boolean; tells: Told }>,
): { readonly width: number; readonly height: number } {
  if (folded) return { width: 0, height: 37 }
  if (side === 'right') return { width: width >= 2200 ? 440 : 352, height: 0 }
  const [small, roomy] = HEIGHTS[tells]
  return { width: 0, height: height >= 1100 ? roomy : small }
}

export const useGuideStore = defineStore('guide', () => {
  const chosen = ref<GuideSide | null>(stored())
  const folded = ref(false)

  function sideIn(width: number): GuideSide {
    return chosen.value ?? (width >= BESIDE_FROM ? 'right' : 'top')
  }
  watch(chosen, (side) => {
    try {
      if (side === null) localStorage.removeItem(STORED)
      else localStorage.setItem(STORED, side)
    } catch {
      // It then lasts as long as the window.
    }
  })
  return { chosen, folded, sideIn }
})
