import { expect, test } from 'vitest'
import { parseOptions } from './options'

const KNOWN = ['etcd', 'failover', 'idle']

test('all suites, when none is named', () => {
  expect(parseOptions([], KNOWN)).toEqual({ suites: KNOWN, json: false, runs: undefined, quick: false })
})

test('named suites run in their own order', () => {
  const given = parseOptions(['idle', '--json', 'etcd', '--runs', '3', '--quick'], KNOWN)
  expect(given).toEqual({ suites: ['etcd', 'idle'], json: true, runs: 3, quick: true })
})

test.each([
  [['speed'], /no suite speed.*etcd, failover, idle/],
  [['--runs', '0'], /1 to 100, not 0/],
  [['--runs', 'many'], /not many/],
  [['--runs', '1.5'], /not 1\.5/],
  [['--fast'], /--fast/],
])('%j is refused with the reason', (args, reason) => {
  expect(() => parseOptions(args, KNOWN)).toThrow(reason)
  expect(() => parseOptions(args, KNOWN)).toThrow(RangeError)
})
