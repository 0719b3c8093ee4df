/** The whole backend behind the contract, on real node processes. */
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MomentView, NodeView } from '../../preload/contract'
import { until } from '../support/cluster'
import { type Bench, startBench } from './support'

let bench: Bench
beforeEach(async () => {
  bench = await startBench()
})
afterEach(() => bench.clear())

const essence = (nodes: readonly NodeView[]) =>
  nodes.map(({ id, currentTerm, votedFor, commitIndex, lastApplied, log }) => ({
    id,
    currentTerm,
    votedFor,
    commitIndex,
    lastApplied,
    entries: log.entries,
  }))

describe('from an empty home', () => {
  test('create, write, kill, close, and see the same end in the recording and in its export', async () => {
    expect(await bench.call('clusters.list', {})).toEqual([])
    await bench.call('clusters.create', { nodes: 3 })
    expect(bench.sources.map(({ kind }) => kind)).toEqual(['none', 'opening', 'opening', 'opening', 'opening', 'live'])
    const first = await bench.leader()
    for (let at = 0; at < 20; at++) {
      expect(await bench.call('client.put', { key: `k${at}`, value: `v${at}` })).toMatchObject({ outcome: 'ok' })
    }
    await bench.call('node.kill', { node: first })
    await until('the kill is seen', () => bench.nodes.get(first)?.process.standing === 'killed')
    const second = await bench.leader()
    expect(second).not.toBe(first)
    expect(await bench.call('client.get', { key: 'k7' })).toMatchObject({ found: true, value: 'v7' })
    await bench.call('node.start', { node: first })
    await until('it is back', () => bench.nodes.get(first)?.process.standing === 'running')
    await bench.settled()

    const disk = await bench.call('node.disk', { node: first })
    expect(disk.lastIndex).toBe(bench.nodes.get(first)?.log.lastIndex)
    expect(disk.files.flatMap(({ tail }) => tail).every(({ ok }) => ok)).toBe(true)

    await bench.call('clusters.close', {})
    expect(bench.sources.slice(-2).map(({ kind }) => kind)).toEqual(['closing', 'none'])
    const shown = essence([...bench.nodes.values()].sort((a, b) => a.id - b.id))

    const [item] = await bench.call('recordings.list', {})
    expect(item).toMatchObject({ cluster: 'cluster-1', complete: true })
    const info = await bench.call('recordings.open', { path: item?.path ?? '' })
    expect(bench.sources.at(-1)).toEqual({ kind: 'recording', info })
    const end: MomentView = await bench.call('timeline.state', { source: 'recording' })
    expect(essence(end.nodes)).toEqual(shown)

    bench.savePath = join(bench.home, 'out.jsonl')
    const saved = await bench.call('timeline.export', { source: 'recording', format: 'jsonl' })
    expect(saved).toEqual({ kind: 'saved', path: bench.savePath, events: info.events, leftOut: [] })
    const lines = (await readFile(bench.savePath, 'utf8')).trim().split('\n')
    expect(lines).toHaveLength(info.events + 1)
    expect(lines.slice(1).map((line) => JSON.parse(line).seq)).toEqual(lines.slice(1).map((_, at) => at))
    expect(bench.problems).toEqual([])
  })

  test('resume starts a first cluster, and opens the last one the next time', async () => {
    await bench.workbench.resume({ nodes: 1, exactly: false })
    await bench.leader()
    await bench.call('client.put', { key: 'kept', value: 'yes' })
    await bench.workbench.close()
    const again = await startBench(bench.home)
    try {
      await again.workbench.resume({ nodes: 5, exactly: false })
      await again.leader()
      expect(await again.call('clusters.list', {})).toHaveLength(1)
      expect(await again.call('client.get', { key: 'kept' })).toMatchObject({ found: true, value: 'yes' })
      expect(await again.call('recordings.list', {})).toHaveLength(2)
    } finally {
      await again.workbench.close()
    }
  })
})

