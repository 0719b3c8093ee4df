/** The nodes' clocks: how each is meant to go, also in its next life. */
import { type ClockSetting, clockSchema, jumpSchema, TRUE_CLOCK } from '../../node/contract/conditions'
import type { Control } from '../../node/contract/control'
import type { Faults } from './faults'
import { checked } from './invalid'
import type { Question } from './requests'

export interface ClocksContext {
  readonly faults: Faults
  /** Tells the node, if it runs. */
  tell(node: number, control: Control): void
  /** Problems: `node-state`, `cluster-stopped`, and those of the reply. */
  ask(node: number, question: Question): Promise<number>
}

export class Clocks {
  readonly #context: ClocksContext
  /** Those that are not true. */
  readonly #settings = new Map<number, ClockSetting>()

  constructor(context: ClocksContext) {
    this.#context = context
  }

  of(node: number): ClockSetting {
    return this.#settings.get(node) ?? TRUE_CLOCK
  }

  /** See `Cluster.setClock`. */
  set(node: number, given: ClockSetting): void {
    const { faults, tell } = this.#context
    const clock = checked(clockSchema, given)
    if (isSame(clock, this.of(node))) return
    this.#endFault(node)
    this.#settings.delete(node)
    if (!isSame(clock, TRUE_CLOCK)) {
      this.#settings.set(node, clock)
      faults.begin('clock', { kind: 'clock', node }, { nodes: [node], ...clock })
    }
    tell(node, { type: 'clock', clock })
  }

  /** See `Cluster.jumpClock`. */
  async jump(node: number, given: number): Promise<void> {
    const millis = checked(jumpSchema, given, 'millis')
    await this.#context.ask(node, (request) => ({ type: 'jump', request, millis }))
    this.#context.faults.strike('clock', node, { nodes: [node], jumpMs: millis })
  }

  /** See `Cluster.fire`. */
  async fire(node: number): Promise<void> {
    await this.#context.ask(node, (request) => ({ type: 'fire', request }))
    this.#context.faults.strike('clock', node, { nodes: [node], fired: true })
  }

  healAll(): void {
    for (const node of [...this.#settings.keys()]) this.set(node, TRUE_CLOCK)
  }

  /** The node was removed. */
  forget(node: number): void {
    this.#settings.delete(node)
    this.#endFault(node)
  }

  #endFault(node: number): void {
    for (const { id } of this.#context.faults.of('clock', node)) this.#context.faults.end(id)
  }
}

function isSame(one: ClockSetting, other: ClockSetting): boolean {
  return one.mode === other.mode && one.rate === other.rate
}
