/** A cluster on which a script provokes a bug: what it does to it, and what it waits for. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { CallResult, Cluster, EventSink } from '../cluster/api'
import type { Consistency } from '../node/contract/client'
import { type HeldRef, type Link, type NodeFault, TRUE_CLOCK } from '../node/contract/conditions'
import type { EventKind, ReportedEvent } from '../node/contract/events'
import type { MembershipChange, MessageType } from '../raft/types'

/** What a healthy cluster does at once, a busy machine does within this. */
const PATIENCE_MS = 6000
/** What only a bug does is not waited for longer than this. */
export const BRIEF_MS = 2500
const LOOK_MS = 10

const both = (one: number, other: number): readonly Link[] => [
  { from: one, to: other },
  { from: other, to: one },
]

export interface HeldMessage extends HeldRef {
  readonly message: MessageType
  /** Entries that it carries. Undefined: its sender, who tells that, was not heard yet; its receiver was heard sooner. */
  readonly count: number | undefined
}

export const carriesEntries = ({ count = 0 }: HeldMessage): boolean => count > 0

export class Field implements EventSink {
  readonly seed: number
  readonly signal: AbortSignal
  readonly events: ReportedEvent[] = []
  #cluster: Cluster | undefined
  readonly #counts = new Map<string, number>()
  /** What each copy is a copy of. */
  readonly #copies = new Map<string, string>()
  readonly #held = new Map<string, HeldMessage[]>()

  constructor(seed: number, signal: AbortSignal) {
    this.seed = seed
    this.signal = signal
  }

  /**
   * The cluster was opened by hand (`manual`): its links flow from here on, and its clocks stand, so that nobody stands for
   * election but who is told to.
   */
  async begin(cluster: Cluster): Promise<void> {
    this.#cluster = cluster
    const { nodeIds } = cluster
    for (const from of nodeIds) for (const to of nodeIds) if (from !== to) cluster.heal(from, to)
    await cluster.inForce()
  }

  get cluster(): Cluster {
    if (this.#cluster === undefined) throw new Error('the cluster has not begun')
    return this.#cluster
  }

  report(events: readonly ReportedEvent[]): void {
    for (const event of events) {
      this.events.push(event)
      this.#follow(event)
    }
  }

  watermark(): void {
    // All is put in order at the end, when everything was said.
  }

  /** Did it become true in time? A script goes on either way: what a bug does, a correct node does not. */
  async until(holds: () => boolean, withinMs = PATIENCE_MS): Promise<boolean> {
    const deadline = performance.now() + withinMs
    while (!holds()) {
      if (performance.now() > deadline) return false
      await sleep(LOOK_MS, undefined, { signal: this.signal })
    }
    return true
  }

  async pause(millis: number): Promise<void> {
    await sleep(millis, undefined, { signal: this.signal })
  }

  /**
   * Everybody who runs has told something after all this. An invariant holds nothing against who ended before he could tell, so
   * the end of the run must not look like that.
   */
  async heardFromAll(): Promise<void> {
    const since = this.mark
    const running = this.cluster.nodeIds.filter((node) => this.cluster.standing(node) === 'running')
    await this.until(() => {
      const heard = new Set(this.events.slice(since).map(({ node }) => node))
      return running.every((node) => heard.has(node))
    }, BRIEF_MS)
  }

  /** How many events there are, to look only at what comes after. */
  get mark(): number {
    return this.events.length
  }

  saw<K extends EventKind>(kind: K, which: (event: ReportedEvent<K>) => boolean, since = 0): boolean {
    for (let at = since; at < this.events.length; at++) {
      const event = this.events[at]
      if (event?.kind === kind && which(event as ReportedEvent<K>)) return true
    }
    return false
  }

  /** The index that a node's log reaches, by what it told in all its lives. */
  lastIndex(node: number): number {
    let last = 0
    for (const event of this.events) {
      if (event.node !== node) continue
      if (event.kind === 'started') last = event.lastIndex
      if (event.kind === 'appended') last = event.firstIndex + Math.max(event.count, event.entries.length) - 1
      if (event.kind === 'truncated') last = event.fromIndex - 1
    }
    return last
  }

  /** Of its present life. */
  commitIndex(node: number): number {
    let known = 0
    for (const event of this.events) {
      if (event.node !== node) continue
      if (event.kind === 'started') known = event.snapshotIndex
      if (event.kind === 'committed') known = event.commitIndex
    }
    return known
  }

  /** Its timer runs out, again and again, until it leads. */
  async elect(node: number, withinMs = PATIENCE_MS, attemptMs = 700): Promise<boolean> {
    const since = this.mark
    const deadline = performance.now() + withinMs
    const leads = () => this.saw('role', (event) => event.node === node && event.role === 'leader', since)
    while (!leads() && performance.now() < deadline) {
      await this.stand(node).catch(() => undefined)
      await this.until(leads, Math.min(attemptMs, withinMs))
    }
    return leads()
  }

  /** Its timer runs out now. Its clock goes from then on: as a leader it needs heartbeats. */
  async stand(node: number): Promise<void> {
    this.cluster.setClock(node, TRUE_CLOCK)
    await this.cluster.fire(node)
  }

  async settled(): Promise<void> {
    await this.cluster.inForce()
  }

  async cut(one: number, ...others: readonly number[]): Promise<void> {
    for (const other of others) for (const { from, to } of both(one, other)) this.cluster.block(from, to)
    await this.settled()
  }

  async mend(one: number, ...others: readonly number[]): Promise<void> {
    for (const other of others) for (const { from, to } of both(one, other)) this.cluster.heal(from, to)
    await this.settled()
  }

  /** All cuts go; what links hold or block by rule stays. */
  async mendCuts(): Promise<void> {
    this.cluster.partition([this.cluster.nodeIds])
    await this.settled()
  }

  async block(from: number, to: readonly number[], messages: readonly MessageType[] = []): Promise<void> {
    this.#condition(from, to, messages, 'block')
    await this.settled()
  }

  async hold(from: number, to: readonly number[], messages: readonly MessageType[] = []): Promise<void> {
    this.#condition(from, to, messages, 'hold')
    await this.settled()
  }

  #condition(from: number, to: readonly number[], messages: readonly MessageType[], type: 'block' | 'hold'): void {
    const links = to.map((each) => ({ from, to: each }))
    this.cluster.condition(links, [{ messages: [...messages], action: { type } }], this.seed)
  }

