/** Each condition of the specification, broken by a story that is right up to there. */
import { describe, expect, test } from 'vitest'
import { CONDITION, CONDITIONS, type ConditionId, ConformanceWatcher } from '../../../main/checks/conformance'
import { ByteWriter } from '../../../main/node/contract/bytes'
import type { TimelineEvent } from '../../../main/node/contract/events'
import { writeMessage } from '../../../main/node/contract/frames/messages'
import { deviationSentence } from '../../../main/workbench/verdicts/deviations/words'
import type { Story } from '../support/story'
import { Told } from '../support/told'

function judge(story: Story) {
  const watcher = new ConformanceWatcher()
  for (const event of story.events) watcher.take(event)
  return watcher.verdict()
}

/** Node 1 has term 1, its vote and a committed entry on disk, and starts again with this. */
const restart = (fields: object, entries = 4) => {
  const told = Told.committed().later().tell(0, 'process', { subject: 1, state: 'killed' })
  told.tell(1, 'started', { currentTerm: 1, votedFor: 1, firstIndex: 1, lastIndex: entries, ...fields })
  if (entries > 0) told.tell(1, 'appended', { firstIndex: 1, count: entries, term: 1 })
  return told.tell(1, 'persisted', { currentTerm: 1, votedFor: 1, lastIndex: entries, ...fields })
}

/** Node 2, which has entry 1, handles this AppendEntries of node 1 with its further entries. */
const append = (fields: object) =>
  Told.committed()
    .send(1, 2, 'AppendEntries', { index: 1, logTerm: 1, commit: 1, count: 1, ...fields })
    .arrive()

/** Node 3, with an empty log, gets the vote request of node 2 in term 2, whose log ends so. */
const request = (fields: object) =>
  Told.committed()
    .later()
    .tell(2, 'hardState', { currentTerm: 2, votedFor: 2 })
    .tell(2, 'role', { role: 'candidate', term: 2, reason: 'election-timeout' })
    .written(2, 2, 2, 1)
    .send(2, 1, 'RequestVote', { term: 2, index: 1, logTerm: 1, ...fields })
    .arrive()

/** Node 2 has got a snapshot of entry 4 from node 1, which has committed that. */
const offered = () =>
  Told.committed()
    .send(1, 3, 'AppendEntries', { count: 4, commit: 1 })
    .arrive()
    .tell(3, 'hardState', { currentTerm: 1 })
    .tell(3, 'leader', { leader: 1, term: 1 })
    .tell(3, 'appended', { firstIndex: 1, count: 4, term: 1 })
    .written(3, 1, 0, 4)
    .reply('AppendEntriesReply', { ok: true, index: 4 })
    .arrive()
    .tell(1, 'committed', { commitIndex: 4, by: 'counted' })
    .tell(1, 'snapshot', { stage: 'saved', index: 4, term: 1 })
    .send(1, 2, 'InstallSnapshot', { index: 4, logTerm: 1, ok: true })
    .arrive()

const change = (story: Told, node: number, index: number, voters: string, outgoing = '') =>
  story
    .tell(node, 'appended', { firstIndex: index, count: 1, term: 1 })
    .tell(node, 'configuration', { index, standing: 'appended', voters, outgoing })

