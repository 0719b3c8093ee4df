import { expect, test } from 'vitest'
import { openRecording } from '../../main/timeline'
import type { NodeState } from '../../main/timeline/state'
import { until } from '../support/cluster'
import { makeDesk } from './fork-run'

const VALUE = new Uint8Array(8 << 10).fill(7)
const VALUES = 40

/** Its log as a recording holds it: with what is in the entries. */
const bytesOf = (node: NodeState | undefined) => [...(node?.log ?? [])].reduce((sum, { data }) => sum + data.length, 0)

test('a long log is on the recording again after each start, whoever else holds it', async () => {
  const desk = await makeDesk()
  try {
    const { name } = await desk.store.create({ name: 'long', nodes: 3 })
    const { cluster, recorder, recording, close } = await desk.open(name)
    for (let number = 0; number < VALUES; number++) {
      expect(await cluster.call({ op: 'put', key: `k${number}`, value: VALUE })).toMatchObject({ outcome: 'ok' })
    }
    const nodeOf = (node: number) => recorder.state.nodes.get(node)
    const isWhole = (node: number) =>
      (nodeOf(node)?.durableIndex ?? 0) >= VALUES && bytesOf(nodeOf(node)) > VALUES * VALUE.length
    await until('all have all', () => cluster.nodeIds.every(isWhole))
    const started: number[] = []
    recorder.onOrdered((events) => {
      for (const { kind, node } of events) if (kind === 'started') started.push(node)
    })
    for (const node of [1, 2]) {
      await cluster.kill(node)
      await cluster.start(node)
      await until(`n${node} has told its log`, () => started.includes(node) && isWhole(node))
      expect(nodeOf(node)?.dataMissing).toBe(false)
      // One copy of each entry in memory: its own events and the others' have the same.
      const others = new Set(nodeOf(3)?.log)
      expect(
        nodeOf(node)
          ?.log.slice(0, VALUES)
          .every((entry) => others.has(entry)),
      ).toBe(true)
    }
    // One that stands has told nothing more than that it is there.
    await cluster.kill(1)
    started.length = 0
    const { id } = cluster.setBreakpoint('n1: persisted')
    const starting = cluster.start(1)
    await until('a stop', () => cluster.stopped)
    await until('n1 has its log', () => started.includes(1) && isWhole(1))
    expect(cluster.stopped).toMatchObject({ node: 1 })
    cluster.removeBreakpoint(id)
    await cluster.continue()
    await starting
    await close()
    const source = await openRecording(recording)
    const state = await source.stateAt(source.info().events)
    for (const node of cluster.nodeIds) expect(bytesOf(state.nodes.get(node))).toBeGreaterThan(VALUES * VALUE.length)
    await source.close()
  } finally {
    await desk.clear()
  }
})
