/** Each invariant finds what breaks it, with the events that prove it, and nothing else. */
import { describe, expect, test } from 'vitest'
import { INVARIANTS, InvariantWatcher } from '../../../main/checks/invariants'
import type { TimelineEvent } from '../../../main/node/contract/events'
import { Story } from '../support/story'

/** One entry of term 1 in the logs of all three, committed by node 1, its leader. */
function oneCommitted(): Story {
  const story = Story.begin().elect(1, 1).follow(2, 1, 1).follow(3, 1, 1)
  for (const node of [1, 2, 3]) story.append(node, 1, 1).disk(node, 1, 1, node === 1 ? 1 : 0)
  return story.commit(1, 1).commit(2, 1, 'learned').commit(3, 1, 'learned')
}

test('nothing is found where nothing is wrong, and every invariant is judged', () => {
  expect(oneCommitted().found()).toEqual([])
  expect(new InvariantWatcher().verdicts().map(({ id }) => id)).toEqual([...INVARIANTS])
})

describe('elections', () => {
  test('§5.2 two leaders in one term', () => {
    const story = Story.begin().elect(1, 4)
    const first = story.last
    story.elect(2, 4)
    expect(story.found()).toEqual([['election-safety', [first, story.last]]])
  })

  test('§5.2 one leader that says so twice is one', () => {
    expect(Story.begin().elect(1, 4).tell(1, 'role', { role: 'leader', term: 4, leader: 1 }).found()).toEqual([])
  })

  test('§5.2 a vote for another candidate in the same term', () => {
    const story = Story.begin().tell(3, 'hardState', { currentTerm: 2, votedFor: 1 })
    const first = story.last
    story.tell(3, 'hardState', { currentTerm: 2, votedFor: 2 })
    expect(story.found()).toEqual([['one-vote-per-term', [first, story.last]]])
  })

  test('§5.2 a vote that was on disk and is gone after a restart', () => {
    const story = Story.begin().tell(3, 'hardState', { currentTerm: 2, votedFor: 1 }).disk(3, 2, 0, 1)
    const durable = story.last
    story.tell(3, 'started', { incarnation: 2, firstIndex: 1, currentTerm: 2, votedFor: 0 })
    expect(story.found()).toEqual([['one-vote-per-term', [durable, story.last]]])
  })

  test('§5.2 a vote that never reached the disk may be gone after a restart', () => {
    const story = Story.begin().disk(3, 1, 0).tell(3, 'hardState', { currentTerm: 2, votedFor: 1 })
    story.tell(3, 'started', { incarnation: 2, firstIndex: 1, currentTerm: 1, votedFor: 0 })
    story.tell(3, 'hardState', { currentTerm: 2, votedFor: 2 })
    expect(story.found()).toEqual([])
  })

  test('§5.1 a term that goes back, in memory and on disk', () => {
    const inMemory = Story.begin().tell(3, 'hardState', { currentTerm: 5 }).tell(3, 'hardState', { currentTerm: 4 })
    expect(inMemory.found()).toEqual([['terms-never-go-back', [inMemory.last]]])
    const onDisk = Story.begin().disk(3, 5, 0)
    const durable = onDisk.last
    onDisk.tell(3, 'started', { incarnation: 2, firstIndex: 1, currentTerm: 4 })
    expect(onDisk.found()).toEqual([['terms-never-go-back', [durable, onDisk.last]]])
  })

  test('a node whose directory was deleted begins anew', () => {
    const story = Story.begin().tell(3, 'hardState', { currentTerm: 5, votedFor: 1 }).disk(3, 5, 0, 1)
    story.tell(0, 'process', { subject: 3, state: 'removed' })
    story.tell(3, 'started', { incarnation: 1, firstIndex: 1 })
    expect(story.found()).toEqual([])
  })
})

describe('a node that is rebuilt', () => {
  const rebuilt = (action: 'begin' | 'done') => {
    const story = Story.begin().tell(3, 'hardState', { currentTerm: 5, votedFor: 1 }).disk(3, 5, 7, 1)
    return story.tell(0, 'operation', { action, id: 4, type: 'rebuild', detail: '{"node":3,"role":"voter"}' })
  }

  test('begins with an empty disk', () => {
    expect(rebuilt('begin').tell(3, 'started', { incarnation: 2, firstIndex: 1 }).found()).toEqual([])
  })

  test('must not have lost its term before or afterwards, nor only a part of it', () => {
    const late = rebuilt('done').tell(3, 'started', { incarnation: 2, firstIndex: 1 })
    expect(late.found().map(([id]) => id)).toEqual(['terms-never-go-back'])
    const part = rebuilt('begin').tell(3, 'started', { incarnation: 2, firstIndex: 1, currentTerm: 4, lastIndex: 7 })
    expect(part.found().map(([id]) => id)).toEqual(['terms-never-go-back'])
  })
})

