/** Nodes that start with long logs: each one's start is told whole, and what they all hold is told once. */
import { expect, test } from 'vitest'
import { inspectNode } from '../../main/cluster/inspect'
import type { ReportedEvent } from '../../main/node/contract/events'
import type { Entry } from '../../main/raft/types'
import { awaitEqualLogs, openCluster, put, until, Witness } from '../support/cluster'

const VALUE = 'x'.repeat(8 << 10)
const VALUES = 40

async function withLongLogs(nodes: number) {
  const open = await openCluster(nodes)
  for (let number = 0; number < VALUES; number++) await put(open.cluster, `key ${number}`, VALUE)
  await awaitEqualLogs(open.cluster)
  return open
}

/** What the last start of a node told of its log, once it is all told. */
async function found(witness: Witness, node: number): Promise<readonly Entry[]> {
  return await until(`the start of n${node}`, () => {
    const own = witness.events.filter((event) => event.node === node)
    const life = own.slice(own.findLastIndex(({ kind }) => kind === 'started'))
    const end = life.findIndex(({ kind }) => kind === 'persisted')
    if (end < 0) return undefined
    return life.slice(0, end).flatMap((event) => (event.kind === 'appended' ? whole(event) : []))
  })
}

function whole(event: ReportedEvent<'appended'>): readonly Entry[] {
  expect(event.entries).toHaveLength(event.count)
  return event.entries
}

const plain = ({ index, term, type, data }: Entry) => `${index} ${term} ${type} ${Buffer.from(data).toString('latin1')}`

test('a cluster that is opened again', async () => {
  const { cluster, store } = await withLongLogs(3)
  await cluster.close()
  const witness = new Witness()
  const again = await store.open(cluster.name, () => witness)
  try {
    const logs = await Promise.all(again.nodeIds.map((node) => found(witness, node)))
    await again.close()
    for (const [at, log] of logs.entries()) {
      const { entries } = await inspectNode(again.dataDir(at + 1))
      expect(log.length).toBeGreaterThanOrEqual(VALUES)
      expect(log.map(plain)).toEqual(entries.slice(0, log.length).map(plain))
    }
    // They are not only equal: somebody told them once.
    const [first = [], ...others] = logs
    for (const other of others)
      expect(other.filter((entry) => first.includes(entry)).length).toBeGreaterThanOrEqual(VALUES)
  } finally {
    await again.close()
  }
})

test('a node that is stopped as soon as it is ready', async () => {
  const { cluster, witness } = await withLongLogs(1)
  await cluster.stop(1)
  await cluster.start(1)
  await cluster.stop(1)
  expect((await found(witness, 1)).length).toBeGreaterThanOrEqual(VALUES)
})
