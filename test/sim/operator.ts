/** Somebody who changes the membership, hands leadership on and rebuilds what is damaged, sensibly or not (§6). */
import type { ChangeMode, Configuration, Index, MembershipChange, NodeId, RequestResult } from '../../main/raft'
import { isVoter, isWitness, membersOf, roleIn } from '../../main/raft/configuration'
import type { SimNode } from './node'
import type { World } from './world'

interface UnderWay {
  readonly leader: SimNode
  readonly life: number
  readonly changes: readonly MembershipChange[]
}

const MODES = ['auto', 'auto', 'single', 'joint'] as const satisfies readonly ChangeMode[]

export class Operator {
  readonly #world: World
  readonly #nodes: readonly SimNode[]
  readonly #nextId: () => number
  /** What was asked for and has not ended. */
  readonly #underWay = new Map<number, UnderWay>()
  /**
   * Nodes that no configuration names which counts or may ever count: never asked in (0), or out again for sure, and as
   * of which index.
   */
  readonly #outside: Map<NodeId, Index>
  /** Changes and transfers that were carried out. */
  succeeded = 0

  constructor(world: World, nodes: readonly SimNode[], nextId: () => number) {
    this.#world = world
    this.#nodes = nodes
    this.#nextId = nextId
    this.#outside = new Map(nodes.slice(world.setup.firstVoters).map(({ id }) => [id, 0]))
    for (const node of nodes) node.onRequestEnd = (result) => this.#ended(result)
  }

  /** One deed, drawn by chance. */
  act(): void {
    const leader = this.#leader()
    if (!leader) return
    const { random } = this.#world
    const damaged = this.#nodes.find(({ isDamaged }) => isDamaged)
    if (random.chance(0.3)) this.#transfer(leader)
    // As long as one is missing nobody else is taken out: what is left might not be a majority.
    else if (damaged) this.#rebuild(leader, damaged)
    else if (random.chance(0.1)) random.pick(this.#nodes).takeSnapshot()
    else this.#change(leader, this.#draw(leader.status!.configuration), random.pick(MODES))
  }

  /** Does what is left to do until everybody is well again. Returns true when that is nothing. */
  mend(): boolean {
    const damaged = this.#nodes.filter(({ isDamaged }) => isDamaged)
    const leader = this.#leader()
    for (const node of damaged) if (leader) this.#rebuild(leader, node)
    return damaged.length === 0
  }

  #leader(): SimNode | undefined {
    const leaders = this.#nodes.filter(({ status, isFrozen }) => status?.role === 'leader' && !isFrozen)
    return leaders.sort((a, b) => b.status!.currentTerm - a.status!.currentTerm)[0]
  }

  /** Through membership: out of the cluster first, for sure, and then in again as a newcomer. */
  #rebuild(leader: SimNode, node: SimNode): void {
    if (this.#isOutside(node.id)) {
      this.#beginAnew(node)
      return
    }
    // A leader that does not know it any more may be one of the past: only a removal that succeeds proves it.
    const isMember = roleIn(leader.status!.configuration, node.id) !== 'none'
    this.#change(leader, [{ node: node.id, role: isMember ? 'removed' : 'learner' }], 'auto')
  }

  #isOutside(node: NodeId): boolean {
    if (!this.#outside.has(node)) return false
    for (const { leader, life, changes } of this.#underWay.values()) {
      const isAlive = leader.life === life
      if (isAlive && changes.some((change) => change.node === node && change.role !== 'removed')) return false
    }
    return true
  }

  /** It forgets its votes and its log: it takes no part in what was before its removal. */
  #beginAnew(node: SimNode): void {
    const removal = this.#world.invariants.committed.at(this.#outside.get(node.id) ?? 0)?.entry
    node.rebuild(removal && { index: removal.index, term: removal.term })
  }

  #change(leader: SimNode, changes: readonly MembershipChange[], mode: ChangeMode): void {
    if (changes.length === 0) return
    const { configuration } = leader.status!
    for (const { node, role } of changes) {
      const newcomer = this.#nodes[node - 1]!
      // Whoever has forgotten promises learns first; so a witness, which never learns, has never been a member.
      if (role === 'voter' && newcomer.isCatchingUp) return
      if (role === 'removed' || newcomer.isDamaged || roleIn(configuration, node) !== 'none') continue
      const hasBeenMember = this.#outside.get(node) !== 0
      if (role === 'witness' && hasBeenMember) return
      // Its log has no data.
      if (newcomer.wasWitness) {
        if (!this.#isOutside(node)) return
        this.#beginAnew(newcomer)
        if (role !== 'learner') return
      }
    }
    for (const { node, role } of changes) if (role !== 'removed') this.#outside.delete(node)
    const id = this.#nextId()
    this.#underWay.set(id, { leader, life: leader.life, changes })
    leader.input({ type: 'change', id, changes, mode })
  }

  #draw(configuration: Configuration): MembershipChange[] {
    const { random } = this.#world
    const changes: MembershipChange[] = []
    const count = random.pick([1, 1, 1, 2, 3])
    for (let i = 0; i < count; i += 1) {
      const { id, isDamaged } = random.pick(this.#nodes)
      if (isDamaged || changes.some(({ node }) => node === id)) continue
      const role = this.#drawRole(configuration, id)
      if (role) changes.push({ node: id, role })
    }
    return changes
  }

  #drawRole(configuration: Configuration, node: NodeId): MembershipChange['role'] | undefined {
    const { random } = this.#world
    if (isWitness(configuration, node)) return 'removed'
    if (isVoter(configuration, node)) {
      return configuration.voters.length > 1 ? random.pick(['removed', 'removed', 'learner']) : undefined
    }
    if (configuration.learners.includes(node)) return random.pick(['voter', 'voter', 'removed'])
    return random.pick(['learner', 'learner', 'voter', 'voter', 'witness'])
  }

  #transfer(leader: SimNode): void {
    const { random } = this.#world
    const target = random.chance(0.3) ? 0 : random.pick(membersOf(leader.status!.configuration))
    const id = this.#nextId()
    this.#underWay.set(id, { leader, life: leader.life, changes: [] })
    leader.input({ type: 'transfer', id, target })
  }

  #ended(result: RequestResult): void {
    const { id, ok } = result
    const underWay = this.#underWay.get(id)
    if (!underWay) throw new Error(`request ${id} ended twice, or was never made`)
    this.#underWay.delete(id)
    this.#world.trace.add(this.#world.time, [9, id, Number(ok)], () => {
      return `request ${id} ${ok ? `was done at ${result.index}` : `was refused: ${result.reason} ${result.node}`}`
    })
    if (!ok) return
    this.succeeded += 1
    const { committed } = this.#world.invariants
    if (result.index > committed.lastIndex) throw new Error(`request ${id} was done at ${result.index}, not committed`)
    for (const { node, role } of underWay.changes) if (role === 'removed') this.#outside.set(node, result.index)
  }
}
