/**
 * The tie to the supervisor: telemetry out, control in. When it breaks, or the lifeline does, the process ends, so that no node
 * outlives its workbench.
 */
import { fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Control } from './contract/control'
import type { Hello } from './contract/frames'
import type { Launch } from './contract/launch'
import { Problem } from './contract/problem'
import type { Connection, Outbound } from './contract/transport'
import { connect } from './contract/transport'

/** The process could not go on and said why. */
export const EXIT_FATAL = 70
/** Nobody supervises it. */
export const EXIT_ORPHANED = 71

const CONNECT_MILLIS = 10_000
const RETRY_MILLIS = 20
const LAST_WORDS_MILLIS = 500

export class Supervision {
  readonly #outbound: Outbound
  readonly connected: Promise<void>
  #onControl: (control: Control) => void = () => {}

  constructor(launch: Launch, hello: Hello) {
    holdLifeline()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.connected = promise
    const patience = setTimeout(orphaned, CONNECT_MILLIS)
    this.#outbound = connect(
      launch.supervisor,
      {
        onOpen: (connection) => {
          clearTimeout(patience)
          connection.send(hello)
          resolve()
        },
        onFrame: (frame) => {
          if (frame.type === 'control') this.#onControl(frame.control)
          else throw new Problem('frame-malformed', { peer: 'supervisor', reason: `a ${frame.type} frame` })
        },
        onClose: orphaned,
      },
      { retryMs: RETRY_MILLIS },
    )
  }

  get connection(): Connection | undefined {
    return this.#outbound.connection
  }

  onControl(listener: (control: Control) => void): void {
    this.#onControl = listener
  }

  /** Resolves when everything said so far has left, or after half a second. */
  async said(): Promise<void> {
    const { connection } = this
    if (connection === undefined) return
    await Promise.race([
      connection.drained(),
      new Promise<void>((resolve) => {
        setTimeout(resolve, LAST_WORDS_MILLIS)
      }),
    ])
  }
}

/**
 * Standard input, when whoever started the process holds the other end: it is heard to close also before the supervisor was
 * reached. It never says anything.
 */
function holdLifeline(): void {
  const stdin = fstatSync(0)
  if (!stdin.isSocket() && !stdin.isFIFO()) return
  new Socket({ fd: 0, readable: true, writable: false }).on('error', orphaned).on('close', orphaned).resume()
}

/** A process that is on its way out already keeps the status it has chosen. */
function orphaned(): void {
  process.exit(process.exitCode ?? EXIT_ORPHANED)
}
