import { describe, expect, test } from 'vitest'
import { Problem, type ProblemCode, type Problems } from '../../main/node/contract/problem'
import { CHANGE_REFUSALS, TRANSFER_REFUSALS } from '../../main/raft/types'
import { isProblemCode, problemView, sentence } from '../../main/workbench/problems'
import { en } from '../../main/workbench/problems/en'
import { refusal } from '../../main/workbench/problems/refusals'
import { refusals as inEnglish } from '../../main/workbench/problems/refusals-en'
import { refusals as inChinese } from '../../main/workbench/problems/refusals-zh'
import { zh } from '../../main/workbench/problems/zh'

/** Every detail that any problem has, so that each sentence finds its own. */
const everything = {
  given: 77,
  min: 1,
  max: 51,
  name: 'demo',
  path: '/some/place',
  pid: 4242,
  reason: 'EACCES: permission denied',
  node: '3',
  known: '1, 2, 3',
  state: 'paused',
  wanted: 'running or stopped',
  millis: 5000,
  waiting: 99,
  leader: '2',
  length: 120,
  port: 7420,
  kept: '/some/place.corrupt',
  offset: 4096,
  events: 12,
  file: '000001.log',
  record: 7,
  operation: 'fdatasync',
  peer: 'n2',
  found: 'node 1',
  what: 'leader: { isNot: $old }',
  words: { en: 'somebody other than “old” leads', zh: '“old”以外的节点是领导人' },
  keys: 'alpha, beta',
  op: 'cas',
  key: 'gamma',
  event: 118,
  lack: 'word',
  where: 'node.kill',
  bytes: 333,
  session: 1212,
  setting: 'heartbeatMs',
  id: 41,
  type: 'slow-disk',
  platform: 'win32',
  preset: 'zigzag',
  link: '2 → 5',
  messages: 19_999,
  text: 'role = captain and term > 2',
  from: 611,
  to: 7,
  code: 'unknown-value',
  expected: 'leader, follower',
  down: 6,
  nodes: 8,
  format: 'html',
  issues: [
    {
      line: 93,
      column: 8,
      path: 'steps[2]',
      code: 'wrong-value',
      found: '[]',
      expected: ['<duration>'],
      suggestion: '',
    },
  ],
}
const codes = Object.keys(en) as ProblemCode[]
/** What a scenario found is told in words. */
const inWords: Partial<Record<ProblemCode, unknown>> = {
  'scenario-unmet': { en: 'n4 leads', zh: 'n4 是领导人' },
  'scenario-late': { en: 'n4 leads', zh: 'n4 是领导人' },
  'scenario-never': { en: 'n4 leads', zh: 'n4 是领导人' },
}
function detailsOf<C extends ProblemCode>(code: C): Problems[C] {
  const found = inWords[code] ?? everything.found
  return { ...everything, found } as unknown as Problems[C]
}

