/** What each deed of a schedule does to the cluster, and what takes it back. */
import { setTimeout as sleep } from 'node:timers/promises'
import { TRUE_CLOCK } from '../../node/contract/conditions'
import { asProblem, Problem } from '../../node/contract/problem'
import { inspectNode } from '../inspect'
import type { NemesisGround } from './ground'
import { harms, mostDown } from './harm'
import { flippable } from './records'
import type { NemesisDeed, NemesisSchedule, Target } from './types'

/** A change of the membership, or a rebuild, is tried again for so long when a deed ends. */
const MEMBERSHIP_WITHIN_MS = 30_000
const PAUSE_MS = 250
/** Stands for the membership where nodes stand otherwise. */
const MEMBERSHIP = -1

/** A deed that began, and whom it hit. */
interface Begun {
  readonly deed: NemesisDeed
  /** 0: it is about no single node. */
  readonly node: number
  /** It was not down before, for a reason that is none of ours. */
  readonly ran: boolean
  /** The node has to be brought back, as a member or with another disk, by its end. */
  isAway: boolean
}

export class Deeds {
  readonly #nemesis: number
  readonly #schedule: NemesisSchedule
  readonly #ground: NemesisGround
  /** By the number of the step that began it. */
  readonly #begun = new Map<number, Begun>()
  /** The last thing that is being done to a node, or to the membership. */
  readonly #turns = new Map<number, Promise<unknown>>()

  constructor(nemesis: number, schedule: NemesisSchedule, ground: NemesisGround) {
    this.#nemesis = nemesis
    this.#schedule = schedule
    this.#ground = ground
  }