const STORIES: Readonly<Record<ConditionId, () => Story>> = {
  'restart-term-kept': () => restart({ currentTerm: 0, votedFor: 0 }),
  'restart-vote-kept': () => restart({ votedFor: 0 }),
  'restart-log-kept': () => restart({}, 0),
  'term-grows': () => Told.elected().later().tell(1, 'hardState', { currentTerm: 0 }),
  'term-heard': () => Told.elected().later().tell(3, 'hardState', { currentTerm: 1 }),
  'timeout-next-term': () => Told.begin().tell(1, 'hardState', { currentTerm: 2, votedFor: 1 }),
  'timeout-not-leader': () => Told.elected().later().tell(1, 'hardState', { currentTerm: 2, votedFor: 1 }),
  'timeout-may-stand': () => Told.begin('1,2').tell(3, 'hardState', { currentTerm: 1, votedFor: 3 }),
  'candidate-votes-for-itself': () =>
    Told.begin().tell(1, 'role', { role: 'candidate', term: 0, reason: 'election-timeout' }),
  'told-by-leader': () =>
    Told.elected()
      .later()
      .tell(2, 'hardState', { currentTerm: 2, votedFor: 2 })
      .tell(2, 'role', { role: 'candidate', term: 2, reason: 'told-by-leader' }),
  'pre-vote-term-stays': () =>
    Told.begin().tell(1, 'role', { role: 'pre-candidate', term: 1, reason: 'election-timeout' }),
  'pre-vote-majority': () =>
    Told.elected()
      .later()
      .tell(3, 'role', { role: 'pre-candidate', term: 0, reason: 'election-timeout' })
      .send(3, 2, 'RequestPreVote', { term: 1 })
      .arrive()
      .reply('RequestPreVoteReply', { term: 1 })
      .arrive()
      .tell(3, 'hardState', { currentTerm: 1, votedFor: 3 })
      .tell(3, 'role', { role: 'candidate', term: 1, reason: 'pre-vote-won' }),
  'pre-vote-log-up-to-date': () =>
    Told.committed()
      .later()
      .tell(3, 'role', { role: 'pre-candidate', term: 0, reason: 'election-timeout' })
      .send(3, 2, 'RequestPreVote', { term: 1 })
      .arrive()
      .reply('RequestPreVoteReply', { term: 1, ok: true }),
  'vote-once': () => Told.voted().later().tell(2, 'hardState', { currentTerm: 1, votedFor: 3 }),
  'vote-asked-for': () => Told.asked().tell(2, 'hardState', { currentTerm: 1, votedFor: 3 }),
  'vote-log-up-to-date': () =>
    request({})
      .tell(1, 'hardState', { currentTerm: 2 })
      .tell(1, 'role', { role: 'follower', term: 2, reason: 'higher-term' })
      .tell(1, 'hardState', { currentTerm: 2, votedFor: 2 }),
  'vote-refusal-founded': () =>
    Told.asked().tell(2, 'remark', { name: 'vote-refused-already-voted', peer: 1, term: 1 }),
  'leader-was-candidate': () => Told.begin().tell(1, 'role', { role: 'leader', term: 0, leader: 1 }),
  'leader-majority': () =>
    Told.standing().send(1, 2, 'RequestVote').later().tell(1, 'role', { role: 'leader', term: 1, leader: 1 }),
  'role-term': () => Told.elected().later().tell(2, 'role', { role: 'follower', term: 2, reason: 'leader-found' }),
  'leader-steps-down': () =>
    Told.elected().later().tell(1, 'role', { role: 'follower', term: 1, reason: 'leader-found' }),
  'leader-heard': () => Told.elected().later().tell(2, 'leader', { leader: 1, term: 1 }),
  'removed-is-committed': () =>
    change(Told.committed(), 1, 5, '2,3').tell(1, 'role', { role: 'learner', term: 1, reason: 'removed' }),
  'leader-appends-own-term': () => Told.elected().later().tell(1, 'appended', { firstIndex: 2, count: 1, term: 2 }),
  'leader-append-only': () => Told.committed().later().tell(1, 'truncated', { fromIndex: 3 }),
  'append-asked-for': () => Told.replicated().later().tell(2, 'appended', { firstIndex: 2, count: 1, term: 1 }),
  'append-current-term': () => Told.replicating().tell(2, 'appended', { firstIndex: 1, count: 1, term: 2 }),
  'append-consistency': () =>
    Told.committed()
      .send(1, 3, 'AppendEntries', { index: 1, logTerm: 1, count: 1 })
      .arrive()
      .tell(3, 'hardState', { currentTerm: 1 })
      .tell(3, 'appended', { firstIndex: 1, count: 1, term: 1 }),
  'append-entries-of-message': () => append({}).tell(2, 'appended', { firstIndex: 2, count: 2, term: 1 }),
  'append-no-hole': () => append({ count: 3 }).tell(2, 'appended', { firstIndex: 3, count: 1, term: 1 }),
  'truncate-on-conflict': () =>
    append({ count: 3 })
      .tell(2, 'appended', { firstIndex: 2, count: 3, term: 1 })
      .send(1, 2, 'AppendEntries', { index: 1, logTerm: 1, commit: 1, count: 1 })
      .arrive()
      .tell(2, 'truncated', { fromIndex: 2 }),
  'truncate-committed': () =>
    append({}).tell(2, 'committed', { commitIndex: 1, by: 'learned' }).tell(2, 'truncated', { fromIndex: 1 }),
  'append-answer': () => append({ count: 0 }).reply('AppendEntriesReply', { ok: false }),
  'learn-leader-commit': () => append({ commit: 0 }).tell(2, 'committed', { commitIndex: 1, by: 'learned' }),
  'learn-verified': () =>
    Told.committed()
      .send(1, 2, 'AppendEntries', { commit: 1 })
      .arrive()
      .tell(2, 'committed', { commitIndex: 1, by: 'learned' }),
  'match-index-grows': () =>
    Told.committed()
      .send(1, 2, 'AppendEntries', { index: 1, logTerm: 1, commit: 1, count: 2 })
      .arrive()
      .tell(2, 'appended', { firstIndex: 2, count: 2, term: 1 })
      .written(2, 1, 1, 3)
      .reply('AppendEntriesReply', { ok: true, index: 3 })
      .arrive()
      .tell(1, 'progress', { peer: 2, matchIndex: 3 })
      .tell(1, 'progress', { peer: 2, matchIndex: 2 }),
  'match-index-said': () => Told.committed().tell(1, 'progress', { peer: 2, matchIndex: 2 }),
  'commit-by-leader': () => Told.replicated().later().tell(2, 'committed', { commitIndex: 1, by: 'counted' }),
  'commit-grows': () => Told.committed().tell(1, 'committed', { commitIndex: 0, by: 'counted' }),
  'commit-in-log': () => Told.committed().tell(1, 'committed', { commitIndex: 5, by: 'counted' }),
  'commit-own-term': () =>
    restart({})
      .tell(1, 'role', { role: 'follower', term: 1, reason: 'restarted' })
      .tell(1, 'configuration', { standing: 'restored', voters: '1' })
      .later()
      .tell(1, 'hardState', { currentTerm: 2, votedFor: 1 })
      .tell(1, 'role', { role: 'candidate', term: 2, reason: 'election-timeout' })
      .written(1, 2, 1, 4)
      .tell(1, 'role', { role: 'leader', term: 2, leader: 1 })
      .tell(1, 'committed', { commitIndex: 4, by: 'counted' }),
  'commit-majority': () => Told.committed().tell(1, 'committed', { commitIndex: 2, by: 'counted' }),
  'apply-committed': () => Told.committed().tell(1, 'applied', { lastApplied: 2 }),
  'apply-grows': () => Told.committed().tell(1, 'applied', { lastApplied: 0 }),
  'persist-in-log': () => Told.committed().written(1, 1, 1, 5),
  'persist-hard-state': () => Told.committed().written(1, 2, 1, 4),
  'snapshot-committed': () => Told.committed().tell(1, 'snapshot', { stage: 'saved', index: 2, term: 1 }),
  'snapshot-term': () => Told.committed().tell(1, 'snapshot', { stage: 'saved', index: 1, term: 2 }),
  'compact-covered': () => Told.committed().tell(1, 'compacted', { firstIndex: 2, baseTerm: 1 }),
  'install-not-leader': () => offered().tell(1, 'snapshot', { stage: 'installed', index: 5, term: 1 }),
  'install-newer': () =>
    offered()
      .send(1, 2, 'AppendEntries', { index: 1, logTerm: 1, commit: 4 })
      .arrive()
      .tell(2, 'committed', { commitIndex: 1, by: 'learned' })
      .tell(2, 'snapshot', { stage: 'installed', index: 1, term: 1, keepsLog: true }),
  'install-sent': () => offered().tell(2, 'snapshot', { stage: 'installed', index: 3, term: 1 }),
  'install-keeps-log': () => offered().tell(2, 'snapshot', { stage: 'installed', index: 4, term: 1, keepsLog: true }),
  'change-in-log': () => Told.committed().tell(1, 'configuration', { index: 5, standing: 'appended', voters: '1,2' }),
  'change-one-at-a-time': () => change(change(Told.committed(), 1, 5, '1,2'), 1, 6, '1,2,3'),
  'change-after-own-commit': () => change(Told.replicated().later(), 1, 2, '1,2'),
  'change-majorities-meet': () => change(Told.committed(), 1, 5, '3,4,5'),
  'send-term': () => Told.elected().send(2, 1, 'AppendEntriesReply', { term: 2 }),
  'send-as-leader': () => Told.elected().send(2, 3, 'AppendEntries'),
  'request-vote-as-candidate': () => Told.voted().send(2, 3, 'RequestVote'),
  'request-vote-own-log': () => Told.standing().send(1, 2, 'RequestVote', { index: 3, logTerm: 1 }),
  'request-vote-durable': () =>
    Told.begin()
      .tell(1, 'hardState', { currentTerm: 1, votedFor: 1 })
      .tell(1, 'role', { role: 'candidate', term: 1, reason: 'election-timeout' })
      .send(1, 2, 'RequestVote'),
  'vote-reply-given': () => Told.asked().written(2, 1, 0, 0).reply('RequestVoteReply', { ok: true }),
  'vote-reply-durable': () =>
    Told.asked().tell(2, 'hardState', { currentTerm: 1, votedFor: 1 }).reply('RequestVoteReply', { ok: true }),
  'append-prev-in-log': () => Told.committed().send(1, 2, 'AppendEntries', { index: 2, logTerm: 2 }),
  'append-entries-in-log': () => Told.committed().send(1, 2, 'AppendEntries', { index: 4, logTerm: 1, count: 1 }),
  'append-leader-commit': () => Told.committed().send(1, 2, 'AppendEntries', { index: 4, logTerm: 1, commit: 2 }),
  'append-reply-durable': () =>
    append({})
      .tell(2, 'appended', { firstIndex: 2, count: 1, term: 1 })
      .reply('AppendEntriesReply', { ok: true, index: 2 }),
  'append-reply-verified': () =>
    append({ count: 3 })
      .tell(2, 'appended', { firstIndex: 2, count: 3, term: 1 })
      .written(2, 1, 1, 4)
      .send(1, 2, 'AppendEntries', { index: 1, logTerm: 1, commit: 1 })
      .arrive()
      .reply('AppendEntriesReply', { ok: true, index: 4 }),
  'install-committed': () => Told.committed().send(1, 2, 'InstallSnapshot', { index: 2, logTerm: 1 }),
  'install-reply-durable': () =>
    offered()
      .tell(2, 'snapshot', { stage: 'installed', index: 4, term: 1 })
      .tell(2, 'committed', { commitIndex: 4, by: 'snapshot' })
      .reply('InstallSnapshotReply', { ok: true, index: 4 }),
}

