/** What was done by hand to a message that was held, as a step. */
import { ByteReader } from '../../node/contract/bytes'
import type { TimelineEvent } from '../../node/contract/events'
import { readMessage } from '../../node/contract/frames/messages'
import type { ClusterState } from '../../timeline'
import type { Fields } from './recorded'

export interface HeldDeed {
  readonly kind: 'release' | 'drop' | 'duplicate' | 'reorder' | 'edit'
  /** Besides its link. */
  readonly wish: Fields
  readonly comment: string
}

/** `state`: before it was done. Undefined when it was not by hand, or the message was not known. */
export function heldStep(
  event: TimelineEvent<'released' | 'copied' | 'moved'>,
  state: ClusterState,
): HeldDeed | undefined {
  const waiting = state.nodes.get(event.node)?.held.filter(({ peer }) => peer === event.peer) ?? []
  const message = waiting.find(({ id }) => id === event.id)
  if (message === undefined) return undefined
  const alike = waiting.filter((other) => other.message === message.message)
  const comment = alike[0] === message ? '' : 'it was not the first of those that were held'
  const wish = { message: message.message, count: 1 }
  if (event.kind === 'moved') return { kind: 'reorder', wish: {}, comment: '' }
  if (event.kind === 'copied') return event.by === 'hand' ? { kind: 'duplicate', wish, comment } : undefined
  switch (event.how) {
    case 'delivered':
      return { kind: 'release', wish, comment }
    case 'dropped':
      return { kind: 'drop', wish, comment }
    case 'edited': {
      const set = changed(message.bytes, event.bytes)
      return set === undefined
        ? { kind: 'release', wish, comment: 'it was changed before, in a way that no step can say' }
        : { kind: 'edit', wish: { ...wish, set }, comment }
    }
    default:
      return event.how satisfies never
  }
}

/** Plain fields that differ; undefined when there are none, or a message can't be read. */
function changed(before: Uint8Array, after: Uint8Array): Fields | undefined {
  try {
    const one = fieldsOf(before)
    const set = Object.entries(fieldsOf(after)).filter(
      ([name, value]) => ['string', 'number', 'boolean'].includes(typeof value) && one[name] !== value,
    )
    return set.length === 0 ? undefined : Object.fromEntries(set)
  } catch {
    return undefined
  }
}

function fieldsOf(bytes: Uint8Array): Fields {
  return readMessage(new ByteReader(bytes, ''), '').message as unknown as Fields
}
