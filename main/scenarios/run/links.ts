/** Directed links that a scenario names, and what is held on them. */
import type { Link } from '../../node/contract/conditions'
import type { ClusterState } from '../../timeline'
import type { Links, Whom } from '../language/values'

/** Each once, without those of a node to itself, in the order in which they are named. */
export function linksIn({ from, to, both }: Links, resolve: (whom: Whom) => readonly number[]): readonly Link[] {
  const links = new Map<string, Link>()
  const add = (link: Link) => {
    if (link.from !== link.to) links.set(`${link.from}>${link.to}`, link)
  }
  const receivers = resolve(to)
  for (const sender of resolve(from)) {
    for (const receiver of receivers) {
      add({ from: sender, to: receiver })
      if (both) add({ from: receiver, to: sender })
    }
  }
  return [...links.values()]
}

/** Messages of a link that wait, in their order; of this type only, where one is given. */
export function heldOn(state: ClusterState, { from, to }: Link, message: string | undefined) {
  const held = state.nodes.get(to)?.held ?? []
  return held.filter((one) => one.peer === from && (message === undefined || one.message === message))
}
