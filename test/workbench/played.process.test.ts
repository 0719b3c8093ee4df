/** A scenario that a window played: what is left of its cluster afterwards. */
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ScenariosUpdate } from '../../preload/contract'
import { until } from '../support/cluster'
import { type Bench, startBench } from './support'

const TEXT = `scenario: 1
id: alone
title: { en: Alone, zh: 独自 }
about: { en: One node., zh: 一个节点。 }
tags: [election]
cluster: { nodes: 1 }
steps:
  - wait: { leader: { is: 1 } }
`

let bench: Bench
let scenarios: ScenariosUpdate[]
beforeEach(async () => {
  bench = await startBench()
  scenarios = []
  bench.workbench.subscribe('scenarios', (value) => scenarios.push(value))
})
afterEach(() => bench.clear())

async function play(): Promise<string> {
  const { cluster } = await bench.call('scenarios.start', { which: { text: TEXT }, stepByStep: false })
  await until('its end', () => scenarios.at(-1)?.playing?.phase === 'ended')
  expect(scenarios.at(-1)?.playing).toMatchObject({ cluster, kept: false, result: { outcome: 'holds' } })
  return cluster
}
const clusters = async () => (await bench.call('clusters.list', {})).map(({ name }) => name)

test('put away, its recording is what is left, and is shown where the cluster was', async () => {
  expect(await play()).toBe('alone')
  expect(await clusters()).toEqual(['alone'])
  await bench.call('scenarios.leave', {})
  expect(await readdir(join(bench.home, 'clusters'))).toEqual([])
  const [recording, ...others] = await bench.call('recordings.list', {})
  expect(others).toEqual([])
  expect(recording).toMatchObject({ cluster: 'alone', complete: true })
  expect(bench.sources.at(-1)).toMatchObject({ kind: 'recording', info: { path: recording?.path } })
  expect((await bench.call('timeline.info', { source: 'recording' })).events).toBeGreaterThan(10)
})

test('played again, the one before is gone; kept, or branched off from, it stays', async () => {
  await play()
  const second = await play()
  expect(await clusters()).toEqual([second])
  expect(await bench.call('recordings.list', {})).toHaveLength(2)
  await bench.call('scenarios.keep', {})
  await until('that it is told', () => scenarios.at(-1)?.playing?.kept === true)
  await bench.call('scenarios.leave', {})
  expect(await clusters()).toEqual([second])
  expect(bench.sources.at(-1)).toMatchObject({ kind: 'live', name: second })

  const third = await play()
  const { name: branch } = await bench.call('timeline.fork', { source: 'live' })
  await bench.call('scenarios.leave', {})
  expect((await clusters()).toSorted()).toEqual([second, third, branch].toSorted())
})

test('closing the workbench clears it as well, and one that was killed leaves it to the next', async () => {
  await play()
  await bench.workbench.close()
  expect(await readdir(join(bench.home, 'clusters'))).toEqual([])
  const { home } = bench
  bench = await startBench(home)
  await bench.call('clusters.create', { name: 'left', nodes: 1 })
  await bench.call('clusters.close', {})
  await bench.workbench.close()
  await writeFile(join(home, 'clusters', 'left', 'played'), '')
  bench = await startBench(home)
  expect(await clusters()).toEqual([])
  expect(await bench.call('recordings.list', {})).toHaveLength(2)
})
