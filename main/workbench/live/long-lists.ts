/**
 * The lists of a moment that can be long and seldom change: rules of links (2550 with 51 nodes) and held messages. A window gets
 * them when they changed, not twenty times a second.
 */
import { HELD_SHOWN, type HeldView, type LiveUpdate } from '../../../preload/contract'
import type { ClusterState } from '../../timeline/state'
import { linksView } from '../views/conditions'
import { heldViews } from '../views/held'
import { nodesInOrder } from '../views/moment'

type LongLists = Pick<LiveUpdate, 'links' | 'held'>

export class LongListsSent {
  /** As they were sent last: a state replaces what changes, so that being the same object is being the same. */
  #rules: ReadonlyMap<number, unknown> = new Map()
  #held: readonly HeldView[] = []
  /** Whoever began to look since was told something else: what is as it was sent before that is news to them. */
  #owesRules = false
  #owesHeld = false

  /** Both, for whoever begins to look. The others are told what changed since they were told last. */
  whole(state: ClusterState): Required<LongLists> {
    const held = heldViews(nodesInOrder(state), HELD_SHOWN)
    this.#owesRules ||= !this.#areRules(state.rules)
    this.#owesHeld ||= !this.#isHeld(held)
    return { links: linksView(state.rules), held }
  }

  /** Those that are not as they were when they were sent last. */
  changed(state: ClusterState): LongLists {
    const held = heldViews(nodesInOrder(state), HELD_SHOWN)
    const tellsHeld = this.#owesHeld || !this.#isHeld(held)
    const tellsRules = this.#owesRules || !this.#areRules(state.rules)
    this.#owesRules = false
    this.#owesHeld = false
    if (tellsHeld) this.#held = held
    if (tellsRules) this.#rules = new Map(state.rules)
    return {
      ...(tellsRules ? { links: linksView(state.rules) } : {}),
      ...(tellsHeld ? { held } : {}),
    }
  }

  #areRules(rules: ClusterState['rules']): boolean {
    return rules.size === this.#rules.size && [...rules].every(([link, rule]) => this.#rules.get(link) === rule)
  }

  #isHeld(held: readonly HeldView[]): boolean {
    return held.length === this.#held.length && held.every((view, at) => view === this.#held[at])
  }
}