  /** What waits on this link now, in its order. */
  held(from: number, to: number): readonly HeldMessage[] {
    return this.#held.get(`${from}>${to}`) ?? []
  }

  /** Kills it, and starts it again; false: it does not start. */
  async crash(node: number): Promise<boolean> {
    await this.cluster.kill(node)
    return await this.start(node)
  }

  async start(node: number): Promise<boolean> {
    return await this.cluster.start(node).then(
      () => true,
      () => false,
    )
  }

  async slowDisk(node: number, delayMs: number): Promise<number> {
    return await this.fault(node, { type: 'slow-disk', delayMs, jitterMs: 0, seed: this.seed })
  }

  async fault(node: number, fault: NodeFault): Promise<number> {
    const number = this.cluster.arm(node, fault)
    await this.settled()
    return number
  }

  async put(key: string, value: string, options: { via?: number; timeoutMs?: number } = {}): Promise<CallResult> {
    return await this.cluster.call(
      { op: 'put', key, value: new TextEncoder().encode(value) },
      { timeoutMs: PATIENCE_MS, ...options },
    )
  }

  async append(key: string, value: string, options: { via?: number; timeoutMs?: number } = {}): Promise<CallResult> {
    return await this.cluster.call(
      { op: 'append', key, value: new TextEncoder().encode(value) },
      { timeoutMs: PATIENCE_MS, ...options },
    )
  }

  async get(
    key: string,
    options: { via?: number; timeoutMs?: number; consistency?: Consistency } = {},
  ): Promise<CallResult> {
    return await this.cluster.call({ op: 'get', key }, { timeoutMs: PATIENCE_MS, ...options })
  }

  /** Asks for it, and waits for no answer: whoever is cut off never gives one. */
  change(changes: readonly MembershipChange[], mode: 'auto' | 'single' | 'joint' = 'auto'): Promise<unknown> {
    const asked = this.cluster.changeMembership(changes, mode)
    return asked.catch(() => undefined)
  }

  #follow(event: ReportedEvent): void {
    switch (event.kind) {
      case 'sent':
        this.#counts.set(`${event.node} ${event.id}`, event.count)
        break
      case 'copied':
        this.#copies.set(`${event.peer} ${event.copy}`, `${event.peer} ${event.id}`)
        break
      case 'started':
        for (const [link, list] of this.#held) if (link.endsWith(`>${event.node}`)) list.length = 0
        break
      case 'held': {
        const list = this.#listOf(event.peer, event.node)
        const ref = { from: event.peer, to: event.node, id: event.id, message: event.message }
        const counts = this.#counts
        const copies = this.#copies
        list.splice(event.place, 0, {
          ...ref,
          get count() {
            const name = `${ref.from} ${ref.id}`
            return counts.get(copies.get(name) ?? name)
          },
        })
        break
      }
      case 'released': {
        const list = this.#listOf(event.peer, event.node)
        const at = list.findIndex(({ id }) => id === event.id)
        if (at >= 0) list.splice(at, 1)
        break
      }
      default:
        break
    }
  }

  #listOf(from: number, to: number): HeldMessage[] {
    const key = `${from}>${to}`
    const list = this.#held.get(key) ?? []
    this.#held.set(key, list)
    return list
  }
}
