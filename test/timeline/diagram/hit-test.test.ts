import { describe, expect, test } from 'vitest'
import { xOf } from '../../../main/timeline/diagram/camera'
import type { Edge } from '../../../main/timeline/diagram/edges'
import { distanceTo, edgeLine } from '../../../main/timeline/diagram/geometry'
import { hitTest, type Scene, snapTo } from '../../../main/timeline/diagram/hit-test'
import { laneY, layoutOf, minimapX } from '../../../main/timeline/diagram/layout'
import { TimelineModel } from '../../../main/timeline/diagram/model'
import { SCENES } from '../../renderer/preview-diagrams/scenes'

function sceneOf(name: string, camera: Scene['camera'], changes: Partial<Scene> = {}): Scene {
  const model = new TimelineModel()
  model.sync(SCENES[name]?.().events ?? [])
  const { faultRows, operationRows, callRows } = model.tracks
  const { nodes } = model
  return {
    layout: layoutOf({
      width: 1_440,
      height: 276,
      nodes: nodes.length,
      scroll: 0,
      faultRows,
      operationRows,
      callRows,
      notes: false,
    }),
    camera,
    model,
    nodes,
    laneOf: new Map(nodes.map((id, lane) => [id, lane])),
    shows: () => true,
    extent: { from: 0, to: model.known },
    bookmarks: [],
    ...changes,
  }
}

function someEdge(scene: Scene, fits: (edge: Edge) => boolean): Edge {
  let found: Edge | undefined
  scene.model.edges.visit(scene.camera.from + 2e7, scene.camera.to - 4e7, (edge) => {
    if (found === undefined && edge.sentAt > scene.camera.from && fits(edge)) found = edge
  })
  if (found === undefined) throw new Error('no such edge')
  return found
}

describe('what the pointer is over', () => {
  const scene = sceneOf('five', { from: 2.2e9, to: 3.4e9 })

  test('the middle of a message is that message', () => {
    const edge = someEdge(scene, (e) => e.fate === 'received' && e.message === 'RequestVote')
    const line = edgeLine(scene.layout, scene.camera, scene.laneOf, edge, scene.model.known)
    expect(line).toBeDefined()
    const hit = hitTest(scene, ((line?.x1 ?? 0) + (line?.x2 ?? 0)) / 2, ((line?.y1 ?? 0) + (line?.y2 ?? 0)) / 2)
    expect(hit).toMatchObject({ kind: 'edge', edge: { sender: edge.sender, message: 'RequestVote' } })
  })

  test('a message that is not shown cannot be hit', () => {
    const none = { ...scene, shows: () => false }
    const edge = someEdge(scene, (e) => e.fate === 'dropped')
    const line = edgeLine(scene.layout, scene.camera, scene.laneOf, edge, scene.model.known)
    const at = [((line?.x1 ?? 0) + (line?.x2 ?? 0)) / 2, ((line?.y1 ?? 0) + (line?.y2 ?? 0)) / 2] as const
    expect(hitTest(scene, ...at).kind).toBe('edge')
    expect(hitTest(none, ...at).kind).not.toBe('edge')
  })

  test('axis, minimap, labels and tracks are told apart', () => {
    const { layout, camera } = scene
    expect(hitTest(scene, 600, 5).kind).toBe('axis')
    expect(hitTest(scene, 600, layout.minimap.top + 5).kind).toBe('minimap')
    expect(hitTest(scene, 30, laneY(layout, 2))).toEqual({ kind: 'label', node: 3 })
    const inPartition = xOf(camera, layout.plot, 3e9)
    expect(hitTest(scene, inPartition, layout.faults.top + 3)).toMatchObject({
      kind: 'fault',
      fault: { type: 'partition' },
    })
    expect(hitTest(scene, inPartition, layout.calls.top + 6)).toMatchObject({
      kind: 'call',
      call: { outcome: 'pending' },
    })
    expect(hitTest(scene, inPartition, layout.commits.top + 8)).toMatchObject({ kind: 'commit' })
  })

  test('a process that was killed is marked on its lane', () => {
    const killed = sceneOf('faults', { from: 1e9, to: 3e9 })
    const mark = [...killed.model.lanes.values()].flatMap((lane) => lane.marks).find((m) => m.kind === 'killed')
    expect(mark).toBeDefined()
    const x = xOf(killed.camera, killed.layout.plot, mark?.t ?? 0)
    const y = laneY(killed.layout, killed.laneOf.get(mark?.node ?? 0) ?? 0)
    expect(hitTest(killed, x, y)).toMatchObject({ kind: 'mark', mark: { kind: 'killed' } })
  })

  test('a click snaps to the nearest event within reach', () => {
    const event = scene.model.range(2.5e9, 3e9)[10]
    expect(event).toBeDefined()
    const x = xOf(scene.camera, scene.layout.plot, event?.t ?? 0)
    expect(snapTo(scene, x + 2)?.t).toBeCloseTo(event?.t ?? 0, -7)
    expect(snapTo({ ...scene, camera: { from: 90e9, to: 91e9 } }, 500)).toBeUndefined()
  })
})

describe('distance to a line', () => {
  const line = { x1: 0, y1: 0, x2: 10, y2: 0 }
  test('is to the stretch, not to the endless line', () => {
    expect(distanceTo(line, 5, 3)).toBe(3)
    expect(distanceTo(line, 14, 3)).toBe(5)
    expect(distanceTo({ x1: 2, y1: 2, x2: 2, y2: 2 }, 5, 6)).toBe(5)
  })

  test('finds the edges of the minimap’s window, also of a narrow one', () => {
    const scene = sceneOf('five', { from: 1e9, to: 2e9 }, { extent: { from: 0, to: 4.8e9 } })
    const y = scene.layout.minimap.top + 8
    const at = (t: number) => minimapX(scene.layout, scene.extent, t)
    const part = (x: number) => {
      const hit = hitTest(scene, x, y)
      return hit.kind === 'minimap' ? hit.part : hit.kind
    }
    expect(part(at(1e9))).toBe('from')
    expect(part(at(2e9))).toBe('to')
    expect(part(at(1.5e9))).toBe('window')
    expect(part(at(3e9))).toBe('outside')
    const narrow = { ...scene, camera: { from: 1e9, to: 1.001e9 } }
    const edge = (x: number) => {
      const hit = hitTest(narrow, x, y)
      return hit.kind === 'minimap' ? hit.part : hit.kind
    }
    expect(edge(at(1e9) - 4)).toBe('from')
    expect(edge(at(1.001e9) + 4)).toBe('to')
  })

  test('finds a bookmark in the row of notes, and at the axis where there is no such row', () => {
    const bookmarks = [{ seq: 7, t: 2e9, text: 'look', kind: 'bookmark' as const }]
    for (const height of [420, 190]) {
      const plain = sceneOf('five', { from: 0, to: 4.8e9 }, { bookmarks })
      const { faultRows, operationRows, callRows } = plain.model.tracks
      const nodes = plain.nodes.length
      const layout = layoutOf({
        width: 1_440,
        height,
        nodes,
        scroll: 0,
        faultRows,
        operationRows,
        callRows,
        notes: true,
      })
      const scene = { ...plain, layout }
      const hit = hitTest(scene, xOf(scene.camera, layout.plot, 2e9) + 3, layout.notes.top + 5)
      expect(hit).toEqual({ kind: 'flag', flag: bookmarks[0] })
      expect(layout.notes.top < layout.axis.height).toBe(height === 190)
    }
  })
})