  /** Throws Problems: of what is to be done, `no-leader`, `schedule-lethal` when too few nodes would be left just now. */
  async begin(step: number, deed: NemesisDeed): Promise<void> {
    const node = 'node' in deed ? this.#nodeOf(deed.node) : 0
    if (harms(deed)) this.#checkAlive(node)
    const ran = node !== 0 && this.#ground.cluster.standing(node) === 'running'
    const begun: Begun = { deed, node, ran, isAway: false }
    this.#begun.set(step, begun)
    try {
      await this.#inTurn(node, async () => {
        this.#checkOpen()
        await this.#do(begun)
      })
    } catch (error) {
      const isHalfDone = begun.isAway || this.#ground.faultsOf({ nemesis: this.#nemesis, step }).length > 0
      if (!isHalfDone) this.#begun.delete(step)
      throw error
    }
  }

  /** Takes back what is left of it. */
  async end(step: number): Promise<void> {
    const begun = this.#begun.get(step)
    if (begun === undefined) return
    await this.#inTurn(begun.node, async () => {
      this.#checkOpen()
      await this.#undo(step, begun)
      this.#begun.delete(step)
    })
  }

  /** Of all that was not ended; the first problem is thrown after all were tried. */
  async endAll(): Promise<void> {
    const results = await Promise.allSettled([...this.#begun.keys()].reverse().map((step) => this.end(step)))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  async #do(begun: Begun): Promise<void> {
    const { cluster } = this.#ground
    const { deed, node } = begun
    switch (deed.type) {
      case 'kill':
      case 'stop':
      case 'pause':
        return await cluster[deed.type](node)
      case 'arm':
        cluster.arm(node, deed.fault)
        return
      case 'partition':
        return cluster.partition(deed.groups)
      case 'isolate':
        cluster.preset('isolate', node)
        return
      case 'links':
        cluster.condition(
          deed.links.map(([from, to]) => ({ from, to })),
          deed.rules,
          deed.seed,
        )
        return
      case 'flip-bit':
        return await this.#flipBit(begun, deed.record)
      case 'clock-rate':
        return cluster.setClock(node, { mode: 'running', rate: deed.rate })
      case 'clock-jump':
        return await cluster.jumpClock(node, deed.millis)
      case 'fire':
        return await cluster.fire(node)
      case 'transfer':
        return await this.#inTurn(MEMBERSHIP, () => cluster.transferLeadership(node))
      case 'demote':
        return await this.#demote(begun)
      case 'wipe':
        begun.isAway = true
        return await this.#inTurn(MEMBERSHIP, async () => {
          await cluster.rebuild(node)
          begun.isAway = false
        })
    }
  }

  async #undo(step: number, begun: Begun): Promise<void> {
    const { cluster, faultsOf } = this.#ground
    const { deed, node, ran } = begun
    if (begun.isAway) await (deed.type === 'demote' ? this.#promote(begun) : this.#rebuild(begun))
    for (const fault of [...faultsOf({ nemesis: this.#nemesis, step })].reverse()) {
      await unless('fault-unknown', () => cluster.endFault(fault))
    }
    if (deed.type === 'clock-rate') cluster.setClock(node, TRUE_CLOCK)
    // It may have ended by its fault, or have refused to start with it.
    if (harms(deed) && ran) await this.#run(node)
  }

  /** Some record of a stopped node; then it is started, which it may refuse: that is the point. */
  async #flipBit(begun: Begun, drawn: number): Promise<void> {
    const { cluster } = this.#ground
    const { deed, node } = begun
    await cluster.stop(node)
    const records = flippable(await inspectNode(cluster.dataDir(node)))
    const at = records[Math.floor(drawn * records.length)]
    if (at === undefined) {
      await cluster.start(node)
      throw new Problem('record-unknown', { node: String(node), file: '', record: 0, reason: 'it has none to damage' })
    }
    await cluster.flipBit(node, at)
    begun.isAway = deed.type === 'flip-bit' && deed.mend === 'rebuild'
    await cluster.start(node).catch(() => undefined)
  }

  async #demote(begun: Begun): Promise<void> {
    const { cluster, roleOf } = this.#ground
    const { node } = begun
    // A witness has no data to learn with; a learner is one already.
    if (roleOf(node) !== 'voter') throw new Problem('change-refused', { reason: 'already-so', node })
    await this.#inTurn(MEMBERSHIP, async () => {
      try {
        await cluster.changeMembership([{ node, role: 'learner' }], 'auto')
        begun.isAway = true
      } catch (error) {
        begun.isAway = asProblem(error).code === 'call-unknown'
        throw error
      }
    })
  }

  async #promote(begun: Begun): Promise<void> {
    await this.#inTurn(MEMBERSHIP, () =>
      this.#again(async () => {
        try {
          await this.#ground.cluster.changeMembership([{ node: begun.node, role: 'voter' }], 'auto')
        } catch (error) {
          const { code, details } = asProblem(error)
          if (code !== 'change-refused' || !('reason' in details) || details.reason !== 'already-so') throw error
        }
      }),
    )
    begun.isAway = false
  }

  async #rebuild(begun: Begun): Promise<void> {
    await this.#inTurn(MEMBERSHIP, () => this.#again(() => this.#ground.cluster.rebuild(begun.node)))
    begun.isAway = false
  }

  async #run(node: number): Promise<void> {
    const { cluster } = this.#ground
    const standing = cluster.standing(node)
    if (standing === 'paused' || standing === 'removed') return
    if (standing !== 'running' && standing !== 'starting') await unless('node-state', () => cluster.start(node))
  }

  /** Until it succeeds; what it threw last after {@link MEMBERSHIP_WITHIN_MS}. */
  async #again(action: () => Promise<unknown>): Promise<void> {
    const deadline = performance.now() + MEMBERSHIP_WITHIN_MS
    for (;;) {
      try {
        await action()
        return
      } catch (error) {
        if (this.#ground.closing.aborted || performance.now() > deadline) throw error
      }
      await sleep(PAUSE_MS)
    }
  }

  #nodeOf(target: Target): number {
    const node = target === 'leader' ? this.#ground.leader() : target
    if (node === 0) throw new Problem('no-leader', { millis: 0 })
    return node
  }

  /** A start takes its time, and a node may have ended by itself: the schedule knows of neither. */
  #checkAlive(target: number): void {
    const { cluster } = this.#ground
    const harmed = new Set([target])
    for (const { deed, node } of this.#begun.values()) if (harms(deed)) harmed.add(node)
    for (const node of cluster.nodeIds) if (cluster.standing(node) !== 'running') harmed.add(node)
    const { nodes, plan } = this.#schedule
    if (harmed.size <= mostDown(plan, nodes.length)) return
    throw new Problem('schedule-lethal', { down: harmed.size, nodes: nodes.length, reason: 'others are not back yet' })
  }

  #checkOpen(): void {
    if (this.#ground.closing.aborted) throw new Problem('no-cluster', {})
  }

  async #inTurn(whose: number, action: () => Promise<void>): Promise<void> {
    if (whose === 0) return await action()
    const before = this.#turns.get(whose)
    const turn = (async () => {
      await before?.catch(() => undefined)
      await action()
    })()
    this.#turns.set(whose, turn)
    await turn
  }
}

async function unless(code: 'fault-unknown' | 'node-state', action: () => Promise<void>): Promise<void> {
  try {
    await action()
  } catch (error) {
    if (asProblem(error).code !== code) throw error
  }
}