describe('logs', () => {
  test('§5.3 a leader that deletes, or writes over, an entry of its own', () => {
    const deleted = Story.begin().elect(1, 1).append(1, 1, 1, 3).tell(1, 'truncated', { fromIndex: 3 })
    expect(deleted.found()).toEqual([['leader-append-only', [deleted.last]]])
    const replaced = Story.begin().elect(1, 1).append(1, 1, 1, 3).append(1, 3, 1)
    expect(replaced.found()).toEqual([['leader-append-only', [replaced.last]]])
  })

  test('§5.3 a follower may', () => {
    expect(Story.begin().elect(1, 1).append(2, 1, 1, 3).tell(2, 'truncated', { fromIndex: 2 }).found()).toEqual([])
  })

  test('§5.3 the same entry after different ones', () => {
    const story = Story.begin().append(1, 1, 1).append(1, 2, 3)
    const first = story.last
    story.append(2, 1, 2).append(2, 2, 3)
    expect(story.found()).toEqual([['log-matching', [first, story.last]]])
  })

  test('Figure 7: logs that differ match as long as no entry is the same', () => {
    const story = Story.begin()
      .append(1, 1, 1, 3)
      .append(1, 4, 4, 2)
      .append(2, 1, 1, 3)
      .append(2, 4, 2, 3)
      .append(3, 1, 1, 4)
    expect(story.found()).toEqual([])
  })
})

describe('what is committed', () => {
  test('§5.4.3 two nodes that commit different entries at one index', () => {
    const story = oneCommitted()
    const committed = story.events.findIndex(({ kind }) => kind === 'committed')
    story.tell(3, 'started', { incarnation: 2, firstIndex: 1, currentTerm: 1 }).append(3, 1, 9).commit(3, 1, 'learned')
    expect(story.found()).toContainEqual(['state-machine-safety', [committed, story.last]])
  })

  test('§5.4 a leader of a later term that lacks a committed entry', () => {
    const story = oneCommitted()
    const committed = story.events.findIndex(({ kind }) => kind === 'committed')
    story.tell(3, 'truncated', { fromIndex: 1 }).elect(3, 2)
    expect(story.found()).toEqual([['leader-completeness', [committed, story.last]]])
  })

  test('§5.4 a leader of an earlier term need not have it', () => {
    const story = Story.begin().elect(1, 5).append(1, 1, 5).append(2, 1, 5)
    story.disk(1, 5, 1, 1).disk(2, 5, 1).commit(1, 1)
    expect(story.elect(3, 4).found()).toEqual([])
  })

  test('§5.3 an entry counted as committed that only its leader has on disk', () => {
    const story = Story.begin().elect(1, 1).append(1, 1, 1).append(2, 1, 1).disk(1, 1, 1, 1).commit(1, 1)
    expect(story.found()).toEqual([['committed-on-a-majority', [story.last]]])
  })

  test('what was told late is waited for', () => {
    const story = Story.begin().elect(1, 1).append(1, 1, 1).append(2, 1, 1).disk(1, 1, 1, 1).commit(1, 1)
    const at = story.last
    story.disk(2, 1, 1)
    const { t } = story.events[at] as TimelineEvent
    story.events[at + 1] = { ...(story.events[at + 1] as TimelineEvent), t: t - 1 }
    expect(story.found()).toEqual([])
  })

  test('D 4.3 in a joint configuration a majority of the old is needed as well', () => {
    const story = Story.begin()
    for (const node of [4, 5]) story.tell(node, 'started', { incarnation: 1, firstIndex: 1 })
    story.elect(1, 1).tell(1, 'configuration', { index: 1, standing: 'appended', voters: '1,4,5', outgoing: '1,2,3' })
    for (const node of [1, 4, 5]) story.append(node, 1, 1).disk(node, 1, 1, node === 1 ? 1 : 0)
    story.commit(1, 1)
    expect(story.found()).toEqual([['committed-on-a-majority', [story.last]]])
  })

  test('§5.3 a commitIndex that goes back', () => {
    const story = oneCommitted()
      .append(1, 2, 1)
      .append(2, 2, 1)
      .disk(1, 1, 2, 1)
      .disk(2, 1, 2)
      .commit(1, 2)
      .commit(1, 1)
    expect(story.found()).toEqual([['commit-never-goes-back', [story.last]]])
  })

  test('§8 an answer about an entry that nobody committed', () => {
    const story = oneCommitted().tell(0, 'invoke', { call: 1, client: 1, op: 'put', key: 'k' })
    const asked = story.last
    story.tell(0, 'answer', { call: 1, outcome: 'ok', index: 2, term: 1, from: 1 })
    expect(story.found()).toEqual([['answered-is-committed', [asked, story.last]]])
    expect(
      oneCommitted()
        .tell(0, 'invoke', { call: 1, client: 1, op: 'put', key: 'k' })
        .tell(0, 'answer', { call: 1, outcome: 'ok', index: 1, term: 1, from: 1 })
        .found(),
    ).toEqual([])
  })
})

