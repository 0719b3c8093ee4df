/**
 * Scenarios of the library about elections, replication and commitment, played on real processes: the quickest ones that
 * between them use every kind of step of the others. All are played by `npm run scenarios`.
 */
import { expect, it } from 'vitest'
import { libraryScenario } from '../../../main/scenarios/library'
import { play, troubleIn } from '../run/support'

const QUICK = [
  'competing-candidates-same-term',
  'competing-candidates-late-replies',
  'disruptive-server-with-prevote',
  'leader-completeness',
  'replication-step-by-step',
  'vote-reply-lost',
  'what-committed-means',
] as const

it.each(QUICK)('%s', async (id) => {
  const found = libraryScenario(id)
  expect(found, `no scenario ${id}`).toBeDefined()
  const { scenario, lines } = found!
  const { result } = await play(scenario, { lines })
  expect(result.outcome, troubleIn(result).join('\n')).toBe('holds')
})
