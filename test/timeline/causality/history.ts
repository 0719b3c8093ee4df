/**
 * Made-up histories whose true causes are known, because whoever makes them up says for each event what it happened because of.
 * Their vector clocks follow from that alone.
 */
import fc from 'fast-check'
import type { TimelineEvent } from '../../../main/node/contract/events'

export const NODES = [1, 2, 3] as const
type Node = (typeof NODES)[number]

export interface History {
  readonly events: readonly TimelineEvent[]
  /** By `seq`: the `seq`s of everything that happened before, because of which it could happen. */
  readonly past: readonly ReadonlySet<number>[]
}

const ACTS = [
  'local',
  'send',
  'receive',
  'drop',
  'hold',
  'release',
  'copy',
  'kill',
  'start',
  'pause',
  'resume',
  'cut',
  'heal',
  'rule',
  'invoke',
  'append',
  'apply',
  'answer',
] as const
type Act = (typeof ACTS)[number]

export interface Choice {
  readonly act: Act
  readonly node: Node
  readonly peer: Node
  readonly pick: number
  /** How long the workbench waits for what the nodes told: their events are merged anew after it. */
  readonly late: number
}

const node = fc.constantFrom(...NODES)
export const choices = (length: number): fc.Arbitrary<readonly Choice[]> =>
  fc.array(
    fc.record({
      act: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom<Act>('send', 'receive') },
        { weight: 3, arbitrary: fc.constantFrom<Act>('invoke', 'append', 'apply', 'answer') },
        { weight: 4, arbitrary: fc.constantFrom(...ACTS) },
      ),
      node,
      peer: node,
      pick: fc.nat(1_000),
      late: fc.nat(1_000),
    }),
    // As long as that as often as short: what is told late meets little in a short one.
    { minLength: 1, maxLength: length, size: 'max' },
  )

interface Made {
  readonly event: TimelineEvent
  readonly causes: readonly Made[]
}
interface Flight {
  readonly sender: Node
  readonly receiver: Node
  readonly id: number
  readonly begun: Made
  held: Made | undefined
}

class World {
  readonly #order: Made[] = []
  /** What nodes told since the workbench last spoke: merged by chance, each node's own order kept. */
  #told: Made[] = []
  #t = 0
  readonly #n = new Map<number, number>()
  readonly #last = new Map<Node, Made>()
  readonly #process = new Map<Node, Made>()
  readonly #doneTo = new Map<Node, Made[]>()
  readonly #standing = new Map<Node, 'running' | 'paused' | 'dead'>(NODES.map((id) => [id, 'running']))
  readonly #link = new Map<string, Made>()
  readonly #blockedBy = new Map<string, Made>()
  readonly #ids = new Map<Node, number>()
  readonly #faults = new Map<Node, Made>()
  #fault = 0
  #copies = 0
  #call = 0
  #flights: Flight[] = []
  #calls: { call: number; invoked: Made; node: Node; index: number; appended?: Made; applied?: Made }[] = []
  readonly #log = new Map<Node, number>()
  readonly #applied = new Map<Node, number>()

