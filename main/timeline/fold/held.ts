/** Messages that wait at a node until somebody releases them: link after link by sender, each link in its own order. */
import type { TimelineEvent } from '../../node/contract/events'
import type { HeldMessage } from '../state'
import type { MutableNode } from './cluster'

export function foldHeld(node: MutableNode, event: TimelineEvent<'held'>): void {
  const { peer, id, message, term, bytes } = event
  // Told again (only a foreign file does that): it waits once.
  take(node, peer, id)
  const held: HeldMessage = { peer, id, copyOf: id < 0 ? nameWithin(bytes) : 0, message, term, since: event.t, bytes }
  insert(node, held, event.place)
}

export function foldReleased(node: MutableNode, event: TimelineEvent<'released'>): void {
  take(node, event.peer, event.id)
}

export function foldMoved(node: MutableNode, event: TimelineEvent<'moved'>): void {
  const held = take(node, event.peer, event.id)
  if (held !== undefined) insert(node, held, event.place)
}

function take({ held }: MutableNode, peer: number, id: number): HeldMessage | undefined {
  const end = endOf(held, peer)
  for (let at = endOf(held, peer - 1); at < end; at++) {
    if (held[at]?.id !== id) continue
    // The first is the one that goes most often, and of a long list `shift` takes it many times faster.
    return at === 0 ? held.shift() : held.splice(at, 1)[0]
  }
  return undefined
}

/** `place` counts among those of its link; beyond its end is its end. */
function insert({ held: all }: MutableNode, held: HeldMessage, place: number): void {
  const from = endOf(all, held.peer - 1)
  all.splice(Math.min(from + place, endOf(all, held.peer)), 0, held)
}

/** Where those of `peer`, and of all peers before it, end. */
function endOf(held: readonly HeldMessage[], peer: number): number {
  let low = 0
  let high = held.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((held[middle] as HeldMessage).peer <= peer) low = middle + 1
    else high = middle
  }
  return low
}

/** The id that a message was sent with, behind its type; a copy keeps it. 0 when the bytes are too few for one. */
function nameWithin(bytes: Uint8Array): number {
  if (bytes.length < 9) return 0
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(1, true)
}
