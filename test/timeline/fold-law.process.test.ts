/** The fold law against the real thing: what the recording says equals what each node's files hold. */
import { expect, it, onTestFinished } from 'vitest'
import { createClusterStore } from '../../main/cluster'
import type { Cluster, ClusterSettings } from '../../main/cluster/api'
import { inspectNode } from '../../main/cluster/inspect'
import type { ClusterState, NodeState, Recorder, RecorderOptions, TimelineSource } from '../../main/timeline'
import { createRecorder, exportJsonl, importRecording } from '../../main/timeline'
import { EarlySink } from '../../main/workbench/live/sink'
import { ensureBuilt } from '../support/build'
import { until } from '../support/cluster'
import { allEvents, join, opened, tempDir, writeFile } from './support/files'

interface Live {
  readonly cluster: Cluster
  readonly recorder: Recorder
  readonly path: string
  close(): Promise<void>
}

async function live(nodes: number, settings: Partial<ClusterSettings> = {}): Promise<Live> {
  const programs = await ensureBuilt()
  const home = await tempDir()
  const path = join(home, 'live.raftrec')
  const store = await createClusterStore({ home, programs })
  const { name, id } = await store.create({ nodes, settings })
  const sink = new EarlySink()
  const about: Omit<RecorderOptions, 'origin'> = {
    path,
    clusterId: id,
    clusterName: name,
    began: new Date(),
    worker: programs.recorder,
    nodes: Array.from({ length: nodes }, (_, i) => i + 1),
  }
  let recorder: Promise<Recorder> | undefined
  const cluster = await store.open(name, (origin) => {
    recorder = createRecorder({ ...about, origin })
    recorder.then(
      (made) => sink.connect(made),
      () => undefined,
    )
    return sink
  })
  const made = await recorder!
  const close = async () => {
    await cluster.close()
    await made.close()
  }
  onTestFinished(close)
  return { cluster, recorder: made, path, close }
}

const leaderOf = (state: ClusterState): NodeState | undefined =>
  [...state.nodes.values()].find((node) => node.role === 'leader' && node.process.standing === 'running')

/** What a disk can say about a node. */
const onDisk = (node: NodeState) => ({
  currentTerm: node.durableTerm,
  votedFor: node.durableVote,
  base: { index: node.firstIndex - 1, term: node.baseTerm },
  lastIndex: node.durableIndex,
  snapshot: node.snapshot,
  log: node.log.map(({ index, term, type, data }) => ({ index, term, type, data: [...data] })),
})

async function disk(cluster: Cluster, node: number) {
  const { currentTerm, votedFor, base, lastIndex, snapshot: found, entries } = await inspectNode(cluster.dataDir(node))
  const log = entries.map(({ index, term, type, data }) => ({ index, term, type, data: [...data] }))
  const snapshot = found && { index: found.index, term: found.term, bytes: found.bytes }
  return { currentTerm, votedFor, base, lastIndex, snapshot, log }
}

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
  const settings = { snapshotEntries: 20, trailingEntries: 5, snapshotChunkBytes: 256, maxCatchUpLag: 5 }
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
  await cluster.transferLeadership(late)
  await seen('the other leads', () => leaderOf(recorder.state)?.id === late)
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
    expect(node.log[0]?.index ?? node.firstIndex).toBe(node.firstIndex)
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
