/** The faults that wait in nodes, over all their lives: how often each will strike yet, and which one ended a node. */
import { type ArmedFault, MAX_ARMED, type NodeFault, nodeFaultSchema } from '../../node/contract/conditions'
import type { Control } from '../../node/contract/control'
import type { ReportedEvent } from '../../node/contract/events'
import { Problem } from '../../node/contract/problem'
import type { Faults } from './faults'
import { checked } from './invalid'

export interface ArmedContext {
  readonly faults: Faults
  /** Tells the node, if it runs. */
  tell(node: number, control: Control): void
}

/** `left` of an event `struck`: it strikes for as long as it is there. */
const ALWAYS = 0xffff_ffff

export class ArmedFaults {
  readonly #context: ArmedContext
  /** Nodes that were struck in their present life, or their last one, and by which fault. */
  readonly #struck = new Map<number, number>()

  constructor(context: ArmedContext) {
    this.#context = context
  }

  /** See `Cluster.arm`. */
  arm(node: number, given: NodeFault): number {
    const { faults, tell } = this.#context
    const fault = checked(nodeFaultSchema, given)
    const isAboutSending = fault.type === 'crash-point' && fault.point.endsWith('-send')
    if (fault.type === 'crash-point' && fault.messages.length > 0 && !isAboutSending) {
      throw new Problem('fault-invalid', { where: 'messages', reason: 'only sending is about messages' })
    }
    if (faults.of('armed', node).length >= MAX_ARMED) {
      throw new Problem('fault-invalid', { where: 'fault', reason: `at most ${MAX_ARMED} wait in one node` })
    }
    const id = faults.begin(fault.type, { kind: 'armed', node, fault }, { nodes: [node], fault })
    tell(node, { type: 'arm', armed: { id, fault } })
    return id
  }

  /** What waits in the node, also in its next life. */
  in(node: number): readonly ArmedFault[] {
    return this.#context.faults
      .of('armed', node)
      .flatMap(({ id, subject: { fault } }) => (fault === undefined || isForNow(fault) ? [] : [{ id, fault }]))
  }

  /** It will not strike any more. */
  disarm(id: number): void {
    const { faults, tell } = this.#context
    const armed = faults.of('armed').find((fault) => fault.id === id)
    if (armed === undefined) return
    if (armed.subject.fault !== undefined) tell(armed.subject.node, { type: 'disarm', id })
    faults.end(id)
  }

  /** A node told that one struck. One that will not strike again is over when the node is started the next time. */
  saw({ node, fault: id, left }: ReportedEvent<'struck'>): void {
    this.#struck.set(node, id)
    const armed = this.#context.faults.of('armed', node).find((fault) => fault.id === id)
    if (armed !== undefined) armed.subject.fault = remaining(armed.subject.fault, left)
  }

  /** The fault that struck the node in its present life, or ended its last one; 0 = none. */
  struckIn(node: number): number {
    return this.#struck.get(node) ?? 0
  }

  /**
   * The fault that ended the node was over before: its end had been asked for while it struck, or before the node heard of
   * that. An end undoes what a fault did, so nothing keeps the node down.
   */
  endedInVain(node: number): boolean {
    const fault = this.#struck.get(node)
    return fault !== undefined && !this.#context.faults.isActive(fault)
  }

  /** The node has a new life. */
  begun(node: number): void {
    this.#struck.delete(node)
    const { faults } = this.#context
    for (const { id, subject } of faults.of('armed', node)) {
      if (subject.fault === undefined || isForNow(subject.fault)) faults.end(id)
    }
  }
}

/** It was meant for one moment of one life. */
function isForNow(fault: NodeFault): boolean {
  return fault.type === 'power-loss' && fault.at === 'now'
}

/** What is still to come of a fault. */
function remaining(fault: NodeFault | undefined, left: number): NodeFault | undefined {
  if (fault === undefined || left === 0) return undefined
  return fault.type === 'disk-error' && left !== ALWAYS ? { ...fault, count: left } : fault
}
