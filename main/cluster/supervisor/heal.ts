/** The ends of faults: of one, and of all. */
import { asProblem } from '../../node/contract/problem'
import type { Unhealed } from '../api'
import type { ArmedFaults } from './armed'
import type { Clocks } from './clocks'
import type { FaultOf, Faults } from './faults'
import { flipBack } from './flip'
import type { HeldMessages } from './held'
import { withinMs } from './life'
import type { Links } from './links'
import type { SupervisedNode } from './node'
import type { Nodes } from './nodes'

export interface HealingContext {
  readonly faults: Faults
  readonly links: Links
  readonly armed: ArmedFaults
  readonly clocks: Clocks
  readonly held: HeldMessages
  readonly nodes: Nodes
  dataDir(node: number): string
}

/** Running nodes answer within moments; one that hangs keeps nobody waiting. */
const RELEASED_WITHIN_MS = 2000

export class Healing {
  readonly #context: HealingContext

  constructor(context: HealingContext) {
    this.#context = context
  }

  /** See `Cluster.endFault`. */
  async endFault(id: number): Promise<void> {
    const { faults, links, armed, clocks } = this.#context
    const fault = faults.find(id)
    const { subject } = fault
    switch (subject.kind) {
      case 'process':
        await this.#node(subject.node)?.revive()
        break
      case 'cut':
      case 'rules':
        links.endFault(fault)
        break
      case 'clock':
        clocks.set(subject.node, { mode: 'running', rate: 1 })
        break
      case 'armed': {
        const isItsDoing = armed.struckIn(subject.node) === id
        armed.disarm(id)
        const node = this.#node(subject.node)
        if (isItsDoing && node?.isDown === true) await node.start()
        break
      }
      case 'flip':
        await this.#mendDisk(fault as FaultOf<'flip'>)
        break
      default:
        subject satisfies never
    }
  }

  /** Every fault of every kind; all nodes run afterwards. Never rejects. */
  async all(): Promise<readonly Unhealed[]> {
    const { faults, links, armed, clocks } = this.#context
    const unhealed: Unhealed[] = []
    const byNode = new Map<number, number>()
    for (const { id, subject } of faults.active) if ('node' in subject) byNode.set(subject.node, id)
    links.healAll()
    clocks.healAll()
    for (const { id } of faults.of('armed')) armed.disarm(id)
    // The newest first: two may have met in one byte.
    for (const fault of faults.of('flip').toReversed()) {
      await this.#mendDisk(fault).catch((error) => unhealed.push({ fault: fault.id, problem: asProblem(error) }))
    }
    const { nodes } = this.#context
    await nodes.forEach(nodes.present, async (node) => {
      if (unhealed.some(({ fault }) => fault === byNode.get(node.id))) return
      await node.revive().catch((error) => {
        unhealed.push({ fault: byNode.get(node.id) ?? 0, problem: asProblem(error) })
      })
    })
    // A link without rules lets go what it held; the answer to this comes behind it.
    await withinMs(
      RELEASED_WITHIN_MS,
      this.#context.held.releaseAll().catch(() => undefined),
    )
    return unhealed
  }

  /** Nobody may write there meanwhile. A node that its damage had ended, or that ran in spite of it, is started. */
  async #mendDisk({ id, subject }: FaultOf<'flip'>): Promise<void> {
    const { faults, dataDir } = this.#context
    const node = this.#node(subject.node)
    if (node === undefined) return
    const isWanted = node.standing === 'crashed' || !node.isDown
    await node.whileDown(() => flipBack(dataDir(node.id), subject.damage))
    faults.end(id)
    if (isWanted) await node.revive()
  }

  #node(id: number): SupervisedNode | undefined {
    return this.#context.nodes.find(id)
  }
}
