/** Where a step through time stops: which events count as one. */
import type { EventView } from '../views/types'

export const STEPS = ['message', 'term', 'commit', 'fault', 'note'] as const
export type Step = (typeof STEPS)[number]

/** `node`: only what is about this one; 0 = about any. */
export function isStep(step: Step, node: number, event: EventView): boolean {
  switch (step) {
    case 'message':
      // Both ends of a message are steps, and the end that never came to be.
      switch (event.kind) {
        case 'sent':
        case 'received':
        case 'held':
          return node === 0 || event.node === node
        case 'dropped':
          return node === 0 || event.sender === node || event.receiver === node
        default:
          return false
      }
    case 'term':
      return event.kind === 'role' && event.role === 'leader'
    case 'commit':
      // The moment a leader determines it; others only learn of it.
      return node === 0
        ? event.kind === 'committed' && event.by === 'counted'
        : event.kind === 'committed' && event.node === node
    case 'fault':
      return event.kind === 'fault' || event.kind === 'struck'
    case 'note':
      return event.kind === 'note'
  }
}
