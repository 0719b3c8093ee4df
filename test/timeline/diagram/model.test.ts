import { describe, expect, test } from 'vitest'
import { Density } from '../../../main/timeline/diagram/density'
import { Edges } from '../../../main/timeline/diagram/edges'
import { TimelineModel } from '../../../main/timeline/diagram/model'
import type { EventView } from '../../../preload/contract'
import { SCENES } from '../../renderer/preview-diagrams/scenes'
import { Simulation } from '../../renderer/preview-diagrams/simulate'
import { SENT_ENTRY } from '../../support/events'

function partitioned(): Simulation {
  const scene = SCENES.five
  if (scene === undefined) throw new Error('no scene')
  return scene()
}

function modelOf(events: readonly EventView[]): TimelineModel {
  const model = new TimelineModel()
  model.sync(events)
  return model
}

const sent = (seq: number, changes: Partial<EventView<'sent'>> = {}): EventView<'sent'> => ({
  kind: 'sent',
  seq,
  n: seq,
  node: 1,
  t: seq * 1e6,
  ...SENT_ENTRY,
  id: seq,
  ...changes,
})

describe('the model of a partitioned cluster', () => {
  const simulation = partitioned()
  const model = modelOf(simulation.events)

  test('each lane knows the role and term that its node has at the end', () => {
    for (const node of simulation.moment().nodes) {
      expect(model.lane(node.id).last).toMatchObject({ state: node.role, term: node.currentTerm })
    }
  })

  test('segments follow on each other without holes', () => {
    for (const lane of model.lanes.values()) {
      lane.segments.forEach((segment, i) => {
        const next = lane.segments[i + 1]
        expect(segment.to).toBe(next === undefined ? Number.POSITIVE_INFINITY : next.from)
        expect(segment.to).toBeGreaterThan(segment.from)
      })
    }
  })

  test('every message that was sent is an edge with the fate that its receiver reported', () => {
    const fates = new Map<string, string>()
    for (const event of simulation.events) {
      if (event.kind === 'received') fates.set(`${event.peer}:${event.id}`, 'received')
      if (event.kind === 'dropped') fates.set(`${event.sender}:${event.id}`, 'dropped')
    }
    let seen = 0
    model.edges.visit(0, Number.POSITIVE_INFINITY, (edge) => {
      seen++
      expect(edge.fate).toBe(fates.get(`${edge.sender}:${edge.id}`) ?? 'flying')
    })
    expect(seen).toBe(simulation.events.filter((event) => event.kind === 'sent').length)
    expect([...fates.values()]).toContain('dropped')
  })

  test('committed steps rise to what the cluster has committed', () => {
    const highest = Math.max(...simulation.moment().nodes.map((node) => node.commitIndex))
    expect(model.tracks.commits.at(-1)?.index).toBe(highest)
    const indices = model.tracks.commits.map((step) => step.index)
    expect(indices).toEqual([...indices].sort((a, b) => a - b))
  })

  test('calls without an answer stay open, the partition goes on', () => {
    expect(model.tracks.calls.filter((call) => call.to === Number.POSITIVE_INFINITY)).toHaveLength(3)
    expect(model.tracks.faults).toMatchObject([{ type: 'partition', to: Number.POSITIVE_INFINITY }])
  })

  test('built bit by bit it is the same as built at once', () => {
    const grown = new TimelineModel()
    for (let end = 1; end <= simulation.events.length; end += 37) grown.sync(simulation.events.slice(0, end))
    grown.sync(simulation.events)
    expect([...grown.lanes].map(([id, lane]) => [id, lane.segments])).toEqual(
      [...model.lanes].map(([id, lane]) => [id, lane.segments]),
    )
    expect(grown.edges.size).toBe(model.edges.size)
    expect(grown.tracks).toEqual(model.tracks)
    expect([...grown.density.counts]).toEqual([...model.density.counts])
  })

  test('a window touches the edges that cross it and no others', () => {
    const all: string[] = []
    model.edges.visit(0, Number.POSITIVE_INFINITY, (edge) => {
      const end = edge.fate === 'flying' ? Number.POSITIVE_INFINITY : edge.endAt
      if (edge.sentAt <= 2.5e9 && end >= 2.45e9) all.push(`${edge.sender}:${edge.id}`)
    })
    const windowed: string[] = []
    model.edges.visit(2.45e9, 2.5e9, (edge) => windowed.push(`${edge.sender}:${edge.id}`))
    expect(windowed.sort()).toEqual(all.sort())
    expect(windowed.length).toBeGreaterThan(0)
  })
})

