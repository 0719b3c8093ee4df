/**
 * Happens-before among the events of a window of a timeline, as direct links from cause to effect:
 *
 * - the order within one node, from life to life: what a process left on its disk its successor reads;
 * - a message from its sending to each of its steps at the other end: held, released, doubled, received, dropped;
 * - what the workbench does to a process, and what it hears of its end;
 * - a fault, the links and rules it set, and what those did to messages; an armed fault, and where it struck;
 * - a client's call, the entry it became, and the answer.
 *
 * All processes share one clock, so nothing causes what is earlier by it: a link that the order of writing suggests and `t` denies
 * is none. Pure.
 */
import type { TimelineEvent } from '../../node/contract/events'
import { concernsNode, factsOf } from './subjects'

/** Lists of places, one per event, in one piece of memory. */
export class Places {
  readonly #starts: Uint32Array
  readonly #items: Uint32Array

  /** @param pairs place of the one who has it, and what it has, one after the other */
  constructor(size: number, pairs: readonly number[], ownerFirst: boolean) {
    const starts = new Uint32Array(size + 1)
    const [own, other] = ownerFirst ? [0, 1] : [1, 0]
    for (let at = 0; at < pairs.length; at += 2) {
      const owner = (pairs[at + own] as number) + 1
      starts[owner] = (starts[owner] ?? 0) + 1
    }
    for (let place = 1; place <= size; place++) starts[place] = (starts[place] ?? 0) + (starts[place - 1] ?? 0)
    const next = starts.slice()
    const items = new Uint32Array(pairs.length / 2)
    for (let at = 0; at < pairs.length; at += 2) {
      const owner = pairs[at + own] as number
      const place = next[owner] as number
      items[place] = pairs[at + other] as number
      next[owner] = place + 1
    }
    this.#starts = starts
    this.#items = items
  }

  of(place: number): Uint32Array {
    return this.#items.subarray(this.#starts[place], this.#starts[place + 1])
  }
}

export interface Links {
  readonly causes: Places
  readonly effects: Places
}

const ENDED: ReadonlySet<string> = new Set(['stopped', 'killed', 'crashed', 'removed'])
/** Faults of a process. */
const STOPS: ReadonlySet<string> = new Set(['kill', 'stop', 'pause'])
/** What is remembered of one kind; what lies further back is not looked for. */
const MANY = 4096
/** Answers of one node that are waited with. */
const MOST_EARLY = 64
/** Names a message: ids are whole and stay below 2^36. */
const messageKey = (sender: number, id: number): number => sender * 2 ** 36 + id
const linkKey = (from: number, to: number): number => from * 65_536 + to

/** An entry range that a node appended. */
interface Appended {
  readonly place: number
  readonly first: number
  readonly end: number
  readonly term: number
}

/** An answer, and what it still wants: the entry of its call, the application. */
interface Early {
  readonly answer: number
  readonly invoked: number
  readonly index: number
  readonly term: number
  wantsEntry: boolean
  wantsRan: boolean
}

interface Invoked {
  readonly place: number
  readonly isWrite: boolean
}

/** Takes the events of a window in order and notes who caused whom. */
class Linker {
  readonly pairs: number[] = []
  readonly #events: readonly TimelineEvent[]
  /** The last event of each node. */
  readonly #last = new Map<number, number>()
  readonly #sent = new Map<number, number>()
  /** Steps of messages whose sending was told later than they were. */
  readonly #unsent = new Map<number, number[]>()
  /** The last event about each process. */
  readonly #process = new Map<number, number>()
  /** What was done to a node, and has not shown yet. */
  readonly #doneTo = new Map<number, number[]>()
  /** By number, of faults, operations, breakpoints, workloads and nemeses. */
  readonly #begun = new Map<string, number>()
  /** The last that was done to each link: a cut, a rule, or the fault that is told of them. */
  readonly #link = new Map<number, number>()
  /** Faults of processes and clocks, the latest last. */
  #faults: number[] = []
  readonly #invoked = new Map<number, Invoked>()
  readonly #appended = new Map<number, Appended[]>()
  readonly #applied = new Map<number, { readonly place: number; readonly index: number }[]>()
  readonly #read = new Map<number, number>()
  /** Answers that were told before the node told of what led to them, by node. */
  readonly #early = new Map<number, Early[]>()
  readonly #stopped = new Map<number, number>()

  constructor(events: readonly TimelineEvent[]) {
    this.#events = events
  }

