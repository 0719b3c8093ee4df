import { afterEach, describe, expect, it } from 'vitest'
import {
  CLOCK_MODES,
  DROP_REASONS,
  FAULT_TYPES,
  MESSAGE_TYPES,
  TOLD_MESSAGES,
} from '../../../main/node/contract/events'
import { REMARKS, ROLE_REASONS } from '../../../main/raft/types'
import { isRefusal, isReply, MESSAGE_SHAPES, shapeOf } from '../../../main/timeline/diagram/messages'
import type { EventView } from '../../../preload/contract'
import { i18n } from '../../../renderer/i18n'
import { commandText, describeEvent } from '../../../renderer/timeline/describe'

const t = (key: string, named?: Record<string, unknown>) => i18n.global.t(key, named ?? {})
const base = { seq: 1, n: 1, node: 1, t: 1e6 }
const say = (event: Record<string, unknown>) => describeEvent(t, { ...base, ...event } as EventView)
/** A key that is missing is shown as itself. */
const untranslated = /diagrams\.|membership\.|control\.|\{\w+\}/

afterEach(() => {
  i18n.global.locale.value = 'en'
})

it('an answer of a history that names no nodes is told without one', () => {
  const answer = { kind: 'answer', node: 0, outcome: 'ok', found: true, value: '7', index: 0, term: 0, problem: '' }
  expect(say({ ...answer, from: 0 })).toBe('the call is done 7')
  expect(say({ ...answer, from: 2, index: 4 })).toBe('n2 answers: took effect at 4 7')
  i18n.global.locale.value = 'zh'
  expect(say({ ...answer, from: 0, value: '' })).toBe('调用已完成')
})

it('one entry is one', () => {
  expect(sent('AppendEntries', { count: 1 })).toContain(': 1 entry after 40/T2')
  expect(sent('AppendEntries', { count: 2 })).toContain(': 2 entries after 40/T2')
})

const sent = (message: string, changes: Record<string, unknown> = {}) =>
  say({
    kind: 'sent',
    peer: 2,
    id: 1,
    message,
    term: 3,
    index: 40,
    logTerm: 2,
    commit: 39,
    count: 0,
    ok: false,
    hint: 8000,
    hintTerm: 0,
    inReplyTo: 0,
    round: 1,
    ...changes,
  })

describe.each(['en', 'zh'] as const)('in %s', (language) => {
  it('every remark of the core is a sentence', () => {
    i18n.global.locale.value = language
    for (const name of REMARKS) {
      expect(say({ kind: 'remark', name, peer: 2, term: 3, index: 4 })).not.toMatch(untranslated)
    }
  })
  it('every reason for a role is a sentence', () => {
    i18n.global.locale.value = language
    for (const reason of ROLE_REASONS) {
      expect(say({ kind: 'role', role: 'follower', term: 3, leader: 0, reason })).not.toMatch(untranslated)
    }
  })
  it('every message says what it is about', () => {
    i18n.global.locale.value = language
    for (const message of TOLD_MESSAGES) {
      for (const ok of [true, false]) expect(sent(message, { ok })).not.toMatch(untranslated)
    }
  })
  it('everything that is done to messages, clocks, disks and the whole cluster is a sentence', () => {
    i18n.global.locale.value = language
    const about = { peer: 2, id: 7, message: 'AppendEntries', term: 2, place: 0, bytes: '' }
    const rules = { seed: 1, rules: [{ messages: ['RequestVote'], action: { type: 'hold' } }] }
    const events = [
      { kind: 'held', ...about },
      ...['delivered', 'edited', 'dropped'].map((how) => ({ kind: 'released', ...about, how })),
      ...['rule', 'hand'].map((by) => ({ kind: 'copied', ...about, copy: -3, by })),
      { kind: 'moved', ...about },
      ...['launched', 'set', 'jumped', 'fired', 'slept'].flatMap((cause) =>
        CLOCK_MODES.map((mode) => ({ kind: 'clock', mode, rate: 2, skew: 5e8, cause })),
      ),
      ...FAULT_TYPES.map((type) => ({ kind: 'struck', fault: 1, type, left: 2, detail: '{"path":"000001.log"}' })),
      ...FAULT_TYPES.map((type) => ({ kind: 'fault', action: 'begin', id: 1, type, detail: '{"nodes":[2]}' })),
      ...[0, 3].map((breakpoint) => ({ kind: 'breakpoint', breakpoint, event: 9, by: 'role', text: 'role = leader' })),
      ...['', JSON.stringify(rules), 'not JSON'].map((text) => ({ kind: 'rules', from: 1, to: 2, rules: text })),
      { kind: 'watch', breakpoint: 1, text: 'term > 3', enabled: true, removed: false },
      { kind: 'watch', breakpoint: 1, text: 'term > 3', enabled: false, removed: false },
      { kind: 'watch', breakpoint: 1, text: '', enabled: false, removed: true },
      { kind: 'stop', action: 'stopped', subject: 2, breakpoint: 1, by: 'role' },
      { kind: 'stop', action: 'stopped', subject: 2, breakpoint: 0, by: 'role' },
      { kind: 'stop', action: 'stopped', subject: 0, breakpoint: 0, by: '' },
      { kind: 'stop', action: 'stepping', subject: 2, breakpoint: 0, by: '' },
      { kind: 'stop', action: 'continued', subject: 0, breakpoint: 0, by: '' },
      ...['begin', 'step', 'end'].map((action) => ({
        kind: 'nemesis',
        action,
        id: 1,
        step: 0,
        detail: '',
        problem: '',
      })),
      { kind: 'nemesis', action: 'step', id: 1, step: 4, detail: '', problem: 'node-state' },
      ...['begin', 'end'].map((action) => ({ kind: 'workload', action, id: 1, detail: '' })),
      { kind: 'foreign', host: 'alice', text: 'elected' },
      { kind: 'load', workload: 1, ok: 3, failed: 0, unknown: 1, p50: 1.25 },
      ...DROP_REASONS.map((reason) => ({ kind: 'dropped', ...about, sender: 1, receiver: 2, reason })),
    ]
    for (const event of events) expect(say(event), JSON.stringify(event)).not.toMatch(untranslated)
  })
  it('every stage of what is new is a sentence', () => {
    i18n.global.locale.value = language
    const lists = { voters: '1,2', outgoing: '', learners: '3', learnersNext: '', witnesses: '' }
    const events = [
      ...['appended', 'committed', 'rolled-back', 'restored'].map((standing) => ({
        kind: 'configuration',
        index: 4,
        standing,
        ...lists,
      })),
      ...['saved', 'sending', 'receiving', 'installed'].map((stage) => ({
        kind: 'snapshot',
        stage,
        index: 40,
        term: 2,
        bytes: 4000,
        offset: 1000,
        peer: 2,
        keepsLog: false,
      })),
      ...['asked', 'confirmed', 'refused'].flatMap((stage) =>
        [0, 2].map((peer) => ({ kind: 'read', stage, by: 'lease', index: 4, peer })),
      ),
      ...['started', 'told', 'done', 'aborted'].map((stage) => ({ kind: 'transfer', stage, target: 2 })),
      ...[0, 2].map((expired) => ({ kind: 'sessions', open: 3, expired })),
      ...['begin', 'done', 'failed'].map((action) => ({
        kind: 'operation',
        action,
        id: 1,
        type: 'transfer',
        detail: '{"target":2}',
        problem: 'transfer-refused',
      })),
      { kind: 'compacted', firstIndex: 41, baseTerm: 2 },
      { kind: 'committed', commitIndex: 40, by: 'snapshot' },
    ]
    for (const event of events) expect(say(event)).not.toMatch(untranslated)
  })
})