describe('every problem has a sentence', () => {
  test.each(codes)('%s', (code) => {
    const english = sentence('en', code, detailsOf(code))
    const chinese = sentence('zh', code, detailsOf(code))
    for (const text of [english, chinese]) {
      expect(text).not.toMatch(/undefined|NaN|\[object/)
      expect(text).toMatch(/[.。]$/)
    }
    expect(english).not.toMatch(/[\u4e00-\u9fff]/)
    expect(chinese).toMatch(/[\u4e00-\u9fff]/)
    // What happened, and what to do now: never one clause only.
    expect(english.length).toBeGreaterThan(40)
  })

  test('both languages name the same details', () => {
    for (const code of codes) {
      for (const [name, value] of Object.entries(everything)) {
        if (name === 'state' || name === 'wanted' || name === 'lack') continue
        const inEnglish = sentence('en', code, detailsOf(code)).includes(String(value))
        const inChinese = sentence('zh', code, detailsOf(code)).includes(String(value))
        expect(`${code} ${name} ${inEnglish}`).toBe(`${code} ${name} ${inChinese}`)
      }
    }
  })

  test('what a scenario found is told in the language of the sentence', () => {
    for (const code of codes.filter((each) => each in inWords)) {
      expect(sentence('en', code, detailsOf(code))).toContain('Found: n4 leads.')
      expect(sentence('zh', code, detailsOf(code))).toContain('实际：n4 是领导人。')
    }
  })

  test('node states are translated', () => {
    expect(zh['node-state']({ node: '3', state: 'paused', wanted: 'running or stopped' })).toContain('运行中或已停止')
  })
})

describe('every refusal has a sentence', () => {
  const cases = [
    ...CHANGE_REFUSALS.map((reason) => ['change', reason] as const),
    ...TRANSFER_REFUSALS.map((reason) => ['transfer', reason] as const),
    // A transfer ends so as well: somebody else was elected meanwhile.
    ['transfer', 'leadership-lost'] as const,
    ['snapshot', 'nothing-new'] as const,
    ['snapshot', 'under-way'] as const,
  ]
  test.each(cases)('%s: %s', (what, reason) => {
    for (const node of [0, 7]) {
      const english = refusal(inEnglish[what], reason, node) ?? ''
      const chinese = refusal(inChinese[what], reason, node) ?? ''
      // What happened, then what to do: in two clauses at least, and never the bare code.
      expect(english).toMatch(/\. [A-Z][^.]+\.$|, .+\. .+\.$/)
      expect(english.length).toBeGreaterThan(60)
      expect(chinese).toMatch(/。[^。]+。$/)
      expect(chinese).not.toMatch(/[a-z]/i)
      expect(english).not.toMatch(/undefined|node 0|node \W/)
      expect(english.includes('7')).toBe(chinese.includes('7'))
      expect(sentence('en', `${what}-refused`, { reason, node: node as never })).toBe(english)
      expect(sentence('zh', `${what}-refused`, { reason, node: node as never })).toBe(chinese)
    }
  })

  test('also one that nobody knows', () => {
    expect(sentence('en', 'change-refused', { reason: 'toString', node: 3 })).toMatch(
      /not changed for node 3 \(toString\)/,
    )
    expect(sentence('zh', 'transfer-refused', { reason: 'new', node: 0 })).toContain('（new）')
  })
})

test('what is not known is left out of a sentence', () => {
  for (const language of ['en', 'zh'] as const) {
    const text = [
      sentence(language, 'cluster-busy', { bytes: 0, max: 0 }),
      sentence(language, 'session-expired', { session: 0 }),
      sentence(language, 'node-busy', { node: '3', waiting: 0 }),
      sentence(language, 'value-size', { given: 0, max: 1 << 20 }),
    ]
    for (const one of text) expect(one).not.toMatch(/\b0\b/)
  }
})

test('what is wrong with a line says in which file, where that is known', () => {
  const details = { where: 'lives, 2.edn, line 7', reason: 'a word expected' }
  expect(sentence('en', 'bad-input', details)).toMatch(/^lives, 2\.edn breaks a rule.*line 7.*a word expected/)
  expect(sentence('zh', 'bad-input', details)).toMatch(/lives, 2\.edn .*第 7 行.*a word expected/)
  expect(sentence('en', 'bad-input', { ...details, where: 'line 7' })).toMatch(/^The file breaks a rule.*line 7/)
  expect(sentence('zh', 'bad-input', { ...details, where: 'line 7' })).toMatch(/^文件违反.*第 7 行/)
})

test('a problem crosses with code, details and the sentence', () => {
  const view = problemView(new Problem('port-in-use', { port: 7420 }), 'en')
  expect(view).toEqual({
    code: 'port-in-use',
    details: { port: 7420 },
    message: expect.stringContaining('Port 7420'),
    sentences: { en: expect.stringContaining('Port 7420'), zh: expect.stringContaining('端口 7420') },
  })
})

test('anything else that was thrown is internal, with its reason', () => {
  expect(problemView(new TypeError('x is not a function'), 'zh')).toMatchObject({
    code: 'internal',
    message: expect.stringContaining('x is not a function'),
  })
})

test('codes that come from files are checked', () => {
  expect(isProblemCode('disk-failed')).toBe(true)
  expect(isProblemCode('toString')).toBe(false)
})
