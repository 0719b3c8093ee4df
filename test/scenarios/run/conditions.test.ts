/** Conditions over folded states. */
import { describe, expect, it } from 'vitest'
import { encodeCommand } from '../../../main/node/contract/command'
import { conditionsSchema } from '../../../main/scenarios/language/conditions'
import type { Stage } from '../../../main/scenarios/run/api'
import { meets } from '../../../main/scenarios/run/bounds'
import { Calls } from '../../../main/scenarios/run/calls'
import { Cast } from '../../../main/scenarios/run/cast'
import { allHold, eventsIn, foundInstead, kindsOf } from '../../../main/scenarios/run/conditions'
import { Memory } from '../../../main/scenarios/run/memory'
import { spell } from '../../../main/scenarios/run/spell'
import { Watch } from '../../../main/scenarios/run/watch'
import { Story } from '../../checks/support/story'

const NO_DATA = new Uint8Array(0)

/** Three nodes that run; node 1 leads term 2 with entries of terms 1 and 2, node 2 follows it, node 3 knows nothing of it. */
function story(): Story {
  const told = Story.begin()
  for (const subject of [1, 2, 3]) told.tell(0, 'process', { subject, state: 'ready' })
  return told.append(1, 1, 1).append(2, 1, 1).elect(1, 2).append(1, 2, 2).follow(2, 1, 2).append(2, 2, 2)
}

async function judged(told: Story, given: unknown, cast = new Cast(), calls = new Calls()) {
  const conditions = conditionsSchema.parse(given)
  const stage = {
    subscribe: () => () => undefined,
    async *events() {
      yield told.events
    },
  } as unknown as Stage
  const memory = new Memory(cast, eventsIn(conditions))
  const watch = new Watch({ stage, cast, calls, memory, saw: () => undefined })
  await watch.begin()
  const { scene } = watch
  return { holds: allHold(conditions, scene), found: foundInstead(conditions, scene) }
}

const put = (key: string, value: string) =>
  encodeCommand({
    client: 1,
    sequence: 1,
    time: 0,
    command: { op: 'put', key, value: new TextEncoder().encode(value) },
  })

const named = new Cast()
named.name('old', 2)

