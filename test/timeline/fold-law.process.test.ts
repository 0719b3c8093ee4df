/** The fold law against the real thing: what the recording says equals what each node's files hold. */
import { expect, it } from 'vitest'
import type { LinkRule } from '../../main/node/contract/conditions'
import { MESSAGE_TYPES } from '../../main/node/contract/events'
import type { NodeState, TimelineSource } from '../../main/timeline'
import { exportJsonl, importRecording, linkOf } from '../../main/timeline'
import { STEADY, until } from '../support/cluster'
import { allEvents, opened, writeFile } from './support/files'
import { disk, leaderOf, live, onDisk } from './support/live'

it('holds through writes, a killed leader, a pause and a restart', async () => {
  const { cluster, recorder, path, close } = await live(3)
  const value = new TextEncoder().encode('v')
  const put = async (key: string) => {
    const result = await cluster.call({ op: 'put', key, value }, { timeoutMs: 30_000 })
    expect(result.outcome).toBe('ok')
  }
  for (let i = 0; i < 20; i++) await put(`a${i}`)
  const old = (await until('a leader in the fold', () => leaderOf(recorder.state))).id
  await cluster.kill(old)
  for (let i = 0; i < 20; i++) await put(`b${i}`)
  await cluster.start(old)
  const other = (await until('another leader in the fold', () => leaderOf(recorder.state))).id
  const follower = [1, 2, 3].find((id) => id !== old && id !== other) ?? other
  await cluster.pause(follower)
  for (let i = 0; i < 5; i++) await put(`c${i}`)
  await cluster.resume(follower)

  const alike = () =>
    [...recorder.state.nodes.values()].every(
      (node) => node.lastIndex >= 46 && node.durableIndex === node.lastIndex && node.commitIndex === node.lastIndex,
    )
  await until('all logs are whole in the fold', alike)
  for (const id of [1, 2, 3]) {
    await until(`the files of node ${id} say the same`, async () => {
      const node = recorder.state.nodes.get(id)
      expect(node && onDisk(node)).toEqual(await disk(cluster, id))
      return true
    })
  }
  expect(recorder.state.nodes.get(old)?.process).toMatchObject({ standing: 'running', restarts: 1 })

  await close()
  const source = await opened(path)
  const events = await allEvents(source)
  expect(source.info()).toMatchObject({ complete: true, events: events.length, shed: 0 })
  expect(await source.stateAt(events.length)).toEqual(recorder.state)

  // A message stands before its arrival, unless its sender could not report in time; it was never sent later.
  const sent = new Map<string, { readonly seq: number; readonly t: number; readonly late: boolean }>()
  let reached = 0
  for (const { kind, node, t, seq, ...rest } of events) {
    if (kind === 'sent' && 'id' in rest) sent.set(`${node} ${rest.id}`, { seq, t, late: t < reached })
    reached = Math.max(reached, t)
  }
  let pairs = 0
  for (const event of events) {
    if (event.kind !== 'received') continue
    const origin = sent.get(`${event.peer} ${event.id}`)
    // What a killed process had not reported yet is not known.
    if (origin === undefined) continue
    pairs++
    expect(origin.t).toBeLessThanOrEqual(event.t)
    expect(origin.seq < event.seq || origin.late).toBe(true)
  }
  expect(pairs).toBeGreaterThan(100)
})

/** What a node knows about itself as long as nothing happens: a restart must find the same on its disk. */
const lasting = (node: NodeState) => ({
  ...onDisk(node),
  configuration: node.configuration,
  configurationIndex: node.configurationIndex,
  configurationCommitted: node.configurationCommitted,
  sessions: node.sessions,
})

