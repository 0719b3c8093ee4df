/**
 * All that is done to a cluster on purpose, besides ending and beginning its processes: what is wanted of links, clocks,
 * disks and breakpoints stays here, over the lives of the nodes; they are told, and do it.
 */
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from '../../node/contract/breakpoint/parse'
import type { Conditions, Link, LinkPreset, LinkRule, NodeFault, RecordBit } from '../../node/contract/conditions'
import type { ReportedEvent } from '../../node/contract/events'
import { Problem } from '../../node/contract/problem'
import type { FlippedBit, Stopped, Unhealed } from '../api'
import { patternOf } from '../links/presets'
import { ArmedFaults } from './armed'
import { Breakpoints } from './breakpoints'
import { Clocks } from './clocks'
import { Faults } from './faults'
import { flip, placeOf } from './flip'
import { Healing } from './heal'
import { HeldMessages } from './held'
import { Leading } from './leading'
import type { Life } from './life'
import { Links } from './links'
import type { NodeContext } from './node'
import type { Nodes } from './nodes'
import type { Reporter } from './reporter'
import type { Question } from './requests'
import { Stopping } from './stopping'

export interface InterferenceContext {
  readonly reporter: Reporter
  readonly nodes: Nodes
  dataDir(node: number): string
  /** Those who elect now, as far as is known. */
  voters(): readonly number[]
  /** Who answered as leader last; 0 = nobody. */
  lastLeader(): number
  /** The whole cluster stands (with what), or goes on again (undefined). */
  stands(stopped: Stopped | undefined): void
}

/** What a node had answered before it was stopped has arrived by then. */
const ANSWERED_WITHIN_MS = 100
/** A node that says nothing for so long is not waited for. */
const IN_FORCE_WITHIN_MS = 2_000
/** Nodes that cannot reach each other are not waited for longer. */
const CONNECTED_WITHIN_MS = 2_000
const CONNECTED_PAUSE_MS = 10

export class Interference {
  readonly faults: Faults
  readonly links: Links
  readonly armed: ArmedFaults
  readonly clocks: Clocks
  readonly held: HeldMessages
  readonly breakpoints: Breakpoints
  readonly stopping: Stopping
  readonly #context: InterferenceContext
  readonly #healing: Healing
  readonly #leading = new Leading()

