/** How a fault ends this process: what happened is on its way first, and whatever was sent before as well. */
import type { Clock } from '../clock'
import type { Peers } from '../runtime/peers'
import type { Supervision } from '../supervision'
import type { Journal } from '../telemetry/journal'
import type { Reporter } from '../telemetry/reporter'
import type { Process } from './api'

/** Nobody waits longer for somebody who does not read. */
const LAST_WORDS_MILLIS = 500

export interface Surroundings {
  readonly clock: Clock
  readonly journal: Journal
  readonly reporter: Reporter
  readonly supervision: Supervision
  /** While there are any. */
  readonly peers: () => Peers | undefined
  readonly halt: () => void
}

export function thisProcess({ clock, journal, reporter, supervision, peers, halt }: Surroundings): Process {
  return {
    tell: (body) => {
      journal.at(clock.now())
      journal.tell(body)
      journal.turnEnded()
    },
    flush: () => {
      // What was sent is not seen before it was told.
      journal.tellRest()
      reporter.flushWithin(clock.now())
      const isOut = peers()?.flush() ?? true
      return isOut && (supervision.connection?.backlog ?? 0) === 0
    },
    said: async () => {
      const patience = new Promise<void>((resolve) => setTimeout(resolve, LAST_WORDS_MILLIS))
      await Promise.race([Promise.all([supervision.said(), peers()?.drained()]), patience])
    },
    halt,
    kill: () => {
      process.kill(process.pid, 'SIGKILL')
    },
  }
}
