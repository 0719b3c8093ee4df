/** What is drawn where: each fate of a message by its own shape, pairs, notes, causes, rules. */
import { describe, expect, test } from 'vitest'
import {
  type Causal,
  createLabels,
  type DrawScene,
  drawOverlay,
  drawPicture,
  edgeLine,
  layoutOf,
  type Painted,
  TimelineModel,
  themePalette,
  xOf,
} from '../../../main/timeline/diagram'
import { pictureWords } from '../../../main/timeline/export/picture/words'
import type { EventView } from '../../../main/timeline/views/types'
import { type Drawn, RecordingSurface } from './support/drawn'

const MS = 1e6
const palette = themePalette('dark')

/** Events in order, with only what matters written down. */
function eventsOf(...parts: readonly Record<string, unknown>[]): EventView[] {
  return parts.map((part, seq) => ({ seq, n: seq, node: 1, ...part }) as unknown as EventView)
}
const sent = (at: number, id: number, changes: object = {}) => ({
  kind: 'sent',
  t: at * MS,
  peer: 2,
  id,
  message: 'AppendEntries',
  term: 1,
  count: 1,
  ok: true,
  inReplyTo: 0,
  ...changes,
})
const received = (at: number, id: number, changes: object = {}) => ({
  kind: 'received',
  t: at * MS,
  node: 2,
  peer: 1,
  id,
  ...changes,
})
const dropped = (at: number, id: number, reason: string) => ({
  kind: 'dropped',
  t: at * MS,
  node: 2,
  sender: 1,
  receiver: 2,
  id,
  reason,
})
const ready = (node: number) => ({ kind: 'role', t: 0, node, role: 'follower', term: 1, reason: 'restarted' })

function sceneOf(events: readonly EventView[], changes: Partial<DrawScene> = {}): DrawScene {
  const model = new TimelineModel()
  model.sync(events)
  const { nodes } = model
  const { faultRows, operationRows, callRows, notes } = model.tracks
  return {
    layout: layoutOf({
      width: 1_000,
      height: 320,
      nodes: nodes.length,
      scroll: 0,
      faultRows,
      operationRows,
      callRows,
      notes: notes.length > 0,
    }),
    camera: { from: 0, to: 500 * MS },
    model,
    nodes,
    laneOf: new Map(nodes.map((id, lane) => [id, lane])),
    shows: () => true,
    dims: () => false,
    painted: () => undefined,
    paintedEvent: () => undefined,
    causal: null,
    bookmarks: [],
    extent: { from: 0, to: 500 * MS },
    now: 400 * MS,
    shown: 400 * MS,
    live: false,
    labels: createLabels(pictureWords('en')),
    selectedNode: null,
    hoverNode: null,
    ...changes,
  }
}

function drawn(scene: DrawScene): readonly Drawn[] {
  const surface = new RecordingSurface()
  drawPicture(surface, scene, palette)
  return surface.drawn
}

/** Where a message's line ends, as it is drawn. */
function endOf(scene: DrawScene, id: number, sender = 1, receiver = 2) {
  const edge = scene.model.edges.find(sender, receiver, id)!
  return { edge, line: edgeLine(scene.layout, scene.camera, scene.laneOf, edge, scene.model.known)! }
}
const near = (a: number, b: number, by = 6) => Math.abs(a - b) <= by

