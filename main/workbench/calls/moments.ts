import type { MOMENT_CALLS } from '../../../preload/contract'
import type { Calls, ReadingRooms } from './rooms'

type Names = Extract<keyof typeof MOMENT_CALLS, string>

export function momentsCalls(_rooms: ReadingRooms): Calls<Names> {
  return {}
}
