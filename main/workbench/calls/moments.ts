import type { MOMENT_CALLS } from '../../../preload/contract'
import type { Calls, Rooms } from './rooms'

type Names = Extract<keyof typeof MOMENT_CALLS, string>

export function momentsCalls(_rooms: Rooms): Calls<Names> {
  return {}
}
