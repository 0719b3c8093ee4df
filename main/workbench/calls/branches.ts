import type { BRANCH_CALLS } from '../../../preload/contract'
import type { Calls, Rooms } from './rooms'

type Names = Extract<keyof typeof BRANCH_CALLS, string>

export function branchesCalls(_rooms: Rooms): Calls<Names> {
  return {}
}
