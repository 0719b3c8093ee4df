/**
 * The links into a node, as `contract/conditions/links.ts` describes them: between the sockets and the core. Every message
 * that goes in comes out once, delivered or dropped, unless it is kept here; so does every copy that is made here.
 *
 * Times are machine nanoseconds. The links have a time of their own, in which the whole cluster never stopped ({@link LinksTime}).
 */
import type { NodeId } from '../../raft/types'
import { ByteWriter } from '../contract/bytes'
import type { Conditions, LinkRules } from '../contract/conditions'
import type { HeldAct } from '../contract/control-conditions'
import { writeMessage } from '../contract/frames/messages'
import { messageOf } from '../contract/message-schema'
import type { EventBody } from '../telemetry/event-body'
import { Agenda } from './agenda'
import { type Arrival, arrival } from './arrival'
import { Keeper, type Limits } from './keeper'
import { ConditionedLink, type LinkOutlet } from './link'
import { LinksTime } from './time'

export type { Arrival } from './arrival'
export { arrival } from './arrival'

/** Delays end up to this early, so that a timer that counts whole milliseconds meets them within half of one. */
const EARLY_NANOS = 0.5e6

export interface ConditioningOptions {
  readonly node: NodeId
  readonly incarnation: number
  readonly links: Conditions['links']
  /** The message goes to the core, now. */
  readonly deliver: (one: Arrival) => void
  readonly tell: (body: EventBody<'held' | 'released' | 'copied' | 'moved' | 'dropped'>) => void
  readonly limits?: Limits
}

export class Conditioning {
  readonly #options: ConditioningOptions
  readonly #keeper: Keeper
  readonly #agenda = new Agenda()
  readonly #links = new Map<NodeId, ConditionedLink>()
  readonly #outlet: LinkOutlet
  #copies = 0
  readonly #time = new LinksTime()

  constructor(options: ConditioningOptions) {
    this.#options = options
    this.#keeper = new Keeper(options.node, options.limits)
    this.#outlet = {
      deliver: options.deliver,
      drop: (one, reason) => this.#drop(one, reason),
      copy: (one, by) => this.#copy(one, by),
      reserve: (one) => this.#keeper.reserve(one),
      free: (one) => this.#keeper.free(one),
      at: (due, then) => this.#agenda.put(due, then),
      hold: (one) => {
        if (this.#keeper.reserve(one)) this.#hold(one)
        else this.#drop(one, 'hold-full')
      },
    }
    for (const { from, rules } of options.links) this.set(from, rules, 0)
  }

  /** Whether messages from `from` have to go through {@link take}. */
  concerns(from: NodeId): boolean {
    return this.#links.size > 0 && this.#links.has(from)
  }

  /** Messages that wait to be released. */
  get held(): number {
    return this.#keeper.held
  }

  /** Everything that is kept, by number and bytes. */
  get kept(): Limits {
    return this.#keeper.kept
  }

