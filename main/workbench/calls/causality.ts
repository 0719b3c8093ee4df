import type { CAUSALITY_CALLS } from '../../../preload/contract'
import type { Calls, Rooms } from './rooms'

type Names = Extract<keyof typeof CAUSALITY_CALLS, string>

export function causalityCalls(_rooms: Rooms): Calls<Names> {
  return {}
}
