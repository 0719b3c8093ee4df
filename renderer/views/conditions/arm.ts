/** The form of a fault that will wait in a node: what can be set of each kind, and the fault that comes of it. Pure. */
import {
  CRASH_POINTS,
  DISK_ERRORS,
  MESSAGE_TYPES,
  type MessageType,
  type NodeFault,
  type NodeFaultType,
} from '../../../preload/contract'

export const KINDS = [
  'crash-point',
  'slow-disk',
  'disk-error',
  'torn-write',
  'power-loss',
] as const satisfies readonly NodeFaultType[]

/** Everything that a form may hold; each kind reads its own. */
export interface ArmDraft {
  point: (typeof CRASH_POINTS)[number]
  /** Empty: any. */
  message: MessageType | ''
  nth: number
  delayMs: number
  jitterMs: number
  code: (typeof DISK_ERRORS)[number]
  always: boolean
  count: number
  drawn: boolean
  keepBytes: number
  at: 'now' | 'next-write'
}

export const emptyDraft = (): ArmDraft => ({
  point: 'before-write',
  message: '',
  nth: 1,
  delayMs: 50,
  jitterMs: 0,
  code: 'EIO',
  always: false,
  count: 1,
  drawn: true,
  keepBytes: 10,
  at: 'now',
})

export const WHEN = ['now', 'next-write'] as const
export const sends = (point: ArmDraft['point']): boolean => point.endsWith('send')
export const POINTS = CRASH_POINTS
export const CODES = DISK_ERRORS
export const MESSAGES = MESSAGE_TYPES

export function faultOf(kind: NodeFaultType, draft: ArmDraft, seed: number): NodeFault {
  switch (kind) {
    case 'crash-point': {
      const messages = sends(draft.point) && draft.message !== '' ? [draft.message] : []
      return { type: kind, point: draft.point, messages, nth: draft.nth }
    }
    case 'slow-disk':
      return { type: kind, delayMs: draft.delayMs, jitterMs: draft.jitterMs, seed }
    case 'disk-error':
      return { type: kind, code: draft.code, count: draft.always ? null : draft.count }
    case 'torn-write':
      return { type: kind, keepBytes: draft.drawn ? null : draft.keepBytes, seed }
    case 'power-loss':
      return { type: kind, at: draft.at, seed }
  }
}