describe('what a killed process could not tell any more', () => {
  const killed = (story: Story, subject: number) => story.tell(0, 'process', { subject, state: 'killed' })
  const answered = () =>
    oneCommitted()
      .tell(0, 'invoke', { call: 1, client: 1, op: 'put', key: 'k' })
      .tell(0, 'answer', { call: 1, outcome: 'ok', index: 2, term: 1, from: 1 })

  test('that it had committed what it answered: the next leader says so', () => {
    const story = killed(answered(), 1).append(2, 2, 1).append(3, 2, 1).disk(2, 1, 2).disk(3, 1, 2)
    expect(story.elect(2, 2).commit(2, 2).found()).toEqual([])
  })

  test('but another entry in its place is a loss', () => {
    const story = answered()
    const answer = story.last
    killed(story, 1).elect(2, 2).append(2, 2, 2).append(3, 2, 2).disk(2, 2, 2).disk(3, 2, 2)
    // Whatever is told late has come by then.
    story.commit(2, 2).events.push({ ...(story.events.at(-1) as TimelineEvent), seq: story.last + 1, t: 10e9 })
    story.tell(2, 'applied', { lastApplied: 2 })
    story.events[story.last] = { ...(story.events.at(-1) as TimelineEvent), t: 10.1e9 }
    expect(story.found()).toEqual([['answered-is-committed', [answer - 1, answer]]])
  })

  test('and who lives on has told everything', () => {
    const story = killed(answered(), 3).append(2, 2, 1).disk(2, 1, 2).elect(2, 2).commit(2, 2)
    expect(story.found()).toContainEqual(expect.arrayContaining(['answered-is-committed']))
  })

  test('that it had an entry on disk that its leader counts', () => {
    const story = () => Story.begin().elect(1, 1).append(1, 1, 1).append(2, 1, 1).disk(1, 1, 1, 1).commit(1, 1)
    expect(killed(story(), 3).found()).toEqual([])
    expect(killed(story().tell(3, 'leader', { leader: 1 }), 3).found()).toHaveLength(1)
  })
})

test('what a node that stands has not told yet is held against nobody, and what it has told is', () => {
  const story = () => Story.begin().elect(1, 1).append(1, 1, 1).append(2, 1, 1).disk(1, 1, 1, 1).commit(1, 1)
  const stopped = (told: Story) => told.tell(0, 'stop', { action: 'stopped', subject: 1 })
  expect(stopped(story()).found()).toEqual([])
  expect(story().tell(0, 'process', { subject: 2, state: 'paused' }).found()).toEqual([])
  expect(stopped(story()).tell(0, 'stop', { action: 'continued' }).found()).toHaveLength(1)
  const others = stopped(story().tell(2, 'leader', { leader: 1 }).tell(3, 'leader', { leader: 1 }))
  expect(others.found()).toHaveLength(1)
})

describe('membership', () => {
  const configured = () =>
    oneCommitted().tell(1, 'configuration', { index: 2, standing: 'appended', voters: '1,2,3,4' })

  test('D 4.1 a configuration while the one before is not committed: the bug of 2015', () => {
    const story = configured()
    const first = story.last
    story.tell(1, 'configuration', { index: 3, standing: 'appended', voters: '1,2,3' })
    expect(story.found()).toEqual([['one-change-at-a-time', [first, story.last]]])
  })

  test('D 4.1 two voters more at once, without going by both', () => {
    const story = oneCommitted().tell(1, 'configuration', { index: 2, standing: 'appended', voters: '1,2,3,4,5' })
    const before = story.events.findIndex(({ kind, node }) => kind === 'configuration' && node === 1)
    expect(story.found()).toEqual([['one-change-at-a-time', [before, story.last]]])
  })

  test('§6 joint consensus, in and out', () => {
    const story = oneCommitted()
    for (const node of [4, 5]) story.tell(node, 'started', { incarnation: 1, firstIndex: 1 })
    story.tell(1, 'configuration', { index: 2, standing: 'appended', voters: '1,4,5', outgoing: '1,2,3' })
    for (const node of [1, 2]) story.append(node, 2, 1).disk(node, 1, 2, node === 1 ? 1 : 0)
    story.append(4, 1, 1, 2).disk(4, 1, 2).append(5, 1, 1, 2).disk(5, 1, 2)
    story.commit(1, 2).tell(1, 'configuration', { index: 2, standing: 'committed', voters: '1,4,5', outgoing: '1,2,3' })
    expect(story.tell(1, 'configuration', { index: 3, standing: 'appended', voters: '1,4,5' }).found()).toEqual([])
  })
})

test('after events were shed nothing more is judged, and it says from where on', () => {
  const story = Story.begin().elect(1, 4).tell(0, 'gap', { subject: 1, shed: 3, reason: 'full' })
  const gap = story.last
  story.elect(2, 4)
  const watcher = new InvariantWatcher()
  for (const event of story.events) watcher.take(event)
  expect(watcher.judgedUntil).toBe(gap)
  expect(watcher.verdicts().every(({ found }) => found === 0)).toBe(true)
})