describe('the end of a message says what became of it', () => {
  const scene = sceneOf(
    eventsOf(
      ready(1),
      ready(2),
      sent(20, 1),
      received(40, 1),
      sent(100, 2),
      dropped(120, 2, 'blocked'),
      sent(180, 3),
      dropped(200, 3, 'unreachable'),
      sent(260, 4),
      { kind: 'held', t: 270 * MS, node: 2, peer: 1, id: 4 },
      sent(395, 5),
      sent(400, 6),
    ),
  )
  const all = drawn(scene)

  /** Danger strokes near a point: two crossing lines are ×, one level line is a wall. */
  function dangerAt(x: number, y: number) {
    const strokes = all.filter(({ what, colour }) => what === 'stroke' && colour === palette.danger)
    const lines = strokes.flatMap(({ points }) =>
      points.flatMap((from, i) => (i % 2 === 0 ? [{ from, to: points[i + 1]! }] : [])),
    )
    return lines.filter(({ from, to }) => near((from.x + to.x) / 2, x, 8) && near((from.y + to.y) / 2, y, 8))
  }

  test('delivered: an arrowhead at the receiver', () => {
    const { edge, line } = endOf(scene, 1)
    expect(edge.fate).toBe('received')
    const heads = all.filter(({ what, colour }) => what === 'fill' && colour === palette.term(1).solid)
    expect(heads.some(({ points }) => points.some(({ x, y }) => near(x, line.x2, 0.1) && near(y, line.y2, 0.1)))).toBe(
      true,
    )
    expect(dangerAt(line.x2, line.y2)).toEqual([])
  })

  test('dropped: two strokes that cross', () => {
    const { edge, line } = endOf(scene, 2)
    expect(edge.fate).toBe('dropped')
    const lines = dangerAt(line.x2, line.y2)
    expect(lines).toHaveLength(2)
    expect(lines.every(({ from, to }) => from.y !== to.y)).toBe(true)
  })

  test('to a dead node: a wall along its lane', () => {
    const { edge, line } = endOf(scene, 3)
    expect(edge.fate).toBe('unreachable')
    const lines = dangerAt(line.x2, line.y2)
    expect(lines).toHaveLength(1)
    expect(lines[0]!.from.y).toBe(lines[0]!.to.y)
  })

  test('held: an ink chip with two bars, and a dotted line until now', () => {
    const { line } = endOf(scene, 4)
    const chip = all.find(
      ({ what, colour, points }) =>
        what === 'fill' &&
        colour === palette.ink &&
        points.some(({ x, y }) => near(x + 6, line.x2, 1) && near(y + 6, line.y2, 1)),
    )
    expect(chip).toBeDefined()
    const dots = all.filter(({ what, dash }) => what === 'stroke' && dash.join() === '1,3')
    expect(dots.some(({ points }) => points.some(({ x }) => near(x, line.x2, 1)))).toBe(true)
  })

  test('in flight: a dotted line, its shape at the tip', () => {
    const { edge, line } = endOf(scene, 5)
    expect(edge.fate).toBe('flying')
    const tips = all.filter(({ what, colour }) => what === 'fill' && colour === palette.term(1).solid)
    expect(tips.some(({ points }) => points.some(({ x }) => near(x + 4.5, line.x2, 0.5)))).toBe(true)
  })

  test('a receiver that dies takes what was under way to it along', () => {
    const died = sceneOf(
      eventsOf(ready(1), ready(2), sent(20, 1), {
        kind: 'process',
        t: 30 * MS,
        node: 0,
        subject: 2,
        state: 'killed',
        pid: 1,
      }),
    )
    expect(died.model.edges.find(1, 2, 1)?.fate).toBe('unreachable')
  })

  test('what is never heard of again is an open ring on the way, and no ×', () => {
    const scene = sceneOf(eventsOf(ready(1), ready(2), sent(20, 1), sent(30_000, 2)))
    scene.model.edges.forgetOlderThan(scene.model.known)
    const { edge, line } = endOf(scene, 1)
    expect(edge.fate).toBe('lost')
    const surface = new RecordingSurface()
    drawPicture(surface, scene, palette)
    const ring = surface.drawn.find(({ what, arcs }) => what === 'stroke' && arcs.some(({ radius }) => radius === 2.75))
    expect(ring?.arcs[0]).toBeDefined()
    expect(near(ring!.arcs[0]!.x, line.x2, 8)).toBe(true)
    expect(
      surface.drawn.filter(
        ({ what, colour, points }) => what === 'stroke' && colour === palette.danger && points.length > 0,
      ),
    ).toEqual([])
  })
})

describe('request and reply', () => {
  const events = eventsOf(
    ready(1),
    ready(2),
    sent(20, 1),
    received(40, 1),
    sent(50, 9, { node: 2, peer: 1, message: 'AppendEntriesReply', inReplyTo: 1, ok: false }),
    received(70, 9, { node: 1, peer: 2 }),
    sent(100, 2),
  )
  const scene = sceneOf(events)

  test('know each other, whichever is asked', () => {
    const { edges } = scene.model
    expect(edges.pairOf(edges.find(1, 2, 1)!)).toBe(edges.find(2, 1, 9))
    expect(edges.pairOf(edges.find(2, 1, 9)!)).toBe(edges.find(1, 2, 1))
    expect(edges.pairOf(edges.find(1, 2, 2)!)).toBeUndefined()
  })

  test('are lit up together', () => {
    const lit = (id: number) => {
      const surface = new RecordingSurface()
      const hoverEdge = scene.model.edges.find(1, 2, id)
      drawOverlay(
        surface,
        { ...scene, pin: null, cross: null, hoverEdge, selectedEdge: undefined, hoverMark: undefined },
        palette,
      )
      return surface.drawn.filter(
        ({ what, colour, points }) => what === 'stroke' && colour === palette.text && points.length === 2,
      )
    }
    expect(lit(1)).toHaveLength(2)
    expect(lit(2)).toHaveLength(1)
  })

  test('a refusal has a slash', () => {
    const { line } = endOf(scene, 9, 2, 1)
    const slash = drawn(scene).find(
      ({ what, arcs }) => what === 'stroke' && arcs.some(({ radius, x }) => radius === 3.25 && near(x, line.x1, 0.1)),
    )
    expect(slash?.points).toHaveLength(2)
  })
})

