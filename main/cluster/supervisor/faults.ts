/** The user's faults that are in force, each with its beginning and its end on the timeline. */
import type { NodeFault } from '../../node/contract/conditions'
import type { FieldsOf } from '../../node/contract/events'
import { Problem } from '../../node/contract/problem'
import { type Cause, causeNow } from '../nemesis/cause'
import type { Damage } from './flip'
import type { Reporter } from './reporter'

export type FaultType = FieldsOf<'fault'>['type']

/** What a fault is about; how it is ended follows from that. Links are told by {@link linkKey}. */
export type Subject =
  | { readonly kind: 'process'; readonly node: number; readonly how: 'kill' | 'stop' | 'pause' }
  /** `links`: those that it still cuts. `isPattern`: of the whole cluster, so the next pattern replaces it. */
  | { readonly kind: 'cut'; readonly links: Set<number>; readonly isPattern: boolean }
  /** `links`: those that still have their rules from it. */
  | { readonly kind: 'rules'; readonly links: Set<number> }
  | { readonly kind: 'clock'; readonly node: number }
  /** `fault`: what of it is still to come; undefined = it has struck for the last time. */
  | { readonly kind: 'armed'; readonly node: number; fault: NodeFault | undefined }
  | { readonly kind: 'flip'; readonly node: number; readonly damage: Damage }

export interface Fault {
  readonly id: number
  readonly type: FaultType
  readonly subject: Subject
  /** JSON: the `detail` of its events. */
  readonly detail: string
  /** Undefined: a person's doing. */
  readonly cause: Cause | undefined
}
export type FaultOf<K extends Subject['kind']> = Fault & { readonly subject: Extract<Subject, { kind: K }> }

export const linkKey = (from: number, to: number): number => from * 65536 + to
export const linkOf = (key: number): readonly [from: number, to: number] => [Math.floor(key / 65536), key % 65536]

export class Faults {
  readonly #reporter: Reporter
  /** In the order of their beginnings. */
  readonly #active = new Map<number, Fault>()
  #count = 0

  constructor(reporter: Reporter) {
    this.#reporter = reporter
  }

  get active(): readonly Fault[] {
    return [...this.#active.values()]
  }

  /** Problem: `fault-unknown`. */
  find(id: number): Fault {
    const fault = this.#active.get(id)
    if (fault === undefined) throw new Problem('fault-unknown', { id })
    return fault
  }

  isActive(id: number): boolean {
    return this.#active.has(id)
  }

  of<K extends Subject['kind']>(kind: K, node?: number): readonly FaultOf<K>[] {
    const wanted = (fault: Fault): fault is FaultOf<K> => fault.subject.kind === kind
    return this.active
      .filter(wanted)
      .filter(({ subject }) => node === undefined || ('node' in subject && subject.node === node))
  }

  /** Numbers of those that began by this, oldest first. */
  causedBy(cause: Cause): readonly number[] {
    const isIt = (one: Cause | undefined) => one?.nemesis === cause.nemesis && one.step === cause.step
    return this.active.filter((fault) => isIt(fault.cause)).map(({ id }) => id)
  }

  /** Returns its number. */
  begin(type: FaultType, subject: Subject, detail: object): number {
    const cause = causeNow()
    const fault = { id: ++this.#count, type, subject, detail: JSON.stringify({ ...detail, ...cause }), cause }
    this.#active.set(fault.id, fault)
    this.#tell('begin', fault)
    return fault.id
  }

  /** One that has ended already is no error. */
  end(id: number): void {
    const fault = this.#active.get(id)
    if (fault === undefined) return
    this.#active.delete(id)
    this.#tell('end', fault)
  }

  /** One that lasts no longer than the moment. */
  strike(type: FaultType, node: number, detail: object): void {
    this.end(this.begin(type, { kind: 'clock', node }, detail))
  }

  beginProcess(how: 'kill' | 'stop' | 'pause', node: number): void {
    this.begin(how, { kind: 'process', node, how }, { nodes: [node] })
  }

  endProcess(node: number, ...hows: readonly FaultType[]): void {
    for (const { id, subject } of this.of('process', node)) if (hows.includes(subject.how)) this.end(id)
  }

  /** Ends whatever was done to one node, its links excepted. */
  endNode(node: number): void {
    for (const { id, subject } of this.active) if ('node' in subject && subject.node === node) this.end(id)
  }

  /** A link was mended, or lost the rules it had: a fault whose last link it was has ended. */
  linkLeft(kind: 'cut' | 'rules', link: number): void {
    for (const { id, subject } of this.of(kind)) {
      if (subject.links.delete(link) && subject.links.size === 0) this.end(id)
    }
  }

  #tell(action: 'begin' | 'end', { id, type, detail }: Fault): void {
    this.#reporter.report('fault', { action, id, type, detail })
  }
}
