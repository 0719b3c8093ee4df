import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inspectNode } from '../../main/cluster/inspect'
import {
  awaitEqualLogs,
  awaitLeader,
  faultsOf,
  heldBy,
  openCluster,
  put,
  until,
  type Witness,
} from '../support/cluster'

/** Numbers of faults that began and have not ended. */
function inForce(witness: Witness): readonly string[] {
  const began = faultsOf(witness).filter((line) => line.startsWith('begin '))
  const ended = new Set(faultsOf(witness).filter((line) => line.startsWith('end ')))
  return began.filter((line) => !ended.has(line.replace('begin', 'end')))
}

test('one command ends every fault of every kind, a stop of the cluster first', async () => {
  const { cluster, witness } = await openCluster(7)
  await awaitLeader(cluster)
  for (let i = 0; i < 5; i++) await put(cluster, `k${i}`, 'v')
  await awaitEqualLogs(cluster)
  await cluster.stop(3)
  const [file] = (await inspectNode(cluster.dataDir(3))).files
  const entry = file!.records.find(({ type }) => type === 'entry')!
  await cluster.flipBit(3, { file: file!.name, record: entry.number })
  await cluster.kill(4)
  await cluster.pause(5)
  cluster.arm(6, { type: 'slow-disk', delayMs: 50, jitterMs: 0, seed: 1 })
  cluster.arm(4, { type: 'disk-error', code: 'ENOSPC', count: null })
  cluster.setClock(7, { mode: 'manual', rate: 1 })
  cluster.setClock(6, { mode: 'running', rate: 2 })
  cluster.block(1, 2)
  cluster.partition([[1, 6]])
  cluster.preset('slow', 2)
  cluster.preset('deaf', 6)
  cluster.preset('hold-all')
  await until('messages are held', () => heldBy(witness).length > 5)
  const breakpoint = cluster.setBreakpoint('any: term >= 100000')
  await cluster.halt()
  expect(cluster.stopped).toEqual({ node: 0, breakpoint: 0, event: 0, kind: '' })
  expect(inForce(witness).length).toBeGreaterThan(8)

  expect(await cluster.healAll()).toEqual([])
  expect(cluster.stopped).toBeUndefined()
  expect(inForce(witness)).toEqual([])
  expect(cluster.nodeIds.map((node) => cluster.standing(node))).toEqual(Array(7).fill('running'))
  for (const from of cluster.nodeIds) {
    for (const to of cluster.nodeIds) {
      expect(cluster.isBlocked(from, to)).toBe(false)
      expect(cluster.rulesOf(from, to).rules).toEqual([])
    }
  }
  await until('nothing is held', () => heldBy(witness).length === 0)
  expect(cluster.breakpoints).toEqual([breakpoint])
  await put(cluster, 'after', 'v')
  await awaitEqualLogs(cluster)
  expect(await cluster.healAll()).toEqual([])
})

test('what cannot be healed is named, and the others are healed', async () => {
  const { cluster, witness } = await openCluster(3)
  await awaitLeader(cluster)
  for (let i = 0; i < 5; i++) await put(cluster, `k${i}`, 'v')
  await awaitEqualLogs(cluster)
  await cluster.kill(2)
  await cluster.stop(3)
  // Damage that is not ours: nobody knows what stood there.
  const [file] = (await inspectNode(cluster.dataDir(3))).files
  const entry = file!.records.find(({ type }) => type === 'entry')!
  const path = join(cluster.dataDir(3), file!.name)
  const content = readFileSync(path)
  content[entry.offset + 12] = content[entry.offset + 12]! ^ 1
  writeFileSync(path, content)

  const unhealed = await cluster.healAll()
  expect(unhealed).toEqual([{ fault: 2, problem: expect.objectContaining({ code: 'node-start' }) }])
  expect(cluster.standing(2)).toBe('running')
  expect(cluster.standing(3)).toBe('crashed')
  // n3 may only go when the leader has heard of n2.
  await put(cluster, 'with two', 'v')
  await cluster.rebuild(3)
  expect(await cluster.healAll()).toEqual([])
  await put(cluster, 'after', 'v')
  await awaitEqualLogs(cluster)
  expect(inForce(witness)).toEqual([])
})

test('the end of one fault: mended, resumed, started, true again; the others stay', async () => {
  const { cluster, witness } = await openCluster(3)
  await awaitLeader(cluster)
  await cluster.kill(3)
  await cluster.start(3)
  await cluster.pause(2)
  cluster.block(1, 3)
  cluster.setClock(1, { mode: 'manual', rate: 1 })
  expect(inForce(witness)).toEqual(['begin pause 2', 'begin block 3', 'begin clock 4'])
  await cluster.endFault(3)
  expect(cluster.isBlocked(1, 3)).toBe(false)
  await cluster.endFault(2)
  expect(cluster.standing(2)).toBe('running')
  await cluster.endFault(4)
  await cluster.stop(3)
  await cluster.endFault(5)
  expect(cluster.standing(3)).toBe('running')
  expect(inForce(witness)).toEqual([])
  await expect(cluster.endFault(5)).rejects.toThrow(
    expect.objectContaining({ code: 'fault-unknown', details: { id: 5 } }),
  )
  await put(cluster, 'after', 'v')
})