test('a story that is right is allowed to its end', () => {
  for (const story of [Told.committed(), offered(), request({}), restart({}), append({})]) {
    expect(judge(story)).toMatchObject({ conforms: true, deviations: 0, judgedUntil: -1, first: undefined })
  }
})

describe('is found at the event that breaks it, and named in both languages:', () => {
  test.each(CONDITIONS)('%s', (condition) => {
    const story = STORIES[condition]()
    const { conforms, first, deviations } = judge(story)
    expect(first?.condition).toBe(condition)
    if (first === undefined) return
    expect({ conforms, deviations, seq: first.seq }).toEqual({ conforms: false, deviations: 1, seq: story.last })
    expect(first).toMatchObject(CONDITION[condition])
    expect(first.events.at(-1)).toBe(first.seq)
    for (const language of ['en', 'zh'] as const) {
      const sentence = deviationSentence(language, first)
      expect(sentence).toMatch(language === 'en' ? /^.+\.$/ : /^.+。$/)
      expect(sentence).not.toMatch(/undefined|NaN/)
    }
  })
})

describe('what nobody can know is allowed:', () => {
  const isAllowed = (story: Story) => expect(judge(story).first).toBeUndefined()

  test('a message whose sender was killed before it could tell', () => {
    isAllowed(
      Told.elected()
        .later()
        .tell(3, 'received', { peer: 1, id: 99, message: 'AppendEntries', term: 1, count: 2 })
        .tell(3, 'hardState', { currentTerm: 1 })
        .tell(3, 'leader', { leader: 1, term: 1 })
        .tell(3, 'appended', { firstIndex: 1, count: 2, term: 1 })
        .tell(3, 'committed', { commitIndex: 2, by: 'learned' }),
    )
  })

  test('and one that has the number of a message of another sender', () => {
    const story = append({ count: 0 })
    const { id } = story.events.at(-1) as TimelineEvent<'received'>
    isAllowed(
      story
        .later()
        .tell(2, 'received', { peer: 3, id, message: 'AppendEntries', term: 2, count: 3 })
        .tell(2, 'hardState', { currentTerm: 2 })
        .tell(2, 'role', { role: 'follower', term: 2, leader: 3 })
        .tell(2, 'appended', { firstIndex: 2, count: 3, term: 2 })
        .written(2, 2, 0, 4)
        .tell(2, 'sent', { peer: 3, message: 'AppendEntriesReply', term: 2, ok: true, index: 4, inReplyTo: id }),
    )
  })

  test('a disk that holds more than its process could tell', () => {
    isAllowed(restart({ currentTerm: 3, votedFor: 2 }, 1))
  })

  test('a disk of which the user flipped a bit', () => {
    const story = Told.committed()
    story.tell(0, 'fault', { action: 'begin', id: 1, type: 'bit-flip', detail: '{"nodes":[1]}' })
    isAllowed(story.tell(1, 'started', { currentTerm: 0, firstIndex: 1 }).tell(1, 'persisted'))
  })

  test('a node that begins anew after its directory was deleted', () => {
    const story = Told.committed().tell(0, 'process', { subject: 1, state: 'removed' })
    isAllowed(story.tell(1, 'started', { currentTerm: 0, firstIndex: 1 }).tell(1, 'persisted'))
  })

  test('a node that is rebuilt with an empty disk, and not one that lost its disk by itself', () => {
    const story = (rebuilds: boolean) => {
      const told = Told.committed()
      const detail = '{"node":1}'
      if (rebuilds) told.tell(0, 'operation', { action: 'begin', id: 4, type: 'rebuild', detail })
      return told.tell(1, 'started', { currentTerm: 0, firstIndex: 1 }).tell(1, 'persisted')
    }
    isAllowed(story(true))
    expect(judge(story(false)).first?.condition).toBe('restart-term-kept')
  })

  test('a turn in the middle of which the cluster was stopped', () => {
    isAllowed(
      Told.replicating()
        .tell(2, 'breakpoint', { breakpoint: 1, by: 'leader' })
        .later()
        .tell(2, 'appended', { firstIndex: 1, count: 1, term: 1 }),
    )
  })

  test('where no messages are told', () => {
    const story = Told.committed()
    const quiet = new Told()
    for (const event of story.events) if (event.kind !== 'sent' && event.kind !== 'received') quiet.events.push(event)
    isAllowed(quiet)
  })
})

