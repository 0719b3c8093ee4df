/** The rules of one directed link, as its receiver keeps them. */
import type { MessageType } from '../../raft/types'
import type { LinkRule, LinkRules } from '../contract/conditions'
import type { Arrival } from './arrival'
import { mulberry32 } from './generator'
import { Lane, type Outlet } from './shape'

/** Where the messages of a link go that do not pass through a {@link Lane}. */
export interface LinkOutlet extends Outlet {
  hold(one: Arrival): void
}

type Way = { readonly type: 'block' } | { readonly type: 'hold' } | { readonly type: 'shape'; readonly lane: Lane }

interface Rule {
  /** Undefined: every message. */
  readonly messages: ReadonlySet<MessageType> | undefined
  readonly way: Way
}

export class ConditionedLink {
  readonly #rules: readonly Rule[]
  readonly #outlet: LinkOutlet
  /** Some rule holds messages. */
  readonly holds: boolean

  constructor({ seed, rules }: LinkRules, outlet: LinkOutlet) {
    const random = mulberry32(seed)
    const wayOf = ({ action }: LinkRule): Way =>
      action.type === 'shape' ? { type: 'shape', lane: new Lane(action, random, outlet) } : { type: action.type }
    this.#outlet = outlet
    this.#rules = rules.map((rule) => ({
      messages: rule.messages.length === 0 ? undefined : new Set(rule.messages),
      way: wayOf(rule),
    }))
    this.holds = rules.some(({ action }) => action.type === 'hold')
  }

  /** The first rule whose filter it passes has it; without one it is delivered. `sent`: when it left its sender, not after `now`. */
  take(one: Arrival, sent: number, now: number): void {
    const { type } = one.frame.message
    const rule = this.#rules.find(({ messages }) => messages === undefined || messages.has(type))
    switch (rule?.way.type) {
      case undefined:
        this.#outlet.deliver(one)
        break
      case 'block':
        this.#outlet.drop(one, 'blocked')
        break
      case 'hold':
        this.#outlet.hold(one)
        break
      case 'shape':
        rule.way.lane.take(one, sent, now)
        break
    }
  }

  /** These rules hold no more. */
  close(now: number): void {
    for (const { way } of this.#rules) if (way.type === 'shape') way.lane.close(now)
  }
}
