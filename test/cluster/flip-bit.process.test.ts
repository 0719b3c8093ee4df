import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Cluster } from '../../main/cluster/api'
import { inspectNode } from '../../main/cluster/inspect'
import type { RecordBit } from '../../main/node/contract/conditions'
import { awaitEqualLogs, awaitLeader, faultsOf, openCluster, put, until } from '../support/cluster'

/** A cluster of three that has written something, and a follower of it that is stopped. */
async function scene() {
  const { cluster, witness } = await openCluster(3)
  const leader = await awaitLeader(cluster)
  for (let i = 1; i <= 20; i++) await put(cluster, `k${i}`, `v${i}`)
  await awaitEqualLogs(cluster)
  const node = cluster.nodeIds.find((id) => id !== leader)!
  await cluster.stop(node)
  const at = await entryOf(cluster, node)
  const content = () => readFileSync(join(cluster.dataDir(node), at.file))
  return { cluster, witness, node, at, content }
}

/** An entry in the middle of the newest segment. */
async function entryOf(cluster: Cluster, node: number): Promise<RecordBit> {
  const { files } = await inspectNode(cluster.dataDir(node))
  const segment = files.at(-1)!
  const entries = segment.records.filter(({ type }) => type === 'entry')
  return { file: segment.name, record: entries[Math.floor(entries.length / 2)]!.number }
}

test('a flipped bit is found at the start, the others go on, and flipping it back makes the node whole', async () => {
  const { cluster, witness, node, at, content } = await scene()
  const before = content()
  const flipped = await cluster.flipBit(node, at)
  expect(flipped).toMatchObject({ ...at, fault: 2 })
  const after = content()
  const changed = [...after.keys()].filter((i) => after[i] !== before[i])
  expect(changed).toEqual([flipped.offset])
  expect(after[flipped.offset]! ^ before[flipped.offset]!).toBe(1 << flipped.bit)
  expect(JSON.parse(witness.of('fault').at(-1)!.detail)).toMatchObject({ nodes: [node], ...at, bit: flipped.bit })

  await expect(cluster.start(node)).rejects.toThrow(expect.objectContaining({ code: 'node-start' }))
  expect(cluster.standing(node)).toBe('crashed')
  const trouble = witness.of('trouble').find((event) => event.node === node)
  expect(trouble).toMatchObject({ problem: 'record-corrupt' })
  const file = join(cluster.dataDir(node), at.file)
  expect(JSON.parse(trouble!.detail)).toMatchObject({ file, record: at.record })
  await put(cluster, 'meanwhile', 'v')

  await cluster.endFault(flipped.fault)
  expect(cluster.standing(node)).toBe('running')
  await awaitEqualLogs(cluster)
  expect(faultsOf(witness)).toEqual(['begin stop 1', 'begin bit-flip 2', 'end stop 1', 'end bit-flip 2'])
  await expect(cluster.endFault(flipped.fault)).rejects.toThrow(expect.objectContaining({ code: 'fault-unknown' }))
})

test('a chosen bit; two in one byte are both flipped back by healing everything', async () => {
  const { cluster, node, at, content } = await scene()
  const before = content()
  const one = await cluster.flipBit(node, { ...at, bit: 75 })
  const other = await cluster.flipBit(node, { ...at, bit: 76 })
  expect(other.offset).toBe(one.offset)
  expect([one.bit, other.bit]).toEqual([75 % 8, 76 % 8])
  expect(content()[one.offset]! ^ before[one.offset]!).toBe((1 << one.bit) | (1 << other.bit))
  expect(await cluster.healAll()).toEqual([])
  expect(cluster.standing(node)).toBe('running')
  await awaitEqualLogs(cluster)
})

test('rebuilding the node ends the fault', async () => {
  const { cluster, witness, node, at } = await scene()
  await cluster.flipBit(node, at)
  await cluster.rebuild(node)
  await put(cluster, 'after', 'v')
  await awaitEqualLogs(cluster)
  await until('the end of the fault', () => faultsOf(witness).includes('end bit-flip 2'))
  expect(await cluster.healAll()).toEqual([])
})

test('of a node that runs, of a record that is not there: refused, and its disk is as before', async () => {
  const { cluster, witness, node, at, content } = await scene()
  const before = content()
  const code = (wanted: string) => expect.objectContaining({ code: wanted })
  const running = cluster.nodeIds.find((id) => id !== node)!
  await expect(cluster.flipBit(running, at)).rejects.toThrow(code('node-state'))
  await expect(cluster.flipBit(9, at)).rejects.toThrow(code('node-unknown'))
  await expect(cluster.flipBit(node, { ...at, file: 'nothing.log' })).rejects.toThrow(code('record-unknown'))
  await expect(cluster.flipBit(node, { ...at, record: 9999 })).rejects.toThrow(code('record-unknown'))
  await expect(cluster.flipBit(node, { ...at, bit: 1 << 20 })).rejects.toThrow(code('fault-invalid'))
  expect(content().equals(before)).toBe(true)
  expect(faultsOf(witness)).toEqual(['begin stop 1'])
  await cluster.start(node)
})
