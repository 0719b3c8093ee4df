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

  /** Both, for whoever begins to look. The others are told what changed since they were told last. */
  whole(state: ClusterState): Required<LongLists> {
    return { links: linksView(state.rules), held: heldViews(nodesInOrder(state), HELD_SHOWN) }
  }

  /** Those that are not as they were when they were sent last. */
  changed(state: ClusterState): LongLists {
    const held = heldViews(nodesInOrder(state), HELD_SHOWN)
    const isHeldSame = held.length === this.#held.length && held.every((view, at) => view === this.#held[at])
    const areRulesSame =
      state.rules.size === this.#rules.size &&
      [...state.rules].every(([link, rules]) => this.#rules.get(link) === rules)
    if (!isHeldSame) this.#held = held
    if (!areRulesSame) this.#rules = new Map(state.rules)
    return {
      ...(areRulesSame ? {} : { links: linksView(state.rules) }),
      ...(isHeldSame ? {} : { held }),
    }
  }
}