describe('one source at a time', () => {
  test('a running cluster must be closed first; a recording gives way', async () => {
    await bench.call('clusters.create', { name: 'one', nodes: 1 })
    const [recording] = await bench.call('recordings.list', {})
    const path = recording?.path ?? ''
    expect((await bench.fails('clusters.create', { nodes: 1 }, 'cluster-open')).message).toContain('one')
    await bench.fails('clusters.open', { name: 'one' }, 'cluster-open')
    await bench.fails('recordings.open', { path }, 'cluster-open')
    expect(await bench.call('clusters.list', {})).toHaveLength(1)
    await bench.call('clusters.close', {})
    await bench.fails('clusters.close', {}, 'no-cluster')
    await bench.call('recordings.open', { path })
    await bench.call('clusters.open', { name: 'one' })
    await bench.leader()
    await bench.fails('timeline.info', { source: 'recording' }, 'no-recording')
  })

  test('opening can be given up', async () => {
    const opening = bench.workbench.call('clusters.create', { nodes: 5 })
    await until('it opens', () => bench.sources.at(-1)?.kind === 'opening')
    await bench.call('clusters.close', {})
    expect((await opening).ok).toBe(false)
    expect(bench.sources.at(-1)).toEqual({ kind: 'none' })
    expect(bench.problems).toEqual([])
  })

  test('a second workbench on the same home can look, but not open', async () => {
    await bench.call('clusters.create', { name: 'one', nodes: 1 })
    const other = await startBench(bench.home)
    try {
      const problem = await other.fails('clusters.open', { name: 'one' }, 'cluster-locked')
      expect(problem.details.pid).toBe(process.pid)
      expect(other.sources.at(-1)).toEqual({ kind: 'none' })
    } finally {
      await other.workbench.close()
    }
    await bench.leader()
  })
})

