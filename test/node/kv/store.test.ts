/** What each command does. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_VALUE_BYTES } from '../../../main/node/contract/limits'
import { KeyValueStore } from '../../../main/node/kv/store'
import { bytes } from '../contract/arbitraries'
import { append, cas, del, done, entryOf, expectSame, get, Log, put, snapshotOf } from './support'

test('puts, gets and deletes', () => {
  const log = new Log()
  expect(log.run(get('a'))).toEqual(done(false))
  expect(log.run(put('a', '1'))).toEqual(done(false))
  expect(log.run(get('a'))).toEqual(done(true, '1'))
  expect(log.run(del('a'))).toEqual(done(true))
  expect(log.run(del('a'))).toEqual(done(false))
  expect(log.store.size).toBe(0)
})

test('an empty value is a value, and the prototype is no key', () => {
  const log = new Log()
  expect(log.run(get('__proto__'))).toEqual(done(false))
  log.run(put('__proto__', ''))
  expect(log.run(get('__proto__'))).toEqual(done(true))
  expect(log.run(cas('__proto__', null, 'x'))).toEqual(done(false))
  expect(log.run(cas('__proto__', '', 'x'))).toEqual(done(true))
})

test('compare-and-set takes effect when the value is the expected one, or when nothing is expected and there', () => {
  const log = new Log()
  expect(log.run(cas('a', 'x', '1'))).toEqual(done(false))
  expect(log.value('a')).toBeUndefined()
  expect(log.run(cas('a', null, '1'))).toEqual(done(true))
  expect(log.run(cas('a', null, '2'))).toEqual(done(false))
  expect(log.run(cas('a', '10', '2'))).toEqual(done(false))
  expect(log.run(cas('a', '1', '2'))).toEqual(done(true))
  expect(log.value('a')).toBe('2')
})

test('append adds at the end, and says whether something was there', () => {
  const log = new Log()
  expect(log.run(append('a', 'one'))).toEqual(done(false))
  expect(log.run(append('a', ' two'))).toEqual(done(true))
  expect(log.value('a')).toBe('one two')
})

test('append never makes a value too large: nothing is done, and a repeat hears the same', () => {
  const log = new Log()
  const client = log.open()
  log.run({ op: 'put', key: 'a', value: new Uint8Array(MAX_VALUE_BYTES - 1) })
  expect(log.run(append('a', 'x'))).toMatchObject({ kind: 'done', found: true })
  const refused = { kind: 'too-large', given: MAX_VALUE_BYTES + 2 }
  expect(log.apply(client, 1, append('a', 'yz'))).toEqual(refused)
  expect(log.store.get('a')).toHaveLength(MAX_VALUE_BYTES)
  log.run(del('a'))
  expect(log.apply(client, 1, append('a', 'yz'))).toEqual(refused)
  expect(log.value('a')).toBeUndefined()
})

test('a value is not changed by what its bytes become later', () => {
  for (const size of [1, 64, 65, 256, 4096, 4097, 10_000]) {
    const log = new Log()
    const value = new Uint8Array(size).fill(7)
    const entry = entryOf(1, { client: 0, sequence: 0, command: { op: 'put', key: 'a', value }, time: 1 })
    log.store.apply(entry)
    log.run(put('b', 'other'))
    entry.data.fill(0)
    expectSame(log.store.get('a')!, value)
  }
})

test('values of all sizes lie beside one another', () => {
  const log = new Log()
  const sizes = [0, 1, 64, 65, 200, 256, 256, 1000, 4095, 4096, 4097, 8191, 8192, 8193, 300, 65, 4096, 4096, 70, 20_000]
  const filled = (at: number) => new Uint8Array(sizes[at % sizes.length]!).fill(at)
  for (let at = 0; at < 200; at++) log.run({ op: 'put', key: `${at}`, value: filled(at) })
  for (let at = 0; at < 200; at++) expectSame(log.store.get(`${at}`)!, filled(at), `value ${at}`)
})

test('entries that are no commands do nothing; nonsense is a problem and changes nothing', () => {
  const { store } = new Log()
  for (const type of ['noop', 'config', 'metadata'] as const) {
    expect(store.apply({ index: 1, term: 1, type, data: new Uint8Array(0) })).toBeUndefined()
  }
  const before = snapshotOf(store)
  fc.assert(
    fc.property(bytes, (data) => {
      try {
        new KeyValueStore().apply({ index: 1, term: 1, type: 'command', data })
      } catch (error) {
        expect(error).toMatchObject({ code: 'frame-malformed' })
      }
    }),
  )
  expect(() => store.apply({ index: 1, term: 1, type: 'command', data: new Uint8Array(3) })).toThrow()
  expectSame(snapshotOf(store), before)
})
