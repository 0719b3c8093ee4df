/** Sentences about faults: each word that comes as a code has its own, in both languages. */
import { describe, expect, test } from 'vitest'
import { PRESET_REASONS } from '../../main/cluster/links/presets'
import { LINK_PRESETS } from '../../main/node/contract/conditions'
import { messageOf } from '../../main/node/contract/message-schema'
import { asProblem } from '../../main/node/contract/problem'
import { sentence } from '../../main/workbench/problems'
import { breakpointText, plainReason } from '../../main/workbench/problems/faults'

const CODES = [
  'empty',
  'too-long',
  'unexpected-character',
  'unexpected-word',
  'unexpected-end',
  'unknown-name',
  'unknown-field',
  'unknown-value',
  'wrong-type',
  'not-ordered',
  'not-comparable',
  'event-negated',
  'never-true',
  'too-many-alternatives',
]
const wrong = { text: 'role = captain', from: 7, to: 14, found: 'captain', expected: 'leader, follower' }

describe('a breakpoint that is refused', () => {
  test.each(CODES)('%s: what, where and what to do', (code) => {
    const english = sentence('en', 'breakpoint-invalid', { ...wrong, code })
    const chinese = sentence('zh', 'breakpoint-invalid', { ...wrong, code })
    for (const text of [english, chinese]) {
      expect(text).toContain('“role = captain”')
      expect(text).toContain(' 8')
      expect(text).toContain('leader, follower')
      expect(text).not.toContain(code)
    }
    expect(chinese).toMatch(/第 8 个字符处有误：.+。此处可用：.+。断点未设置/)
    expect(english).toMatch(/^The breakpoint .+ is wrong at character 8: .+\. Possible there: .+\. Correct it there/)
  })

  test('each is told apart', () => {
    const texts = CODES.map((code) => sentence('en', 'breakpoint-invalid', { ...wrong, code }))
    expect(new Set(texts).size).toBe(CODES.length)
  })

  test('without anything to expect, and of an unknown kind, it still says where', () => {
    const text = sentence('en', 'breakpoint-invalid', { ...wrong, code: 'constructor', expected: '' })
    expect(text).toBe(
      'The breakpoint “role = captain” is wrong at character 8: “captain” is not understood. Correct it there; it was not set.',
    )
  })

  test('a long one is shown around the place', () => {
    const text = `${'term > 1 and '.repeat(30)}captain`
    const shown = breakpointText({ text, from: text.length - 7, to: text.length }, '“', '”')
    expect(shown.length).toBeLessThan(60)
    expect(shown).toMatch(/^“….+captain”$/)
  })
})

describe('a pattern that does not fit', () => {
  const cases = LINK_PRESETS.flatMap((preset) => PRESET_REASONS.map((reason) => [preset, reason] as const))
  test.each(cases)('%s: %s', (preset, reason) => {
    const english = sentence('en', 'preset-impossible', { preset, reason })
    const chinese = sentence('zh', 'preset-impossible', { preset, reason })
    expect(english).not.toContain(reason)
    expect(english).toMatch(/^The pattern “[A-Z][a-z ]+” (needs|is about) .+\. No link was changed; .+\.$/)
    expect(chinese).not.toMatch(/[a-z]/i)
  })
})

test("a schema's complaint becomes part of a sentence", () => {
  const original = { type: 'TimeoutNow', from: 1, to: 2 } as const
  let reason = ''
  try {
    messageOf({ ...original, term: 'three', more: 1 }, original)
  } catch (error) {
    const { details } = asProblem(error)
    reason = 'reason' in details ? details.reason : ''
  }
  expect(reason).toMatch(/\n/)
  const plain = plainReason(reason)
  expect(plain).not.toMatch(/[\n✖→]/)
  expect(plain).toMatch(/more.*; .*expected number.*, at term/)
  expect(sentence('en', 'message-invalid', { reason })).toMatch(
    /^The edited message can't be sent \(.+\)\. The message is held/,
  )
})
