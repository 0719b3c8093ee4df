import { describe, expect, test } from 'vitest'
import { aligned } from '../../main/cli/terminal'
import { textsOf } from '../../main/cli/texts'
import { parseNode, parseNodes, parsePort, parseSetting, parseTime } from '../../main/cli/values'

const texts = textsOf('en')

describe('times of a recording', () => {
  test.each([
    ['0', 0],
    ['1500000', 1_500_000],
    ['250ms', 250e6],
    ['1.5s', 1.5e9],
    ['2 m', 120e9],
    ['3us', 3000],
  ])('%s', (given, nanoseconds) => expect(parseTime(given, texts)).toBe(nanoseconds))
  test.each(['', 's', '-1', '1h', '1e9', '0x10', 'soon'])('“%s” is none', (given) => {
    expect(() => parseTime(given, texts)).toThrow('usage')
  })
})

test('ports and node counts are whole numbers', () => {
  expect(parsePort('0', texts)).toBe(0)
  expect(parsePort('65535', texts)).toBe(65_535)
  for (const given of ['65536', '-1', '1.5', '', 'http']) expect(() => parsePort(given, texts)).toThrow('usage')
  expect(parseNodes('77', texts)).toBe(77)
  for (const given of ['1.5', '', 'five']) expect(() => parseNodes(given, texts)).toThrow('usage')
})

test('a node is named by its number', () => {
  expect(parseNode('7', texts)).toBe(7)
  for (const given of ['0', '65536', '-1', '1.5', '', 'n1']) expect(() => parseNode(given, texts)).toThrow('usage')
})

describe('settings', () => {
  test('add up, with values as in JSON, and words without quotes', () => {
    const all = ['preVote=false', 'electionTimeoutMs = 1000', 'telemetry=message', 'priorities={"2":5}', 'preVote=true']
    const set = all.reduce<ReturnType<typeof parseSetting> | undefined>(
      (before, given) => parseSetting(given, before, texts),
      undefined,
    )
    expect(set).toEqual({ preVote: true, electionTimeoutMs: 1000, telemetry: 'message', priorities: { 2: 5 } })
  })

  test.each(['', 'preVote', '=true'])('“%s” is none', (given) => {
    expect(() => parseSetting(given, undefined, texts)).toThrow('usage')
  })

  test.each(['preVotes=true', 'preVote=maybe', 'preVote=', 'heartbeatMs=-1', 'priorities={"0":1}', '__proto__={}'])(
    '“%s” is not possible',
    (given) => {
      expect(() => parseSetting(given, undefined, texts)).toThrow('settings-invalid')
    },
  )
})

test('columns are aligned, also with Chinese headings', () => {
  expect(
    aligned(
      [
        ['记录', 'n', 'x'],
        ['a', '12', 'y'],
      ],
      new Set([1]),
    ),
  ).toEqual(['记录   n  x', 'a     12  y'])
})
