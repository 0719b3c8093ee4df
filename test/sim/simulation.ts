/**
 * A whole cluster in one thread and in virtual time: the real core and the real state machine on simulated disks, clocks
 * and links. Every chance comes from the seed, so a run can be had again exactly.
 *
 * Two phases: chaos, in which only safety is asked for; then everything is healed, and the cluster must get going again.
 */
import type { Message } from '../../main/raft'
import { Raft } from '../../main/raft'
import { configurationOf, EMPTY_CONFIGURATION, isJoint, membersOf } from '../../main/raft/configuration'
import { Agenda } from './agenda'
import { SimClient } from './clients'
import { SimClock } from './clock'
import { FileMedium } from './disk/file-medium'
import { ModelMedium } from './disk/model-medium'
import { Invariants } from './invariants'
import { mischief, type Scene } from './nemesis'
import { SimNetwork } from './network'
import type { RaftClass } from './node'
import { SimNode } from './node'
import { Operator } from './operator'
import { Random } from './random'
import type { Setup, Wishes } from './setup'
import { CALM, drawSetup } from './setup'
import { Trace } from './trace'

export interface RunResult {
  readonly seed: number
  readonly hash: string
  readonly steps: number
  readonly elections: number
  readonly committed: number
  readonly crashes: number
  readonly acknowledged: number
  readonly changes: number
  readonly snapshots: number
  readonly installs: number
  readonly reads: number
}

/** A failed run: says its seed, how to see it again, and what happened last. */
class SimulationFailure extends Error {
  override readonly name = 'SimulationFailure'

  constructor(seed: number, setup: Setup, trace: Trace, cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    const again = `to see it again: npm run sim -- --seed ${seed}`
    const world = JSON.stringify({ ...setup, priorities: [...setup.priorities] })
    super(`seed ${seed}: ${reason}\n${again}\n${world}\n${trace.tail()}`, { cause })
  }
}

/** How long a healed cluster may take to agree again, in election timeouts. */
const PATIENCE = 150
/** Calls that must have begun and ended after the healing. */
const CALLS_AFTER_HEALING = 3

export class Simulation implements Scene {
  readonly setup: Setup
  readonly nodes: readonly SimNode[]
  readonly network: SimNetwork
  readonly random: Random
  readonly invariants: Invariants
  readonly trace = new Trace()
  time = 0
  readonly #seed: number
  readonly #agenda = new Agenda<() => void>()
  readonly #clients: readonly SimClient[]
  readonly #operator: Operator
  #awaited: Promise<void>[] = []
  #ids = 0
  #healedAt: number | undefined
  #isOver = false