describe('what is missing', () => {
  test('events that were shed end the judging', () => {
    const story = Told.committed().tell(0, 'gap', { subject: 1, shed: 3 })
    const verdict = judge(story.tell(1, 'hardState', { currentTerm: 0 }))
    expect(verdict).toMatchObject({ conforms: true, judgedUntil: story.last - 1 })
  })

  test('what looked wrong of a node that could not tell everything is held against nobody', () => {
    const story = Told.committed().later().tell(2, 'appended', { firstIndex: 2, count: 1, term: 1 })
    expect(judge(story).conforms).toBe(false)
    expect(judge(story.tell(2, 'gap', { subject: 2, shed: 3 }))).toMatchObject({ conforms: true, first: undefined })
  })

  test('of a cluster that tells nothing nothing is judged', () => {
    const story = new Told().tell(0, 'cluster', { settings: '{"telemetry":"off"}' })
    expect(judge(story).judgedUntil).toBe(0)
  })
})

test('a message that the user changed is judged by what was delivered', () => {
  const bytes = new ByteWriter()
  const message = {
    type: 'AppendEntries' as const,
    from: 1,
    to: 2,
    term: 1,
    prevLogIndex: 1,
    prevLogTerm: 1,
    entries: [],
    leaderCommit: 0,
    round: 1,
    quiesce: false,
  }
  writeMessage(bytes, { type: 'message', id: 77, inReplyTo: 0, message })
  const story = (edited: boolean) => {
    const told = Told.committed()
    told
      .tell(1, 'sent', { peer: 2, id: 77, message: 'AppendEntries', term: 1, index: 1, logTerm: 1, commit: 1 })
      .later()
    if (edited)
      told.tell(2, 'released', { peer: 1, id: 77, message: 'AppendEntries', how: 'edited', bytes: bytes.finish() })
    return told
      .tell(2, 'received', { peer: 1, id: 77, message: 'AppendEntries', term: 1 })
      .tell(2, 'committed', { commitIndex: 1, by: 'learned' })
  }
  expect(judge(story(false)).first).toBeUndefined()
  expect(judge(story(true)).first?.condition).toBe('learn-leader-commit')
})
