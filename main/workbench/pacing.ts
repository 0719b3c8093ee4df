import type { StreamName, Streams } from '../../preload/contract'
import type { Workbench } from './api'

export interface PacedSubscription {
  /** To be called when the window has caught up: updates go on, beginning with a whole one. */
  relieved(): void
  stop(): void
}

/**
 * A subscription for a window that may be slower than the cluster. While it is congested, live updates are dropped
 * instead of queued; once relieved, it gets the whole state again. The other streams are small and never dropped.
 */
export function subscribePaced<S extends StreamName>(
  workbench: Workbench,
  stream: S,
  send: (value: Streams[S]) => void,
  congested: () => boolean,
): PacedSubscription {
  let stopped = false
  let unsubscribe: (() => void) | undefined

  const begin = (): void => {
    // The first value comes during `subscribe` itself; congestion may show before it returns.
    let behind = false
    const stop = workbench.subscribe(stream, (value) => {
      if (behind) return
      if (stream === 'live' && congested()) {
        behind = true
        unsubscribe?.()
        unsubscribe = undefined
        return
      }
      send(value)
    })
    if (behind || stopped) stop()
    else unsubscribe = stop
  }

  begin()
  return {
    relieved() {
      if (!stopped && unsubscribe === undefined) begin()
    },
    stop() {
      stopped = true
      unsubscribe?.()
      unsubscribe = undefined
    },
  }
}
