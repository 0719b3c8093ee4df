import type { OVERVIEW_CALLS } from '../../../preload/contract'
import type { Calls, ReadingRooms } from './rooms'

type Names = Extract<keyof typeof OVERVIEW_CALLS, string>

export function overviewCalls(_rooms: ReadingRooms): Calls<Names> {
  return {}
}
