/** The breakpoints of a node: looked at with every event, before anything else is done with what led to it. */
import {
  BREAKPOINT_KINDS,
  type BreakpointKind,
  type Check,
  type Look,
  makeCheck,
  type Parsed,
  parse,
} from '../contract/breakpoint'
import type { NodeBreakpoint } from '../contract/conditions'
import type { EventKind } from '../contract/events'
import type { EventBody } from '../telemetry/event-body'
import type { Watch } from './api'
import { Model } from './model'
import type { Stood, Stop } from './stop'

export interface WatchingOptions {
  /** Undefined: there is nobody who could tell the node to go on. */
  readonly stop: Stop | undefined
  /** The node as it is between two steps of its core; undefined before there is one. */
  look(): Look | undefined
  /** Whom events have to be shown to; undefined when nobody waits for any. */
  listen(watch: Watch | undefined): void
  /** Tells an event whatever the level, and returns its number. */
  tell(body: EventBody): number
  /** The number of the event that was told last. */
  lastTold(): number
  /** Hands everything that was told to the system. */
  flush(): void
  /** It stood for so long. */
  stood(nanos: number): void
}

interface Kept extends NodeBreakpoint {
  readonly parsed: Parsed
  check: Check
}

const CAN_BE_STEPPED_TO: ReadonlySet<EventKind> = new Set<EventKind>(BREAKPOINT_KINDS)

export class Watching implements Watch {
  readonly #options: WatchingOptions
  readonly #model = new Model()
  #kept: readonly Kept[] = []
  /** Stand at the next event, of this kind where one is given. */
  #step: { readonly kind: BreakpointKind | undefined } | undefined
  /** What a node is when it starts it has not become: until it has begun, breakpoints of states do not hit. */
  #hasBegun = false
  /** The last event told that a stop was left out. */
  #isAfterSlept = false

  constructor(options: WatchingOptions) {
    this.#options = options
  }

  /** In place of those before. One that stays goes on where it was. */
  set(breakpoints: readonly NodeBreakpoint[]): void {
    this.#lookAgain()
    this.#kept = breakpoints.flatMap((breakpoint) => {
      const same = this.#kept.find(({ id, text }) => id === breakpoint.id && text === breakpoint.text)
      if (same !== undefined) return same
      const result = parse(breakpoint.text)
      // It was parsed before it was sent.
      if (!result.ok) return []
      const parsed = result.breakpoint
      return { ...breakpoint, parsed, check: this.#checkOf(parsed) }
    })
    this.#listen()
  }

  /** Its core has started: what it is from now on it becomes. */
  begin(): void {
    this.#hasBegun = true
    this.#lookAgain()
    for (const kept of this.#kept) kept.check = this.#checkOf(kept.parsed)
  }

  /** Stand at the next event of this kind, or of any; `wanted` false: not any more. */
  step(wanted: boolean, kind?: BreakpointKind): void {
    this.#lookAgain()
    this.#step = wanted ? { kind } : undefined
    this.#listen()
  }

  saw(event: EventBody, isTold: boolean): void {
    this.#model.saw(event)
    // What the node received is the first of a step: everything before was told.
    if (event.kind === 'received') this.#lookAgain()
    if (this.#isOfStop(event)) return
    const hit = this.#hit(event)
    if (hit !== undefined) this.#stand(event, isTold, hit.id, hit.text)
    else if (this.#isStepped(event.kind)) this.#stand(event, isTold, 0, '')
  }

  /**
   * The clock that leaves a stop out, and the timer that is told anew for that: who looked at these would stop once more
   * after every stop.
   */
  #isOfStop(event: EventBody): boolean {
    const wasClock = this.#isAfterSlept
    this.#isAfterSlept = event.kind === 'clock' && event.cause === 'slept'
    return this.#isAfterSlept || (wasClock && event.kind === 'timer')
  }

  /** The first that hits; all have to look. */
  #hit(event: EventBody): Kept | undefined {
    const look = () => this.#model.look
    let first: Kept | undefined
    for (const kept of this.#kept) {
      const { kinds } = kept.parsed
      // The kinds of a breakpoint are a part of all.
      if (kinds !== undefined && !(kinds as ReadonlySet<EventKind>).has(event.kind)) continue
      if (kept.check.hits(event, look)) first ??= kept
    }
    return first
  }

  #isStepped(kind: EventKind): boolean {
    if (this.#step === undefined) return false
    return this.#step.kind === undefined ? CAN_BE_STEPPED_TO.has(kind) : this.#step.kind === kind
  }

  #stand(event: EventBody, isTold: boolean, breakpoint: number, text: string): void {
    const { stop, tell, lastTold, flush, stood } = this.#options
    if (stop === undefined) return
    const number = isTold ? lastTold() : tell(event)
    tell({ kind: 'breakpoint', breakpoint, event: number, by: event.kind, text })
    flush()
    const { order, nanos }: Stood = stop.stand({ type: 'stopped', breakpoint, event: number, kind: event.kind })
    this.#step = order.type === 'step' ? { kind: order.kind } : undefined
    stood(nanos)
    this.#listen()
  }

  #lookAgain(): void {
    const look = this.#options.look()
    if (look !== undefined) this.#model.become(look)
  }

  #checkOf(parsed: Parsed): Check {
    const alternatives = this.#hasBegun
      ? parsed.alternatives
      : parsed.alternatives.filter(({ kind }) => kind !== undefined)
    return makeCheck({ ...parsed, alternatives }, this.#model.look)
  }

  #listen(): void {
    this.#options.listen(this.#kept.length > 0 || this.#step !== undefined ? this : undefined)
  }
}