  perform({ act, node, peer, pick, late }: Choice): void {
    const link = `${node}>${peer}`
    const runs = this.#standing.get(node) === 'running'
    const mine = this.#flights.filter(({ receiver }) => receiver === node)
    const flight = mine[pick % Math.max(1, mine.length)]
    switch (act) {
      case 'local':
        if (runs) this.#tell(node, { kind: 'stats' })
        return
      case 'send': {
        if (!runs || node === peer) return
        const id = (this.#ids.get(node) ?? 0) + 1
        this.#ids.set(node, id)
        const begun = this.#tell(node, { kind: 'sent', peer, id, message: 'AppendEntries' })
        this.#flights.push({ sender: node, receiver: peer, id, begun, held: undefined })
        return
      }
      case 'receive':
        if (!runs || flight === undefined || flight.held !== undefined) return
        this.#end(flight)
        this.#tell(node, { kind: 'received', peer: flight.sender, id: flight.id }, flight.begun)
        return
      case 'drop': {
        if (!runs || flight === undefined || flight.held !== undefined) return
        const at = this.#link.get(`${flight.sender}>${node}`)
        this.#end(flight)
        const body = {
          kind: 'dropped',
          sender: flight.sender,
          receiver: node,
          id: flight.id,
          reason: 'blocked',
        } as const
        this.#tell(node, body, flight.begun, at)
        return
      }
      case 'hold': {
        if (!runs || flight === undefined || flight.held !== undefined) return
        const at = this.#link.get(`${flight.sender}>${node}`)
        flight.held = this.#tell(node, { kind: 'held', peer: flight.sender, id: flight.id }, flight.begun, at)
        return
      }
      case 'release': {
        const held = mine.find((one) => one.held !== undefined)
        if (!runs || held === undefined) return
        this.#end(held)
        const body = { peer: held.sender, id: held.id }
        this.#tell(node, { kind: 'released', ...body, how: 'delivered' }, held.begun)
        this.#tell(node, { kind: 'received', ...body }, held.begun)
        return
      }
      case 'copy': {
        if (!runs || flight === undefined || flight.held !== undefined) return
        const copy = -++this.#copies
        const body = { kind: 'copied', peer: flight.sender, id: flight.id, copy, by: 'hand' } as const
        const begun = this.#tell(node, body, flight.begun)
        this.#flights.push({ ...flight, id: copy, begun })
        return
      }
      case 'kill': {
        if (this.#standing.get(node) === 'dead') return
        const fault = this.#begin(late, 'kill', { nodes: [node] })
        this.#faults.set(node, fault)
        this.#process.set(
          node,
          this.#say(late, this.#ofProcess(node, 'killed'), fault, this.#last.get(node), this.#process.get(node)),
        )
        this.#standing.set(node, 'dead')
        this.#doneTo.delete(node)
        this.#flights = this.#flights.filter(({ receiver }) => receiver !== node)
        return
      }
      case 'start': {
        if (this.#standing.get(node) !== 'dead') return
        this.#finish(late, this.#faults.get(node))
        const spawned = this.#say(late, this.#ofProcess(node, 'spawned'), this.#process.get(node))
        this.#process.set(node, spawned)
        this.#standing.set(node, 'running')
        this.#tell(node, { kind: 'started' }, spawned)
        return
      }
      case 'pause': {
        if (!runs) return
        const fault = this.#begin(late, 'pause', { nodes: [node] })
        this.#faults.set(node, fault)
        const paused = this.#say(late, this.#ofProcess(node, 'paused'), fault, this.#process.get(node))
        this.#process.set(node, paused)
        this.#doTo(node, paused)
        this.#standing.set(node, 'paused')
        return
      }
      case 'resume': {
        if (this.#standing.get(node) !== 'paused') return
        this.#finish(late, this.#faults.get(node))
        const resumed = this.#say(late, this.#ofProcess(node, 'resumed'), this.#process.get(node))
        this.#process.set(node, resumed)
        this.#doTo(node, resumed)
        this.#standing.set(node, 'running')
        return
      }
      case 'cut': {
        if (node === peer || this.#blockedBy.has(link)) return
        const cut = this.#say(late, { kind: 'link', from: node, to: peer, blocked: true }, this.#link.get(link))
        const fault = this.#begin(late, 'block', { links: [[node, peer]] }, cut)
        this.#blockedBy.set(link, fault)
        this.#link.set(link, fault)
        return
      }
      case 'heal': {
        const fault = this.#blockedBy.get(link)
        if (fault === undefined) return
        this.#blockedBy.delete(link)
        const healed = this.#say(late, { kind: 'link', from: node, to: peer, blocked: false }, this.#link.get(link))
        this.#link.set(link, this.#finish(late, fault, healed) ?? healed)
        return
      }
      case 'rule': {
        if (node === peer) return
        const fault = this.#begin(late, 'links', { links: [[node, peer]] }, this.#link.get(link))
        this.#link.set(link, this.#say(late, { kind: 'rules', from: node, to: peer, rules: '{}' }, fault))
        return
      }
      case 'invoke': {
        const call = ++this.#call
        const invoked = this.#say(late, { kind: 'invoke', call, op: 'put', consistency: 'log' })
        this.#calls.push({ call, invoked, node, index: 0 })
        return
      }
      case 'append': {
        const call = this.#calls.find((one) => one.appended === undefined && one.node === node)
        if (!runs || call === undefined) return
        call.index = (this.#log.get(node) ?? 0) + 1
        this.#log.set(node, call.index)
        call.appended = this.#tell(node, { kind: 'appended', firstIndex: call.index, count: 1, term: 1, entries: [] })
        return
      }
      case 'apply': {
        const call = this.#calls.find(
          (one) => one.appended !== undefined && one.applied === undefined && one.node === node,
        )
        if (!runs || call === undefined || call.index !== (this.#applied.get(node) ?? 0) + 1) return
        this.#applied.set(node, call.index)
        call.applied = this.#tell(node, { kind: 'applied', lastApplied: call.index })
        return
      }
      case 'answer': {
        const at = this.#calls.findIndex((one) => one.applied !== undefined && one.node === node)
        const [call] = at < 0 ? [] : this.#calls.splice(at, 1)
        if (call?.appended === undefined) return
        // Only now is it known which entry the call became.
        this.#because(call.appended, call.invoked)
        const body = { kind: 'answer', call: call.call, outcome: 'ok', from: node, index: call.index, term: 1 } as const
        this.#say(late, body, call.invoked, call.applied)
        return
      }
    }
  }

  end(): History {
    this.#merge(0)
    const seqOf = new Map(this.#order.map((made, seq) => [made, seq]))
    const events = this.#order.map(({ event }, seq) => ({ ...event, seq }) as TimelineEvent)
    const past: Set<number>[] = this.#order.map(() => new Set())
    // Causes were made before their effects, so in the order of making all clocks are known when they are needed.
    for (const made of this.#made) {
      const own = past[seqOf.get(made) as number] as Set<number>
      for (const cause of made.causes) {
        const seq = seqOf.get(cause) as number
        own.add(seq)
        for (const earlier of past[seq] as Set<number>) own.add(earlier)
      }
    }
    return { events, past }
  }

  readonly #made: Made[] = []

  #make(reporter: number, body: object, causes: readonly (Made | undefined)[]): Made {
    const n = (this.#n.get(reporter) ?? 0) + 1
    this.#n.set(reporter, n)
    this.#t += 1_000
    const event = { seq: 0, node: reporter, n, t: this.#t, ...body } as unknown as TimelineEvent
    const made = { event, causes: causes.filter((cause) => cause !== undefined) }
    this.#made.push(made)
    return made
  }

  #tell(node: Node, body: object, ...causes: readonly (Made | undefined)[]): Made {
    const made = this.#make(node, body, [this.#last.get(node), ...(this.#doneTo.get(node) ?? []), ...causes])
    this.#doneTo.delete(node)
    this.#last.set(node, made)
    this.#told.push(made)
    return made
  }

  #say(late: number, body: object, ...causes: readonly (Made | undefined)[]): Made {
    this.#merge(late)
    const made = this.#make(0, body, causes)
    this.#order.push(made)
    return made
  }

  #merge(seed: number): void {
    const queues = NODES.map((id) => this.#told.filter(({ event }) => event.node === id))
    this.#told = []
    for (let dice = seed + 1; queues.some((queue) => queue.length > 0); dice = (dice * 48_271) % 2_147_483_647) {
      const filled = queues.filter((queue) => queue.length > 0)
      const next = filled[dice % filled.length]?.shift()
      if (next !== undefined) this.#order.push(next)
    }
  }

  #because(effect: Made, cause: Made): void {
    ;(effect.causes as Made[]).push(cause)
  }

  #doTo(node: Node, made: Made): void {
    this.#doneTo.set(node, [...(this.#doneTo.get(node) ?? []), made])
  }

  #end(flight: Flight): void {
    this.#flights = this.#flights.filter((one) => one !== flight)
  }

  #ofProcess(subject: Node, state: string): object {
    return { kind: 'process', subject, state }
  }

  #begin(late: number, type: string, detail: object, ...causes: readonly (Made | undefined)[]): Made {
    const id = ++this.#fault
    return this.#say(late, { kind: 'fault', action: 'begin', id, type, detail: JSON.stringify(detail) }, ...causes)
  }

  #finish(late: number, fault: Made | undefined, ...causes: readonly (Made | undefined)[]): Made | undefined {
    if (fault === undefined) return undefined
    const { id, type, detail } = fault.event as TimelineEvent<'fault'>
    return this.#say(late, { kind: 'fault', action: 'end', id, type, detail }, fault, ...causes)
  }
}

export function historyOf(all: readonly Choice[]): History {
  const world = new World()
  for (const choice of all) world.perform(choice)
  return world.end()
}
