import { breakpointCalls } from './breakpoints'
import { clientCalls } from './client'
import { clusterCalls } from './clusters'
import { faultCalls } from './faults'
import { heldCalls } from './held'
import { linkCalls } from './links'
import { loadCalls } from './load'
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
    ...linkCalls(rooms),
    ...heldCalls(rooms),
    ...faultCalls(rooms),
    ...breakpointCalls(rooms),
    ...loadCalls(rooms),
    ...clientCalls(rooms),
    ...timelineCalls(rooms),
  }
}
