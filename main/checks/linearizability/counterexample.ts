/** A few calls that no order explains, as they are drawn. */
import type { Counterexample, DrawnCall, Standing } from '../drawing/types'
import type { Operation } from '../history/operation'
import type { Model } from '../models/model'
import { explain } from './explain'

/** @param operations what is left of an illegal part when it was shrunk */
export function counterexampleOf<I, O>(
  model: Model<I, O>,
  part: string,
  operations: readonly Operation<I, O>[],
  unit: Counterexample['unit'],
): Counterexample {
  const { initial, order, stuck, state } = explain(model, operations)
  const standings = new Map<number, Standing>(stuck.map((place) => [place, { kind: 'stuck', state }]))
  for (const [at, step] of order.entries())
    standings.set(step.place, { kind: 'placed', nth: at + 1, state: step.state })
  const calls = operations.map((operation, place): DrawnCall => {
    const { process, input, output, from, to } = operation
    const otherwise: Standing = { kind: output === undefined ? 'unplaced' : 'after' }
    return {
      process,
      text: model.spell(input, output),
      from,
      to: Number.isFinite(to) ? to : null,
      ...operation.place,
      standing: standings.get(place) ?? otherwise,
    }
  })
  return { part, initial, unit, calls, bands: [] }
}
