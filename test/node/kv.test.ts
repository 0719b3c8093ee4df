import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Command } from '../../main/node/contract/client'
import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from '../../main/node/contract/limits'
import { refusal } from '../../main/node/kv/limits'
import { KeyValueStore } from '../../main/node/kv/store'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const put = (key: string, value: string): Command => ({ op: 'put', key, value: bytes(value) })
const get = (key: string): Command => ({ op: 'get', key })
const del = (key: string): Command => ({ op: 'delete', key })

describe('the state machine', () => {
  test('puts, gets and deletes', () => {
    const store = new KeyValueStore()
    let sequence = 0
    const apply = (command: Command) => store.apply({ client: 1, sequence: ++sequence, command })
    expect(apply(get('a'))).toMatchObject({ found: false, value: bytes('') })
    apply(put('a', '1'))
    expect(apply(get('a'))).toMatchObject({ found: true, value: bytes('1') })
    expect(apply(del('a'))).toMatchObject({ found: true })
    expect(apply(del('a'))).toMatchObject({ found: false })
    expect(store.size).toBe(0)
  })

  test('an empty value is a value, and the prototype is no key', () => {
    const store = new KeyValueStore()
    expect(store.apply({ client: 1, sequence: 1, command: get('__proto__') })).toMatchObject({ found: false })
    store.apply({ client: 1, sequence: 2, command: put('__proto__', '') })
    expect(store.apply({ client: 1, sequence: 3, command: get('__proto__') })).toMatchObject({ found: true })
  })

  test('a repeated command takes effect once and gives the first answer (§8)', () => {
    const store = new KeyValueStore()
    store.apply({ client: 9, sequence: 1, command: put('a', 'theirs') })
    const first = store.apply({ client: 1, sequence: 1, command: del('a') })
    store.apply({ client: 9, sequence: 2, command: put('a', 'again') })
    expect(store.apply({ client: 1, sequence: 1, command: del('a') })).toEqual(first)
    expect(store.apply({ client: 9, sequence: 3, command: get('a') })).toMatchObject({ value: bytes('again') })
  })

  test('sessions do not know of one another, and an older command of a session is not executed', () => {
    const store = new KeyValueStore()
    store.apply({ client: 1, sequence: 5, command: put('a', 'new') })
    expect(store.apply({ client: 1, sequence: 4, command: put('a', 'old') })).toMatchObject({ isStale: true })
    expect(store.apply({ client: 2, sequence: 1, command: get('a') })).toMatchObject({ value: bytes('new') })
  })

  test('sessions are bounded; the one unused longest goes first', () => {
    const store = new KeyValueStore(2)
    const remove = (client: number) => store.apply({ client, sequence: 1, command: del('a') }).found
    store.apply({ client: 99, sequence: 1, command: put('a', '1') })
    expect(remove(1)).toBe(true)
    expect(remove(2)).toBe(false)
    // Still known: the first answer. Known sessions: 2 and 1, in this order.
    expect(remove(1)).toBe(true)
    expect(remove(3)).toBe(false)
    store.apply({ client: 1, sequence: 2, command: put('a', '2') })
    // 2 was forgotten when 3 came: its repetition is executed.
    expect(remove(2)).toBe(true)
  })

  test('every node that applies the same log with repetitions holds the same', () => {
    const commands = fc.oneof(
      fc.record({
        op: fc.constant('put' as const),
        key: fc.constantFrom('a', 'b'),
        value: fc.uint8Array({ maxLength: 3 }),
      }),
      fc.record({ op: fc.constantFrom('get' as const, 'delete' as const), key: fc.constantFrom('a', 'b') }),
    )
    const log = fc.array(
      fc.record({
        client: fc.integer({ min: 1, max: 4 }),
        sequence: fc.integer({ min: 1, max: 5 }),
        command: commands,
      }),
    )
    fc.assert(
      fc.property(log, (entries) => {
        const [one, two] = [new KeyValueStore(2), new KeyValueStore(2)]
        for (const entry of entries) expect(one.apply(entry)).toEqual(two.apply(entry))
      }),
    )
  })
})

describe('limits', () => {
  test.each([
    [get(''), 'key-size'],
    [get('k'.repeat(MAX_KEY_BYTES)), undefined],
    [get('é'.repeat(MAX_KEY_BYTES / 2)), undefined],
    [get('é'.repeat(MAX_KEY_BYTES / 2 + 1)), 'key-size'],
    [{ op: 'put', key: 'k', value: new Uint8Array(MAX_VALUE_BYTES) } as const, undefined],
    [{ op: 'put', key: 'k', value: new Uint8Array(MAX_VALUE_BYTES + 1) } as const, 'value-size'],
  ])('%#', (command, code) => {
    expect(refusal(command)?.code).toBe(code)
  })
})
