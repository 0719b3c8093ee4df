/** Broken scenarios: the place and the sentence of each mistake, in both languages. */
import { describe, expect, test } from 'vitest'
import { Problem } from '../../../main/node/contract/problem'
import { MAX_ISSUES, parseScenario, readScenario } from '../../../main/scenarios/language/parse'
import { sentence } from '../../../main/workbench/problems'
import { GOOD } from './good'

/** GOOD with one piece of its text in place of another. */
const broken = (piece: string, by: string): string => {
  expect(GOOD).toContain(piece)
  return GOOD.replace(piece, () => by)
}
/** GOOD with another step in line 19. */
const step = (text: string): string => broken('  - kill: $old\n', `  - ${text}\n`)

/** `line:column path: sentence` of every issue. */
function told(text: string, language: 'en' | 'zh' = 'en'): readonly string[] {
  const read = readScenario(text)
  if (read.ok) return []
  const lines = sentence(language, 'scenario-invalid', { name: 'x', issues: read.issues }).split('\n').slice(1)
  return lines.map((line) => line.replace(/^ {2}x:/, ''))
}

const cases: readonly (readonly [text: () => string, ...issues: readonly string[]])[] = [
  [
    () => broken('  nodes: 3', '  bug: vote-not-persistd\n  nodes: 3'),
    '7:8 cluster.bug: expected vote-not-persisted, vote-forgotten-at-restart, term-without-vote, second-vote, vote-not-kept, step-down-forgets-vote, vote-before-disk, own-vote-before-disk, logs-not-compared, only-lengths-compared, half-is-majority, new-leader-trims-log, …; found "vote-not-persistd"; did you mean “vote-not-persisted”?',
  ],
  [
    () => step('wait: { event: { kind: truncated, where: { fromIndx: 2 } } }'),
    '19:48 steps[7].wait.event.where.fromIndx: there is no key “fromIndx” here; did you mean “fromIndex”?',
  ],
  [() => '', '1:1: the file says nothing. A scenario begins with “scenario: 1”.'],
  [() => step('kil: $old'), '19:5 steps[7].kil: “kil” is not a step; did you mean “kill”?'],
  [() => step('kill: 4'), '19:11 steps[7].kill: there is no node 4 here. The nodes are 1, 2, 3.'],
  [() => step('kill: $odl'), '19:11 steps[7].kill: nothing is named “$odl”; did you mean “$old”?'],
  [
    () => step('kill: all\n    start: 2'),
    '20:5 steps[7].start: one step does one thing, and this one has several (kill, start). Make a step of each.',
  ],
  [
    () => step('within: 2s'),
    '19:5 steps[7]: this step does nothing. It needs one of sleep, wait, expect, let, kill, stop, start, pause, resume, restart, rebuild, add, remove, change, transfer, snapshot, put, append, cas, delete, get, block, heal, partition, preset, rules, hold, release, drop, duplicate, reorder, move, edit, clock, jump, fire, arm, flip, endFault, breakpoint, changeBreakpoint, removeBreakpoint, halt, continue, step, workload, endWorkload, nemesis, endNemesis, configure.',
  ],
  [
    () => step('removeBreakpoint: elected'),
    '19:23 steps[7].removeBreakpoint: no breakpoint is named “elected”. Give one that name first (name: beside breakpoint:).',
  ],
  [
    () => step('removeBreakpoint: electd\n  - breakpoint: leader elected\n    name: elected'),
    '19:23 steps[7].removeBreakpoint: no breakpoint is named “electd”; did you mean “elected”?',
  ],
  [
    () => step('changeBreakpoint: { name: late, enabled: false }\n  - breakpoint: leader elected\n    name: late'),
    '19:31 steps[7].changeBreakpoint.name: the breakpoint “late” is set only in line 20. Set it before it is changed.',
  ],
  [
    () => step('breakpoint: leader elected\n    name: stop\n  - changeBreakpoint: { name: stop }'),
    '21:23 steps[8].changeBreakpoint: give text, enabled, or both; found {"name":"stop"}.',
  ],
  [
    () =>
      step(
        "breakpoint: leader elected\n    name: stop\n  - changeBreakpoint: { name: stop, text: 'n1: commitIndx > 3' }",
      ),
    '21:48 steps[8].changeBreakpoint.text: the breakpoint is wrong here (“commitIndx”); did you mean “commitIndex”?',
  ],
  [
    () => step('endFault: slow'),
    '19:15 steps[7].endFault: no fault is named “slow”. Give one that name first (name: beside arm:, flip:, rules:, hold: or preset:).',
  ],
  [
    () => step('endFault: deaf\n  - preset: { pattern: deaf, at: 1 }\n    name: deaf'),
    '19:15 steps[7].endFault: the fault “deaf” begins only in line 20. Begin it before it is ended.',
  ],
  [
    () => step('hold: { from: 1 }\n    name: held\n  - hold: { from: 2 }\n    name: held'),
    '22:11 steps[8].name: “held” is named in line 19 already. Take another name.',
  ],
  [
    () => step('endNemesis: true'),
    '19:17 steps[7].endNemesis: this can never be: no nemesis runs beside the steps here. Begin one with background: true.',
  ],
  [
    () => step('move: { from: 1, to: 1, nth: 2, place: 1 }'),
    '19:26 steps[7].move.to: node 1 has no link to itself. Take two different nodes.',
  ],
  [
    () => step('sleep: 200'),
    '19:12 steps[7].sleep: expected a duration such as 200ms, 1.5s or 2m (at most 10m); found 200.',
  ],
  [
    () => step('sleep: 200 ms'),
    '19:12 steps[7].sleep: expected a duration such as 200ms, 1.5s or 2m (at most 10m); found "200 ms".',
  ],
  [
    () => step('sleep: 2m'),
    '19:12 steps[7].sleep: this can never be: up to here it takes longer than the whole scenario may take (120000 ms > 60s). Raise limit.',
  ],
  [() => step('wait: { leadr: {} }'), '19:13 steps[7].wait.leadr: “leadr” is not a condition; did you mean “leader”?'],
  [
    () => step('wait: { leader: { follwed: all } }'),
    '19:23 steps[7].wait.leader.follwed: there is no key “follwed” here; did you mean “followed”?',
  ],
  [
    () => step('wait: { leader: { is: 1, isNot: 1 } }'),
    '19:37 steps[7].wait.leader.isNot: this can never be: nobody is 1 and is not 1.',
  ],
  [() => step('put: { key: x }'), '19:5 steps[7].put: the key “value” is missing here.'],
  [() => step('put: { key: x, value: 3 }'), '19:27 steps[7].put.value: expected a text; found 3.'],
  [
    () => step("put: { key: x, value: '3', background: true, answer: { outcome: ok } }"),
    '19:50 steps[7].put.answer: a call in the background is not waited for, so its answer is not known here. Look at it in a later step (answer: call: …).',
  ],
  [
    () => step('wait: { answer: { call: frist } }'),
    '19:29 steps[7].wait.answer.call: no call is named “frist”; did you mean “first”?',
  ],
  [
    () => step('hold: { from: 1, to: 1 }'),
    '19:26 steps[7].hold.to: node 1 has no link to itself. Take two different nodes.',
  ],
  [
    () => step('hold: { messages: [appendEntries] }'),
    '19:24 steps[7].hold.messages[0]: expected RequestVote, RequestVoteReply, AppendEntries, AppendEntriesReply, RequestPreVote, RequestPreVoteReply, InstallSnapshot, InstallSnapshotReply, TimeoutNow, ReadIndex, ReadIndexReply; found "appendEntries"; did you mean “AppendEntries”?',
  ],
  [
    () => step('release: { message: RequestVote }'),
    '19:25 steps[7].release.message: this can never be: no step before this one holds messages of the type RequestVote.',
  ],
  [
    () => step('partition: [[1, 2], [2, 3]]'),
    '19:26 steps[7].partition[1][0]: node 2 stands in two places of the partition. Name each node once.',
  ],
  [
    () => step('breakpoint: leader elcted'),
    '19:24 steps[7].breakpoint: the breakpoint is wrong here (“elcted”); did you mean “elected”?',
  ],
  [() => step('clock: { of: 1, rate: 1000 }'), '19:27 steps[7].clock.rate: expected at most 10; found 1000.'],
  [
    () => step('arm: { of: 1, fault: { type: disk-eror } }'),
    '19:34 steps[7].arm.fault.type: expected crash-point, slow-disk, disk-error, torn-write, power-loss; found "disk-eror"; did you mean “disk-error”?',
  ],
  [
    () => step('kill:'),
    '19:5 steps[7].kill: expected nodes: a number, leader, $name, all, followers, or a list of nodes; found nothing.',
  ],
  [
    () => step('expect: { log: { of: 1, terms: [1, 2, 1] } }'),
    '19:43 steps[7].expect.log.terms[2]: this can never be: terms never go down along a log, and here they do (2, 1).',
  ],
  [
    () => step('wait: { stopped: true }'),
    '19:22 steps[7].wait.stopped: this can never be: no step before this one stops the cluster: no breakpoint, halt or step.',
  ],
  [
    () => step('wait: { unanswered: first }'),
    '19:25 steps[7].wait.unanswered: this can never be: the step that made the call “first” waited for its answer. Give that call background: true.',
  ],
  [() => step('wait: []'), '19:11 steps[7].wait: expected at least 1 in length; found 0.'],
  [
    () => step('wait: { }'),
    '19:11 steps[7].wait: this condition says nothing. It needs one of node, leader, noLeader, log, entry, sameLogs, committed, held, answer, unanswered, configuration, event, stopped, leaders, not.',
  ],
  [
    () => step('wait: { noLeader: true, leader: {} }'),
    '19:29 steps[7].wait.leader: one condition has one key, and this one has several (noLeader, leader). Make a list of them; all must hold together.',
  ],
  [() => step('say: { en: x }'), '19:5 steps[7].say: the key “zh” is missing here.'],
  [
    () => broken('preVote: false', 'preVotes: false'),
    "8:15 cluster.settings.preVotes: the setting “preVotes” can't be that (there is no such setting); did you mean “preVote”?",
  ],
  [
    () => broken('preVote: false', 'heartbeatMs: 9999'),
    "8:28 cluster.settings.heartbeatMs: the setting “heartbeatMs” can't be that (it must be less than the election timeout, 250 ms).",
  ],
  [() => broken('nodes: 3', 'nodes: 99'), '7:10 cluster.nodes: expected at most 51; found 99.'],
  [
    () => broken('tags: [election]', 'tags: [elections]'),
    '5:8 tags[0]: expected election, replication, commit, membership, snapshot, clients, reads, storage, faults, bug; found "elections"; did you mean “election”?',
  ],
  [() => broken('scenario: 1', 'scenario: 2'), '1:11 scenario: expected 1; found 2.'],
  [
    () => broken('id: first', 'id: First One'),
    '2:5 id: an id is small letters and digits with - between them; found "First One".',
  ],
  [() => broken('limit: 60s\n', 'limit: 60s\nlimit: 3s\n'), '10:1: this is not valid YAML: Map keys must be unique.'],
  [
    () => broken('about: {', 'about {'),
    '4:13: this is not valid YAML: Nested mappings are not allowed in compact mappings.',
  ],
  [() => GOOD.replace('title:', 'titel:'), '3:1 titel: there is no key “titel” here; did you mean “title”?'],
  [
    () => broken('call: first, outcome: ok', 'call: fourth'),
    '23:29 expect[0].that.answer.call: no call is named “fourth”. Give a call that name first.',
  ],
  [
    () => broken("term: 1, count: '>= 2'", "term: 1, count: 'many'"),
    '26:40 never[0].that.leaders.count: expected a whole number, or a bound on one such as \'>= 3\'; found "many".',
  ],
  [
    () => step('endWorkload: load'),
    '19:18 steps[7].endWorkload: no workload is named “load”. Give a workload that name first.',
  ],
  [
    () => step('nemesis: { seed: 1, durationMs: 1000, maxDown: 3, packages: {} }'),
    '19:52 steps[7].nemesis.maxDown: the nemesis could take 3 of 3 nodes down. At least one must be left.',
  ],
  [
    () => step('nemesis: { seed: 1, durationMs: 100000, packages: {} }'),
    '19:14 steps[7].nemesis: this can never be: up to here it takes longer than the whole scenario may take (105000 ms > 60s). Raise limit.',
  ],
  [
    () => step("put: { key: x, value: '1', name: first }"),
    '19:38 steps[7].put.name: “first” is named in line 15 already. Take another name.',
  ],
  [
    () => step('wait: [{ noLeader: true }, { leader: {} }]'),
    '19:12 steps[7].wait[0]: this can never be: there can’t be a leader and none at the same time.',
  ],
  [
    () => step('edit: { from: 1, set: { term: [1] } }'),
    '19:35 steps[7].edit.set.term: expected a text, a number, true or false; found [1].',
  ],
  [
    () => step('transfer: bset'),
    '19:15 steps[7].transfer: expected best, a node: its number, leader, or $name; found "bset"; did you mean “best”?',
  ],
  [
    () => step('change: { changes: [{ ad: 4 }] }'),
    '19:27 steps[7].change.changes[0].ad: there is no key “ad” here; did you mean “add”?',
  ],
  [
    () => step('arm: { of: 1 , fault: { type: crash-point, point: before-write, messages: [], nth: 0 } }'),
    '19:88 steps[7].arm.fault.nth: expected at least 1; found 0.',
  ],
  [
    () => GOOD.replace('steps:', 'steps: []\nstep2:'),
    '11:1 step2: there is no key “step2” here. Possible here: scenario, id, title, about, source, tags, cluster, seed, limit, steps, expect, never, verdicts.',
  ],
  [() => '\tx: 1', '1:1: this is not valid YAML: Tabs are not allowed as indentation.'],
  [() => '[1,2]', '1:1: expected a mapping (key: value); found [1,2].'],
  [
    () => step('kill: $late\n  - let: { late: 1 }'),
    '19:11 steps[7].kill: “$late” is named only in line 20. Name it before it is used.',
  ],
  [() => step('- kill: 1'), '19:5 steps[7]: expected a mapping (key: value); found [{"kill":1}].'],
  [() => step('just text'), '19:5 steps[7]: expected a mapping (key: value); found "just text".'],
  [
    () => step('workload: { pace: { type: closd, clients: 1 }, seed: 1, durationMs: null }'),
    '19:31 steps[7].workload.pace.type: expected closed, open; found "closd"; did you mean “closed”?',
  ],
  [
    () => step('kill: [1, n2]'),
    '19:15 steps[7].kill[1]: expected a node: its number, leader, or $name; found "n2"; did you mean “2”?',
  ],
  [
    () => step('kill: old'),
    '19:11 steps[7].kill: expected nodes: a number, leader, $name, all, followers, or a list of nodes; found "old"; did you mean “$old”?',
  ],
  [() => step('heal: everything'), '19:11 steps[7].heal: expected all, a mapping (key: value); found "everything".'],
  [
    () => step('wait: { not: { not: { noLeader: true } } }'),
    '19:20 steps[7].wait.not.not: “not” is not a condition. Conditions are: node, leader, noLeader, log, entry, sameLogs, committed, held, answer, unanswered, configuration, event, stopped, leaders.',
  ],
  [
    () => step('wait: { committed: { index: 0 } }'),
    '19:33 steps[7].wait.committed.index: expected at least 1; found 0.',
  ],
  [
    () => step('sleep: 11m'),
    '19:12 steps[7].sleep: expected a duration such as 200ms, 1.5s or 2m (at most 10m); found "11m".',
  ],
  [
    () => step('sleep: 5s\n    within: 1s'),
    '19:12 steps[7].sleep: this can never be: it takes longer than the step may take (5000 ms > 1s).',
  ],
]

