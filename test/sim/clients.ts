/** Clients: each has a session, one call outstanding, and retries through crashes and changes of leaders (paper §8). */
import type { Command, SessionAction } from '../../main/node/contract/client'
import type { NodeId } from '../../main/raft'
import type { History } from './invariants/history'
import { Violation } from './invariants/invariant'
import type { SimNode } from './node'
import type { Reply, Request } from './serving'
import type { World } from './world'

const CLIENT = { name: 'Client sessions', section: 'paper §8; dissertation §6.3' }
const KEYS = ['a', 'b']

type Call =
  | { readonly kind: 'open' }
  | { readonly kind: 'append'; readonly key: string; readonly word: string; readonly shown: number }
  | { readonly kind: 'other'; readonly command: Command }
  | { readonly kind: 'read'; readonly key: string; readonly by: 'log' | 'index' | 'lease'; readonly shown: number }

export class SimClient {
  readonly #name: string
  readonly #world: World
  readonly #nodes: readonly SimNode[]
  readonly #history: History
  readonly #nextId: () => number
  #session = 0
  #sequence = 0
  #words = 0
  #call: Call | undefined
  /** Only the newest attempt of a call is waited for; but any may take effect. */
  #attempt = 0
  #leader: NodeId = 0
  /** Calls that ended, of those that began after the healing. */
  endedAfterHealing = 0
  #beganHealed = false
  /** When the run comes to its end, clients begin nothing new. */
  isRetired = false

  constructor(name: string, world: World, nodes: readonly SimNode[], nextId: () => number) {
    this.#name = name
    this.#world = world
    this.#nodes = nodes
    this.#history = world.invariants.history
    this.#nextId = nextId
  }

  get isIdle(): boolean {
    return this.#call === undefined
  }

  /** Thinks for a while, then calls. */
  think(): void {
    const { random, setup, isHealed } = this.#world
    this.#world.later(random.after(setup.thinkMean) + (isHealed ? 10 : 0), () => {
      if (this.isRetired) return
      this.#begin()
    })
  }

  #begin(): void {
    const { random } = this.#world
    if (this.#session === 0) this.#call = { kind: 'open' }
    else {
      this.#sequence += 1
      this.#call = this.#draw(random.pick(KEYS))
    }
    this.#beganHealed = this.#world.isHealed
    this.#try()
  }

  #draw(key: string): Call {
    const { random, setup } = this.#world
    const shown = this.#history.shown(key)
    const kind = random.next()
    if (kind < 0.55) {
      this.#words += 1
      return { kind: 'append', key, word: `${this.#name}${this.#words};`, shown }
    }
    if (kind < 0.65) return { kind: 'other', command: this.#drawOther() }
    const by = random.pick(
      setup.features.leaseReads ? (['index', 'lease', 'log'] as const) : (['index', 'log'] as const),
    )
    return { kind: 'read', key, by, shown }
  }

  #drawOther(): Command {
    const { random } = this.#world
    const key = `x${random.integer(1, 3)}`
    const value = new Uint8Array([random.integer(0, 3)])
    const expected = random.chance(0.5) ? null : new Uint8Array([random.integer(0, 3)])
    switch (random.integer(0, 2)) {
      case 0:
        return { op: 'put', key, value }
      case 1:
        return { op: 'delete', key }
      default:
        return { op: 'cas', key, expected, value }
    }
  }

  /** Sends the call to somebody; again, after a while without an answer. */
  #try(): void {
    const { random, setup, isHealed } = this.#world
    const call = this.#call!
    this.#attempt += 1
    const attempt = this.#attempt
    const node = this.#whom(call)
    const isLost = () => !isHealed && random.chance(setup.weather.loss)
    const delay = () => random.after(isHealed ? 1 : setup.weather.meanDelay)
    const request = this.#request(call)
    if (!isLost()) {
      this.#world.later(delay(), () =>
        node.request(request, (reply) => {
          if (!isLost()) this.#world.later(delay(), () => this.#answered(call, attempt, reply))
        }),
      )
    }
    this.#world.later(setup.electionTimeout * random.between(1, 3), () => {
      if (attempt !== this.#attempt || this.#call !== call) return
      this.#leader = 0
      this.#try()
    })
  }

  #whom(call: Call): SimNode {
    const { random } = this.#world
    // Any node answers a read by index.
    if (this.#leader !== 0 && !(call.kind === 'read' && random.chance(0.5))) return this.#nodes[this.#leader - 1]!
    const leaders = this.#nodes.filter(({ status }) => status?.role === 'leader')
    return random.pick(leaders.length > 0 && random.chance(0.6) ? leaders : this.#nodes)
  }

  #request(call: Call): Request {
    const id = this.#nextId()
    const command = (key: string, what: Command | SessionAction): Request => {
      return { kind: 'command', id, key, logged: { client: this.#session, sequence: this.#sequence, command: what } }
    }
    const { key } = 'key' in call ? call : { key: '' }
    switch (call.kind) {
      case 'open':
        return command('', { op: 'open-session' })
      case 'append':
        return command(key, { op: 'append', key, value: new TextEncoder().encode(call.word) })
      case 'other':
        return command('', call.command)
      case 'read':
        return call.by === 'log' ? command(key, { op: 'get', key }) : { kind: 'read', id, key, by: call.by }
    }
  }

  #answered(call: Call, attempt: number, reply: Reply): void {
    if (this.#call !== call) return
    switch (reply.status) {
      case 'refused':
        if (attempt !== this.#attempt) return
        this.#leader = reply.leader
        this.#world.later(this.#world.random.after(5), () => {
          if (attempt === this.#attempt && this.#call === call) this.#try()
        })
        return
      case 'read':
        if (call.kind === 'read') this.#history.read(call.key, reply.value, call.shown)
        break
      case 'applied':
        this.#applied(call, reply)
        break
    }
    this.#call = undefined
    if (this.#beganHealed) this.endedAfterHealing += 1
    this.think()
  }

  #applied(call: Call, { outcome, index, length }: Reply & { status: 'applied' }): void {
    if (outcome.kind === 'stale') {
      throw new Violation(CLIENT, `${this.#name} has one call outstanding, and its answer was forgotten`)
    }
    if (outcome.kind === 'expired') {
      // Whether an earlier attempt took effect is not known; a later one cannot.
      this.#session = 0
      this.#sequence = 0
      return
    }
    switch (call.kind) {
      case 'open':
        this.#session = index
        this.#sequence = 0
        break
      case 'append':
        this.#history.appended(call.key, call.word, length, call.shown)
        break
      case 'read':
        if (outcome.kind === 'done') this.#history.read(call.key, outcome.value, call.shown)
        break
      case 'other':
        break
    }
  }
}
