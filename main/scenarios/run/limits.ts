/** Nothing is waited for without an end. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Of a step that waits and says nothing else. */
export const WAIT_MS = 10_000

/** Thrown in place of an answer that did not come in time. */
export class TooLate extends Error {}

/**
 * What `work` gives, if it does within `millis`; the signal that it gets is aborted then, or with `signal`.
 * @throws {TooLate}; the reason of `signal`
 */
export async function inTime<T>(
  millis: number | undefined,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const late = new AbortController()
  const timer = millis === undefined ? undefined : setTimeout(() => late.abort(new TooLate()), millis)
  const either = AbortSignal.any([signal, late.signal])
  try {
    // Not everything that is done to a cluster can be called back: then it goes on, and nobody waits for it.
    return await Promise.race([work(either), aborted(either)])
  } finally {
    clearTimeout(timer)
    late.abort()
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

export async function pause(millis: number, signal: AbortSignal): Promise<void> {
  await sleep(millis, undefined, { signal })
}
