/** Long computing in short turns: others have theirs in between, and it can be ended. */
import { setImmediate } from 'node:timers/promises'

/** What may pause at each `yield`, and returns a `T` in the end. */
export type Steps<T> = Generator<void, T>

/** Milliseconds. */
const LONGEST_TURN = 10

/** Throws what the steps throw, and the signal's reason. */
export async function inTurns<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  let since = performance.now()
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    if (performance.now() - since < LONGEST_TURN) continue
    await setImmediate()
    signal?.throwIfAborted()
    since = performance.now()
  }
}
