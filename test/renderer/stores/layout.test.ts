import { describe, expect, it } from 'vitest'
import { type ChosenSizes, computeLayout } from '../../../renderer/stores/layout'

const automatic: ChosenSizes = { left: null, right: null, timeline: null, ring: null }
const sizes = [
  [1024, 700],
  [1200, 800],
  [1280, 800],
  [1440, 900],
  [1920, 1080],
  [2560, 1440],
  [3840, 2160],
] as const

describe('the layout grid', () => {
  it.each(sizes)('leaves the logs at least 480 px at %i × %i', (width, height) => {
    for (const chosen of [automatic, { ...automatic, left: 480, right: 420 }, { ...automatic, left: 280 }]) {
      const { sizes: got, overlay } = computeLayout(width, height, chosen)
      expect(width - got.left - (overlay ? 0 : got.right)).toBeGreaterThanOrEqual(480)
    }
  })
  it.each(sizes)('keeps its limits at %i × %i, whatever was dragged', (width, height) => {
    for (const wild of [-500, 0, 5, 5000]) {
      const { sizes: got, limits } = computeLayout(width, height, {
        left: wild,
        right: wild,
        timeline: wild,
        ring: wild,
      })
      for (const divider of ['left', 'right', 'timeline', 'ring'] as const) {
        expect(got[divider]).toBeGreaterThanOrEqual(limits[divider].min)
        expect(got[divider]).toBeLessThanOrEqual(Math.max(limits[divider].min, limits[divider].max))
      }
    }
  })
  it('stands as in the mockup at 1440 × 900', () => {
    const { sizes: got } = computeLayout(1440, 900, automatic)
    expect(got.left).toBe(344)
    expect(got.right).toBe(316)
    expect(got.timeline).toBe(312)
  })
  it('lays the inspector over the logs below 1200 and folds the timeline below 900', () => {
    expect(computeLayout(1199, 900, automatic)).toMatchObject({ overlay: true, folded: false })
    expect(computeLayout(1200, 899, automatic)).toMatchObject({ overlay: false, folded: true })
  })
  it('never gives the timeline more than 70 % of the middle', () => {
    const { sizes: got } = computeLayout(1440, 900, { ...automatic, timeline: 2000 })
    expect(got.timeline).toBe(Math.round((900 - 68) * 0.7))
  })
})
