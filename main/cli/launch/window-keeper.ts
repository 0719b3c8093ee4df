import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'

/** First argument of the command line that makes it a keeper; not a command for people. */
export const KEEP_WINDOW = '--keep-window'

const PATIENCE_MILLIS = 3_000

/**
 * Runs a browser on a temporary profile, in a process of its own: when standard input ends, because whoever started it
 * is done or was killed, the browser ends and the profile is removed.
 * @returns when both are gone
 */
export async function keepWindow(profile: string, browser: string, args: readonly string[]): Promise<void> {
  const child = spawn(browser, args, { stdio: 'ignore' })
  const gone = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
  let late: NodeJS.Timeout | undefined
  const end = (): void => {
    child.kill('SIGTERM')
    late ??= setTimeout(() => child.kill('SIGKILL'), PATIENCE_MILLIS)
  }
  process.stdin.resume()
  process.stdin.once('end', end)
  process.stdin.once('error', end)
  // Ctrl-C in a terminal is for who started us; this one ends by its standard input.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
  await gone
  clearTimeout(late)
  // The browser's helpers may write once more after it.
  await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  process.stdin.destroy()
}
