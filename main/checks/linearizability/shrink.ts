/**
 * A counterexample that can be read: as few calls as still cannot be explained. Only what surely does not make a history wrong
 * by being left out is left out, so what remains is wrong because the whole is.
 */
import type { Operation } from '../history/operation'
import type { Model } from '../models/model'
import { isAnchor, type Placed, sinceAnchor } from './anchor'
import { Search } from './search'
import { Seen } from './seen'

/** Steps of one try, and of all, first and once more: a shorter counterexample is not worth more than some seconds. */
const STEPS = 100_000
const ALL_STEPS = 1_500_000
/** More calls than anybody looks at one by one: then it is not shown any more where what was there came from. */
const READABLE = 12
const STEPS_AT_ONCE = 5_000
const SEEN = 1 << 18

/** Work that stops now and then for others, and is gone on with by asking for more. */
type Slices<T> = Generator<undefined, T, undefined>

/**
 * Yields after some milliseconds each.
 * @returns places of `operations`, in the order in which they began
 */
export function* shrinking<I, O>(
  model: Model<I, O>,
  operations: readonly Operation<I, O>[],
): Slices<readonly number[]> {
  let steps = 0
  let most = ALL_STEPS
  const isIllegal = function* (calls: readonly Placed<I, O>[]): Slices<boolean> {
    const own = calls.map(({ operation }) => operation)
    const search = new Search(model, own, new Seen(SEEN))
    for (let n = 0; n < STEPS && steps < most; n += STEPS_AT_ONCE) {
      // To begin costs as much as some steps for each call.
      steps += STEPS_AT_ONCE + own.length
      const found = search.run(STEPS_AT_ONCE)
      if (found !== undefined) return found.outcome === 'illegal'
      yield
    }
    return false
  }
  const mayGo = function* (rest: readonly Placed<I, O>[], gone: readonly Placed<I, O>[]): Slices<boolean> {
    yield
    return gone.every(({ operation }) => isTraceless(model, operation, rest)) && (yield* isIllegal(rest))
  }
  let left = yield* reduced(yield* shortest(operations, isIllegal), mayGo)
  if (left.length > READABLE) {
    most = steps + ALL_STEPS
    left = yield* reduced(yield* latest(model, left, isIllegal), mayGo)
  }
  return left.toSorted((a, b) => a.operation.from - b.operation.from).map(({ place }) => place)
}

/** The history up to the first answer that cannot be explained. What was not answered then is not answered in it. */
function* shortest<I, O>(
  operations: readonly Operation<I, O>[],
  isIllegal: (calls: readonly Placed<I, O>[]) => Slices<boolean>,
): Slices<readonly Placed<I, O>[]> {
  const ends = operations
    .map(({ to }) => to)
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
  const until = (end: number) =>
    operations.flatMap((operation, place): Placed<I, O>[] => {
      if (operation.from > end) return []
      if (operation.to <= end) return [{ place, operation }]
      return [{ place, operation: { ...operation, output: undefined, to: Number.POSITIVE_INFINITY } }]
    })
  // A history that is wrong stays wrong, whatever comes after it.
  let right = -1
  let wrong = ends.length - 1
  while (wrong - right > 1) {
    const middle = (right + wrong) >> 1
    if (yield* isIllegal(until(ends[middle] ?? 0))) wrong = middle
    else right = middle
  }
  return until(ends[wrong] ?? Number.POSITIVE_INFINITY)
}

/**
 * The history from a call on that leaves the same behind whatever was there: how that came about needs no explanation. The latest such
 * call from which on it is still wrong.
 */
function* latest<I, O>(
  model: Model<I, O>,
  calls: readonly Placed<I, O>[],
  isIllegal: (calls: readonly Placed<I, O>[]) => Slices<boolean>,
): Slices<readonly Placed<I, O>[]> {
  const anchors = calls
    .filter(({ operation }) => isAnchor(model, operation))
    .toSorted((a, b) => a.operation.from - b.operation.from)
  let least = calls
  let right = anchors.length
  let wrong = -1
  while (right - wrong > 1) {
    const middle = (right + wrong) >> 1
    const since = sinceAnchor(model, calls, anchors[middle] as Placed<I, O>)
    if (since !== undefined && (yield* isIllegal(since))) {
      least = since
      wrong = middle
    } else right = middle
  }
  return least
}

/** Takes away what may go, large pieces first, until there is nothing more. */
function* reduced<T>(
  all: readonly T[],
  mayGo: (rest: T[], gone: readonly T[]) => Slices<boolean>,
): Slices<readonly T[]> {
  let left = all
  let size = left.length >> 1
  while (size >= 1) {
    const before = left.length
    left = yield* without(left, size, mayGo)
    if (left.length === before || size > 1) size >>= 1
  }
  return left
}

/** Takes away what may go, so many neighbours at a time. */
function* without<T>(
  all: readonly T[],
  size: number,
  mayGo: (rest: T[], gone: readonly T[]) => Slices<boolean>,
): Slices<readonly T[]> {
  let left = all
  for (let at = left.length - size; at > -size; at -= size) {
    const from = Math.max(0, at)
    const gone = left.slice(from, at + size)
    const rest = [...left.slice(0, from), ...left.slice(at + size)]
    if (gone.length > 0 && (yield* mayGo(rest, gone))) left = rest
  }
  return left
}

/** Whether a right history stays right without this call. */
function isTraceless<I, O>(
  model: Model<I, O>,
  { input, output }: Operation<I, O>,
  rest: readonly Placed<I, O>[],
): boolean {
  return model.isTraceless(
    input,
    output,
    rest.map(({ operation }) => operation),
  )
}
