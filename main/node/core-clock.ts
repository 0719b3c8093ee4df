/**
 * The clock that the core goes by, over the machine's: `contract/conditions/clock.ts` says what can be done to it. Machine time
 * is in nanoseconds (the `t` of events), the core's in milliseconds; unconditioned they are the same moment.
 */
import { toMillis } from './clock'
import { type ClockSetting, TRUE_CLOCK } from './contract/conditions'
import type { FieldsOf } from './contract/events'

const NANOS = 1e6
/** What many changes may add up to by rounding: less than anybody can set. */
const ROUNDING_NANOS = 1000

export class CoreClock {
  #setting: ClockSetting
  /** It stood at `#from` (milliseconds) at `#since` (machine nanoseconds), and went its way from there. */
  #from = 0
  #since = 0
  /** It was here when it was told to go back: it stands until it has come here again. */
  #stand = Number.NEGATIVE_INFINITY
  /** The latest that the core has seen. */
  #seen = Number.NEGATIVE_INFINITY

  /** Begins at the machine's time, `machine`. */
  constructor(setting: ClockSetting = TRUE_CLOCK, machine = 0) {
    this.#setting = setting
    this.#from = toMillis(machine)
    this.#since = machine
  }

  /** Milliseconds when the machine's clock says `machine`; never less than it said before. */
  at(machine: number): number {
    const now = Math.max(this.#stand, this.#way(machine))
    this.#seen = Math.max(this.#seen, now)
    return now
  }

  /** Machine milliseconds from `machine` until it says `deadline`: none when it does already, Infinity when it will not by itself. */
  wait(deadline: number, machine: number): number {
    const way = this.#way(machine)
    if (deadline <= Math.max(this.#stand, way)) return 0
    return this.#setting.mode === 'manual' ? Number.POSITIVE_INFINITY : (deadline - way) / this.#setting.rate
  }

  /** What the machine's clock says when it says `deadline`, as things stand: the `t` of an event. Infinity as in {@link wait}. */
  machineAt(deadline: number): number {
    if (deadline === Number.POSITIVE_INFINITY || this.#setting.mode === 'manual') return Number.POSITIVE_INFINITY
    return Math.round(this.#since + ((deadline - this.#from) * NANOS) / this.#setting.rate)
  }

  /** Another rate or mode, from `machine` on; what jumps have done stays. */
  set(setting: ClockSetting, machine: number): void {
    this.#restAt(machine)
    this.#setting = setting
  }

  /** Ahead at once; or back, which it does by standing still for as long. */
  jump(millis: number, machine: number): void {
    if (millis < 0) this.#stand = this.at(machine)
    this.#restAt(machine)
    this.#from += millis
  }

  /** To `deadline`, unless it is beyond. */
  fire(deadline: number, machine: number): void {
    const now = this.at(machine)
    this.#restAt(machine)
    this.#from = Math.max(now, deadline)
  }

  /**
   * The last `nanos` before `machine` did not happen. What the core has seen of them already stays seen: it does not stand still
   * for it afterwards.
   */
  slept(nanos: number, machine: number): void {
    this.#restAt(machine)
    if (this.#setting.mode === 'manual') return
    this.#from -= toMillis(nanos) * this.#setting.rate
    if (this.#seen > Math.max(this.#stand, this.#from)) this.#from = this.#seen
  }

  /** Nothing tells it from the machine's clock. */
  isTrue(machine: number): boolean {
    const { mode, rate } = this.#setting
    return mode === 'running' && rate === 1 && this.#skew(machine) === 0
  }

  /** As the `clock` event tells it. */
  describe(machine: number): Pick<FieldsOf<'clock'>, 'mode' | 'rate' | 'skew'> {
    return { ...this.#setting, skew: this.#skew(machine) }
  }

  /** How far it is ahead, in nanoseconds; while it stands still after it was told to go back: as soon as it goes again. */
  #skew(machine: number): number {
    const skew = Math.round((this.#way(machine) - toMillis(machine)) * NANOS)
    return Math.abs(skew) < ROUNDING_NANOS ? 0 : skew
  }

  /** Where it would be if it could go back. */
  #way(machine: number): number {
    if (this.#setting.mode === 'manual') return this.#from
    const passed = toMillis(machine - this.#since)
    return this.#from + passed * this.#setting.rate
  }

  #restAt(machine: number): void {
    this.#from = this.#way(machine)
    this.#since = machine
  }
}
