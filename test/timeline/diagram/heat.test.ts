/** Counts in place of messages: taller where there were more, a red head and a cross where they were lost. */
import { describe, expect, test } from 'vitest'
import {
  createLabels,
  type DrawScene,
  drawPicture,
  laneY,
  layoutOf,
  TimelineModel,
  themePalette,
} from '../../../main/timeline/diagram'
import { pictureWords } from '../../../main/timeline/export/picture/words'
import type { Overview } from '../../../main/timeline/overview/types'
import { RecordingSurface } from './support/drawn'

const palette = themePalette('dark')
const PARTS = 100
const zeros = (): number[] => new Array<number>(PARTS).fill(0)

function sceneOf(counts: Partial<Overview>, strength = 1): DrawScene {
  const model = new TimelineModel()
  for (const node of [1, 2]) model.lane(node)
  const calls = { asked: zeros(), ok: zeros(), failed: zeros(), unknown: zeros() }
  const span = { from: 0, to: PARTS, buckets: PARTS, total: 0, whole: true, damaged: 0 }
  const all = { ...span, events: zeros(), lanes: [], calls, commits: zeros(), ...counts }
  model.afar = { counts: all, strength }
  const rows = { faultRows: 1, operationRows: 0, callRows: 1, notes: false }
  return {
    layout: layoutOf({ width: 1_148, height: 320, nodes: 2, scroll: 0, ...rows }),
    camera: { from: 0, to: PARTS },
    model,
    nodes: [1, 2],
    laneOf: new Map([
      [1, 0],
      [2, 1],
    ]),
    shows: () => true,
    dims: () => false,
    painted: () => undefined,
    paintedEvent: () => undefined,
    causal: null,
    bookmarks: [],
    extent: { from: 0, to: PARTS },
    now: PARTS,
    shown: PARTS,
    live: false,
    labels: createLabels(pictureWords('en')),
    selectedNode: null,
    hoverNode: null,
  }
}

function drawn(scene: DrawScene) {
  const surface = new RecordingSurface()
  drawPicture(surface, scene, palette)
  return surface.drawn
}

/** Tops of the bars of a colour that stand on a lane. */
function barsOn(scene: DrawScene, lane: number, colour: string) {
  const middle = laneY(scene.layout, lane)
  const half = scene.layout.laneHeight / 2
  return drawn(scene)
    .filter((one) => one.what === 'fill' && one.colour === colour)
    .flatMap(({ points }) => points)
    .filter(({ y }) => y > middle - half && y < middle + half)
}

describe('counts of messages', () => {
  const messages = zeros().map((_, place) => (place < 50 ? 100 : 25))

  test('are bars along the foot of their lane, taller where there were more', () => {
    const scene = sceneOf({ lanes: [{ node: 2, messages, dropped: zeros() }] })
    const bars = barsOn(scene, 1, palette.text3)
    expect(bars).toHaveLength(PARTS)
    const foot = laneY(scene.layout, 1) + scene.layout.laneHeight / 2 - 1
    const [many, few] = [foot - (bars[0]?.y ?? 0), foot - (bars.at(-1)?.y ?? 0)]
    // A quarter of the messages is half as tall.
    expect(many / few).toBeCloseTo(2, 1)
    expect(barsOn(scene, 0, palette.text3)).toEqual([])
  })

  test('bear a red head and a cross where many were dropped, a head alone where few were', () => {
    const dropped = zeros().map((_, place) => (place === 10 ? 50 : place === 80 ? 1 : 0))
    const scene = sceneOf({ lanes: [{ node: 1, messages, dropped }] })
    expect(barsOn(scene, 0, palette.danger)).toHaveLength(2)
    const crosses = drawn(scene).filter((one) => one.what === 'stroke' && one.colour === palette.danger)
    expect(crosses.flatMap(({ points }) => points)).toHaveLength(4)
  })

  test('come in as faintly as they are told to, and not at all at first', () => {
    const lanes = [{ node: 1, messages, dropped: zeros() }]
    const alphas = (strength: number) =>
      drawn(sceneOf({ lanes }, strength))
        .filter((one) => one.what === 'fill' && one.colour === palette.text3 && one.points.length === PARTS)
        .map(({ alpha }) => alpha)
    expect(alphas(0)).toEqual([])
    expect(alphas(0.3)).toEqual([0.3])
  })

  test('are gathered to bars that can be told apart when they are finer than that', () => {
    const scene = sceneOf({ lanes: [{ node: 1, messages, dropped: zeros() }] })
    const far = { ...scene, camera: { from: -900, to: 1_100 } }
    const bars = barsOn(far, 0, palette.text3)
    expect(bars.length).toBeLessThan(PARTS / 4)
    expect(bars.length).toBeGreaterThan(5)
    for (const [place, bar] of bars.slice(1).entries()) expect(bar.x - (bars[place]?.x ?? 0)).toBeGreaterThanOrEqual(3)
  })
})

describe('counts of calls', () => {
  test('stand from below when they were answered, from above when they failed, hollow when nobody knows', () => {
    const one = (at: number) => zeros().map((_, place) => (place === at ? 9 : 0))
    const calls = { asked: zeros(), ok: one(5), failed: one(20), unknown: one(40) }
    const scene = sceneOf({ calls })
    const { top, height } = scene.layout.calls
    const inTrack = drawn(scene).filter(({ points: [at] }) => at !== undefined && at.y >= top && at.y < top + height)
    const good = inTrack.find((one) => one.what === 'fill' && one.colour === palette.text3)
    const failed = inTrack.find((one) => one.what === 'fill' && one.colour === palette.danger)
    expect(good?.points).toHaveLength(1)
    expect(failed?.points[0]?.y).toBe(top + 1)
    expect(inTrack.filter((one) => one.what === 'strokeRect' && one.colour === palette.warn)).toHaveLength(1)
  })
})
