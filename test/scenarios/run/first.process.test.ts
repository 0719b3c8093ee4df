/** The runner on real clusters: steps that are taken, and what comes of them. */
import { expect, it } from 'vitest'
import { play, scenario, stageFor, troubleIn } from './support'

it('elects, writes, kills, elects again, and judges', async () => {
  const { result } = await play(
    scenario(
      [
        { wait: { leader: { followed: 'all' } } },
        { let: { first: 'leader' } },
        { put: { key: 'x', value: '1', name: 'write' } },
        { kill: '$first' },
        { wait: { leader: { isNot: '$first', followed: 1 } }, within: '20s' },
        { get: { key: 'x', answer: { outcome: 'ok', value: '1' } } },
        { start: '$first' },
        { wait: { sameLogs: 'all' } },
      ],
      { expect: [{ that: [{ answer: { call: 'write', outcome: 'ok' } }, { leaders: { term: 1, count: '<= 1' } }] }] },
    ),
  )
  expect(result.outcome, troubleIn(result).join('\n')).toBe('holds')
  expect(result.verdicts?.linearizable).toBe('linearizable')
})

it('plays an election by hand: all clocks stand and all links hold', async () => {
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
    ],
    { cluster: { manual: true, settings: { preVote: false } } },
  )
  const stage = await stageFor(given)
  const { result } = await play(given, {}, stage)
  expect(result.outcome, troubleIn(result).join('\n')).toBe('holds')
  expect(stage.state.nodes.get(3)?.clock.mode).toBe('manual')
})
