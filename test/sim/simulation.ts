/**
 * A whole cluster in one thread and in virtual time: the real core on simulated disks, clocks and links. Every chance
 * comes from the seed, so a run can be had again exactly.
 *
 * Two phases: chaos, in which only safety is asked for; then everything is healed, and the cluster must get going again.
 */
import type { Effects, Entry, Input, Message, NodeId, Write } from '../../main/raft'
import { Raft } from '../../main/raft'
import { Agenda } from './agenda'
import type { Invariants } from './invariants'
import { invariantsFor } from './invariants'
import { same, show } from './invariants/invariant'
import { mischief } from './nemesis'
import { SimNetwork } from './network'
import type { RaftClass } from './node'
import { SimNode } from './node'
import { Random } from './random'
import type { Setup } from './setup'
import { CALM, drawSetup } from './setup'
import { numbers, words } from './telling'
import { Trace } from './trace'

type Happening =
  | { readonly type: 'arrive'; readonly message: Message }
  | { readonly type: 'timer'; readonly node: NodeId; readonly timer: number }
  | { readonly type: 'disk'; readonly node: NodeId; readonly life: number }
  | { readonly type: 'propose' }
  | { readonly type: 'nemesis' }
  | { readonly type: 'thaw'; readonly node: NodeId; readonly life: number }
  | { readonly type: 'heal' }
  | { readonly type: 'judge' }

export interface RunResult {
  readonly seed: number
  readonly hash: string
  readonly steps: number
  readonly elections: number
  readonly committed: number
  readonly crashes: number
}

/** A failed run: says its seed, how to see it again, and what happened last. */
export class SimulationFailure extends Error {
  override readonly name = 'SimulationFailure'

  constructor(seed: number, trace: Trace, cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    const again = `SIM_SEED=${seed} npx vitest run --project unit test/sim/simulation.test.ts`
    super(`seed ${seed}: ${reason}\nto see it again: ${again}\n${trace.tail()}`, { cause })
  }
}

/** How long a healed cluster may take to agree again, in election timeouts. */
const PATIENCE = 60
/** Clients hold back when this many entries wait to be committed. */
const MAX_UNCOMMITTED = 50
/** Every so many steps, a node's whole log is compared with what its writes said. */
const FULL_COMPARISON = 64

export class Simulation {
  readonly setup: Setup
  readonly nodes: readonly SimNode[]
  readonly network: SimNetwork
  readonly random: Random
  time = 0
  crashes = 0
  readonly #seed: number
  readonly #Raft: RaftClass
  readonly #agenda = new Agenda<Happening>()
  readonly #trace = new Trace()
  readonly #voters: readonly NodeId[]
  readonly #invariants: Invariants
  readonly #proposed = new Map<number, { readonly index: number; readonly term: number }>()
  #steps = 0
  #elections = 0
  #proposals = 0
  #healedAt: number | undefined
  /** Proposals made after the healing, accepted by the leader of that time. */
  #afterHealing = 0

