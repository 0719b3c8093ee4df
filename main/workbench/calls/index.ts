import { clientCalls } from './client'
import { clusterCalls } from './clusters'
import { nodeCalls } from './nodes'
import type { Calls, Rooms } from './rooms'
import { timelineCalls } from './timeline'
import { workbenchCalls } from './workbench'

/** The contract, implemented; the compiler keeps it complete. */
export function createCalls(rooms: Rooms): Calls {
  return {
    ...workbenchCalls(rooms),
    ...clusterCalls(rooms),
    ...nodeCalls(rooms),
    ...clientCalls(rooms),
    ...timelineCalls(rooms),
  }
}
