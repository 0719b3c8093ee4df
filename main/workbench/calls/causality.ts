import type { CAUSALITY_CALLS } from '../../../preload/contract'
import type { Calls, ReadingRooms } from './rooms'

type Names = Extract<keyof typeof CAUSALITY_CALLS, string>

export function causalityCalls(_rooms: ReadingRooms): Calls<Names> {
  return {}
}
