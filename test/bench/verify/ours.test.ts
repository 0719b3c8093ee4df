/** The proof that a run is worth something must itself be able to fail. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodeCommand } from '../../../main/node/contract/command'
import { makeEntry } from '../../../main/node/contract/records'
import { openDisk } from '../../../main/node/disk'
import { KeyValueStore } from '../../../main/node/kv/store'
import { configurationOf, type Entry } from '../../../main/raft'
import { keyOf, valueFor } from '../load/writes'
import { Failed } from '../unable'
import { verifyOurs } from './ours'

const CLUSTER = 'c'
const TERM = 1
const WRITES = 40

let base = ''
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'raft-workbench-test-'))
})
afterEach(() => rm(base, { recursive: true, force: true }))

/** Write 1 stands at index 2: index 1 is the leader's own. */
const indexOf = (write: number) => write + 1
const answered = new Map(Array.from({ length: WRITES }, (_, i) => [i + 1, indexOf(i + 1)]))

function entryOf(write: number): Entry {
  const command = { op: 'put', key: keyOf(write), value: valueFor(write) } as const
  return makeEntry(indexOf(write), TERM, 'command', encodeCommand({ client: 0, sequence: 0, command, time: 0 }))
}

interface Held {
  readonly upTo?: number
  /** A write that is not the one that was answered. */
  readonly wrong?: number
  /** Taken after so many writes; the log before it is gone. */
  readonly snapshotAfter?: number
}

async function nodeWith(node: number, { upTo = WRITES, wrong = 0, snapshotAfter = 0 }: Held): Promise<string> {
  const directory = join(base, `n${node}`)
  const { disk } = await openDisk(directory, { clusterId: CLUSTER, node })
  const writes = Array.from({ length: upTo }, (_, i) => i + 1)
  const entries = [
    makeEntry(1, TERM, 'noop', new Uint8Array()),
    ...writes.map((write) => (write === wrong ? { ...entryOf(write + 1), index: indexOf(write) } : entryOf(write))),
  ]
  await disk.write({ entries, hardState: { currentTerm: TERM, votedFor: 1 } })
  if (snapshotAfter > 0) {
    const store = new KeyValueStore()
    const last = indexOf(snapshotAfter)
    for (const entry of entries.slice(0, last)) store.apply(entry)
    const position = { index: last, term: TERM }
    await disk.snapshots.save(position, configurationOf([1, 2, 3]), store.snapshot())
    await disk.write({ entries: [], compactTo: position })
  }
  await disk.close()
  return directory
}

const nodesWith = async (...held: readonly Held[]) => {
  const directories: string[] = []
  for (const [at, each] of held.entries()) directories.push(await nodeWith(at + 1, each))
  return verifyOurs(CLUSTER, directories, answered)
}

test('all is well when two of three disks have everything', async () => {
  expect(await nodesWith({}, {}, { upTo: 3 })).toBe(WRITES)
})

test('a write that only one disk has was lost', async () => {
  const verdict = nodesWith({}, { upTo: WRITES - 1 }, { upTo: WRITES - 2 })
  await expect(verdict).rejects.toThrow(Failed)
  await expect(verdict).rejects.toThrow(`write ${WRITES} was answered at index ${indexOf(WRITES)}, but 2 of 3 disks`)
})

test('another write at the index that was answered does not count', async () => {
  await expect(nodesWith({}, { wrong: 7 }, { wrong: 7 })).rejects.toThrow('write 7 was answered at index 8')
  await rm(base, { recursive: true })
  expect(await nodesWith({}, { wrong: 7 }, {})).toBe(WRITES)
})

test('what a snapshot replaced is found in the snapshot', async () => {
  expect(await nodesWith({ snapshotAfter: 30 }, { snapshotAfter: 12 }, { upTo: 0 })).toBe(WRITES)
})

test('a snapshot without the write does not count', async () => {
  const verdict = nodesWith({ snapshotAfter: 30 }, { snapshotAfter: 30, wrong: 9 }, { upTo: 5 })
  await expect(verdict).rejects.toThrow('write 9 was answered at index 10')
})
