import type { CallInput, CallName } from '../../../preload/contract'
import type { HeldRef } from '../../node/contract/conditions'
import { Problem } from '../../node/contract/problem'
import type { ClusterState } from '../../timeline/state'
import { heldDetail } from '../views/held'
import type { Calls, ReadingRooms, Rooms } from './rooms'

type Names = Extract<CallName, `held.${string}`>

/** Looking at what is held needs no cluster. */
export function heldReading({ session, signal }: ReadingRooms): Calls<'held.read'> {
  const stateOf = async ({ source, seq }: Pick<CallInput<'held.read'>, 'source' | 'seq'>): Promise<ClusterState> => {
    if (source === 'live' && seq === undefined) return session.recorder.state
    const timeline = session.timeline(source)
    return timeline.stateAt(seq ?? timeline.info().events, signal)
  }
  return {
    'held.read': async ({ source, seq, ...ref }) => {
      const { nodes } = await stateOf({ source, seq })
      const node = nodes.get(ref.to)
      if (!node) throw new Problem('node-unknown', { node: String(ref.to), known: [...nodes.keys()].join(', ') })
      const held = node.held.find(({ peer, id }) => peer === ref.from && id === ref.id)
      if (!held) throw unknown(ref)
      return heldDetail(node.id, held)
    },
  }
}

export function heldCalls({ session, signal }: Rooms): Calls<Names> {
  return {
    ...heldReading({ session, signal }),
    'held.release': async (ref) => {
      await session.cluster.release(ref)
      return undefined
    },
    'held.releaseAll': async ({ links }) => ({ released: await session.cluster.releaseAll(links) }),
    'held.drop': async (ref) => {
      await session.cluster.dropHeld(ref)
      return undefined
    },
    'held.duplicate': async (ref) => ({ id: await session.cluster.duplicateHeld(ref) }),
    'held.edit': async ({ message, ...ref }) => {
      await session.cluster.editHeld(ref, message)
      return undefined
    },
    'held.move': async ({ place, ...ref }) => {
      await session.cluster.moveHeld(ref, place)
      return undefined
    },
  }
}

function unknown({ from, to, id }: HeldRef): Problem {
  return new Problem('held-unknown', { link: `n${from}→n${to}`, id })
}
