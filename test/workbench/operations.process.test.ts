/** What the contract offers beyond faults and calls, on real node processes. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_SETTINGS } from '../../preload/contract'
import { STEADY, until } from '../support/cluster'
import { type Bench, startBench } from './support'

let bench: Bench
beforeEach(async () => {
  bench = await startBench()
})
afterEach(() => bench.clear())

const voters = () => [...bench.nodes.values()].map(({ configuration }) => configuration?.voters)
const update = () => bench.updates.at(-1)

test('nodes come, learn, vote and go; leadership moves; each refusal says why', async () => {
  await bench.call('clusters.create', { nodes: 3, settings: STEADY })
  const first = await bench.leader()
  await bench.call('client.put', { key: 'k', value: 'v' })

  expect(await bench.call('node.add', { role: 'learner' })).toEqual({ node: 4 })
  await until('all know the learner', () =>
    [...bench.nodes.values()].every(({ configuration }) => configuration?.learners.includes(4)),
  )
  await until('its role', () => bench.nodes.get(4)?.role === 'learner')
  const promoted = await bench.call('membership.change', { changes: [{ node: 4, role: 'voter' }], mode: 'auto' })
  await until('all know four voters', () => voters().every((list) => list?.length === 4))
  await until('it is committed', () => bench.nodes.get(4)?.configurationCommitted)
  expect(bench.nodes.get(4)?.configurationIndex).toBe(promoted.index)
  const log = await bench.call('timeline.entries', {
    source: 'live',
    node: 4,
    from: promoted.index,
    to: promoted.index,
  })
  expect(log).toMatchObject([{ type: 'config', op: '', configuration: { voters: [1, 2, 3, 4], learners: [] } }])

  const again = { changes: [{ node: 4, role: 'voter' }], mode: 'auto' }
  expect((await bench.fails('membership.change', again, 'change-refused')).message).toContain('node 4 has this role')
  const two = { changes: [1, 2].map((node) => ({ node, role: 'removed' })), mode: 'single' }
  expect((await bench.fails('membership.change', two, 'change-refused')).details).toMatchObject({
    reason: 'too-many-changes',
  })
  await bench.fails('membership.change', { changes: [], mode: 'auto' }, 'bad-input')
  await bench.fails('node.add', { role: 'voter', node: 2 }, 'node-exists')
  await bench.fails('leadership.transfer', { node: 9 }, 'node-unknown')
  expect((await bench.fails('leadership.transfer', { node: first }, 'transfer-refused')).message).toContain('already')

  const target = [1, 2, 3, 4].find((id) => id !== first) ?? 0
  await bench.call('leadership.transfer', { node: target })
  await until('it leads', async () => (await bench.leader()) === target)
  await bench.call('node.remove', { node: first })
  await until('it is gone', () => bench.nodes.get(first)?.process.standing === 'removed')
  await until('three voters are left', () => bench.nodes.get(target)?.configuration?.voters.length === 3)
  expect(await bench.call('client.get', { key: 'k' })).toMatchObject({ found: true, value: 'v' })

  await until('the end of the last operation', () => update()?.operations.at(-1)?.outcome === 'done')
  expect(update()?.operations.map(({ type, outcome }) => `${type} ${outcome}`)).toEqual([
    'add-node done',
    'change done',
    'change failed',
    'change failed',
    'add-node failed',
    'transfer failed',
    'transfer failed',
    'transfer done',
    'remove-node done',
  ])
  expect(bench.problems).toEqual([])
})

test('a snapshot is taken, a node is rebuilt from the others', async () => {
  await bench.call('clusters.create', { nodes: 3, settings: { ...STEADY, trailingEntries: 0 } })
  const leader = await bench.leader()
  for (let at = 0; at < 10; at++) await bench.call('client.put', { key: `k${at}`, value: 'v' })
  const { index } = await bench.call('node.snapshot', { node: leader })
  await until('its log begins behind it', () => bench.nodes.get(leader)?.log.firstIndex === index + 1)
  expect(bench.nodes.get(leader)?.snapshot).toMatchObject({ index })
  expect((await bench.call('node.disk', { node: leader })).snapshot).toMatchObject({ index })
  expect((await bench.fails('node.snapshot', { node: leader }, 'snapshot-refused')).message).toContain('nothing since')

  const broken = [1, 2, 3].find((id) => id !== leader) ?? 0
  await bench.call('node.kill', { node: broken })
  await bench.call('node.rebuild', { node: broken })
  await until('it votes and has the snapshot', () => {
    const node = bench.nodes.get(broken)
    return node?.configuration?.voters.includes(broken) && (node.snapshot?.index ?? 0) >= index
  })
  await bench.settled()
  expect(await bench.call('client.get', { key: 'k3', via: broken, consistency: 'stale' })).toMatchObject({
    outcome: 'ok',
    found: true,
    value: 'v',
    from: broken,
  })
})

test('commands and reads of every kind', async () => {
  await bench.call('clusters.create', { nodes: 3, settings: { ...STEADY, leaseReads: true } })
  const leader = await bench.leader()
  const follower = [1, 2, 3].find((id) => id !== leader) ?? 0
  expect(await bench.call('client.cas', { key: 'k', expected: null, value: 'a' })).toMatchObject({ found: true })
  expect(await bench.call('client.cas', { key: 'k', expected: 'x', value: 'b' })).toMatchObject({
    outcome: 'ok',
    found: false,
  })
  await bench.call('client.append', { key: 'k', value: 'b' })
  for (const consistency of ['log', 'index', 'lease'] as const) {
    expect(await bench.call('client.get', { key: 'k', consistency })).toMatchObject({ found: true, value: 'ab' })
  }
  expect(await bench.call('client.get', { key: 'k', via: follower, consistency: 'index' })).toMatchObject({
    value: 'ab',
    from: follower,
  })
  await bench.fails('client.get', { key: 'k', consistency: 'best' }, 'bad-input')
  const failed = await bench.call('client.put', { key: 'k', value: 'z', via: follower })
  expect(failed).toMatchObject({ outcome: 'failed', problem: { code: 'not-leader' } })
  await until('the calls are seen', () => update()?.calls.some(({ op }) => op === 'put'))
  expect(update()?.calls.map(({ op, consistency, expected }) => [op, consistency, expected])).toEqual([
    ['cas', 'log', null],
    ['cas', 'log', 'x'],
    ['append', 'log', null],
    ['get', 'log', null],
    ['get', 'index', null],
    ['get', 'lease', null],
    ['get', 'index', null],
    ['put', 'log', null],
  ])
  const entries = bench.nodes.get(leader)?.log.entries ?? []
  expect(entries.map(({ op }) => op)).toEqual(expect.arrayContaining(['open-session', 'cas', 'append', 'get']))
})

test('settings are given, kept, changed and shown; nodes below level entry tell no data', async () => {
  await bench.fails('clusters.create', { nodes: 3, settings: { preVotes: false } }, 'settings-invalid')
  await bench.fails('clusters.create', { nodes: 3, settings: { heartbeatMs: 9999 } }, 'settings-invalid')
  await bench.fails('clusters.create', { nodes: 3, witnesses: 3 }, 'bad-input')
  expect(await bench.call('clusters.list', {})).toEqual([])
  const settings = { ...STEADY, preVote: false, telemetry: 'message' }
  await bench.call('clusters.create', { name: 'one', nodes: 3, witnesses: 1, settings })
  const leader = await bench.leader()
  expect(update()?.settings).toMatchObject({ ...DEFAULT_SETTINGS, ...settings })
  expect(bench.nodes.get(leader)?.configuration?.witnesses).toEqual([3])
  await bench.call('client.put', { key: 'secret', value: 'hidden' })
  await until('an entry', () => (bench.nodes.get(leader)?.log.lastIndex ?? 0) > 2)
  expect(bench.nodes.get(leader)?.log.dataMissing).toBe(true)
  expect(JSON.stringify(bench.nodes.get(leader)?.log.entries)).not.toContain('secret')
  await bench.settled()
  const places = (node: number) => bench.nodes.get(node)?.log.entries.map(({ index, term }) => ({ index, term })) ?? []
  const before = places(leader)

  const name = 'one'
  expect(await bench.call('clusters.configure', { name, settings: { telemetry: 'entry' } })).toMatchObject({
    preVote: false,
    telemetry: 'entry',
  })
  await bench.fails('clusters.configure', { name, settings: { maxInFlight: 0 } }, 'settings-invalid')
  await bench.fails('clusters.settings', { name: 'nobody' }, 'cluster-unknown')
  await bench.call('clusters.close', {})
  expect(await bench.call('clusters.settings', { name })).toMatchObject({ preVote: false, telemetry: 'entry' })
  await bench.call('clusters.open', { name })
  const next = await bench.leader()
  await until('the same log, with its data', () =>
    JSON.stringify(bench.nodes.get(next)?.log.entries).includes('secret'),
  )
  expect(bench.nodes.get(next)?.log.dataMissing).toBe(false)
  expect(places(next).slice(0, before.length)).toEqual(before)
})
