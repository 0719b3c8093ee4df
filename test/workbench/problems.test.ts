import { describe, expect, test } from 'vitest'
import { Problem, type ProblemCode, type Problems } from '../../main/node/contract/problem'
import { isProblemCode, problemView, sentence } from '../../main/workbench/problems'
import { en } from '../../main/workbench/problems/en'
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
  where: 'node.kill',
}
const codes = Object.keys(en) as ProblemCode[]
const detailsOf = (code: ProblemCode) => ({ ...everything }) as unknown as Problems[typeof code]

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
        if (name === 'state' || name === 'wanted') continue
        const inEnglish = sentence('en', code, detailsOf(code)).includes(String(value))
        const inChinese = sentence('zh', code, detailsOf(code)).includes(String(value))
        expect(`${code} ${name} ${inEnglish}`).toBe(`${code} ${name} ${inChinese}`)
      }
    }
  })

  test('node states are translated', () => {
    expect(zh['node-state']({ node: '3', state: 'paused', wanted: 'running or stopped' })).toContain('运行中或已停止')
  })
})

test('a problem crosses with code, details and the sentence', () => {
  const view = problemView(new Problem('port-in-use', { port: 7420 }), 'en')
  expect(view).toEqual({ code: 'port-in-use', details: { port: 7420 }, message: expect.stringContaining('7420') })
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