describe('bad input', () => {
  test('is answered in a sentence, and the cluster keeps running', async () => {
    await bench.fails('clusters.create', { nodes: 0 }, 'node-count')
    await bench.fails('clusters.create', { nodes: 52 }, 'node-count')
    await bench.fails('clusters.create', { nodes: 2.5 }, 'node-count')
    await bench.fails('clusters.create', { nodes: 1, name: '../escape' }, 'cluster-name')
    await bench.fails('clusters.open', { name: 'nobody' }, 'cluster-unknown')
    await bench.fails('node.kill', { node: 1 }, 'no-cluster')
    await bench.fails('timeline.info', { source: 'live' }, 'no-cluster')
    await bench.fails('no.such.call' as never, {}, 'bad-input')
    await bench.fails('toString' as never, {}, 'bad-input')

    await bench.call('clusters.create', { nodes: 1 })
    await bench.leader()
    expect((await bench.fails('node.kill', { node: 9 }, 'node-unknown')).details).toEqual({ node: '9', known: '1' })
    await bench.fails('node.kill', { node: '1' }, 'bad-input')
    await bench.fails('node.kill', { node: 1, more: true }, 'bad-input')
    await bench.fails('node.kill', undefined, 'bad-input')
    await bench.fails('node.start', { node: 1 }, 'node-state')
    await bench.fails('link.block', { from: 1, to: 1, both: false }, 'link-self')
    await bench.fails('client.put', { key: '', value: '' }, 'key-size')
    await bench.fails('client.put', { key: '键'.repeat(400), value: '' }, 'key-size')
    await bench.fails('client.put', { key: 'k', value: 'x'.repeat((1 << 20) + 1) }, 'value-size')
    await bench.fails('timeline.entries', { source: 'live', node: 1, from: 1, to: 5000 }, 'bad-input')
    await bench.fails('clusters.delete', { name: 'cluster-1' }, 'cluster-open')
    expect(await bench.call('client.put', { key: 'k', value: 'x'.repeat(1 << 20) })).toMatchObject({ outcome: 'ok' })

    await bench.call('settings.set', { language: 'zh' })
    expect((await bench.fails('node.kill', { node: 9 }, 'node-unknown')).message).toBe(
      '此集群中没有节点 9。现有节点：1。',
    )
  })

  test('recordings that are none, half or damaged', async () => {
    await bench.call('clusters.create', { nodes: 1 })
    await bench.leader()
    await bench.call('client.put', { key: 'k', value: 'v' })
    await bench.call('clusters.close', {})
    const [item] = await bench.call('recordings.list', {})
    const path = item?.path ?? ''
    await bench.fails('recordings.open', { path: join(bench.home, 'nowhere.raftrec') }, 'recording-unknown')
    const foreign = join(bench.home, 'foreign.raftrec')
    await writeFile(foreign, 'PK\u0003\u0004 certainly something else '.repeat(100))
    await bench.fails('recordings.open', { path: foreign }, 'recording-foreign')
    await bench.fails('recordings.open', { path: bench.home }, 'unreadable-file')

    await truncate(path, Math.floor((item?.bytes ?? 0) * 0.4))
    const info = await bench.call('recordings.open', { path })
    expect(info.complete).toBe(false)
    expect(info.events).toBeLessThan(item?.events ?? 0)
    await bench.call('timeline.state', { source: 'recording' })
    expect(info.truncatedBytes).toBeGreaterThan(0)
    expect(bench.problems.map(({ code }) => code)).toEqual(['recording-truncated'])
  })

  test('an export to a place that is not there leaves the cluster running', async () => {
    await bench.call('clusters.create', { nodes: 1 })
    await bench.leader()
    bench.savePath = join(bench.home, 'not', 'there', 'x.jsonl')
    await bench.fails('timeline.export', { source: 'live', format: 'jsonl' }, 'export-failed')
    bench.savePath = null
    expect(await bench.call('timeline.export', { source: 'live', format: 'jsonl' })).toEqual({ kind: 'cancelled' })
    expect(await bench.call('client.put', { key: 'k', value: 'v' })).toMatchObject({ outcome: 'ok' })
  })

  test('a cluster whose files cannot be read is listed, and says why', async () => {
    const directory = join(bench.home, 'clusters', 'broken')
    await mkdir(directory, { recursive: true })
    await writeFile(join(directory, 'cluster.json'), '{"format":')
    expect(await bench.call('clusters.list', {})).toMatchObject([
      { name: 'broken', id: '', nodes: 0, damaged: expect.stringMatching(/JSON/) },
    ])
    const problem = await bench.fails('clusters.open', { name: 'broken' }, 'cluster-damaged')
    expect(problem.message).toContain(directory)
  })

  test('corrupt settings are told to the first window', async () => {
    await bench.workbench.close()
    await writeFile(join(bench.home, 'settings.json'), 'not json')
    const again = await startBench(bench.home)
    expect(again.problems.map(({ code }) => code)).toEqual(['settings-corrupt'])
    expect((await readdir(bench.home)).filter((name) => name.startsWith('settings.json.corrupt-'))).toHaveLength(1)
    await again.workbench.close()
  })
})

test('what closing interrupts is no trouble that is written down', async () => {
  await bench.call('clusters.create', { nodes: 1 })
  await bench.leader()
  const { length } = bench.logged
  const reading = bench.workbench.call('overview.read', { source: 'live', from: 0, to: 1e9, buckets: 10 })
  await bench.workbench.close()
  expect(await reading).toMatchObject({ ok: false })
  expect(bench.logged.slice(length)).toEqual([])
})

test('a node that ends by itself is reported', async () => {
  await bench.call('clusters.create', { nodes: 3 })
  await bench.leader()
  process.kill(await until('its process', () => bench.nodes.get(2)?.process.pid), 'SIGKILL')
  const problem = await until('the report', () => bench.problems.find(({ code }) => code === 'node-crashed'))
  expect(problem.details).toEqual({ node: '2', reason: 'SIGKILL' })
  await until('it is shown', () => bench.nodes.get(2)?.process.standing === 'crashed')
})
