/** The part of `cluster.json` that changes while a cluster runs. */
import type { ClusterSettings } from '../api'
import { type ClusterFile, type NodeRecord, writeClusterFile } from '../cluster-file'

export class NodeRecords {
  readonly #directory: string
  #file: ClusterFile
  #writing: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined

  constructor(directory: string, file: ClusterFile) {
    this.#directory = directory
    this.#file = file
  }

  /** All that there ever were. */
  get nodes(): readonly NodeRecord[] {
    return this.#file.nodes
  }

  /** Those that were not removed. */
  get present(): readonly NodeRecord[] {
    return this.nodes.filter(({ removed }) => !removed)
  }

  get settings(): ClusterSettings {
    return this.#file.settings
  }

  /** The configuration at index 0. */
  get first(): ClusterFile['first'] {
    return this.#file.first
  }

  find(node: number): NodeRecord | undefined {
    return this.nodes.find(({ id }) => id === node)
  }

  /** Counts one more start, durably; returns how many there were before. */
  async countStart(node: number): Promise<number> {
    const before = this.find(node)?.starts ?? 0
    await this.change(node, { starts: before + 1 })
    return before
  }

  async add(record: NodeRecord): Promise<void> {
    await this.#become({ nodes: [...this.nodes, record] })
  }

  async change(node: number, change: Partial<NodeRecord>): Promise<void> {
    await this.#become({ nodes: this.nodes.map((record) => (record.id === node ? { ...record, ...change } : record)) })
  }

  /** The node is gone for good, and with it what the settings say of it. */
  async retire(node: number): Promise<void> {
    const { [node]: _, ...priorities } = this.settings.priorities
    const nodes = this.nodes.map((record) => (record.id === node ? { ...record, removed: true } : record))
    await this.#become({ nodes, settings: { ...this.settings, priorities } })
  }

  /** As if it had never been added: its number is free again. */
  async drop(node: number): Promise<void> {
    await this.#become({ nodes: this.nodes.filter(({ id }) => id !== node) })
  }

  async changeSettings(settings: ClusterSettings): Promise<void> {
    await this.#become({ settings })
  }

  /** Resolves when nothing is left to write. */
  async saved(): Promise<void> {
    await Promise.allSettled([this.#writing, this.#next])
  }

  async #become(change: Partial<ClusterFile>): Promise<void> {
    this.#file = { ...this.#file, ...change }
    // Writes follow one another; all changes that come during one are written together by the next.
    this.#next ??= this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined
        this.#writing = writeClusterFile(this.#directory, this.#file)
        return this.#writing
      })
    await this.#next
  }
}
