/** The workbench's side of the warden: start it, replace it when it dies, dismiss it at the end. */
import type { ChildProcess } from 'node:child_process'
import { launchWarden } from '../launcher'
import { GOODBYE, WATCHING } from './protocol'

export interface Warden {
  readonly pid: number
  /** Resolves when a warden watches for the first time; nothing that only it could end may exist before. */
  readonly watching: Promise<void>
  /** Says goodbye and waits for its end (at most half a second, then SIGKILL). */
  dismiss(): Promise<void>
}

export interface WardenOptions {
  readonly program: string
  readonly execPath: string
  /** The cluster's directory, and the token of its lock. */
  readonly cluster: string
  readonly token: string
}

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 5000

/** Keeps one warden alive until it is dismissed. */
export function keepWarden(options: WardenOptions): Warden {
  const { promise: watching, resolve: watches } = Promise.withResolvers<void>()
  let dismissed = false
  let pauseMs = FIRST_PAUSE_MS
  let timer: NodeJS.Timeout | undefined
  let child = start()

  function start(): ChildProcess {
    const started = launchWarden(options)
    const since = performance.now()
    started.on('message', (message) => {
      if (message === WATCHING) watches()
    })
    started.once('error', () => undefined)
    started.once('exit', () => {
      if (dismissed) return
      // One that can't stay alive is tried again more and more slowly.
      pauseMs = performance.now() - since > LONGEST_PAUSE_MS ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      timer = setTimeout(() => {
        child = start()
      }, pauseMs)
    })
    return started
  }

  return {
    watching,
    get pid() {
      return child.pid ?? 0
    },
    async dismiss() {
      dismissed = true
      clearTimeout(timer)
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      const impatience = setTimeout(() => child.kill('SIGKILL'), 500)
      if (child.connected) child.send(GOODBYE, () => undefined)
      await ended
      clearTimeout(impatience)
    },
  }
}