const CASES: readonly (readonly [given: unknown, holds: boolean, en?: string, zh?: string])[] = [
  [{ node: { is: 1, role: 'leader', term: 2, lastIndex: '>= 2', lastTerm: 2 } }, true],
  [{ node: { is: 1, role: 'follower', lastIndex: 2 } }, false, 'n1 leads', 'n1 是领导人'],
  [{ node: { is: [1, 2], leader: 1 } }, true],
  [{ node: { is: 'followers', leader: 'leader' } }, false, 'n3 follows nobody', 'n3 不跟随任何节点'],
  [{ node: { is: 'all', standing: 'running' } }, true],
  [{ node: { is: 1, votedFor: 1 } }, true],
  [{ node: { is: 3, votedFor: 0, leader: 0 } }, true],
  [{ node: { is: '$old', role: 'follower' } }, true],
  [{ node: { is: '$nobody', role: 'follower' } }, false, 'nobody', '没有节点'],
  [{ leader: {} }, true],
  [{ leader: { is: 1, term: 2, followed: 1 } }, true],
  [
    { leader: { followed: 'all' } },
    false,
    'n1 leads and is in term 2; n2 is a follower, is in term 2 and follows n1; n3 is a follower, is in term 0 and follows nobody',
    'n1 是领导人，任期为 2；n2 是跟随者，任期为 2，跟随 n1；n3 是跟随者，任期为 0，不跟随任何节点',
  ],
  [{ leader: { isNot: 1 } }, false],
  [{ not: { leader: { is: '$old' } } }, true],
  [{ noLeader: true }, false],
  [{ log: { of: [1, 2], terms: [1, 2] } }, true],
  [{ log: { of: 1, terms: [2], from: 2 } }, true],
  [{ log: { of: 3, terms: [1] } }, false, 'the log of n3 is empty', 'n3 的日志为空'],
  [{ sameLogs: [1, 2] }, true],
  [{ sameLogs: 'all' }, false],
  [{ entry: { of: 1, index: 2, term: 2, durable: false } }, true],
  [{ entry: { of: 3, index: 1, absent: true } }, true],
  [{ entry: { of: 1, index: 1, absent: true } }, false, 'n1 has entry 1 (term 1, on disk): command'],
  [
    { entry: { of: 1, index: 9 } },
    false,
    'n1 has firstIndex 1 and has lastIndex 2',
    'n1 的 firstIndex 为 1，lastIndex 为 2',
  ],
  [{ committed: { index: 1 } }, false],
  [{ configuration: { of: 'all', voters: [3, 2, 1], learners: [], committed: true } }, true],
  [
    { configuration: { of: 1, voters: [1, 2] } },
    false,
    'n1 goes by the configuration (voters n1, n2 and n3; committed)',
    'n1 所依的配置为（投票者 n1、n2 和 n3；已提交）',
  ],
  [{ leaders: { term: 2, count: 1 } }, true],
  [{ leaders: { term: 1, count: 0 } }, true],
  [{ event: { kind: 'appended', node: 1, count: 2, since: 'begin' } }, true],
  [{ event: { kind: 'role', where: { role: 'leader', term: 2 } } }, true],
  [
    { event: { kind: 'role', where: { role: 'leader', term: 3 } } },
    false,
    'no such event was told',
    '没有出现这样的事件',
  ],
  [{ held: { from: 1, to: 2 } }, false, 'no such messages are held', '没有暂扣这样的消息'],
  [{ not: { held: {} } }, true],
  [{ stopped: true }, false, 'the cluster does not stand', '集群没有停住'],
  [{ unanswered: 'write' }, false, 'no call “write” was made', '没有发起过调用“write”'],
  [[{ leader: {} }, { log: { of: 3, terms: [] } }], true],
  [[{ leader: {} }, { noLeader: true }], false],
  [
    [{ log: { of: 3, terms: [2] } }, { leaders: { term: 2, count: 0 } }],
    false,
    '(the log of n3 has the term 2) the log of n3 is empty · (term 2 had no leaders) n1 led in term 2',
    '（n3 的日志任期依次为 2）n3 的日志为空 · （任期 2 中有 0 个领导人）任期 2 的领导人是 n1',
  ],
]

