/**
 * Every put that our cluster answered must be on the disks of a majority: the recovery that a node starts with opens
 * each directory, and the write is in its log at the index that was answered, or in a snapshot that covers that index.
 */
import { decodeCommand } from '../../../main/node/contract/command'
import { type Identity, openDisk } from '../../../main/node/disk'
import { KeyValueStore } from '../../../main/node/kv/store'
import { KEYS, keyOf, writeOf } from '../load/writes'
import { Failed } from '../unable'

/** What one node's directory holds. */
interface Holding {
  /** By index: the number of the write; 0 for what is none. */
  readonly base: number
  readonly writes: Float64Array
  /** Writes to a key are made one after the other, so that a later one there tells that this one was. */
  readonly snapshotIndex: number
  readonly newest: ReadonlyMap<string, number>
}

/** `dataDirs` in the order of the nodes, whose processes have ended. Returns how many were found; throws {@link Failed}. */
export async function verifyOurs(
  clusterId: string,
  dataDirs: readonly string[],
  acknowledged: ReadonlyMap<number, number>,
): Promise<number> {
  const missing = new Map<number, number>()
  for (const [at, directory] of dataDirs.entries()) {
    const holding = await read(directory, { clusterId, node: at + 1 })
    for (const [write, index] of acknowledged) {
      if (!holds(holding, write, index)) missing.set(write, (missing.get(write) ?? 0) + 1)
    }
  }
  for (const [write, disks] of missing) {
    if (dataDirs.length - disks > dataDirs.length / 2) continue
    const place = `index ${acknowledged.get(write)}`
    throw new Failed(`write ${write} was answered at ${place}, but ${disks} of ${dataDirs.length} disks don't have it`)
  }
  return acknowledged.size
}

function holds({ base, writes, snapshotIndex, newest }: Holding, write: number, index: number): boolean {
  if (index > base) return writes[index - base - 1] === write
  return index <= snapshotIndex && (newest.get(keyOf(write)) ?? 0) >= write
}

async function read(directory: string, identity: Identity): Promise<Holding> {
  const { disk, restored } = await openDisk(directory, identity)
  try {
    const { base, entries, snapshot } = restored
    const writes = new Float64Array(entries.length)
    for (const [at, { type, data }] of entries.entries()) {
      if (type !== 'command') continue
      const { command } = decodeCommand(data)
      if (command.op === 'put') writes[at] = writeOf(command.value) ?? 0
    }
    const newest = new Map<string, number>()
    if (snapshot !== undefined) {
      const store = new KeyValueStore()
      await store.restore(disk.snapshots.load(snapshot))
      for (let write = 1; write <= KEYS; write++) {
        const value = store.get(keyOf(write))
        if (value !== undefined) newest.set(keyOf(write), writeOf(value) ?? 0)
      }
    }
    return { base: base.index, writes, snapshotIndex: snapshot?.index ?? 0, newest }
  } finally {
    await disk.close()
  }
}
