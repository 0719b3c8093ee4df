/** A cluster that is manual from its first moment. */
import { expect, it } from 'vitest'
import { play, scenario, stageFor, troubleIn } from './support'

it('stands still but for what is done by hand, also a node that was restarted', async () => {
  const given = scenario(
    [
      { expect: [{ noLeader: true }, { node: { is: 'all', role: 'follower', term: 0 } }] },
      { fire: 1 },
      { release: { from: 1, to: 2, message: 'RequestVote', count: 1 } },
      { release: { from: 2, to: 1, message: 'RequestVoteReply', count: 1 } },
      { wait: { leader: { is: 1, term: 1 } } },
      { drop: { from: 1, to: 3, message: 'RequestVote', count: 1 } },
      { release: { from: 1, to: 2, message: 'AppendEntries', count: 1 } },
      { release: { from: 2, to: 1, message: 'AppendEntriesReply', count: 1 } },
      { wait: { committed: { index: 1, term: 1, by: 1 } } },
      { restart: 3 },
      { expect: [{ node: { is: 3, term: 0, lastIndex: 0 } }, { log: { of: [1, 2], terms: [1] } }] },
      { clock: { of: 1 } },
      { wait: { held: { from: 1, to: 3, message: 'AppendEntries', count: '>= 2' } } },
    ],
    { cluster: { manual: true, settings: { preVote: false } } },
  )
  const stage = await stageFor(given)
  const { result } = await play(given, {}, stage)
  expect(result.outcome, troubleIn(result).join('\n')).toBe('holds')
  const modes = [...stage.state.nodes.values()].map(({ clock }) => clock.mode)
  expect(modes).toEqual(['running', 'manual', 'manual'])
})
