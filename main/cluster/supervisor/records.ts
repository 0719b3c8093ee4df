/** The part of `cluster.json` that changes while a cluster runs. */
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

  get nodes(): readonly NodeRecord[] {
    return this.#file.nodes
  }

  /** Counts one more start, durably; returns how many there were before. */
  async countStart(node: number): Promise<number> {
    const before = this.nodes.find((record) => record.id === node)?.starts ?? 0
    await this.#change(node, { starts: before + 1 })
    return before
  }

  async markRemoved(node: number): Promise<void> {
    await this.#change(node, { removed: true })
  }

  /** Resolves when nothing is left to write. */
  async saved(): Promise<void> {
    await Promise.allSettled([this.#writing, this.#next])
  }

  async #change(node: number, change: Partial<NodeRecord>): Promise<void> {
    const nodes = this.nodes.map((record) => (record.id === node ? { ...record, ...change } : record))
    this.#file = { ...this.#file, nodes }
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
