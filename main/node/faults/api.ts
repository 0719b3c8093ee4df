/** The faults that wait in a node, as its parts meet them. What each of them does stands in `contract/conditions/faults.ts`. */
import type { ArmedFault } from '../contract/conditions'
import type { NamedMessage } from '../contract/frames'
import type { Files } from '../disk'
import type { EventBody } from '../telemetry/event-body'

export interface Armed {
  /** From now on, until it has struck for the last time or is disarmed; one with the same id is replaced. */
  arm(armed: ArmedFault): void
  /** One that is not there is no error: it may have struck meanwhile. */
  disarm(id: number): void
  /**
   * Before a message is told and handed to its peer's socket. False: the process ends here, so neither this one nor any
   * other may leave it.
   */
  sending(frame: NamedMessage): boolean
  /** The message was handed to its peer's socket. May not return. */
  sent(frame: NamedMessage): void
  /** The same files, under the faults. Once per process, for the node's own directory. */
  files(real: Files): Files
}

/** What a fault needs of the process that it strikes. */
export interface Process {
  tell(body: EventBody<'struck'>): void
  /** Hands all that was told and sent to the system. True when it has taken all of it. */
  flush(): boolean
  /** Resolves when the system has taken all that was told and sent, or after half a second. */
  said(): Promise<void>
  /** The node takes part in nothing from now on. */
  halt(): void
  /** SIGKILL of itself: does not return, except in tests. */
  kill(): void
}