describe('conditions over a state', () => {
  it.each(CASES)('%j: %j', async (given, holds, en, zh) => {
    const result = await judged(story(), given, named)
    expect(result.holds).toBe(holds)
    if (en !== undefined) expect(result.found.en).toBe(en)
    if (zh !== undefined) expect(result.found.zh).toBe(zh)
  })

  it('know entries by key and value, on disk or not, and committed ones by their term', async () => {
    const data = put('x', '7')
    const told = story()
      .tell(1, 'appended', {
        firstIndex: 3,
        count: 1,
        term: 2,
        entries: [{ index: 3, term: 2, type: 'command', data }],
      })
      .disk(1, 2, 3, 1)
      .commit(1, 3)
    expect((await judged(told, { entry: { of: 1, index: 3, key: 'x', value: '7', durable: true } })).holds).toBe(true)
    const other = await judged(told, { entry: { of: 1, index: 3, key: 'y' } })
    expect(other).toEqual({
      holds: false,
      found: { en: 'n1 has entry 3 (term 2, x = “7”, on disk)', zh: 'n1 有条目 3（任期 2，x = “7”，已落盘）' },
    })
    expect((await judged(told, { committed: { index: 3, term: 2 } })).holds).toBe(true)
    expect((await judged(told, { committed: { index: 2, term: 1 } })).holds).toBe(false)
    expect((await judged(told, { committed: { index: 3, by: [1, 2] } })).holds).toBe(false)
  })

  it('count held messages by link and type', async () => {
    const told = story()
    for (const [id, message] of [
      [1, 'AppendEntries'],
      [2, 'RequestVote'],
      [3, 'AppendEntries'],
    ] as const) {
      told.tell(2, 'held', { peer: 1, id, message, term: 2, place: 9, bytes: NO_DATA })
    }
    expect((await judged(told, { held: { from: 1, to: 2, message: 'AppendEntries', count: 2 } })).holds).toBe(true)
    expect((await judged(told, { held: { from: 'leader', count: 3 } })).holds).toBe(true)
    const wrong = await judged(told, { held: { from: 1, to: 2, count: 1 } })
    expect(wrong).toEqual({
      holds: false,
      found: {
        en: '3 messages are held: 1→2 AppendEntries, 1→2 RequestVote, 1→2 AppendEntries',
        zh: '暂扣着 3 条消息：1→2 AppendEntries, 1→2 RequestVote, 1→2 AppendEntries',
      },
    })
    expect((await judged(told, { held: { from: 2, to: 1, both: true, count: 3 } })).holds).toBe(true)
  })

  it('know a stop by who made it and at what', async () => {
    const told = story()
      .tell(2, 'breakpoint', { breakpoint: 1, event: 9, by: 'appended', text: 'appended' })
      .tell(0, 'stop', { action: 'stopped', subject: 2, breakpoint: 1 })
    expect((await judged(told, { stopped: { node: 2, kind: 'appended' } })).holds).toBe(true)
    expect((await judged(told, { stopped: { node: 1 } })).holds).toBe(false)
    told.tell(0, 'stop', { action: 'continued' })
    expect((await judged(told, { stopped: true })).holds).toBe(false)
  })

  it('know what calls were answered', async () => {
    const calls = new Calls()
    let answer: (result: Parameters<typeof calls.follow>[1] extends Promise<infer R> ? R : never) => void = () =>
      undefined
    const following = calls.follow(
      'write',
      new Promise((resolve) => {
        answer = resolve
      }),
    )
    expect((await judged(story(), { unanswered: 'write' }, named, calls)).holds).toBe(true)
    expect((await judged(story(), { answer: { call: 'write' } }, named, calls)).found.en).toBe(
      'the call “write” has no answer yet',
    )
    const value = new TextEncoder().encode('v')
    answer({ call: 1, outcome: 'ok', found: true, value, from: 1, index: 4, term: 2, millis: 1, problem: '' })
    await following
    const wanted = { answer: { call: 'write', outcome: 'ok', value: 'v', index: '> 3', term: 2 } }
    expect((await judged(story(), wanted, named, calls)).holds).toBe(true)
    expect((await judged(story(), { answer: { call: 'write', outcome: 'failed' } }, named, calls)).found).toEqual({
      en: 'the call “write” is done, something was found, the value is “v”, index is 4, term is 2, as n1 answered',
      zh: '调用“write”已完成，找到了，值为“v”，index 为 4，term 为 2，由 n1 答复',
    })
  })

  it('say which events can change them', () => {
    expect(kindsOf(conditionsSchema.parse({ leaders: { term: 1, count: 1 } }))).toEqual(new Set(['role']))
    expect(kindsOf(conditionsSchema.parse([{ noLeader: true }, { event: { kind: 'note' } }]))).toBe('all')
  })
})

it.each([
  [3, 3, true],
  ['>= 3', 3, true],
  ['< 3', 3, false],
  ['!= 3', 3, false],
  ['<=3', 2, true],
  ['> 3', 3, false],
] as const)('%j meets %j: %j', (bound, number, holds) => {
  expect(meets(bound, number)).toBe(holds)
})

it.each([
  [{ leader: { isNot: '$old', followed: 'all' } }, 'leader: { isNot: $old, followed: all }'],
  [{ log: { of: [1, 2], terms: [1, 1] } }, 'log: { of: [1, 2], terms: [1, 1] }'],
  [{ held: { count: '>= 1' } }, "held: { count: '>= 1' }"],
  [[{ noLeader: true }, { sameLogs: 'all' }], '[{ noLeader: true }, { sameLogs: all }]'],
])('%j is spelled as in a file', (given, text) => {
  expect(spell(given)).toBe(text)
})
