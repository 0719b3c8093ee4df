import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ALIASES,
  BREAKPOINT_KINDS,
  type BreakpointError,
  MAX_BREAKPOINT_TEXT,
  parse,
  STATE_NAMES,
} from '../../../../main/node/contract/breakpoint'

function errorOf(text: string): BreakpointError {
  const result = parse(text)
  if (result.ok) throw new Error(`this parses: ${text}`)
  return result.error
}

/** `found` is what stands at the place; the text before it tells where that is. */
const table: readonly [text: string, code: BreakpointError['code'], before: string, found: string][] = [
  ['', 'empty', '', ''],
  ['   ', 'empty', '', '   '],
  ['term > 3 §', 'unexpected-character', 'term > 3 ', '§'],
  ['term # 3', 'unexpected-character', 'term ', '#'],
  ['term 3', 'unexpected-word', 'term ', '3'],
  ['term = and', 'unexpected-word', 'term = ', 'and'],
  ['(term > 3', 'unexpected-end', '(term > 3', ''],
  ['term > 3)', 'unexpected-word', 'term > 3', ')'],
  ['term >', 'unexpected-end', 'term >', ''],
  ['term', 'unexpected-end', 'term', ''],
  ['role = leader and', 'unexpected-end', 'role = leader and', ''],
  ['n2 commitIndex >= 10', 'unexpected-word', 'n2 ', 'commitIndex'],
  ['n1 n2: truncated', 'unexpected-word', 'n1 ', 'n2'],
  ['n0: truncated', 'unknown-value', '', 'n0'],
  ['n70000: truncated', 'unknown-value', '', 'n70000'],
  ['comitIndex > 3', 'unknown-name', '', 'comitIndex'],
  ['toString = 3', 'unknown-name', '', 'toString'],
  ['constructor.name = x', 'unknown-name', '', 'constructor'],
  ['Term > 3', 'unknown-name', '', 'Term'],
  ['vote = 3', 'unknown-name', '', 'vote'],
  ['role = leeder', 'unknown-value', 'role = ', 'leeder'],
  ['truncated.index > 3', 'unknown-field', 'truncated.', 'index'],
  ['truncated.toString = 3', 'unknown-field', 'truncated.', 'toString'],
  ['truncated.', 'unexpected-end', 'truncated.', ''],
  ['stats.rss > 3', 'unknown-name', '', 'stats'],
  ['term = leader', 'wrong-type', 'term = ', 'leader'],
  ['role = 3', 'wrong-type', 'role = ', '3'],
  ['quiescent = 1', 'wrong-type', 'quiescent = ', '1'],
  ['role > leader', 'not-ordered', 'role ', '>'],
  ['leader < n3', 'not-ordered', 'leader ', '<'],
  ['appended.entries = 3', 'not-comparable', 'appended.', 'entries'],
  ['configuration.voters = n1', 'not-comparable', 'configuration.', 'voters'],
  ['term > 3 and not truncated', 'event-negated', 'term > 3 and not ', 'truncated'],
  ['not (term > 3 or vote refused)', 'event-negated', 'not (term > 3 or ', 'vote refused'],
  ['truncated and appended', 'never-true', 'truncated and ', 'appended'],
  ['leader elected and vote refused', 'never-true', 'leader elected and ', 'vote refused'],
  ['role = leader and role = follower', 'never-true', 'role = leader and ', 'role = follower'],
  ['term > 5 and term <= 5', 'never-true', 'term > 5 and ', 'term <= 5'],
  ['term = 3 and term != 3', 'never-true', 'term = 3 and ', 'term != 3'],
  ['role = leader or term = 1 and (term = 2)', 'never-true', 'role = leader or term = 1 and ', '(term = 2)'],
]

describe('errors say what is wrong, and where', () => {
  test.each(table)('%s', (text, code, before, found) => {
    const error = errorOf(text)
    expect(error).toMatchObject({ code, found, from: before.length, to: before.length + found.length })
  })

  test('a text that is too long', () => {
    const text = 'term > 3'.padEnd(MAX_BREAKPOINT_TEXT + 5)
    expect(errorOf(text)).toMatchObject({ code: 'too-long', from: MAX_BREAKPOINT_TEXT, to: text.length })
    expect(parse('term > 3'.padEnd(MAX_BREAKPOINT_TEXT)).ok).toBe(true)
  })

  test('too many alternatives', () => {
    const five = (name: string) => `(${[1, 2, 3, 4, 5, 6].map((value) => `${name} = ${value}`).join(' or ')})`
    expect(parse(five('term')).ok).toBe(true)
    expect(errorOf(`${five('term')} and ${five('commitIndex')}`)).toMatchObject({
      code: 'too-many-alternatives',
      from: 0,
    })
  })
})

describe('errors say what could stand there', () => {
  test.each([
    ['comitIndex > 3', 'commitIndex'],
    ['Term > 3', 'term'],
    ['vote refusd', 'vote refused'],
    ['role = leeder', 'leader'],
    ['truncated.fromindex = 3', 'fromIndex'],
    ['recieved', 'received'],
  ])('%s: did you mean %s?', (text, first) => {
    expect(errorOf(text).expected.slice(0, 2)).toContain(first)
  })
  test('the rest of a phrase, comparators, connectives', () => {
    expect(errorOf('n2 commitIndex >= 10').expected).toEqual([',', ':'])
    expect(errorOf('term').expected).toEqual(expect.arrayContaining(['>=', '=', 'changed']))
    expect(errorOf('term > 3 term').expected).toEqual(['and', 'or'])
    expect(errorOf('role > leader').expected).toEqual(['=', '!='])
    expect(errorOf('(term > 3').expected).toEqual(['and', ')', 'or'])
  })
})

const piece = fc.oneof(
  fc.constantFrom(...STATE_NAMES, ...BREAKPOINT_KINDS, ...Object.keys(ALIASES)),
  fc.constantFrom(
    'and',
    'or',
    'not',
    '(',
    ')',
    ':',
    ',',
    '.',
    '=',
    '!=',
    '>=',
    '≥',
    '&&',
    '!',
    'n1',
    'any',
    'none',
    '3',
  ),
  fc.constantFrom('leader', 'true', 'vote-granted', '😀', 'message', 'RequestVote', '-', ' ', '\n'),
  fc.string({ maxLength: 4 }),
)
const anyText = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(' '))

test('whatever is written: no exception, and a place that lies in the text', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.string({ maxLength: 600, unit: 'binary' })), (text) => {
      const result = parse(text)
      if (result.ok) {
        expect(result.breakpoint.alternatives.length).toBeGreaterThan(0)
        return
      }
      const { from, to, found, expected } = result.error
      expect(from).toBeGreaterThanOrEqual(0)
      expect(to).toBeGreaterThanOrEqual(from)
      expect(to).toBeLessThanOrEqual(text.length)
      expect(found).toBe(text.slice(from, to))
      expect(expected.length).toBeLessThanOrEqual(20)
    }),
    { numRuns: 1000 },
  )
})