  constructor(context: InterferenceContext) {
    const { reporter, nodes, dataDir } = context
    const tell = nodes.tell.bind(nodes)
    this.#context = context
    this.faults = new Faults(reporter)
    const { faults } = this
    this.links = new Links({
      reporter,
      faults,
      tell: (from, to, rules) => nodes.tell(to, { type: 'link', from, rules }),
      nodeIds: () => nodes.ids,
    })
    this.armed = new ArmedFaults({ faults, tell })
    const ask = async (node: number, question: Question) => await nodes.get(node).request(question)
    this.clocks = new Clocks({ faults, tell, ask })
    this.held = new HeldMessages({ ask, links: () => nodes.heard })
    this.breakpoints = new Breakpoints({
      parse,
      reporter,
      present: (node) => nodes.get(node),
      changed: () => {
        for (const { id } of nodes.present) {
          nodes.tell(id, { type: 'breakpoints', breakpoints: [...this.breakpoints.of(id)] })
        }
      },
    })
    this.stopping = new Stopping({
      reporter,
      lives: () => nodes.lives,
      isPaused: (node) => nodes.find(node)?.standing === 'paused',
      isSet: (breakpoint) => this.breakpoints.isSet(breakpoint),
      changed: (stopped) => {
        context.stands(stopped)
        if (stopped !== undefined) setTimeout(() => this.#giveUpAsking(), ANSWERED_WITHIN_MS)
      },
    })
    const { links, armed, clocks, held } = this
    this.#healing = new Healing({ faults, links, armed, clocks, held, nodes, dataDir })
  }

  /** What a node hears of all this, and has to tell. */
  get nodeHooks(): Pick<
    NodeContext,
    'conditions' | 'begun' | 'joined' | 'wasStruck' | 'mustReturn' | 'isStopped' | 'mustMove' | 'faults'
  > {
    return {
      faults: this.faults,
      conditions: (node) => this.#conditionsOf(node),
      begun: (life) => this.#begun(life),
      joined: (life) => this.stopping.joined(life),
      wasStruck: (node) => this.armed.struckIn(node) !== 0,
      mustReturn: (node) => this.armed.endedInVain(node),
      isStopped: () => this.stopping.stopped !== undefined,
      mustMove: (node) => {
        if (this.stopping.stopped !== undefined) throw new Problem('cluster-stopped', { node: String(node) })
      },
    }
  }

  /** A node told this. */
  saw(event: ReportedEvent): void {
    if (event.kind === 'struck') this.armed.saw(event)
    if (event.kind === 'role') this.#leading.saw(event)
  }

  /** Who leads just now, as far as is known; 0 = nobody. */
  leader(): number {
    const { nodes, lastLeader } = this.#context
    const leader = this.#leading.among((node) => nodes.isRunning(node))
    // Nodes that tell nothing answer calls all the same.
    return leader === 0 && nodes.isRunning(lastLeader()) ? lastLeader() : leader
  }

  block(from: number, to: number): void {
    this.#context.nodes.check([from, to])
    this.links.block(from, to)
  }

  heal(from: number, to: number): void {
    this.#context.nodes.check([from, to])
    this.links.heal(from, to)
  }

  partition(groups: readonly (readonly number[])[]): void {
    this.#context.nodes.check(groups.flat())
    this.links.partition(groups)
  }

  condition(links: readonly Link[], rules: readonly LinkRule[], seed: number): number {
    this.#context.nodes.check(links.flatMap(({ from, to }) => [from, to]))
    return this.links.condition(links, rules, seed)
  }

  preset(preset: LinkPreset, at?: number): number {
    const { nodes, voters } = this.#context
    if (at !== undefined) nodes.check([at])
    const pattern = patternOf(preset, { nodes: nodes.ids, voters: voters(), leader: this.leader(), at })
    const detail = { preset, ...(at === undefined ? {} : { at }) }
    return this.links.lay(pattern, randomInt(2 ** 32), detail)
  }

  /** The clocks of these nodes stand, and every link of theirs holds. */
  holdStill(nodes: readonly number[]): void {
    for (const node of nodes) this.clocks.set(node, { mode: 'manual', rate: 1 })
    const { ids } = this.#context.nodes
    const links = nodes.flatMap((node) =>
      ids
        .filter((other) => other !== node)
        .flatMap((other) => [
          { from: node, to: other },
          { from: other, to: node },
        ]),
    )
    // Alone, it has no link that could hold.
    if (links.length > 0) this.links.condition(links, [{ messages: [], action: { type: 'hold' } }], 0)
  }

  arm(node: number, fault: NodeFault): number {
    const { standing } = this.#context.nodes.get(node)
    if (fault.type === 'power-loss' && fault.at === 'now' && standing !== 'running') {
      throw new Problem('node-state', { node: String(node), state: standing, wanted: 'running' })
    }
    return this.armed.arm(node, fault)
  }

  async flipBit(node: number, at: RecordBit): Promise<FlippedBit> {
    const { nodes, dataDir } = this.#context
    const supervised = nodes.get(node)
    if (!supervised.isDown) {
      throw new Problem('node-state', { node: String(node), state: supervised.standing, wanted: 'stopped' })
    }
    let flipped: FlippedBit | undefined
    await supervised.whileDown(async () => {
      const place = await placeOf(node, dataDir(node), at)
      const damage = await flip(dataDir(node), place)
      const fault = this.faults.begin('bit-flip', { kind: 'flip', node, damage }, { nodes: [node], ...place })
      flipped = { fault, ...place }
    })
    if (flipped === undefined) throw new Problem('internal', { reason: 'nothing was flipped' })
    return flipped
  }

  /** See `Cluster.inForce`. */
  async inForce(): Promise<void> {
    await this.#synced()
  }

  /** See `Cluster.connected`. */
  async connected(): Promise<void> {
    const until = performance.now() + CONNECTED_WITHIN_MS
    while (performance.now() < until) {
      const connections = await this.#synced()
      if (connections.every((count) => count >= connections.length - 1)) return
      await sleep(CONNECTED_PAUSE_MS)
    }
  }

  /**
   * Each node that runs has done what it was told before; to how many others it was connected then. One that ended, or stands still by
   * now, does it before it does anything else, and is left out.
   */
  async #synced(): Promise<readonly number[]> {
    const { nodes } = this.#context
    if (this.stopping.stopped !== undefined) return []
    const asked = nodes.ids
      .filter((id) => nodes.isRunning(id))
      .map((id) => nodes.get(id).request((request) => ({ type: 'sync', request })))
    const late = new AbortController()
    const answers = await Promise.race([
      Promise.allSettled(asked),
      sleep(IN_FORCE_WITHIN_MS, [], { signal: late.signal }).catch(() => []),
    ])
    late.abort()
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  }

  async endFault(fault: number): Promise<void> {
    await this.#healing.endFault(fault)
  }

  /** A stop of the whole cluster ends, if there is one. */
  async goOn(): Promise<void> {
    if (this.stopping.stopped !== undefined) await this.stopping.continue()
  }

  /** Every fault of every kind, a stop of the cluster first; all nodes run afterwards. */
  async healAll(): Promise<readonly Unhealed[]> {
    await this.goOn()
    return await this.#healing.all()
  }

  /** The node is no longer of the cluster. */
  forget(node: number): void {
    this.links.forget(node)
    this.clocks.forget(node)
    this.faults.endNode(node)
    this.#leading.forget(node)
  }

  /** The node's files were emptied. */
  emptied(node: number): void {
    for (const { id } of this.faults.of('flip', node)) this.faults.end(id)
  }

  /** Whoever asked a node that stands by now would wait until the cluster goes on. */
  #giveUpAsking(): void {
    if (this.stopping.stopped === undefined) return
    for (const { node, requests } of this.#context.nodes.lives) {
      requests.end(new Problem('cluster-stopped', { node: String(node) }))
    }
  }

  #begun(life: Life): void {
    this.stopping.attend(life)
    this.armed.begun(life.node)
    this.#leading.forget(life.node)
  }

  #conditionsOf(node: number): Conditions {
    return {
      links: this.links.into(node),
      clock: this.clocks.of(node),
      faults: [...this.armed.in(node)],
      breakpoints: [...this.breakpoints.of(node)],
    }
  }
}