describe('notes', () => {
  test('are flags with their text; a bookmark is an outline', () => {
    const events = eventsOf(ready(1), { kind: 'note', t: 100 * MS, node: 0, text: 'here it began' })
    const scene = sceneOf(events, { bookmarks: [{ seq: 1, t: 300 * MS, text: 'look here', kind: 'bookmark' }] })
    const all = drawn(scene)
    const flagAt = (t: number) =>
      all.find(
        ({ what, points }) =>
          what === 'fill' && points.length === 3 && near(points[0]!.x, xOf(scene.camera, scene.layout.plot, t), 0.1),
      )
    expect(flagAt(100 * MS)?.colour).toBe(palette.text)
    expect(flagAt(300 * MS)?.colour).toBe(palette.canvas)
    const texts = all.filter(({ what }) => what === 'text').map(({ text }) => text)
    expect(texts).toContain('here it began')
    expect(texts).toContain('look here')
    expect(texts).toContain('Notes')
  })

  test('without any there is no such track', () => {
    const texts = drawn(sceneOf(eventsOf(ready(1)))).map(({ text }) => text)
    expect(texts).not.toContain('Notes')
  })
})

describe('causes', () => {
  const events = eventsOf(
    ready(1),
    ready(2),
    sent(20, 1),
    received(40, 1),
    sent(60, 2),
    received(80, 2),
    sent(100, 3),
    received(120, 3),
  )
  const causal: Causal = { origin: 5, past: new Set([2, 3, 4]), future: new Set([6, 7]), path: [2, 3, 5] }
  const all = drawn(sceneOf(events, { causal }))
  const linesOf = (colour: string) =>
    all.filter(({ what, colour: of, points }) => what === 'stroke' && of === colour && points.length >= 2)

  test('what is in neither past nor future steps back', () => {
    const plain = drawn(sceneOf(events, { causal: { ...causal, past: new Set([2, 3]), future: new Set() } }))
    const back = plain.filter(
      ({ what, colour, points }) => what === 'stroke' && colour === palette.term(1).solid && points.length >= 2,
    )
    expect(back.length).toBeGreaterThan(0)
    expect(back.every(({ alpha }) => alpha < 0.2)).toBe(true)
  })

  test('a path strikes nothing through: a word on its lane that lies under it is left out', () => {
    const leading = eventsOf({ ...ready(1), role: 'leader' }, ready(2), sent(20, 1), received(40, 1), {
      ...ready(1),
      t: 300 * MS,
      role: 'leader',
      term: 2,
    })
    const written = (path: readonly number[]) =>
      drawn(sceneOf(leading, { causal: { origin: 4, past: new Set(path), future: new Set(), path } }))
        .filter(({ what }) => what === 'text')
        .map(({ text }) => text)
    // Along the whole of the first leader's band; across from one lane to the other.
    expect(written([0, 2, 4])).not.toContain('leader T1')
    expect(written([3])).toContain('leader T1')
  })

  test('past and future differ by colour and by stroke', () => {
    expect(linesOf(palette.accent).some(({ dash, width }) => dash.length === 0 && width === 1.75)).toBe(true)
    expect(linesOf(palette.ink).some(({ dash, width }) => dash.length > 0 && width === 1.75)).toBe(true)
  })

  test('the path is strong and its steps are numbered', () => {
    expect(linesOf(palette.accent).some(({ width, points }) => width === 3 && points.length === 3)).toBe(true)
    const numbers = all
      .filter(({ what, colour }) => what === 'text' && colour === palette.accentInk)
      .map(({ text }) => text)
    expect(numbers).toEqual(['1', '2', '3'])
  })
})

test('a rule colours a message and says by number which it is', () => {
  const painted: Painted = { colour: 'rose', rule: 4 }
  const events = eventsOf(ready(1), ready(2), sent(20, 1), received(40, 1), sent(60, 2), received(80, 2))
  const all = drawn(sceneOf(events, { painted: (edge) => (edge.id === 1 ? painted : undefined) }))
  const rose = all.filter(
    ({ what, colour, points }) => what === 'stroke' && colour === palette.rule('rose') && points.length === 2,
  )
  expect(rose).toHaveLength(1)
  expect(all.filter(({ what, text }) => what === 'text' && text === '4')).toHaveLength(1)
})

test('a line across hours is cut far outside of the picture, where it would be drawn badly', () => {
  const events = eventsOf(ready(1), ready(2), sent(1, 1), received(3_600_000, 1))
  const scene = sceneOf(events, {
    camera: { from: 1_800_000 * MS, to: 1_800_000 * MS + 1_000 },
    now: 3_600_000 * MS,
    extent: { from: 0, to: 3_600_000 * MS },
  })
  const xs = drawn(scene)
    .filter(({ what }) => what === 'stroke')
    .flatMap(({ points }) => points.map(({ x }) => Math.abs(x)))
  expect(Math.max(...xs)).toBeLessThan(10_000)
})
