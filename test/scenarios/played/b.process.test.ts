/**
 * A part of the library on real processes: membership, reads, clients, snapshots and storage, those that take little time. All of it
 * is played by `npm run scenarios`.
 */
import { expect, test } from 'vitest'
import { libraryScenario } from '../../../main/scenarios/library'
import { play, troubleIn } from '../run/support'

test.each([
  'snapshot-catch-up',
  'joint-consensus-step-by-step',
  'leader-removes-itself',
  'read-index-prevents-stale-reads',
  'lease-and-clock-skew',
  'exactly-once-retry',
])('%s', async (id) => {
  const found = libraryScenario(id)
  if (found === undefined) throw new Error(`the library has no scenario ${id}`)
  const { result } = await play(found.scenario, { lines: found.lines })
  expect(result.outcome, troubleIn(result).join('\n')).toBe('holds')
})
