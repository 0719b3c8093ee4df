/** The longest order of some calls that is right as far as it goes, and which calls stand in its way: for people to look at. */
import type { Operation } from '../history/operation'
import type { Model } from '../models/model'

/** Orders that are looked at: a few calls have no more, and of many a good one is as good to look at as the best. */
const MOST_STEPS = 40_000
/** A step looks at every call. */
const MOST_LOOKS = 2_000_000

export interface Explained {
  /** Before any call, as people read it. */
  readonly initial: string
  /** Places in the list of operations, each with the state after it. */
  readonly order: readonly { readonly place: number; readonly state: string }[]
  /** Calls that would have to be next, none of which can be answered so in `state`. */
  readonly stuck: readonly number[]
  /** Where the order ends. */
  readonly state: string
}

/** Plain search (Wing and Gong 1993), for what was shrunk to be read. */
export function explain<I, O>(model: Model<I, O>, operations: readonly Operation<I, O>[]): Explained {
  const done = new Uint8Array(operations.length)
  const order: { place: number; state: string }[] = []
  const seen = new Set<string>()
  let best: { readonly sure: number; readonly order: typeof order } = { sure: -1, order: [] }
  const mostSteps = Math.min(MOST_STEPS, MOST_LOOKS / operations.length)
  let steps = 0

  const walk = (state: string, sure: number): void => {
    if (sure > best.sure || (sure === best.sure && order.length < best.order.length)) best = { sure, order: [...order] }
    for (const place of candidates(operations, done)) {
      const { input, output } = operations[place] as Operation<I, O>
      const after = model.step(state, input, output)
      const isSure = output !== undefined
      if (after === undefined || (!isSure && after === state)) continue
      done[place] = 1
      const name = `${done.join('')} ${after}`
      if (!seen.has(name) && ++steps < mostSteps) {
        seen.add(name)
        order.push({ place, state: after })
        walk(after, sure + (isSure ? 1 : 0))
        order.pop()
      }
      done[place] = 0
    }
  }
  walk(model.initial, 0)

  for (const { place } of best.order) done[place] = 1
  const state = best.order.at(-1)?.state ?? model.initial
  const stuck = candidates(operations, done).filter((place) => {
    const { input, output } = operations[place] as Operation<I, O>
    return output !== undefined && model.step(state, input, output) === undefined
  })
  return {
    initial: model.spellState(model.initial),
    order: best.order.map((step) => ({ place: step.place, state: model.spellState(step.state) })),
    stuck,
    state: model.spellState(state),
  }
}

/** Calls that may be next: nothing that is left was answered before they began. Sure ones first, the first answered before all. */
function candidates<I, O>(operations: readonly Operation<I, O>[], done: Uint8Array): readonly number[] {
  let firstEnd = Number.POSITIVE_INFINITY
  for (const [place, { to }] of operations.entries()) if (done[place] === 0) firstEnd = Math.min(firstEnd, to)
  return operations
    .flatMap(({ from }, place) => (done[place] === 0 && from <= firstEnd ? [place] : []))
    .sort((a, b) => endOf(operations, a) - endOf(operations, b))
}

function endOf<I, O>(operations: readonly Operation<I, O>[], place: number): number {
  return Math.min(Number.MAX_VALUE, operations[place]?.to ?? 0)
}