describe('the model', () => {
  test('starts anew when another window of the recording is loaded', () => {
    const { events } = partitioned()
    const model = modelOf(events.slice(600))
    expect(model.sync(events.slice(0, 500))).toBe(true)
    expect(model.known).toBe(events[499]?.t)
    expect(model.sync(events.slice(0, 600))).toBe(false)
    expect(model.known).toBe(events[599]?.t)
  })

  test('finds events by their place and by time', () => {
    const { events } = partitioned()
    const model = modelOf(events.slice(100, 900))
    expect(model.event(500)).toBe(events[500])
    expect(model.event(50)).toBeUndefined()
    const range = model.range(1e9, 1.2e9)
    expect(range).toEqual(events.slice(100, 900).filter((event) => event.t >= 1e9 && event.t <= 1.2e9))
  })

  test('a kill shuts the lane and loses what was under way to the node', () => {
    const simulation = new Simulation(3, 20)
    simulation.run(1_000)
    simulation.put('x', '1')
    const victim = simulation.leader === 1 ? 2 : 1
    simulation.kill(victim)
    simulation.run(100)
    const model = modelOf(simulation.events)
    expect(model.lane(victim).last?.state).toBe('down')
    expect(model.lane(victim).marks.at(-1)?.kind).toBe('killed')
    let lost = 0
    model.edges.visit(0, Number.POSITIVE_INFINITY, (edge) => {
      if (edge.fate !== 'unreachable') return
      lost++
      expect(edge.receiver).toBe(victim)
    })
    expect(lost).toBeGreaterThan(0)
  })

  test('a pause hatches the lane, and going on brings the role back', () => {
    const simulation = new Simulation(3, 5)
    simulation.run(1_000)
    const { leader } = simulation
    simulation.pause(leader)
    const model = modelOf(simulation.events)
    expect(model.lane(leader).last?.state).toBe('paused')
    const last = simulation.events.at(-1)
    const resumed: EventView<'process'> = {
      kind: 'process',
      seq: (last?.seq ?? 0) + 1,
      n: 1,
      node: 0,
      t: (last?.t ?? 0) + 1e6,
      subject: leader,
      state: 'resumed',
      pid: 1,
      incarnation: 0,
      exitCode: 0,
      signal: '',
    }
    model.sync([...simulation.events, resumed])
    expect(model.lane(leader).last?.state).toBe('leader')
  })

  test('a state from before the first event fills lanes that don’t know it', () => {
    const { events, moment } = (() => {
      const simulation = new Simulation(3, 5)
      simulation.run(1_500)
      return { events: simulation.events, moment: simulation.moment() }
    })()
    const late = events.filter((event) => event.t > 1.2e9)
    const model = modelOf(late)
    expect(model.lanes.get(1)?.segments ?? []).toEqual([])
    model.seed({ ...moment, t: late[0]?.t ?? 0 })
    for (const node of moment.nodes)
      expect(model.lane(node.id).last).toMatchObject({ state: node.role, term: node.currentTerm })
  })
})