  constructor(seed: number, RaftUnderTest: RaftClass = Raft) {
    this.#seed = seed
    this.#Raft = RaftUnderTest
    this.random = new Random(seed)
    this.setup = drawSetup(this.random)
    this.network = new SimNetwork(this.random, this.setup.weather)
    this.nodes = this.setup.clockRates.map((rate, i) => new SimNode(i + 1, rate))
    this.#voters = this.nodes.map(({ id }) => id)
    this.#invariants = invariantsFor({
      voters: this.#voters,
      disks: new Map(this.nodes.map(({ id, disk }) => [id, disk])),
    })
  }

  /** @throws SimulationFailure when a property does not hold, or the healed cluster does not come back */
  run(): RunResult {
    try {
      for (const node of this.nodes) this.start(node)
      this.#plan('propose', this.setup.proposalMean)
      this.#plan('nemesis', this.setup.nemesisMean)
      this.#agenda.add(this.setup.chaos, { type: 'heal' })
      for (let next = this.#agenda.take(); next; next = this.#agenda.take()) {
        this.time = next.time
        if (this.#happen(next.what)) break
      }
      this.#judgeEnd()
    } catch (cause) {
      throw new SimulationFailure(this.#seed, this.#trace, cause)
    }
    return {
      seed: this.#seed,
      hash: this.#trace.hash,
      steps: this.#steps,
      elections: this.#elections,
      committed: this.#invariants.durableCommit.committed.size,
      crashes: this.crashes,
    }
  }

  start(node: SimNode): void {
    const { electionTimeout, heartbeatInterval, maxBatchBytes, maxInFlight } = this.setup
    const config = {
      id: node.id,
      voters: this.#voters,
      electionTimeout,
      heartbeatInterval,
      maxBatchBytes,
      maxInFlight,
      random: this.random.next,
    }
    node.start(new this.#Raft(config, node.disk.restored(), node.localTime(this.time)))
    this.#trace.add(this.time, [1, node.id], () => `node ${node.id} starts`)
    this.#carryOut(node, node.raft!.initial())
  }

  crash(node: SimNode): void {
    this.crashes += 1
    this.#trace.add(this.time, [2, node.id], () => `node ${node.id} crashes`)
    node.stop()
    node.disk.crash(this.random, (write) => this.#reportTruncation(node, write.truncateFrom))
    node.diskBusyUntil = this.time
  }

  freeze(node: SimNode, duration: number): void {
    node.frozen = []
    this.#trace.add(this.time, [3, node.id], () => `node ${node.id} freezes`)
    this.#agenda.add(this.time + duration, { type: 'thaw', node: node.id, life: node.life })
  }

  #node(id: NodeId): SimNode {
    return this.nodes[id - 1]!
  }

  #plan(type: 'propose' | 'nemesis', mean: number): void {
    // A healed cluster is asked for little, so that it can come to rest.
    const calm = this.#healedAt === undefined ? 0 : 30
    this.#agenda.add(this.time + calm + this.random.after(mean), { type })
  }

  /** Returns true when the run is over. */
  #happen(what: Happening): boolean {
    switch (what.type) {
      case 'arrive':
        if (this.network.isOpen(what.message)) this.#input(this.#node(what.message.to), what)
        break
      case 'timer': {
        const node = this.#node(what.node)
        if (node.timer === what.timer) this.#input(node, { type: 'deadline' })
        break
      }
      case 'disk':
        this.#diskDone(this.#node(what.node), what.life)
        break
      case 'propose':
        this.#propose()
        this.#plan('propose', this.setup.proposalMean)
        break
      case 'nemesis':
        if (this.#healedAt !== undefined) break
        mischief(this)
        this.#plan('nemesis', this.setup.nemesisMean)
        break
      case 'thaw': {
        const node = this.#node(what.node)
        if (node.life === what.life) this.#thaw(node)
        break
      }
      case 'heal':
        this.#heal()
        break
      case 'judge':
        if (this.#isAtRest()) return true
        if (this.time > (this.#healedAt ?? 0) + PATIENCE * this.setup.electionTimeout * 2) this.#complain()
        this.#agenda.add(this.time + 20, { type: 'judge' })
        break
      default:
        what satisfies never
    }
    return false
  }

  #input(node: SimNode, what: Input | { readonly type: 'arrive'; readonly message: Message }): void {
    const input: Input = what.type === 'arrive' ? { type: 'message', message: what.message } : what
    if (node.frozen) node.frozen.push(input)
    else this.#step(node, input)
  }

  #step(node: SimNode, input: Input): void {
    if (!node.raft) return
    this.#trace.add(this.time, numbers(node.id, input), () => `node ${node.id} ${words(input)}`)
    if (input.type === 'persisted') for (const { message } of node.releaseAfter(input.write)) this.#send(message)
    this.#carryOut(node, node.raft.step(node.localTime(this.time), input))
  }

  /** What a process owes the core: see the top of `main/raft/types.ts`. */
  #carryOut(node: SimNode, effects: Effects): void {
    const raft = node.raft!
    const before = node.status
    const after = raft.status()
    node.status = after
    node.follow(effects.write)
    this.#steps += 1
    if (after.role === 'leader' && before?.role !== 'leader') this.#elections += 1
    this.#compareLog(node)
    for (const invariant of this.#invariants.all) {
      invariant.afterStep?.({ node: node.id, before, after, effects, log: node.log })
    }
    if (effects.write) {
      node.disk.start(effects.write)
      node.diskBusyUntil = Math.max(node.diskBusyUntil, this.time) + this.#diskTime()
      this.#agenda.add(node.diskBusyUntil, { type: 'disk', node: node.id, life: node.life })
    }
    for (const { message } of node.release(effects)) this.#send(message)
    for (const proposal of effects.proposals) {
      if (!proposal.accepted) continue
      this.#proposed.set(proposal.id, proposal)
      if (this.#healedAt !== undefined) this.#afterHealing += 1
    }
    node.timer += 1
    this.#agenda.add(Math.max(this.time, effects.deadline / node.clockRate + 1e-6), {
      type: 'timer',
      node: node.id,
      timer: node.timer,
    })
  }

  #diskTime(): number {
    return this.#healedAt === undefined ? this.random.after(this.setup.diskMean) : this.random.between(0.1, 1)
  }

  #diskDone(node: SimNode, life: number): void {
    // A write that the last life began is gone, or was finished in the crash.
    if (!node.raft || node.life !== life) return
    let write: Write | undefined
    do {
      if (!node.disk.next) break
      this.#reportTruncation(node, node.disk.next.truncateFrom)
      write = node.disk.finish()
      // Several writes share one fdatasync, and only the last is acknowledged.
    } while (this.random.chance(0.3))
    if (write) this.#input(node, { type: 'persisted', write: write.number })
  }

  #reportTruncation(node: SimNode, from: number | undefined): void {
    if (from === undefined) return
    const gone = node.disk.entries.slice(from - 1)
    for (const invariant of this.#invariants.all) invariant.onTruncate?.(node.id, gone)
  }

  #send(message: Message): void {
    for (const invariant of this.#invariants.all) invariant.onSend?.(message)
    for (const delay of this.network.delays()) this.#agenda.add(this.time + delay, { type: 'arrive', message })
  }

  #propose(): void {
    const leaders = this.nodes.filter(({ status }) => status?.role === 'leader')
    const node = this.random.pick(leaders.length > 0 && this.random.chance(0.9) ? leaders : this.nodes)
    const { lastIndex = 0, commitIndex = 0 } = node.status ?? {}
    if (lastIndex - commitIndex > MAX_UNCOMMITTED) return
    this.#proposals += 1
    const data = new Uint8Array(4 + this.random.integer(0, 60))
    new DataView(data.buffer).setUint32(0, this.#proposals)
    this.#input(node, { type: 'propose', id: this.#proposals, data })
  }

  #thaw(node: SimNode): void {
    const inputs = node.frozen ?? []
    node.frozen = undefined
    this.#trace.add(this.time, [4, node.id], () => `node ${node.id} thaws`)
    for (const input of inputs) this.#step(node, input)
  }

  #heal(): void {
    this.#healedAt = this.time
    this.#trace.add(this.time, [5], () => 'everything is healed')
    this.network.heal()
    this.network.weather = CALM
    for (const node of this.nodes) {
      if (!node.raft) this.start(node)
      else if (node.frozen) this.#thaw(node)
    }
    this.#agenda.add(this.time + 20, { type: 'judge' })
  }

  /** Is there one leader, and has everybody known-committed everything, with something new since the healing? */
  #isAtRest(): boolean {
    const leaders = this.nodes.filter(({ status }) => status?.role === 'leader')
    const leader = leaders[0]?.status
    if (!leader || leaders.length > 1 || this.#afterHealing < 3) return false
    return this.nodes.every(
      ({ status }) =>
        status?.leader === leader.id &&
        status.commitIndex === leader.commitIndex &&
        status.lastIndex === leader.lastIndex &&
        leader.commitIndex === leader.lastIndex,
    )
  }

  #complain(): never {
    const standing = this.nodes.map(({ status }) => JSON.stringify(status)).join('\n')
    throw new Error(`no progress after the healing: \n${standing}`)
  }

  /** Everything that was ever committed is in every log, and every accepted proposal that committed stands where it was put. */
  #judgeEnd(): void {
    const { committed } = this.#invariants.durableCommit
    for (const node of this.nodes) {
      this.#compareWholeLog(node)
      for (const entry of committed.values()) {
        const own = node.log[entry.index - 1]
        if (!same(own, entry)) throw new Error(`node ${node.id} has ${show(own)} where ${show(entry)} is committed`)
      }
    }
    const log = this.nodes[0]!.log
    for (const [id, { index, term }] of this.#proposed) {
      const entry = log[index - 1]
      if (entry?.term === term && numberOf(entry) !== id) throw new Error(`proposal ${id} is not at ${index}@${term}`)
    }
  }

  #compareLog(node: SimNode): void {
    const { firstIndex, lastIndex } = node.status!
    const last = node.raft!.entries(lastIndex, lastIndex)[0]
    if (firstIndex !== 1 || lastIndex !== node.log.length || last !== node.log.at(-1)) {
      throw new Error(`node ${node.id}: the log ends with ${show(last)}, its writes with ${show(node.log.at(-1))}`)
    }
    if (this.#steps % FULL_COMPARISON === 0) this.#compareWholeLog(node)
  }

  #compareWholeLog(node: SimNode): void {
    const entries = node.raft!.entries(1, node.log.length + 1)
    if (entries.length !== node.log.length || !entries.every((entry, i) => entry === node.log[i])) {
      throw new Error(`node ${node.id}: its log is not what its writes say`)
    }
  }
}

function numberOf(entry: Entry): number {
  return new DataView(entry.data.buffer, entry.data.byteOffset).getUint32(0)
}

/** One run from one seed. */
export function simulate(seed: number, RaftUnderTest?: RaftClass): RunResult {
  return new Simulation(seed, RaftUnderTest).run()
}