  take(event: TimelineEvent, place: number): void {
    if (event.node > 0) this.#local(event, place)
    switch (event.kind) {
      case 'sent': {
        const key = messageKey(event.node, event.id)
        this.#sent.set(key, place)
        for (const step of this.#unsent.get(key) ?? []) this.#join(place, step)
        this.#unsent.delete(key)
        break
      }
      case 'received':
      case 'released':
      case 'moved':
        this.#arrived(event.peer, event.id, place)
        break
      case 'held':
        this.#arrived(event.peer, event.id, place)
        this.#from(this.#link.get(linkKey(event.peer, event.node)), place)
        break
      case 'copied':
        this.#arrived(event.peer, event.id, place)
        if (event.by === 'rule') this.#from(this.#link.get(linkKey(event.peer, event.node)), place)
        break
      case 'dropped':
        this.#dropped(event, place)
        break
      case 'process':
        this.#processed(event, place)
        break
      case 'fault':
        this.#fault(event, place)
        break
      case 'link':
      case 'rules':
        this.#from(this.#link.get(linkKey(event.from, event.to)), place)
        this.#link.set(linkKey(event.from, event.to), place)
        break
      case 'clock':
        if (event.cause !== 'launched') {
          this.#from(
            this.#lastFault((at) => at.type === 'clock' && concernsNode(at, event.node)),
            place,
          )
        }
        break
      case 'struck':
        this.#from(this.#begun.get(`fault ${event.fault}`), place)
        break
      case 'invoke':
        this.#invoked.set(event.call, { place, isWrite: event.op !== 'get' || event.consistency === 'log' })
        break
      case 'answer':
        this.#answered(event, place)
        break
      case 'appended':
        this.#noteAppended(event, place)
        break
      case 'applied':
        listOf(this.#applied, event.node).push({ place, index: event.lastApplied })
        for (const early of this.#early.get(event.node) ?? []) {
          if (!early.wantsRan || early.index > event.lastApplied) continue
          early.wantsRan = false
          this.#join(place, early.answer)
        }
        break
      case 'read':
        if (event.stage === 'confirmed') this.#read.set(event.node, place)
        break
      case 'operation':
        this.#span('operation', event.id, event.action === 'begin', place)
        break
      case 'workload':
        this.#span('workload', event.id, event.action === 'begin', place)
        break
      case 'load':
        this.#from(this.#begun.get(`workload ${event.workload}`), place)
        break
      case 'nemesis':
        this.#span('nemesis', event.id, event.action === 'begin', place)
        break
      case 'watch':
        this.#begun.set(`watch ${event.breakpoint}`, place)
        break
      case 'breakpoint':
        if (event.breakpoint > 0) this.#from(this.#begun.get(`watch ${event.breakpoint}`), place)
        this.#stopped.set(event.node, place)
        break
      case 'stop':
        if (event.action === 'stopped') this.#from(this.#stopped.get(event.subject), place)
        else if (event.action === 'stepping') listOf(this.#doneTo, event.subject).push(place)
        break
      case 'remark':
        if (event.name === 'leader-disconnected') this.#from(this.#endOf(event.peer), place)
        break
      case 'started':
      case 'role':
      case 'leader':
      case 'hardState':
      case 'truncated':
      case 'persisted':
      case 'committed':
      case 'timer':
      case 'progress':
      case 'stats':
      case 'trouble':
      case 'configuration':
      case 'snapshot':
      case 'compacted':
      case 'transfer':
      case 'sessions':
      case 'cluster':
      case 'gap':
      case 'note':
      case 'output':
      case 'closing':
      case 'foreign':
        break
    }
  }

  /** Nothing causes what is earlier on the common clock. */
  #join(cause: number, effect: number): void {
    const from = this.#events[cause]
    const to = this.#events[effect]
    if (cause !== effect && from !== undefined && to !== undefined && from.t <= to.t) this.pairs.push(cause, effect)
  }

  #from(cause: number | undefined, effect: number): void {
    if (cause !== undefined) this.#join(cause, effect)
  }

