/** What the supervisor asks of a running node's links and clock, and what it is answered. */
import type { NodeId } from '../../raft/types'
import type { Control } from '../contract/control'
import type { ControlReply } from '../contract/control-conditions'
import type { FieldsOf } from '../contract/events'
import { Problem } from '../contract/problem'
import type { CoreClock } from '../core-clock'
import type { Conditioning } from './index'

export type ConditionControl = Extract<Control, { readonly type: 'link' | 'held' | 'clock' | 'jump' | 'fire' | 'sync' }>

export interface DeskOptions {
  readonly node: NodeId
  readonly links: Conditioning
  readonly clock: CoreClock
  /** Of the core's next step, on its clock; Infinity: there is none. */
  readonly deadline: () => number
  /** The clock was changed: whoever goes by it has to look at it again. */
  readonly clockMoved: (cause: FieldsOf<'clock'>['cause'], wasTrue: boolean) => void
  readonly reply: (reply: ControlReply) => void
  /** How many other nodes there is a connection to now. */
  readonly connections: () => number
}

export class Desk {
  readonly #options: DeskOptions
  /** What is being done just now will be answered like this. */
  #certain: ControlReply | undefined

  constructor(options: DeskOptions) {
    this.#options = options
  }

  /** `machine`: the time of the turn in which it is done. */
  take(control: ConditionControl, machine: number): void {
    const { links, clock } = this.#options
    switch (control.type) {
      case 'link':
        links.set(control.from, control.rules, machine)
        break
      case 'clock':
        this.#move('set', machine, () => clock.set(control.clock, machine))
        break
      case 'held':
        this.#answer(control.request, (certain) => links.act(control.from, control.act, certain))
        break
      case 'jump':
        this.#answer(control.request, (certain) => {
          certain(0)
          this.#move('jumped', machine, () => clock.jump(control.millis, machine))
        })
        break
      case 'fire':
        this.#answer(control.request, (certain) => this.#fire(machine, certain))
        break
      case 'sync':
        this.#answer(control.request, (certain) => certain(this.#options.connections()))
        break
      default:
        control satisfies never
    }
  }

  #fire(machine: number, certain: (value: number) => void): void {
    const { node, clock, deadline } = this.#options
    const due = deadline()
    if (due === Number.POSITIVE_INFINITY) throw new Problem('timer-unset', { node: String(node) })
    certain(0)
    this.#move('fired', machine, () => clock.fire(due, machine))
  }

  #move(cause: FieldsOf<'clock'>['cause'], machine: number, change: () => void): void {
    const { clock, clockMoved } = this.#options
    const wasTrue = clock.isTrue(machine)
    change()
    clockMoved(cause, wasTrue)
  }

  /** The node stands at a breakpoint in the middle of what it was asked for, or ends with it: that is answered before. */
  settle(): void {
    const reply = this.#certain
    this.#certain = undefined
    if (reply !== undefined) this.#options.reply(reply)
  }

  #answer(request: number, act: (certain: (value: number) => void) => void): void {
    const reply = { type: 'control-reply', request } as const
    try {
      act((value) => {
        this.#certain = { ...reply, problem: '', detail: '', value }
      })
      this.settle()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const { code, details } = error
      this.#options.reply({ ...reply, problem: code, detail: JSON.stringify(details), value: 0 })
    }
  }
}