describe('each mistake has its place and its sentence', () => {
  test.each(cases.map(([text, ...issues]) => [issues[0] ?? '', text, issues] as const))('%s', (_name, text, issues) => {
    expect(told(text())).toEqual(issues)
    const chinese = told(text(), 'zh')
    expect(chinese.map((line) => line.replace(/: .*/, ''))).toEqual(issues.map((line) => line.replace(/: .*/, '')))
    for (const line of chinese) {
      expect(line).toMatch(/[\u4e00-\u9fff]/)
      expect(line).toMatch(/[。？]$/)
      expect(line).not.toMatch(/undefined|\[object/)
    }
  })
})

test('one error carries every issue, in the order of the text', () => {
  const text = GOOD.replace('nodes: 3', 'nodes: three')
    .replace('kill: $old', 'kil: $old')
    .replace('within: 2s', 'within: soon')
  const thrown = (() => {
    try {
      return parseScenario(text, 'lesson.yaml')
    } catch (error) {
      return error
    }
  })()
  expect(thrown).toBeInstanceOf(Problem)
  const { code, details } = thrown as Problem<'scenario-invalid'>
  expect(code).toBe('scenario-invalid')
  expect(details.name).toBe('lesson.yaml')
  expect(details.issues.map(({ line, column, path, code }) => [line, column, path, code])).toEqual([
    [7, 10, 'cluster.nodes', 'wrong-value'],
    [19, 5, 'steps[7].kil', 'unknown-step'],
    [24, 13, 'expect[0].within', 'wrong-value'],
  ])
  expect(sentence('en', code, details)).toMatch(/^The scenario lesson\.yaml can't be played: 3 places are wrong\./)
})

test('what is refused on purpose may name what there is not', () => {
  expect(told(step('kill: 9\n    refused: node-unknown'))).toEqual([])
})

test('what may hold nowhere else may be ruled out', () => {
  expect(told(broken("{ leaders: { term: 1, count: '>= 2' } }", '{ log: { of: 1, terms: [2, 1] } }'))).toEqual([])
})

test('aliases stand for what they name, but not without end', () => {
  expect(told(step('kill: &who 1\n  - start: *who'))).toEqual([])
  expect(told(step('kill: &who 9\n  - start: *who')).length).toBe(2)
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  for (const [at, name] of [...'bcdefgh'].entries()) {
    bomb.push(`${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[at]}`).join(', ')}]`)
  }
  const read = readScenario(bomb.join('\n'))
  expect(read.ok ? [] : read.issues).toMatchObject([{ code: 'yaml', expected: ['RESOURCE_EXHAUSTION'] }])
})

test('a text is read up to a length, and its first mistakes are told', () => {
  expect(readScenario('#'.repeat(2_000_000))).toMatchObject({ issues: [{ code: 'text-too-long' }] })
  const read = readScenario(step(Array(200).fill('kil: 1').join('\n  - ')))
  expect(read.ok ? 0 : read.issues.length).toBe(MAX_ISSUES)
})

test('no piece of a scenario makes the reader throw', () => {
  for (let at = 0; at < GOOD.length; at += 7) {
    const read = readScenario(GOOD.slice(0, at) + GOOD.slice(at + 5))
    if (read.ok) continue
    expect(read.issues.length).toBeGreaterThan(0)
    for (const { line, column } of read.issues) {
      expect(line).toBeGreaterThan(0)
      expect(column).toBeGreaterThan(0)
    }
  }
})
