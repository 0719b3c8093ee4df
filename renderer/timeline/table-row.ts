/** What a row of the events table says besides its event's words. Pure. */
import type { EventView } from '../../preload/contract'

export const secondsOf = (event: EventView): string => (event.t / 1e9).toFixed(6)
export const whoOf = (event: EventView): string => (event.node === 0 ? '' : `n${event.node}`)
/** 0 = it names none. */
export const termOf = (event: EventView): number =>
  'term' in event ? event.term : 'currentTerm' in event ? event.currentTerm : 0
/** Something went wrong, or was made to. */
export const isBad = (event: EventView): boolean =>
  event.kind === 'dropped' ||
  event.kind === 'trouble' ||
  event.kind === 'truncated' ||
  (event.kind === 'operation' && event.action === 'failed') ||
  (event.kind === 'transfer' && event.stage === 'aborted') ||
  (event.kind === 'process' && (event.state === 'killed' || event.state === 'crashed'))

/** Of the message that an event is about; null = it is about none. */
export function messageOf(event: EventView): { sender: number; receiver: number; id: number } | null {
  switch (event.kind) {
    case 'sent':
      return { sender: event.node, receiver: event.peer, id: event.id }
    case 'received':
    case 'held':
    case 'released':
      return { sender: event.peer, receiver: event.node, id: event.id }
    case 'dropped':
      return { sender: event.sender, receiver: event.receiver, id: event.id }
    default:
      return null
  }
}