it('holds through compaction, an installed snapshot, a new member and a transfer', async () => {
  const settings = { ...STEADY, snapshotEntries: 20, trailingEntries: 5, snapshotChunkBytes: 256, maxCatchUpLag: 5 }
  const { cluster, recorder, path, close } = await live(3, settings)
  const value = new TextEncoder().encode('v'.repeat(50))
  const write = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const result = await cluster.call({ op: 'put', key: `k${i}`, value }, { timeoutMs: 30_000 })
      expect(result.outcome).toBe('ok')
    }
  }
  const { nodes } = recorder.state
  const seen = (what: string, check: () => unknown) => until(what, check)
  await write(5)
  const leader = (await seen('a leader', () => leaderOf(recorder.state))) as NodeState
  const late = [1, 2, 3].find((id) => id !== leader.id) ?? 0
  await cluster.kill(late)
  await write(60)
  await seen('the leader compacts its log', () => (nodes.get(leader.id)?.firstIndex ?? 0) > 30)
  await cluster.start(late)
  // What it lacks is in no log any more.
  await seen('the snapshot is installed', () => (nodes.get(late)?.snapshot?.index ?? 0) > 30)
  expect(await cluster.add('voter')).toBe(4)
  // Leadership may move by itself meanwhile, and the wish be refused.
  await seen('the other leads', async () => {
    if (leaderOf(recorder.state)?.id === late) return true
    await cluster.transferLeadership(late)
    return false
  })
  await write(3)
  const alike = () => {
    const all = [...nodes.values()]
    const last = Math.max(...all.map(({ lastIndex }) => lastIndex))
    return all.every(
      ({ lastApplied, durableIndex, configurationCommitted }) =>
        lastApplied === last && durableIndex === last && configurationCommitted,
    )
  }
  await seen('all nodes have everything', alike)
  expect(nodes.get(4)).toMatchObject({ configuration: { voters: [1, 2, 3, 4], outgoing: [], learners: [] } })
  for (const node of nodes.values()) {
    expect(node.firstIndex).toBeGreaterThan(1)
    expect(node.log).toHaveLength(node.lastIndex - node.firstIndex + 1)
    expect(node.log.at(0)?.index ?? node.firstIndex).toBe(node.firstIndex)
  }

  for (const id of [1, 2, 3, 4]) {
    await seen(`the files of node ${id} say the same`, async () => {
      expect(onDisk(nodes.get(id) as NodeState)).toEqual(await disk(cluster, id))
      return true
    })
  }
  // Each life begins with what the disk holds: the same that the events before it say.
  for (const id of [1, 2, 3, 4].filter((id) => id !== late)) {
    await seen('everything is quiet', alike)
    const before = lasting(nodes.get(id) as NodeState)
    await cluster.stop(id)
    await cluster.start(id)
    await seen(`node ${id} is back`, () => {
      expect(lasting(nodes.get(id) as NodeState)).toEqual(before)
      return true
    })
  }
  await close()
  const source = await opened(path)
  const events = await allEvents(source)
  const stages = new Set(events.flatMap((event) => (event.kind === 'snapshot' ? [event.stage] : [])))
  expect(stages).toEqual(new Set(['saved', 'sending', 'receiving', 'installed']))
  expect(await source.stateAt(events.length)).toEqual(recorder.state)
  // As lines of text and back it is the same timeline.
  const exported = async (from: TimelineSource) => {
    let text = ''
    await exportJsonl(from, {}, async (chunk) => {
      text += chunk
    })
    return text
  }
  const text = await exported(source)
  await writeFile(`${path}.jsonl`, text)
  expect(await importRecording(`${path}.jsonl`, `${path}.again`)).toBe(events.length)
  const again = await opened(`${path}.again`)
  expect((await exported(again)) === text).toBe(true)
  expect(await again.stateAt(events.length)).toEqual(recorder.state)
  // Nothing is under way any more.
  for (const node of recorder.state.nodes.values()) {
    expect(node).toMatchObject({ receiving: undefined, sending: [], transferTarget: 0 })
  }
})

const hold: LinkRule = { messages: [], action: { type: 'hold' } }
/** Nothing more comes in, and what is held stays held. */
const shut: LinkRule = { messages: [...MESSAGE_TYPES], action: { type: 'block' } }

