/** What the journal of a node shows everything to that happens, while somebody may want the node to stop there. */
import type { EventBody } from '../telemetry/event-body'

export interface Watch {
  /**
   * An event, in order, right after it was told; `isTold` false: the level of telemetry leaves it out. When a breakpoint
   * hits, this returns only when the node may go on, and the machine's clock stands elsewhere by then.
   */
  saw(event: EventBody, isTold: boolean): void
}
