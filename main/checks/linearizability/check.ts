/** Whether a history of calls is linearizable, part by part. */
import { setImmediate } from 'node:timers/promises'
import type { Operation } from '../history/operation'
import type { Model } from '../models/model'
import { type Found, type NotFound, Search } from './search'
import { shrinking } from './shrink'

/** What was found about the calls of one part (a key). */
export type PartVerdict<I, O> = { readonly part: string; readonly operations: readonly Operation<I, O>[] } & (
  | Found
  | (NotFound & {
      /** Places of a few calls that cannot be explained either, for people to read. */
      readonly core: readonly number[]
    })
  /** The search was given up at its limit. */
  | { readonly outcome: 'undecided' }
)

export interface CheckOptions {
  readonly signal?: AbortSignal
  /** Parts done, of all. */
  readonly progress?: (done: number, of: number) => void
  /** Steps of the search in one part; unlimited when left out. */
  readonly maxSteps?: number
}

/** Between two looks at the signal; some milliseconds. */
const STEPS_AT_ONCE = 20_000
const SLICE_MILLIS = 10

/**
 * Judges each part by itself: a history is linearizable when all its parts are (Herlihy and Wing 1990, locality).
 * @throws the signal's reason when it is aborted
 */
export async function* checkParts<I, O>(
  model: Model<I, O>,
  operations: readonly Operation<I, O>[],
  { signal, progress, maxSteps = Number.POSITIVE_INFINITY }: CheckOptions = {},
): AsyncGenerator<PartVerdict<I, O>> {
  const parts = partsOf(model, operations)
  let done = 0
  let rested = performance.now()
  for (const [part, own] of parts) {
    // Many small parts take as long as one large one.
    if (performance.now() - rested > SLICE_MILLIS) {
      await setImmediate()
      signal?.throwIfAborted()
      rested = performance.now()
    }
    const search = new Search(model, own)
    let found: Found | NotFound | undefined
    for (let steps = 0; found === undefined && steps < maxSteps; steps += STEPS_AT_ONCE) {
      found = search.run(STEPS_AT_ONCE)
      if (found !== undefined) break
      await setImmediate()
      signal?.throwIfAborted()
    }
    signal?.throwIfAborted()
    if (found === undefined) yield { part, operations: own, outcome: 'undecided' }
    else if (found.outcome === 'linearizable') yield { part, operations: own, ...found }
    else yield { part, operations: own, ...found, core: await shrunk(model, own, signal) }
    progress?.(++done, parts.size)
  }
}

/** What remains of an illegal part, without keeping others waiting. */
async function shrunk<I, O>(
  model: Model<I, O>,
  operations: readonly Operation<I, O>[],
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  const work = shrinking(model, operations)
  for (;;) {
    const began = performance.now()
    let step = work.next()
    while (step.done !== true && performance.now() - began < SLICE_MILLIS) step = work.next()
    if (step.done === true) return step.value
    await setImmediate()
    signal?.throwIfAborted()
  }
}

function partsOf<I, O>(model: Model<I, O>, operations: readonly Operation<I, O>[]): Map<string, Operation<I, O>[]> {
  const parts = new Map<string, Operation<I, O>[]>()
  for (const operation of operations) {
    const part = model.part?.(operation.input) ?? ''
    const own = parts.get(part)
    if (own === undefined) parts.set(part, [operation])
    else own.push(operation)
  }
  return parts
}
