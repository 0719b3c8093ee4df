/** The snapshot files of a node's directory, each checked to its last byte. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import {
  checkSnapshot,
  clusterHash,
  type Identity,
  MARK_BYTES,
  PART_NAME,
  parseSnapshotName,
  readHeaderOf,
  readMark,
  type SnapshotHeader,
  type SnapshotSource,
  STORAGE_VERSION,
  type Standing,
} from '../../node/contract/records'
import type { Position, SnapshotMeta } from '../../raft/types'
import { spellConfiguration } from './spell'

export interface InspectedSnapshot {
  readonly name: string
  /** `snapshot`: the node's own or an installed one. `received`: whole, not installed. `receiving`: still arriving. */
  readonly kind: 'snapshot' | 'received' | 'receiving'
  /** Of the file. */
  readonly bytes: number
  /** What its header says; undefined when that cannot be read. */
  readonly meta: SnapshotMeta | undefined
  /** Bytes of the data that are there. */
  readonly offset: number
  /** torn: what arrived of it cannot be gone on with. corrupt: it is damaged, or not this node's. */
  readonly standing: Standing
  /** Where the damage is, and what; 0 and empty when there is none. */
  readonly damageOffset: number
  readonly reason: string
  /** In words: what is wrong, how much has arrived, the configuration. */
  readonly detail: string
}

type Plain = Omit<InspectedSnapshot, 'detail'>

function spelled(snapshot: Plain): InspectedSnapshot {
  const { kind, meta, offset, reason } = snapshot
  const arrived = meta === undefined || kind === 'snapshot' ? '' : `${offset}/${meta.bytes} bytes`
  const members = meta === undefined ? '' : spellConfiguration(meta.configuration)
  return { ...snapshot, detail: [reason, arrived, members].filter((part) => part !== '').join('; ') }
}

/** All of them, the newest first, the one that arrives last. */
export async function inspectSnapshots(
  dataDir: string,
  names: readonly string[],
  identity: Identity | undefined,
): Promise<InspectedSnapshot[]> {
  const found: { snapshot: InspectedSnapshot; position: Position }[] = []
  for (const name of names) {
    const position = parseSnapshotName(name)
    if (position === undefined) continue
    const snapshot = await inspectSnapshot(dataDir, name, position.kind, position, identity)
    found.push({ position, snapshot: spelled(snapshot) })
  }
  found.sort((a, b) => b.position.index - a.position.index || b.position.term - a.position.term)
  const all = found.map(({ snapshot }) => snapshot)
  return names.includes(PART_NAME) ? [...all, spelled(await inspectPart(dataDir))] : all
}

async function inspectSnapshot(
  dataDir: string,
  name: string,
  kind: 'snapshot' | 'received',
  position: Position,
  identity: Identity | undefined,
): Promise<Plain> {
  return reading(join(dataDir, name), async (source) => {
    const opening = await checkSnapshot(source)
    const header = opening.ok ? opening.opened.header : opening.header
    const wrong = header && foreign(header, position, identity)
    const damage = opening.ok ? undefined : opening.damage
    return {
      name,
      kind,
      bytes: await source.size(),
      meta: header?.meta,
      offset: opening.ok ? opening.opened.header.meta.bytes : 0,
      standing: wrong === undefined && damage === undefined ? 'ok' : 'corrupt',
      damageOffset: wrong === undefined ? (damage?.offset ?? 0) : 0,
      reason: wrong ?? damage?.reason ?? '',
    }
  })
}

/** What is wrong with whose snapshot it is, if anything. */
function foreign(header: SnapshotHeader, position: Position, identity: Identity | undefined): string | undefined {
  if (header.version !== STORAGE_VERSION) return `format ${header.version} is not known here`
  const { index, term } = header.meta
  if (index !== position.index || term !== position.term) return `it says that it is of entry ${index} of term ${term}`
  if (identity === undefined) return undefined
  if (header.node !== identity.node) return `it belongs to node ${header.node}`
  return header.clusterHash === clusterHash(identity.clusterId) ? undefined : 'it belongs to another cluster'
}

/** By its mark only: whether the data checks out is seen when the transfer goes on. */
async function inspectPart(dataDir: string): Promise<Plain> {
  return reading(join(dataDir, PART_NAME), async (source) => {
    const header = await readHeaderOf(source)
    const bytes = await source.size()
    const common = { name: PART_NAME, kind: 'receiving', bytes, damageOffset: 0 } as const
    if ('reason' in header) return { ...common, meta: undefined, offset: 0, standing: 'torn', reason: header.reason }
    const mark = readMark(await source.read(Math.max(0, bytes - MARK_BYTES), MARK_BYTES))
    const isRight = mark !== undefined && header.bytes + mark.bytes + MARK_BYTES === bytes
    if (isRight) return { ...common, meta: header.meta, offset: mark.bytes, standing: 'ok', reason: '' }
    return { ...common, meta: header.meta, offset: 0, standing: 'torn', reason: 'it does not end with its mark' }
  })
}

async function reading<T>(path: string, read: (source: SnapshotSource) => Promise<T>): Promise<T> {
  const handle = await open(path, 'r')
  try {
    return await read({
      size: async () => (await handle.stat()).size,
      async read(position, length) {
        const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, position)
        return buffer.subarray(0, bytesRead)
      },
    })
  } finally {
    await handle.close()
  }
}