  #local({ node, kind, t }: TimelineEvent, place: number): void {
    // One reporter's order stands, whatever `t` says of what came late.
    const before = this.#last.get(node)
    if (before !== undefined) this.pairs.push(before, place)
    this.#last.set(node, place)
    // Told after the end of its process was: it is of that life all the same.
    const end = kind === 'started' ? undefined : this.#endOf(node)
    if (end !== undefined) this.#join(place, end)
    const waiting = this.#doneTo.get(node)
    if (waiting === undefined) return
    const rest = waiting.filter((done) => {
      const by = this.#events[done]
      if (by === undefined || by.t > t) return true
      // Of the life before, told late.
      if (by.kind === 'process' && by.state === 'spawned' && kind !== 'started') return true
      this.pairs.push(done, place)
      return false
    })
    if (rest.length === 0) this.#doneTo.delete(node)
    else this.#doneTo.set(node, rest)
  }

  #arrived(sender: number, id: number, place: number): void {
    // A copy begins where it is doubled, at this very node: its order says the rest.
    if (id <= 0) return
    const key = messageKey(sender, id)
    const sent = this.#sent.get(key)
    if (sent !== undefined) this.#join(sent, place)
    else listOf(this.#unsent, key).push(place)
  }

  #dropped({ sender, receiver, id, reason }: TimelineEvent<'dropped'>, place: number): void {
    this.#arrived(sender, id, place)
    switch (reason) {
      case 'blocked':
      case 'lost':
      case 'hold-full':
        this.#from(this.#link.get(linkKey(sender, receiver)), place)
        break
      case 'unreachable':
        this.#from(this.#endOf(receiver), place)
        break
      case 'malformed':
      case 'overflow':
      case 'by-hand':
        break
    }
  }

  /** The end of a node's process, while it has no other. */
  #endOf(node: number): number | undefined {
    const place = this.#process.get(node)
    const event = place === undefined ? undefined : this.#events[place]
    return event?.kind === 'process' && ENDED.has(event.state) ? place : undefined
  }

  #processed({ subject, state }: TimelineEvent<'process'>, place: number): void {
    this.#from(this.#process.get(subject), place)
    this.#process.set(subject, place)
    switch (state) {
      case 'spawned':
        listOf(this.#doneTo, subject).push(place)
        break
      case 'paused':
      case 'stopping':
        this.#from(this.#lastStop(subject), place)
        listOf(this.#doneTo, subject).push(place)
        break
      case 'resumed':
        listOf(this.#doneTo, subject).push(place)
        break
      case 'killed':
      case 'crashed':
      case 'stopped':
      case 'removed':
        this.#from(this.#lastStop(subject), place)
        this.#from(this.#last.get(subject), place)
        break
      case 'ready':
        this.#from(this.#last.get(subject), place)
        break
    }
  }

  #fault(event: TimelineEvent<'fault'>, place: number): void {
    this.#span('fault', event.id, event.action === 'begin', place)
    const { nemesis, links } = factsOf(event)
    if (nemesis > 0) this.#from(this.#begun.get(`nemesis ${nemesis}`), place)
    // A cut is told link by link and then as the one fault that it is; rules are told the other way round.
    for (const link of links) {
      this.#from(this.#link.get(link), place)
      this.#link.set(link, place)
    }
    if (event.action === 'begin' && links.size === 0) this.#faults.push(place)
    if (this.#faults.length > MANY) this.#faults = this.#faults.slice(-MANY / 2)
  }

  #lastStop(node: number): number | undefined {
    return this.#lastFault((at) => STOPS.has(at.type) && concernsNode(at, node))
  }

  #lastFault(concerns: (fault: TimelineEvent<'fault'>) => boolean): number | undefined {
    return this.#faults.findLast((place) => {
      const event = this.#events[place]
      return event?.kind === 'fault' && concerns(event)
    })
  }

  #span(what: string, id: number, isBegin: boolean, place: number): void {
    const name = `${what} ${id}`
    if (!isBegin) this.#from(this.#begun.get(name), place)
    else this.#begun.set(name, place)
  }

  #noteAppended({ node, firstIndex, count, term }: TimelineEvent<'appended'>, place: number): void {
    const list = listOf(this.#appended, node)
    list.push({ place, first: firstIndex, end: firstIndex + count, term })
    if (list.length > MANY) list.splice(0, MANY / 2)
    for (const early of this.#early.get(node) ?? []) {
      if (!early.wantsEntry || early.term !== term) continue
      if (early.index < firstIndex || early.index >= firstIndex + count) continue
      early.wantsEntry = false
      this.#join(early.invoked, place)
    }
  }

  #answered(event: TimelineEvent<'answer'>, place: number): void {
    const invoked = this.#invoked.get(event.call)
    this.#from(invoked?.place, place)
    this.#invoked.delete(event.call)
    const { from, index, term } = event
    if (event.outcome !== 'ok' || from === 0 || index === 0) return
    if (invoked !== undefined && !invoked.isWrite) this.#from(this.#read.get(from), place)
    const applied = this.#applied.get(from) ?? []
    const ran = applied.findLastIndex((one) => one.index < index) + 1
    this.#from(applied[ran]?.place, place)
    if (applied.length > MANY) applied.splice(0, MANY / 2)
    const isWrite = invoked?.isWrite === true
    const entry = isWrite
      ? this.#appended.get(from)?.findLast((one) => one.first <= index && index < one.end && one.term === term)
      : undefined
    if (invoked !== undefined && entry !== undefined) this.#join(invoked.place, entry.place)
    const wantsEntry = isWrite && entry === undefined
    const wantsRan = applied[ran] === undefined
    if (invoked === undefined || !(wantsEntry || wantsRan)) return
    const early = listOf(this.#early, from)
    early.push({ answer: place, invoked: invoked.place, index, term, wantsEntry, wantsRan })
    if (early.length > MOST_EARLY) early.shift()
  }
}

function listOf<K, V>(map: Map<K, V[]>, key: K): V[] {
  const known = map.get(key)
  if (known !== undefined) return known
  const list: V[] = []
  map.set(key, list)
  return list
}

/** Consecutive events of a timeline, and who directly caused whom among them, by place in the list. */
export function linksOf(events: readonly TimelineEvent[]): Links {
  const linker = new Linker(events)
  for (let place = 0; place < events.length; place++) linker.take(events[place] as TimelineEvent, place)
  const { pairs } = linker
  return { causes: new Places(events.length, pairs, false), effects: new Places(events.length, pairs, true) }
}
