/**
 * What snapshots held: a recording names them, and their content follows from the entries before them. The state machine that
 * every node runs (main/node/kv) is a pure function of the log, so it gives the same bytes here.
 */
import type { ForkImage } from '../../node/contract/disk-image'
import { asProblem, Problem } from '../../node/contract/problem'
import { decodeConfiguration } from '../../node/contract/records'
import { KeyValueStore } from '../../node/kv/store'
import type { Configuration, Entry, Position } from '../../raft/types'
import type { Beginning } from './beginnings'
import type { SnapshotContent } from './node-files'

export interface WantedSnapshot extends Position {
  /** How large it was; 0 = that was not told. */
  readonly bytes: number
  readonly node: number
}

const NOBODY = { outgoing: [], learners: [], learnersNext: [] }

/** Each snapshot that a node with data has, once. */
export function wantedOf({ nodes }: ForkImage): readonly WantedSnapshot[] {
  const wanted = new Map<number, WantedSnapshot>()
  for (const { node, role, disk } of nodes) {
    if (disk?.snapshot === undefined || role === 'witness') continue
    const { index, term, bytes } = disk.snapshot
    const known = wanted.get(index)
    wanted.set(index, { index, term, node, bytes: known?.bytes || bytes })
  }
  return [...wanted.values()].sort((a, b) => a.index - b.index)
}

/** The configuration of a witness's snapshot needs the same entries, but its content is empty. */
export function witnessSnapshots({ nodes }: ForkImage): readonly WantedSnapshot[] {
  return nodes.flatMap(({ node, role, disk }) =>
    role === 'witness' && disk?.snapshot !== undefined ? [{ ...disk.snapshot, bytes: 0, node }] : [],
  )
}

/**
 * @param entries the committed ones, consecutive; the first may be later than 1 when the recording began later
 * @throws {Problem} 'fork-refused' when some cannot be had
 */
export async function snapshotContents(
  wanted: readonly WantedSnapshot[],
  first: ForkImage['first'],
  entries: AsyncIterable<readonly Entry[]>,
  beginnings: readonly Beginning[],
): Promise<ReadonlyMap<number, SnapshotContent>> {
  const found = new Map<number, SnapshotContent>()
  for (const one of wanted) {
    const same = beginnings.find(({ index, term }) => index === one.index && term === one.term)
    if (same !== undefined) found.set(one.index, await contentOf(same))
  }
  const left = wanted.filter(({ index }) => !found.has(index))
  if (left.length === 0) return found
  const machine = new Machine(first)
  for await (const batch of entries) {
    for (const entry of batch) {
      if (machine.at === undefined) await machine.begin(entry.index, beginnings, left)
      machine.apply(entry)
      for (const one of left) if (one.index === machine.at) found.set(one.index, checked(machine.snapshot(one), one))
    }
    if (left.every(({ index }) => found.has(index))) return found
  }
  const missing = left.find(({ index }) => !found.has(index))
  if (missing !== undefined) throw lacking(missing)
  return found
}

async function contentOf({ index, term, configuration, read }: Beginning): Promise<SnapshotContent> {
  const chunks: Uint8Array[] = []
  for await (const chunk of read()) chunks.push(chunk)
  return { index, term, configuration, chunks }
}

/** The recording says how large it was: another size means that it was another. */
function checked(content: SnapshotContent, { bytes, node, index }: WantedSnapshot): SnapshotContent {
  const rebuilt = content.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  if (bytes === 0 || rebuilt === bytes) return content
  throw new Problem('fork-refused', { reason: 'differs', node, index })
}

function lacking({ node, index }: Pick<WantedSnapshot, 'node' | 'index'>): Problem<'fork-refused'> {
  return new Problem('fork-refused', { reason: 'beginning', node, index })
}

class Machine {
  readonly #store = new KeyValueStore()
  #configuration: Configuration
  /** The last entry that it has; undefined until it is known where it begins. */
  at: number | undefined

  constructor(first: ForkImage['first']) {
    this.#configuration = { ...NOBODY, ...first }
  }

  /** Empty when the entries begin with the first, else as a snapshot left it with which the recording began. */
  async begin(index: number, beginnings: readonly Beginning[], wanted: readonly WantedSnapshot[]): Promise<void> {
    if (index === 1) {
      this.at = 0
      return
    }
    const [beginning] = beginnings.filter((one) => one.index >= index - 1).toSorted((a, b) => a.index - b.index)
    const [earliest] = wanted
    if (beginning === undefined || (earliest !== undefined && earliest.index < beginning.index)) {
      throw lacking({ node: earliest?.node ?? 0, index: index - 1 })
    }
    await this.#store.restore(beginning.read())
    this.#configuration = beginning.configuration
    this.at = beginning.index
  }

  apply(entry: Entry): void {
    const { index, type, data } = entry
    if (this.at === undefined || index <= this.at) return
    if (index !== this.at + 1) throw lacking({ node: 0, index: this.at + 1 })
    this.at = index
    if (type === 'command' && data.length === 0) throw new Problem('fork-refused', { reason: 'level', node: 0, index })
    if (type === 'config') this.#configuration = decodeConfiguration(data) ?? this.#configuration
    try {
      this.#store.apply(entry)
    } catch (error) {
      // What no node understood, no node executed.
      if (asProblem(error).code !== 'frame-malformed') throw error
    }
  }

  snapshot({ index, term }: Position): SnapshotContent {
    return { index, term, configuration: this.#configuration, chunks: [...this.#store.snapshot()] }
  }
}