  take(one: Arrival, machine: number): void {
    const link = this.#links.get(one.frame.message.from)
    if (link === undefined) {
      this.#options.deliver(one)
      return
    }
    const now = this.#time.at(machine)
    link.take(one, Math.min(this.#time.at(one.frame.sentAt), now), now)
  }

  /** The rules of the link from `from`, from now on. */
  set(from: NodeId, rules: LinkRules, machine: number): void {
    const before = this.#links.get(from)
    const link = rules.rules.length === 0 ? undefined : new ConditionedLink(rules, this.#outlet)
    if (link === undefined) this.#links.delete(from)
    else this.#links.set(from, link)
    before?.close(this.#time.at(machine))
    if (link?.holds !== true) this.#releaseAll(from)
  }

  /** When something is to be done, in the links' time; Infinity: nothing waits. */
  get next(): number {
    return this.#agenda.next - EARLY_NANOS
  }

  /** Milliseconds from `machine` until the links' time is `due`. */
  wait(due: number, machine: number): number {
    return (due - this.#time.at(machine)) / 1e6
  }

  /** Does what is due. */
  run(machine: number): void {
    this.#agenda.run(this.#time.at(machine) + EARLY_NANOS)
  }

  /** The last `nanos` before `machine` did not happen, for delays as well. */
  slept(nanos: number, machine: number): void {
    this.#time.stopped(nanos, machine)
  }

  /**
   * Returns the value of the control; `certain` has it as soon as nothing can refuse it any more, before anything is told or delivered:
   * the node may stand at a breakpoint with that. Throws Problem 'held-unknown', 'hold-full' or 'message-invalid'; then nothing
   * happened.
   */
  act(from: NodeId, act: HeldAct, certain: (value: number) => void = () => undefined): number {
    switch (act.type) {
      case 'release': {
        const one = this.#keeper.release(from, act.id)
        certain(1)
        this.#release(one)
        return 1
      }
      case 'release-all': {
        certain(this.#keeper.ids(from).length)
        return this.#releaseAll(from)
      }
      case 'drop': {
        const one = this.#keeper.release(from, act.id)
        certain(1)
        this.#tellReleased(one, 'dropped')
        this.#drop(one, 'by-hand')
        return 1
      }
      case 'duplicate': {
        const { one, place } = this.#keeper.find(from, act.id)
        this.#keeper.demand(one.bytes)
        certain(this.#nextCopy)
        const copy = this.#copy(one, 'hand')
        this.#keeper.reserve(copy)
        this.#hold(copy, place + 1)
        return copy.id
      }
      case 'edit': {
        const { one } = this.#keeper.find(from, act.id)
        const message = messageOf(act.message, one.frame.message)
        this.#keeper.release(from, act.id)
        certain(1)
        const edited = { ...arrival({ ...one.frame, message }), id: one.id, isEdited: true }
        this.#tellReleased(edited, 'edited')
        this.#options.deliver(edited)
        return 1
      }
      case 'move': {
        const place = this.#keeper.move(from, act.id, act.place)
        certain(place)
        this.#options.tell({ kind: 'moved', peer: from, id: act.id, place })
        return place
      }
    }
  }

  /** One that has its room. */
  #hold(one: Arrival, place?: number): void {
    const { message } = one.frame
    this.#options.tell({
      kind: 'held',
      peer: message.from,
      id: one.id,
      message: message.type,
      term: message.term,
      place: this.#keeper.hold(one, place),
      bytes: bodyOf(one),
    })
  }

  #releaseAll(from: NodeId): number {
    const all = this.#keeper.releaseAll(from)
    for (const one of all) this.#release(one)
    return all.length
  }

  #release(one: Arrival): void {
    this.#tellReleased(one, 'delivered')
    this.#options.deliver(one)
  }

  #tellReleased(one: Arrival, how: EventBody<'released'>['how']): void {
    const { from, type } = one.frame.message
    const bytes = how === 'edited' ? bodyOf(one) : NOTHING
    this.#options.tell({ kind: 'released', peer: from, id: one.id, message: type, how, bytes })
  }

  #drop({ frame, id }: Arrival, reason: EventBody<'dropped'>['reason']): void {
    const { from, to, type } = frame.message
    this.#options.tell({ kind: 'dropped', sender: from, receiver: to, id, message: type, reason })
  }

  /** The id of the copy that is made next. */
  get #nextCopy(): number {
    return -(this.#options.incarnation * 2 ** 32 + this.#copies + 1)
  }

  #copy(one: Arrival, by: EventBody<'copied'>['by']): Arrival {
    const copy = this.#nextCopy
    this.#copies += 1
    const { from, type } = one.frame.message
    this.#options.tell({ kind: 'copied', peer: from, id: one.id, copy, message: type, by })
    return { ...one, id: copy }
  }
}

const NOTHING = new Uint8Array(0)

function bodyOf({ frame, bytes }: Arrival): Uint8Array {
  const writer = new ByteWriter(bytes)
  writeMessage(writer, frame)
  return writer.finish()
}
