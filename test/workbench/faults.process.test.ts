/** Faults and control over messages by way of the contract, on real node processes. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LinkRule, type LoadView, MAX_BREAKPOINTS } from '../../preload/contract'
import { STEADY, until } from '../support/cluster'
import { type Bench, startBench } from './support'

let bench: Bench
beforeEach(async () => {
  bench = await startBench()
})
afterEach(() => bench.clear())

const update = () => bench.updates.at(-1)
/** Both are sent when they changed. */
const linksNow = () => bench.updates.findLast((one) => one.links !== undefined)?.links ?? []
const heldNow = () => bench.updates.findLast((one) => one.held !== undefined)?.held ?? []
const hold: LinkRule = { messages: [], action: { type: 'hold' } }

test('held messages are listed, looked into, edited, doubled, moved, dropped and released', async () => {
  // Whoever leads goes on to.
  await bench.call('clusters.create', { nodes: 3, settings: { electionTimeoutMs: 2_000 } })
  const leader = await bench.leader()
  const [other, third] = [1, 2, 3].filter((id) => id !== leader) as [number, number]
  await bench.settled()
  const link = { from: leader, to: other }
  const { fault } = await bench.call('link.condition', { links: [link], rules: [hold], seed: 5 })
  await until('the rules are shown', () => linksNow().length === 1)
  expect(linksNow()).toEqual([{ ...link, seed: 5, rules: [hold] }])
  await bench.call('client.put', { key: 'k', value: 'v' })

  const held = await until('an entry is held', () => {
    return heldNow().find(({ gist }) => gist.some(([field, value]) => field === 'entries' && Number(value) > 0))
  })
  expect(held).toMatchObject({ ...link, message: 'AppendEntries', copyOf: 0 })
  expect(bench.nodes.get(other)?.heldCount).toBeGreaterThan(0)
  const ref = { ...link, id: held.id }
  const { message, hex } = await bench.call('held.read', { source: 'live', ...ref })
  expect(message).toMatchObject({ type: 'AppendEntries', from: leader, to: other, entries: [{ type: 'command' }] })
  expect(hex).toHaveLength(held.bytes * 2)

  // What is no message, or another one, is refused, and the message is held as before.
  const wrong = await bench.fails('held.edit', { ...ref, message: { ...message, term: 'three' } }, 'message-invalid')
  expect(wrong.message).toMatch(/can't be sent \(.*term.*\)/)
  await bench.fails('held.edit', { ...ref, message: { ...message, to: third } }, 'message-invalid')
  await bench.fails('held.edit', { ...ref, message: 'hello' }, 'message-invalid')
  await bench.fails('held.read', { source: 'live', ...link, id: 1 }, 'held-unknown')
  await bench.fails('held.release', { from: other, to: leader, id: held.id }, 'held-unknown')
  await bench.fails('held.release', { from: leader, to: 9, id: held.id }, 'node-unknown')
  expect(await bench.call('held.read', { source: 'live', ...ref })).toMatchObject({ message, hex })

  const { id: copy } = await bench.call('held.duplicate', ref)
  expect(copy).toBeLessThan(0)
  const shown = await until('the copy', () => heldNow().find(({ id }) => id === copy))
  expect(shown.copyOf).toBe(held.id)
  await bench.call('held.move', { ...link, id: copy, place: 0 })
  await until('the copy is the first', () => heldNow().find(({ from }) => from === leader)?.id === copy)
  await bench.call('held.edit', { ...ref, message: { ...message, leaderCommit: 0 } })
  await until('it is gone', () => !heldNow().some(({ id }) => id === held.id))
  await bench.call('held.drop', { ...link, id: copy })
  await until('both ends are told', () => {
    const all = bench.updates.flatMap((one) => one.events)
    return (
      all.some((event) => event.kind === 'released' && event.id === held.id && event.how === 'edited') &&
      all.some((event) => event.kind === 'dropped' && event.id === copy && event.reason === 'by-hand')
    )
  })
  expect((await bench.call('held.releaseAll', { links: [link] })).released).toBeGreaterThanOrEqual(0)

  await bench.call('fault.end', { fault })
  await until('nothing is held', () => heldNow().length === 0 && linksNow().length === 0)
  await bench.settled()
  await bench.fails('fault.end', { fault }, 'fault-unknown')

  // The recording knows what was held, and what was in it.
  const path = bench.sources.flatMap((source) => (source.kind === 'live' ? [source.recording] : []))[0] ?? ''
  const moments = await bench.call('timeline.events', { source: 'live', kinds: ['held'], limit: 1000 })
  const first = moments.find((event) => event.kind === 'held' && event.id === held.id)
  await bench.call('clusters.close', {})
  await bench.call('recordings.open', { path })
  const at = { source: 'recording', seq: (first?.seq ?? 0) + 1 } as const
  expect(await bench.call('held.read', { ...at, ...ref })).toMatchObject({ message, hex })
  expect((await bench.call('timeline.state', at)).held.map(({ id }) => id)).toContain(held.id)
  await bench.fails('held.read', { ...at, seq: first?.seq ?? 0, ...ref }, 'held-unknown')
})

test('what is out of range, or about what there is not, is refused, and the cluster is as before', async () => {
  await bench.call('clusters.create', { nodes: 3 })
  const leader = await bench.leader()
  await bench.settled()
  const before = () => [update()?.faults, linksNow(), update()?.breakpoints, update()?.stop, update()?.nemesis]
  const untouched = before()
  const shape = (rest: object) => [{ messages: [], action: { type: 'shape', ...rest } }]
  const links = [{ from: 1, to: 2 }]
  const percent = await bench.fails('link.condition', { links, rules: shape({ dropPercent: 120 }) }, 'bad-input')
  expect(percent.message).toMatch(/rules\.0\.action\.dropPercent.*100/)
  await bench.fails('link.condition', { links: [{ from: 1, to: 7 }], rules: [hold] }, 'node-unknown')
  await bench.fails('link.condition', { links: [{ from: 1, to: 1 }], rules: [hold] }, 'link-self')
  await bench.fails('link.preset', { preset: 'ring' }, 'preset-impossible')
  await bench.fails('link.preset', { preset: 'bridge' }, 'preset-impossible')
  await bench.fails('clock.set', { node: 8, mode: 'manual', rate: 1 }, 'node-unknown')
  await bench.fails('breakpoint.remove', { id: 5 }, 'breakpoint-unknown')
  await bench.fails('stop.continue', {}, 'not-stopped')
  await bench.fails('stop.step', { node: 1 }, 'not-stopped')
  await bench.fails('workload.stop', { id: 5 }, 'workload-unknown')
  const plan = { seed: 1, durationMs: 1000, maxDown: 3, packages: { process: { perMinute: 60 } } }
  await bench.fails('nemesis.start', { plan }, 'schedule-lethal')
  const misspelt = await bench.fails('breakpoint.set', { text: 'role = captain' }, 'breakpoint-invalid')
  expect(misspelt.details).toMatchObject({ from: 7, to: 14, found: 'captain' })
  expect(misspelt.message).toContain('“role = captain” is wrong at character 8')
  await bench.fails('breakpoint.set', { text: 'n9: leader elected' }, 'node-unknown')
  expect(before()).toEqual(untouched)
  for (let id = 1; id <= MAX_BREAKPOINTS; id++) await bench.call('breakpoint.set', { text: `n1: term >= ${100 + id}` })
  await bench.fails('breakpoint.set', { text: 'leader elected' }, 'breakpoint-limit')

  const dead = [1, 2, 3].find((id) => id !== leader) as number
  await bench.call('node.kill', { node: dead })
  for (const [name, input] of [
    ['node.kill', { node: dead }],
    ['clock.jump', { node: dead, millis: 5 }],
    ['clock.fire', { node: dead }],
    ['fault.arm', { node: dead, fault: { type: 'power-loss', at: 'now', seed: 1 } }],
  ] as const) {
    await bench.fails(name, input, 'node-state')
  }
  await bench.fails('fault.flipBit', { node: dead, file: 'nothing.log', record: 1 }, 'record-unknown')
  await bench.fails('fault.flipBit', { node: leader, file: '000001.log', record: 1 }, 'node-state')
  expect(await bench.call('fault.healAll', {})).toEqual([])
  await until('it runs again', () => bench.nodes.get(dead)?.process.standing === 'running')
  expect(await bench.call('client.put', { key: 'k', value: 'v' })).toMatchObject({ outcome: 'ok' })
})

test('a breakpoint stops everybody, a step goes on alone, and the window sees where', async () => {
  await bench.call('clusters.create', { nodes: 3, settings: STEADY })
  const leader = await bench.leader()
  await bench.settled()
  const { id } = await bench.call('breakpoint.set', { text: 'entry committed' })
  await until('it is listed', () => update()?.breakpoints.length === 1)
  const put = bench.call('client.put', { key: 'k', value: 'v' })
  const stop = await until('the stop', () => update()?.stop)
  expect(stop).toMatchObject({ node: leader, breakpoint: id, stepping: 0 })
  const named = await until('the event that hit', () => {
    const seq = update()?.stop?.seq ?? -1
    return seq < 0 ? undefined : bench.updates.flatMap(({ events }) => events).find((event) => event.seq === seq)
  })
  expect(named).toMatchObject({ kind: 'committed', node: leader })
  expect(update()?.breakpoints).toMatchObject([{ id, hits: 1, enabled: true }])
  const refused = await bench.fails('clock.fire', { node: leader }, 'cluster-stopped')
  expect(refused.message).toContain('Continue it first')

  await bench.call('breakpoint.enable', { id, enabled: false })
  expect(await bench.call('stop.step', { node: leader })).toMatchObject({ node: leader, breakpoint: 0 })
  await bench.call('stop.continue', {})
  expect(await put).toMatchObject({ outcome: 'ok' })
  await until('it goes on', () => update()?.stop === null)
  await bench.call('breakpoint.remove', { id })
  await until('it is gone', () => update()?.breakpoints.length === 0)
  expect(await bench.leader()).toBe(leader)
})

test('workloads and a nemesis run, and what clients see comes as a stream', async () => {
  const points: LoadView[] = []
  bench.workbench.subscribe('load', (point) => points.push(point))
  await bench.call('clusters.create', { nodes: 3 })
  await bench.leader()
  const plan = { seed: 3, pace: { type: 'closed', clients: 4 }, durationMs: null } as const
  const { id } = await bench.call('workload.start', { plan: { ...plan, ...DEFAULTS } })
  await until('three intervals', () => points.length >= 3)
  expect(points[0]).toMatchObject({ workload: id })
  expect(points.at(-1)?.t).toBeGreaterThan(points[0]?.t ?? Number.POSITIVE_INFINITY)
  await until('it is shown', () => (update()?.workloads[0]?.ok ?? 0) > 0)
  expect(update()?.workloads).toMatchObject([{ id, plan: { pace: plan.pace, durationMs: null } }])

  const nemesis = {
    seed: 9,
    durationMs: 4000,
    quietMs: 200,
    packages: { link: { perMinute: 120, lasting: { minMs: 100, maxMs: 300 } } },
  }
  const steps = await bench.call('nemesis.preview', { plan: nemesis })
  expect(steps.length).toBeGreaterThan(1)
  await bench.call('nemesis.start', { plan: nemesis })
  await bench.fails('nemesis.start', { plan: nemesis }, 'nemesis-running')
  const shown = await until('the nemesis is shown', () => bench.updates.findLast((one) => one.nemesis)?.nemesis)
  expect(shown).toMatchObject({ plan: { seed: 9, durationMs: 4000 }, nodes: [1, 2, 3] })
  await until('it has ended', () => update()?.nemesis === null)
  expect(linksNow()).toEqual([])
  await bench.call('workload.stop', { id })
  await until('it is over', () => update()?.workloads.length === 0)
  await until('the timeline has all of it', async () => {
    const told = await bench.call('timeline.events', { source: 'live', kinds: ['load'], limit: 50_000 })
    return told.length >= points.length
  })
})

/** What the schema fills in. */
const DEFAULTS = {
  keys: { count: 10, spread: 'uniform' },
  mix: { put: 1, get: 1, cas: 0, append: 0, delete: 0 },
  consistency: 'index',
  valueBytes: 64,
  timeoutMs: 5000,
} as const