  constructor(seed: number, RaftUnderTest: RaftClass = Raft, wishes?: Wishes) {
    this.#seed = seed
    this.random = new Random(seed)
    const setup = drawSetup(this.random, wishes)
    this.setup = setup
    this.network = new SimNetwork(this.random, setup.weather)
    const bootstrap = configurationOf(Array.from({ length: setup.firstVoters }, (_, i) => i + 1))
    this.nodes = setup.clockRates.map((rate, i) => {
      return new SimNode(i + 1, this, {
        Raft: RaftUnderTest,
        bootstrap: i < setup.firstVoters ? bootstrap : EMPTY_CONFIGURATION,
        clock: new SimClock(rate, this.random.between(0, 100)),
        medium: setup.hasRealDisks ? new FileMedium(i + 1, this.random) : new ModelMedium(this.random),
      })
    })
    this.invariants = new Invariants({
      nodes: this.nodes.map(({ id }) => id),
      imageOf: (id) => this.nodes[id - 1]!.disk.image,
    })
    const nextId = () => ++this.#ids
    this.#operator = new Operator(this, this.nodes, nextId)
    this.#clients = Array.from({ length: setup.clients }, (_, i) => {
      return new SimClient(String.fromCharCode(65 + i), this, this.nodes, nextId)
    })
  }

  get isHealed(): boolean {
    return this.#healedAt !== undefined
  }

  /** @throws SimulationFailure when a property does not hold, or the healed cluster does not come back */
  async run(): Promise<RunResult> {
    try {
      for (const node of this.nodes) node.start()
      for (const client of this.#clients) client.think()
      this.#repeat(this.setup.nemesisMean, () => mischief(this))
      if (this.setup.operatorMean > 0) this.#repeat(this.setup.operatorMean, () => this.#operator.act())
      this.later(this.setup.chaos, () => this.#heal())
      while (!this.#isOver) {
        if (this.#awaited.length > 0) await this.#settle()
        const next = this.#agenda.take()
        if (!next) throw new Error('nothing will ever happen again')
        this.time = next.time
        next.what()
      }
      this.#judgeEnd()
    } catch (cause) {
      throw new SimulationFailure(this.#seed, this.setup, this.trace, cause)
    }
    const { counted, committed, history } = this.invariants
    return {
      ...counted,
      seed: this.#seed,
      hash: this.trace.hash,
      committed: committed.lastIndex,
      acknowledged: history.acknowledged,
      crashes: this.nodes.reduce((sum, { crashes }) => sum + crashes, 0),
      changes: this.#operator.succeeded,
    }
  }

  readonly later = (delay: number, what: () => void): void => {
    this.#agenda.add(this.time + delay, what)
  }

  await(work: Promise<void>): void {
    this.#awaited.push(work)
  }

  transmit(message: Message): void {
    this.invariants.onSend(message)
    for (const delay of this.network.delays()) {
      this.later(delay, () => {
        if (this.network.isOpen(message)) this.nodes[message.to - 1]?.receive(message)
      })
    }
  }

  async #settle(): Promise<void> {
    while (this.#awaited.length > 0) {
      const awaited = this.#awaited
      this.#awaited = []
      await Promise.all(awaited)
    }
  }

  /** Until everything is healed. */
  #repeat(mean: number, what: () => void): void {
    this.later(this.random.after(mean), () => {
      if (this.isHealed) return
      what()
      this.#repeat(mean, what)
    })
  }

  #heal(): void {
    this.#healedAt = this.time
    this.trace.add(this.time, [10], () => 'everything is healed')
    this.network.heal()
    this.network.weather = CALM
    for (const node of this.nodes) {
      if (node.isFrozen) node.thaw()
      else if (!node.raft && !node.isDamaged) node.start()
    }
    this.later(20, () => this.#judge())
  }

  /** Is the cluster back? */
  #judge(): void {
    const isMended = this.#operator.mend()
    const calls = this.#clients.reduce((sum, { endedAfterHealing }) => sum + endedAfterHealing, 0)
    if (isMended && calls >= CALLS_AFTER_HEALING) for (const client of this.#clients) client.isRetired = true
    if (this.#isAtRest()) {
      this.#isOver = true
      return
    }
    if (this.time > this.#healedAt! + PATIENCE * this.setup.electionTimeout) this.#complain()
    this.later(20, () => this.#judge())
  }

  /** Is there one leader, and has everybody who belongs to its cluster committed and applied the same? */
  #isAtRest(): boolean {
    if (!this.#clients.every(({ isRetired, isIdle }) => isRetired && isIdle)) return false
    const leaders = this.nodes.filter(({ status }) => status?.role === 'leader')
    const leader = leaders[0]?.status
    if (!leader || leaders.length > 1 || isJoint(leader.configuration)) return false
    if (leader.commitIndex !== leader.lastIndex || leader.commitIndex !== this.invariants.committed.lastIndex)
      return false
    return membersOf(leader.configuration).every((id) => {
      const { status, lastApplied, isRestoring } = this.nodes[id - 1]!
      return (
        !isRestoring &&
        status?.leader === leader.id &&
        status.lastIndex === leader.lastIndex &&
        status.commitIndex === leader.commitIndex &&
        lastApplied === leader.commitIndex
      )
    })
  }

  #complain(): never {
    const clients = this.#clients.map(({ isRetired, isIdle }) => ({ isRetired, isIdle }))
    const standing = this.nodes.map((node) => JSON.stringify(node.status ?? { id: node.id, isDamaged: node.isDamaged }))
    throw new Error(`no progress after the healing: ${JSON.stringify(clients)}\n${standing.join('\n')}`)
  }

  /** All logs and all stores are equal, and hold every acknowledged write exactly once. */
  #judgeEnd(): void {
    const leader = this.nodes.find(({ status }) => status?.role === 'leader')!
    const state = bytesOf(leader)
    for (const id of membersOf(leader.status!.configuration)) {
      const node = this.nodes[id - 1]!
      this.invariants.committed.requireLog(node.id, node.log)
      if (node.isDataless) continue
      if (!bytesOf(node).equals(state)) throw new Error(`nodes ${leader.id} and ${id} applied the same and differ`)
    }
    this.invariants.history.judge((key) => leader.store.get(key))
  }
}

function bytesOf(node: SimNode): Buffer {
  return Buffer.concat([...node.store.snapshot()])
}

/** One run from one seed. */
export function simulate(seed: number, RaftUnderTest?: RaftClass, wishes?: Wishes): Promise<RunResult> {
  return new Simulation(seed, RaftUnderTest, wishes).run()
}
