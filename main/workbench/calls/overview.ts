import type { OVERVIEW_CALLS } from '../../../preload/contract'
import type { Calls, Rooms } from './rooms'

type Names = Extract<keyof typeof OVERVIEW_CALLS, string>

export function overviewCalls(_rooms: Rooms): Calls<Names> {
  return {}
}
