import type { EXPORT_CALLS } from '../../../preload/contract'
import type { Calls, Rooms } from './rooms'

type Names = Extract<keyof typeof EXPORT_CALLS, string>

export function exportsCalls(_rooms: Rooms): Calls<Names> {
  return {}
}
