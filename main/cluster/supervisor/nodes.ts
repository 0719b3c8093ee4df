/** The nodes of a running cluster. */
import { availableParallelism } from 'node:os'
import type { Link } from '../../node/contract/conditions'
import type { Control } from '../../node/contract/control'
import { Problem } from '../../node/contract/problem'
import type { Life } from './life'
import type { SupervisedNode } from './node'

/**
 * Nodes that start at the same time. A start is mostly computing: more of them at once would all be ready at the end, and
 * a leader takes a majority.
 */
const STARTS_AT_ONCE = availableParallelism() + 1
/**
 * With long logs. Reading one waits for the disk, and a node that is ready begins to apply what is committed: the others are to be
 * ready by then, and not to begin.
 */
const LONG_STARTS_AT_ONCE = 2 * STARTS_AT_ONCE

export interface StartOptions {
  readonly progress?: ((ready: number, of: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
  readonly areLogsLong?: boolean
}

export class Nodes {
  readonly #nodes = new Map<number, SupervisedNode>()

  /** Removed ones included. */
  get all(): readonly SupervisedNode[] {
    return [...this.#nodes.values()]
  }

  get present(): readonly SupervisedNode[] {
    return this.all.filter(({ standing }) => standing !== 'removed')
  }

  get ids(): readonly number[] {
    return this.present.map(({ id }) => id)
  }

  /** Their processes, those that are being started or ended included. */
  get lives(): readonly Life[] {
    return this.all.flatMap(({ life }) => life ?? [])
  }

  /** Every link into a node that runs. */
  get heard(): readonly Link[] {
    const { ids } = this
    return ids
      .filter((to) => this.isRunning(to))
      .flatMap((to) => ids.filter((from) => from !== to).map((from) => ({ from, to })))
  }

  add(node: SupervisedNode): void {
    this.#nodes.set(node.id, node)
  }

  /** Nothing tells any more that it ever was. */
  forget(id: number): void {
    this.#nodes.delete(id)
  }

  find(id: number): SupervisedNode | undefined {
    return this.#nodes.get(id)
  }

  /** Also one that was removed. Problem: `node-unknown`. */
  known(id: number): SupervisedNode {
    return this.find(id) ?? this.#unknown(id)
  }

  /** The node exists and was not removed. Problem: `node-unknown`. */
  get(id: number): SupervisedNode {
    const node = this.known(id)
    return node.standing === 'removed' ? this.#unknown(id) : node
  }

  /** Problem: `node-unknown`. */
  check(ids: Iterable<number>): void {
    for (const id of ids) this.get(id)
  }

  isRunning(id: number): boolean {
    return this.find(id)?.standing === 'running'
  }

  /** A node that does not run hears it at its start. */
  tell(id: number, control: Control): void {
    this.find(id)?.control(control)
  }

  /** Starts, and what is like them: not too many at a time. */
  async forEach(
    nodes: readonly SupervisedNode[],
    action: (node: SupervisedNode) => Promise<void>,
    atOnce = STARTS_AT_ONCE,
  ): Promise<void> {
    const waiting = [...nodes]
    const worker = async () => {
      for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) await action(node)
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
  }

  /** One that can't start does not keep the others from running; throws when none can, or the signal's reason. */
  async startAll({ progress, signal, areLogsLong = false }: StartOptions = {}): Promise<void> {
    const { present } = this
    const failures: unknown[] = []
    let ready = 0
    const start = async (node: SupervisedNode) => {
      signal?.throwIfAborted()
      try {
        await node.start()
        ready++
        progress?.(ready, present.length)
      } catch (error) {
        failures.push(error)
      }
    }
    await this.forEach(present, start, areLogsLong ? LONG_STARTS_AT_ONCE : STARTS_AT_ONCE)
    signal?.throwIfAborted()
    if (ready === 0) throw failures[0]
  }

  #unknown(id: number): never {
    throw new Problem('node-unknown', { node: String(id), known: this.ids.join(', ') })
  }
}
