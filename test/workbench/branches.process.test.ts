/** Branching off through the contract: from what runs, from a recording, from a branch; with the faults of the moment; given up. */
import { readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inspectNode } from '../../main/cluster/inspect'
import type { OpenSource } from '../../preload/contract'
import { until } from '../support/cluster'
import { type Bench, startBench } from './support'

let bench: Bench
beforeEach(async () => {
  bench = await startBench()
})
afterEach(() => bench.clear())

/** An election on a busy machine would write to the logs that are compared. */
const STEADY = { electionTimeoutMs: 1000, heartbeatMs: 30 }

/** @returns where the last one stands */
async function write(prefix: string, count: number): Promise<number> {
  let last = 0
  for (let at = 0; at < count; at++) {
    const { outcome, index } = await bench.call('client.put', { key: `${prefix}${at}`, value: `${prefix}` })
    expect(outcome).toBe('ok')
    last = index
  }
  return last
}
const read = async (key: string) => (await bench.call('client.get', { key })).value
function open(): Extract<OpenSource, { kind: 'live' }> {
  const last = bench.sources.at(-1)
  if (last?.kind !== 'live') throw new Error(`${last?.kind} is open`)
  return last
}
const clustersOnDisk = () => readdir(join(bench.home, 'clusters'))

test('from the cluster that runs, then from the branch of it: the parent is closed, and stays as it was', async () => {
  await bench.call('clusters.create', { name: 'parent', nodes: 3, settings: STEADY })
  await bench.leader()
  await bench.settled(await write('a', 5))
  const parent = open()
  const preview = await bench.call('timeline.forkPreview', { source: 'live' })
  expect(preview).toMatchObject({ clusterName: 'parent', name: 'parent-fork', faults: 0 })
  expect(preview.nodes.map(({ node, role, lastIndex, completed }) => ({ node, role, lastIndex, completed }))).toEqual(
    [1, 2, 3].map((node) => ({ node, role: 'voter', lastIndex: preview.committed, completed: false })),
  )
  await write('later', 3)

  expect(await bench.call('timeline.fork', { source: 'live', seq: preview.seq })).toEqual({ name: 'parent-fork' })
  const kinds = bench.sources.map(({ kind }) => kind)
  expect(kinds.slice(kinds.lastIndexOf('closing'))).toEqual([
    'closing',
    'none',
    'opening',
    'opening',
    'opening',
    'opening',
    'live',
  ])
  await until('a leader of the branch', async () => (await read('a4')) === 'a')
  expect(await read('later0')).toBe('')
  const info = await bench.call('timeline.info', { source: 'live' })
  expect(info.forkedFrom).toMatchObject({ recording: parent.recording, clusterName: 'parent', seq: preview.seq })
  await bench.settled(await write('b', 5))

  // A branch of the branch; the parent's parent is not needed for it.
  expect(await bench.call('timeline.fork', { source: 'live', name: 'third' })).toEqual({ name: 'third' })
  await until('a leader of the third', async () => (await read('b4')) === 'b')
  expect([await read('a4'), await read('later0')]).toEqual(['a', ''])
  const all = await bench.call('branches.list', {})
  expect(all.map(({ name, origin }) => [name, origin?.clusterName ?? null])).toEqual([
    ['parent', null],
    ['parent-fork', 'parent'],
    ['third', 'parent-fork'],
  ])
  expect(all[1]?.origin?.recording).toBe(all[0]?.recordings[0]?.path)
  expect(all[2]?.origin?.clusterId).toBe(all[1]?.id)

  // The recording on disk says it too, and the parent goes on from where it was.
  await bench.call('clusters.close', {})
  const recorded = await bench.call('recordings.open', { path: all[1]?.recordings[0]?.path ?? '' })
  expect(recorded.forkedFrom).toEqual(info.forkedFrom)
  await bench.call('recordings.close', {})
  await bench.call('clusters.open', { name: 'parent' })
  await until('the parent has what came later', async () => (await read('later2')) === 'later')
})

