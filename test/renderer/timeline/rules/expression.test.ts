/** Where an expression is wrong, and how. */
import { expect, test } from 'vitest'
import { errorOf } from '../../../../renderer/timeline/rules/expression'

test.each([
  'term = 3 and kind = vote',
  'node:2 index>48',
  'election',
  '"won the election"',
  'node = n3',
  'key = x',
  'seq >= 100',
  'term != T2',
  '领导人',
])('%s can be read', (text) => {
  expect(errorOf(text)).toBeUndefined()
})

test.each([
  ['', 'empty', ''],
  ['   ', 'empty', ''],
  ['nodes = 3', 'field', 'nodes'],
  ['kind = vote colour = red', 'field', 'colour'],
  ['term =', 'value', 'term ='],
  ['term = and kind = vote', 'value', 'term = and'],
  ['index > many', 'number', 'many'],
  ['kind = "vote', 'quote', '"vote'],
  ['"open', 'quote', '"open'],
] as const)('%s: %s', (text, code, wrong) => {
  const error = errorOf(text)
  expect(error?.code).toBe(code)
  expect(text.slice(error?.from, error?.to)).toBe(wrong)
})
