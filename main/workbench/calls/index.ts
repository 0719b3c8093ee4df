import { branchesCalls } from './branches'
import { breakpointCalls } from './breakpoints'
import { causalityCalls } from './causality'
import { clientCalls } from './client'
import { clusterCalls } from './clusters'
import { exportsCalls } from './exports'
import { faultCalls } from './faults'
import { heldCalls } from './held'
import { linkCalls } from './links'
import { loadCalls } from './load'
import { momentsCalls } from './moments'
import { nodeCalls } from './nodes'
import { overviewCalls } from './overview'
import type { Calls, Rooms } from './rooms'
import { scenarioCalls } from './scenarios'
import { timelineCalls } from './timeline'
import { verdictCalls } from './verdicts'
import { workbenchCalls } from './workbench'
import { zooCalls } from './zoo'

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
    ...branchesCalls(rooms),
    ...momentsCalls(rooms),
    ...causalityCalls(rooms),
    ...exportsCalls(rooms),
    ...overviewCalls(rooms),
    ...scenarioCalls(rooms),
    ...verdictCalls(rooms),
    ...zooCalls(rooms),
  }
}