test('snapshots from before the recording: kept beside it; without them it is said what is missing', async () => {
  const settings = { ...STEADY, snapshotEntries: 20, trailingEntries: 5 }
  await bench.call('clusters.create', { name: 'parent', nodes: 3, settings })
  await bench.leader()
  await bench.settled(await write('old', 45))
  await bench.call('clusters.close', {})
  // Its second recording begins with logs that are compacted.
  await bench.call('clusters.open', { name: 'parent' })
  await bench.leader()
  await bench.settled(await write('new', 30))
  const { recording } = open()
  await bench.call('clusters.close', {})
  await bench.call('recordings.open', { path: recording })
  expect(await bench.call('timeline.fork', { source: 'recording' })).toEqual({ name: 'parent-fork' })
  await until('a leader of the branch', async () => (await read('old3')) === 'old')
  expect(await read('new29')).toBe('new')
  // What is kept beside a recording is the node's own file under another name: nobody writes to it.
  const parents = join(bench.home, 'clusters', 'parent', 'nodes')
  for (const node of await readdir(parents)) expect((await inspectNode(join(parents, node))).findings).toEqual([])
  const made = join(bench.home, 'clusters', 'parent-fork', 'nodes')
  for (const node of await readdir(made)) {
    const { snapshot, findings } = await inspectNode(join(made, node))
    expect(findings).toEqual([])
    expect(snapshot?.index).toBeGreaterThan(40)
  }
  // A branch of the branch: its own recording began with a snapshot, too.
  await bench.settled()
  expect(await bench.call('timeline.fork', { source: 'live' })).toEqual({ name: 'parent-fork-2' })
  await until('a leader of the second branch', async () => (await read('old3')) === 'old')
  await bench.call('clusters.close', {})

  const before = await clustersOnDisk()
  await rm(recording.replace(/\.raftrec$/, '.begin'), { recursive: true })
  await bench.call('recordings.open', { path: recording })
  const problem = await bench.fails('timeline.fork', { source: 'recording' }, 'fork-refused')
  expect(problem.details).toMatchObject({ reason: 'beginning' })
  expect(problem.message).toContain('.begin')
  expect(await clustersOnDisk()).toEqual(before)
  // What was open is still open.
  expect(bench.sources.at(-1)?.kind).toBe('recording')
})

test('recorded without the data of entries: refused in words, at the level that is needed', async () => {
  await bench.call('clusters.create', { nodes: 1, settings: { telemetry: 'message' } })
  await bench.leader()
  await write('x', 2)
  const problem = await bench.fails('timeline.forkPreview', { source: 'live' }, 'fork-refused')
  expect(problem.message).toContain('“entry”')
  await bench.fails('timeline.fork', { source: 'live' }, 'fork-refused')
  expect(await clustersOnDisk()).toEqual(['cluster-1'])
  expect(await read('x1')).toBe('x')
})

test('the faults of the moment are kept when that is asked for, and only then', async () => {
  await bench.call('clusters.create', { name: 'parent', nodes: 3, settings: STEADY })
  await bench.leader()
  await bench.settled(await write('a', 2))
  await bench.call('node.kill', { node: 3 })
  await bench.call('link.condition', {
    links: [{ from: 1, to: 2 }],
    rules: [{ messages: [], action: { type: 'block' } }],
    seed: 7,
  })
  await bench.call('clock.set', { node: 2, mode: 'running', rate: 1.5 })
  await until(
    'all of it is on the timeline',
    async () => (await bench.call('timeline.forkPreview', { source: 'live' })).faults === 3,
  )
  const { seq } = await bench.call('timeline.forkPreview', { source: 'live' })
  const path = open().recording
  await bench.call('timeline.fork', { source: 'live', seq, withFaults: true, name: 'with' })
  await until(
    'the same faults',
    async () => (await bench.call('timeline.forkPreview', { source: 'live' })).faults === 3,
  )
  const state = await bench.call('timeline.state', { source: 'live' })
  expect(state.nodes.find(({ id }) => id === 3)?.process.standing).toBe('killed')
  expect(state.nodes.find(({ id }) => id === 2)?.clock.rate).toBe(1.5)
  await bench.call('clusters.close', {})

  await bench.call('recordings.open', { path })
  await bench.call('timeline.fork', { source: 'recording', seq, name: 'without' })
  await until('a leader without faults', async () => (await read('a1')) === 'a')
  expect(await bench.call('timeline.forkPreview', { source: 'live' })).toMatchObject({ faults: 0 })
  await until('all nodes run, also the one that was down', () => {
    const standings = [...bench.nodes.values()].map(({ process }) => process.standing)
    return standings.length === 3 && standings.every((standing) => standing === 'running')
  })
})

test('given up while it is made: nothing is left of it, and what was open stays open', async () => {
  await bench.call('clusters.create', { name: 'parent', nodes: 3, settings: { ...STEADY, snapshotEntries: 10 } })
  await bench.leader()
  await bench.settled(await write('a', 25))
  const before = await clustersOnDisk()
  const stop = bench.workbench.subscribe('tasks', (tasks) => {
    for (const { id, kind, state } of tasks)
      if (kind === 'fork' && state === 'running') void bench.call('tasks.cancel', { task: id })
  })
  try {
    await bench.fails('timeline.fork', { source: 'live' }, 'fork-cancelled')
  } finally {
    stop()
  }
  expect(await clustersOnDisk()).toEqual(before)
  expect(open().name).toBe('parent')
  expect(await read('a24')).toBe('a')
  expect(dirname(open().recording)).toContain('parent')
})
