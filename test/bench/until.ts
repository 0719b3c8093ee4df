import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 2
const WITHIN_MS = 60_000

/** `what` is being waited for. Asks until there is an answer (neither undefined nor false). Rejects when there is none in time, or on abort. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  signal: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + WITHIN_MS
  for (;;) {
    signal.throwIfAborted()
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > deadline) throw new Error(`waited ${WITHIN_MS / 1000} s in vain for ${what}`)
    await sleep(POLL_MS)
  }
}
