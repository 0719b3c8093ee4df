/**
 * Do the simulator and the directed tests find bugs? Each of `mutants/` was a real one somewhere, or could be: put into a
 * copy of the core, it has to be found within a bounded number of seeds, and what finds it finds nothing in the core as it
 * is. A change of the core that one of them rests on makes its test fail, so that the bug is written anew and not
 * forgotten. `npm run test:mutants` prints who finds which.
 */
import { expect, test } from 'vitest'
import { mutants } from './mutants'
import { judge } from './mutants/judge'

test.each(mutants)('$name ($about)', async (mutant) => {
  const { killedBy, seeds } = await judge(mutant)
  expect(killedBy, `nobody found it in ${seeds} seeds`).toBeDefined()
})

test('the names are told apart', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  expect(mutants.length).toBeGreaterThanOrEqual(30)
})
