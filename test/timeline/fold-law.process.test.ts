/** The fold law against the real thing: what the recording says equals what each node's files hold. */
import { expect, it, onTestFinished } from 'vitest'
import { createClusterStore } from '../../main/cluster'
import type { Cluster } from '../../main/cluster/api'
import { inspectNode } from '../../main/cluster/inspect'
import type { ClusterState, NodeState, Recorder, RecorderOptions } from '../../main/timeline'
import { createRecorder } from '../../main/timeline'
import { EarlySink } from '../../main/workbench/live/sink'
import { ensureBuilt } from '../support/build'
import { until } from '../support/cluster'
import { allEvents, join, opened, tempDir } from './support/files'

interface Live {
  readonly cluster: Cluster
  readonly recorder: Recorder
  readonly path: string
  close(): Promise<void>
}

async function live(nodes: number): Promise<Live> {
  const programs = await ensureBuilt()
  const home = await tempDir()
  const path = join(home, 'live.raftrec')
  const store = await createClusterStore({ home, programs })
  const { name, id } = await store.create({ nodes })
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
  lastIndex: node.durableIndex,
  log: node.log.map(({ index, term, type, data }) => ({ index, term, type, data: [...data] })),
})

async function disk(cluster: Cluster, node: number) {
  const { currentTerm, votedFor, lastIndex, entries } = await inspectNode(cluster.dataDir(node))
  const log = entries.map(({ index, term, type, data }) => ({ index, term, type, data: [...data] }))
  return { currentTerm, votedFor, lastIndex, log }
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
