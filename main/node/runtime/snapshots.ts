/** A node's own snapshots (§7): taken when its settings or an operator say so, while it goes on serving. */

import { isWitness } from '../../raft'
import type { Configuration, Entry, Index, Position, SnapshotMeta } from '../../raft/types'
import { ENTRY_OVERHEAD_BYTES } from '../contract/records/record'
import type { ClusterSettings } from '../contract/settings'
import type { SnapshotFiles } from '../disk/api'
import type { StateMachine } from '../kv/api'

export interface SnapshotsOptions {
  readonly node: number
  readonly settings: Pick<ClusterSettings, 'snapshotEntries' | 'snapshotBytes'>
  readonly files: SnapshotFiles
  readonly machine: StateMachine
  /** What the core says of an applied index; undefined when it cannot say it yet. */
  readonly describe: (index: Index) => (Position & { readonly configuration: Configuration }) | undefined
  /** One is durable; everybody who asked hears of it after the core has. */
  readonly saved: (snapshot: SnapshotMeta, heard: readonly SnapshotHeard[]) => void
  readonly failed: (error: unknown) => void
}

export type SnapshotHeard = (snapshot: SnapshotMeta) => void

export class Snapshots {
  readonly #options: SnapshotsOptions
  /** Applied since the last snapshot. */
  #entries = 0
  #bytes = 0
  #isSaving = false
  /** Who asked for one that was not begun yet. */
  #asked: SnapshotHeard[] = []

  constructor(options: SnapshotsOptions) {
    this.#options = options
  }

  /** Counts what the next snapshot will have. */
  applied({ data }: Entry): void {
    this.#entries += 1
    this.#bytes += data.length + ENTRY_OVERHEAD_BYTES
  }

  /** Another server's snapshot became the state. */
  restored(): void {
    this.#entries = 0
    this.#bytes = 0
  }

  /** At the end of a turn: takes one when the settings say that it is time, or somebody asked. */
  consider(lastApplied: Index): void {
    const { snapshotEntries, snapshotBytes } = this.#options.settings
    const isDue =
      this.#asked.length > 0 ||
      (snapshotEntries > 0 && this.#entries >= snapshotEntries) ||
      (snapshotBytes > 0 && this.#bytes >= snapshotBytes)
    if (isDue && !this.#isSaving) this.#save(lastApplied)
  }

  /** Asks for one. Returns why not: nothing is new since the last one, or one is being made. */
  request(heard: SnapshotHeard): 'nothing-new' | 'under-way' | undefined {
    if (this.#isSaving || this.#asked.length > 0) return 'under-way'
    if (this.#entries === 0) return 'nothing-new'
    this.#asked.push(heard)
    return undefined
  }

  /** The state of this moment; the disk takes it piece by piece, and between two pieces the node goes on. */
  #save(index: Index): void {
    const { node, files, machine, describe, saved, failed } = this.#options
    const description = describe(index)
    if (description === undefined) return
    const { term, configuration } = description
    const chunks = isWitness(configuration, node) ? [] : machine.snapshot()
    const heard = this.#asked
    this.#asked = []
    this.#isSaving = true
    this.#entries = 0
    this.#bytes = 0
    files.save({ index, term }, configuration, chunks).then((snapshot) => {
      this.#isSaving = false
      saved(snapshot, heard)
    }, failed)
  }
}