describe('edges', () => {
  test('answers to heartbeats are heartbeats, answers to entries are not', () => {
    const edges = new Edges()
    edges.sent(sent(1, { count: 0 }))
    edges.sent(sent(2, { count: 3 }))
    edges.sent(sent(3, { node: 2, peer: 1, message: 'AppendEntriesReply', inReplyTo: 1 }))
    edges.sent(sent(4, { node: 2, peer: 1, message: 'AppendEntriesReply', inReplyTo: 2, ok: false }))
    expect(edges.find(2, 1, 3)).toMatchObject({ heartbeat: true, reply: true, refused: false })
    expect(edges.find(2, 1, 4)).toMatchObject({ heartbeat: false, reply: true, refused: true })
  })

  test('old ones leave, those under way included', () => {
    const edges = new Edges()
    for (let seq = 1; seq <= 1_000; seq++) edges.sent(sent(seq))
    edges.trimBefore(700)
    expect(edges.find(1, 2, 200)).toBeUndefined()
    expect(edges.find(1, 2, 700)).toBeDefined()
    let seen = 0
    edges.visit(0, 1e12, () => seen++)
    expect(seen).toBe(edges.size)
    expect(seen).toBeLessThan(600)
  })

  test('what is never heard of again is lost in the end', () => {
    const edges = new Edges()
    edges.sent(sent(1))
    edges.forgetOlderThan(10e9)
    expect(edges.find(1, 2, 1)?.fate).toBe('flying')
    edges.forgetOlderThan(60e9)
    expect(edges.find(1, 2, 1)?.fate).toBe('lost')
  })
})

describe('density', () => {
  test('widens without losing a count', () => {
    const density = new Density()
    for (let i = 0; i < 5_000; i++) density.add(i * 20e6)
    expect(density.counts.reduce((sum, count) => sum + count, 0)).toBe(5_000)
    expect(density.width * density.counts.length).toBeGreaterThan(100e9)
  })
  test('a window that is loaded twice is counted once; the rest is not known', () => {
    const density = new Density()
    const times = Array.from({ length: 300 }, (_, i) => 2e9 + i * 5e6)
    density.replace(times)
    density.replace(times)
    expect(density.counts.reduce((sum, count) => sum + count, 0)).toBe(300)
    expect(density.known[0]).toBe(0)
    expect(density.known[Math.floor(2.1e9 / density.width)]).toBe(1)
  })
})

describe('held messages and copies', () => {
  const at = (seq: number) => ({ seq, n: seq, t: seq * 1e6 })
  const held = (seq: number, id: number): EventView<'held'> => ({
    kind: 'held',
    node: 2,
    peer: 1,
    id,
    message: 'AppendEntries',
    term: 1,
    place: 0,
    bytes: '',
    ...at(seq),
  })
  const copied = (seq: number, id: number, copy: number): EventView<'copied'> => ({
    kind: 'copied',
    node: 2,
    peer: 1,
    id,
    copy,
    message: 'AppendEntries',
    by: 'hand',
    ...at(seq),
  })
  const received = (seq: number, id: number, node = 2): EventView<'received'> => ({
    kind: 'received',
    node,
    peer: 1,
    id,
    message: 'AppendEntries',
    term: 1,
    count: 0,
    ...at(seq),
  })

  test('a held message waits until it is received, however long that is', () => {
    const edges = new Edges()
    edges.sent(sent(1))
    edges.held(held(2, 1))
    edges.forgetOlderThan(90e9)
    expect(edges.find(1, 2, 1)).toMatchObject({ fate: 'flying', heldAt: 2e6 })
    edges.received(received(9, 1))
    expect(edges.find(1, 2, 1)).toMatchObject({ fate: 'received', heldAt: 2e6, endAt: 9e6 })
  })

  test('a copy is an edge of its own, named by sender, receiver and its negative id', () => {
    const edges = new Edges()
    edges.sent(sent(1))
    edges.sent(sent(2, { peer: 3 }))
    edges.copied(copied(3, 1, -7))
    edges.received(received(4, 1))
    expect(edges.find(1, 2, -7)).toMatchObject({ fate: 'flying', copyOf: 1, sentAt: 3e6 })
    // The same negative id on another link is another copy.
    edges.received(received(5, -7, 3))
    expect(edges.find(1, 2, -7)?.fate).toBe('flying')
    edges.received(received(6, -7))
    expect(edges.find(1, 2, -7)).toMatchObject({ fate: 'received', endSeq: 6 })
    expect(edges.find(1, 2, 1)).toMatchObject({ fate: 'received', endSeq: 4 })
  })
})
