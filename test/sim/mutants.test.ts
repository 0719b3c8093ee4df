/**
 * Do the simulator and the directed tests find bugs? Each of `mutants/` was a real one somewhere, or could be: put into a
 * copy of the core, it has to be found, and what finds it finds nothing in the core as it is. Here the directed tests are
 * run, and every bug is put in, so that a change of the core that one of them rests on makes its test fail and the bug is
 * written anew. The search by the simulator takes a minute: `npm run test:mutants` does all of it and prints who finds which.
 */
import { expect, test } from 'vitest'
import { mutants } from './mutants'
import { judge } from './mutants/judge'
import { withMutant } from './mutants/load'

test.each(mutants)('$name ($about)', async (mutant) => {
  if (mutant.directed) expect((await judge(mutant)).killedBy).toBe('directed test')
  else await withMutant(mutant.edits, async (Broken) => expect(Broken).toBeTypeOf('function'))
})

test('the names are told apart', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  expect(mutants.length).toBeGreaterThanOrEqual(30)
})