it('holds for what is held: the same messages, in the same order, that the node delivers', async () => {
  const { cluster, recorder, path, close } = await live(3, STEADY)
  const { state } = recorder
  const leader = (await until('a leader', () => leaderOf(state))).id
  const [to, other] = [1, 2, 3].filter((id) => id !== leader) as [number, number]
  const links = [leader, other].map((from) => ({ from, to }))
  cluster.condition(links, [hold], 1)
  await cluster.inForce()
  const listed = () => state.nodes.get(to)?.held ?? []
  const ids = () => listed().map(({ peer, id }) => `${peer}:${id}`)
  await until('some are held', () => listed().filter(({ peer }) => peer === leader).length > 4)
  cluster.condition(links, [shut, hold], 1)
  let seen = -1
  await until('no more come', async () => {
    const before = seen
    seen = listed().length
    await new Promise((resolve) => setTimeout(resolve, 400))
    return before === listed().length
  })
  // Of the leader: the other one has only something to say when it campaigns.
  const ofLeader = () => listed().filter(({ peer }) => peer === leader)
  const [first] = ofLeader()
  if (first === undefined) throw new Error('nothing is held')
  const from = leader
  const copy = await cluster.duplicateHeld({ from, to, id: first.id })
  await cluster.moveHeld({ from, to, id: first.id }, 2)
  await until('it was moved', () => ofLeader()[0]?.id === copy && ofLeader()[2]?.id === first.id)
  expect(ofLeader()[0]).toMatchObject({ id: copy, copyOf: first.id, bytes: first.bytes, message: first.message })

  const expected = ids()
  const { seq } = state
  expect(await cluster.releaseAll(links)).toBe(expected.length)
  await until('nothing is held', () => listed().length === 0)
  await close()
  const source = await opened(path)
  const delivered = (await allEvents(source, { fromSeq: seq }))
    .flatMap((event) => (event.kind === 'received' && event.node === to ? [`${event.peer}:${event.id}`] : []))
    .filter((name) => expected.includes(name))
  const byLink = (names: readonly string[]) =>
    links.map(({ from: sender }) => names.filter((name) => name.startsWith(`${sender}:`)))
  expect(byLink(delivered)).toEqual(byLink(expected))
  const then = await source.stateAt(seq)
  expect(then.nodes.get(to)?.held.map(({ peer, id }) => `${peer}:${id}`)).toEqual(expected)
})

it('holds for rules and clocks, also over a restart', async () => {
  const { cluster, recorder, path, close } = await live(3)
  const { state } = recorder
  await until('a leader', () => leaderOf(state))
  const lossy: LinkRule = {
    messages: ['AppendEntries'],
    action: {
      type: 'shape',
      dropPercent: 5,
      delayMs: 3,
      jitterMs: 1,
      duplicatePercent: 10,
      reorderPercent: 10,
      bytesPerSecond: 0,
    },
  }
  cluster.condition(
    [
      { from: 1, to: 2 },
      { from: 2, to: 1 },
    ],
    [lossy],
    77,
  )
  cluster.condition([{ from: 3, to: 1 }], [hold], 78)
  cluster.block(2, 3)
  cluster.setClock(2, { mode: 'running', rate: 2 })
  cluster.setClock(3, { mode: 'manual', rate: 1 })
  const agree = () => {
    const clock = (id: number) => state.nodes.get(id)?.clock
    for (const from of [1, 2, 3]) {
      for (const to of [1, 2, 3].filter((id) => id !== from)) {
        const link = linkOf(from, to)
        const told = state.rules.get(link) ?? { rules: [] }
        if (JSON.stringify(told.rules) !== JSON.stringify(cluster.rulesOf(from, to).rules)) return false
        if (state.blocked.has(link) !== cluster.isBlocked(from, to)) return false
      }
    }
    return clock(1)?.mode === 'running' && clock(2)?.rate === 2 && clock(3)?.mode === 'manual'
  }
  await until('the fold says the same', agree)
  expect(state.rules.get(linkOf(1, 2))).toEqual(cluster.rulesOf(1, 2))
  // A leader has no election timer.
  const waits = state.nodes.get(3)?.role === 'leader' ? 0 : Number.POSITIVE_INFINITY
  expect(state.nodes.get(3)).toMatchObject({ deadline: waits })

  await cluster.jumpClock(1, 5000)
  const ahead = await until('the jump', () => state.nodes.get(1)?.clock.skew || undefined)
  expect(Math.abs(ahead / 1e9 - 5)).toBeLessThan(0.01)
  await cluster.restart(1)
  await cluster.kill(3)
  await until('a clock ends with its process', () => state.nodes.get(3)?.clock.mode === 'running')
  await cluster.start(3)
  await until('after the restart as well', agree)
  // A life begins without jumps.
  expect(state.nodes.get(1)?.clock).toMatchObject({ mode: 'running', rate: 1, skew: 0 })

  expect(await cluster.healAll()).toEqual([])
  const clocks = () => [...state.nodes.values()].map(({ clock }) => `${clock.mode} ${clock.rate}`)
  await until('everything is true again', () => new Set(clocks()).size === 1 && clocks()[0] === 'running 1')
  await until('nothing is left', () => state.rules.size + state.blocked.size + state.faults.length === 0)
  await close()
  const source = await opened(path)
  expect(await source.stateAt(source.info().events)).toEqual(state)
})