describe('what is said', () => {
  it('of a vote: whether it is asked for, would be given, or is wanted by the old leader', () => {
    expect(sent('RequestPreVote')).toContain('would you vote for me?')
    expect(sent('RequestPreVoteReply', { ok: true })).toContain('would vote')
    expect(sent('RequestVote', { ok: true })).toContain('at the old leader’s wish')
    expect(sent('RequestVote')).not.toContain('wish')
  })
  it('of a snapshot: which, where its piece belongs, and whether it is the last', () => {
    expect(sent('InstallSnapshot', { count: 512 })).toContain('snapshot 1…40/T2: 512 bytes from 8000')
    expect(sent('InstallSnapshot', { count: 512, ok: true })).toContain('the last')
    expect(sent('InstallSnapshotReply')).toContain('has 8000 bytes')
    expect(sent('InstallSnapshotReply', { ok: true })).toContain('is installed')
  })
  it('of a joint configuration: both sides', () => {
    const lists = { voters: '1,4', outgoing: '1,2', learners: '', learnersNext: '', witnesses: '' }
    expect(say({ kind: 'configuration', index: 7, standing: 'appended', ...lists })).toBe(
      'goes by the configuration at 7: old n1 n2 + new n1 n4',
    )
  })
  it('of a read: how, unless it is as always', () => {
    const get = { op: 'get', key: 'x', value: '' } as const
    expect(commandText({ ...get, consistency: 'index' })).toBe('get x')
    expect(commandText({ ...get, consistency: 'stale' })).toBe('get x (stale)')
    expect(commandText({ op: 'cas', key: 'x', value: '2', consistency: 'log' })).toBe('cas x 2')
  })
})

describe('the kind of a message', () => {
  it('is one shape for a request and its reply', () => {
    const shapes = new Set(MESSAGE_TYPES.map((message) => shapeOf(message, false)))
    expect([...shapes, 'beat'].sort()).toEqual([...MESSAGE_SHAPES].sort())
    for (const message of MESSAGE_TYPES.filter(isReply)) {
      const request = MESSAGE_TYPES.find((other) => `${other}Reply` === message)
      expect(request && shapeOf(request, false)).toBe(shapeOf(message, false))
    }
  })
  it('a snapshot that is not installed yet is no refusal; a vote not given is one', () => {
    expect(isRefusal('InstallSnapshotReply', false)).toBe(false)
    expect(isRefusal('RequestPreVoteReply', false)).toBe(true)
    expect(isRefusal('AppendEntries', false)).toBe(false)
  })
})
