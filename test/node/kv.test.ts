import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ClientRequest, Command, SessionAction } from '../../main/node/contract/client'
import { encodeCommand, type LoggedCommand } from '../../main/node/contract/command'
import { encodeFrame, FrameDecoder } from '../../main/node/contract/frames'
import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from '../../main/node/contract/limits'
import type { Outcome } from '../../main/node/kv/api'
import { refusal } from '../../main/node/kv/limits'
import { KeyValueStore } from '../../main/node/kv/store'
import type { Entry } from '../../main/raft/types'
import { bytes, command, count } from './contract/arbitraries'

const text = (value: string) => new Uint8Array(Buffer.from(value))
const put = (key: string, value: string): Command => ({ op: 'put', key, value: text(value) })
const get = (key: string): Command => ({ op: 'get', key })
const del = (key: string): Command => ({ op: 'delete', key })
const append = (key: string, value: string): Command => ({ op: 'append', key, value: text(value) })
const cas = (key: string, expected: string | null, value: string): Command => ({
  op: 'cas',
  key,
  expected: expected === null ? null : text(expected),
  value: text(value),
})

function entryOf(index: number, logged: LoggedCommand): Entry {
  return { index, term: 1, type: 'command', data: encodeCommand(logged) }
}

/** A store and the log that it applies. */
class Log {
  readonly store: KeyValueStore
  readonly entries: Entry[] = []
  time = 1000
  timeout = 0

  constructor(maxSessions?: number) {
    this.store = new KeyValueStore(maxSessions)
  }

  apply(client: number, sequence: number, what: Command | SessionAction): Outcome | undefined {
    const logged = { client, sequence, command: what, time: this.time, sessionTimeoutMs: this.timeout }
    const entry = entryOf(this.entries.length + 1, logged)
    this.entries.push(entry)
    return this.store.apply(entry)
  }

  /** Without a session. */
  run(what: Command): Outcome | undefined {
    return this.apply(0, 0, what)
  }

  open(): number {
    expect(this.apply(0, 0, { op: 'open-session' })).toMatchObject({ kind: 'done' })
    return this.entries.length
  }

  value(key: string): string | undefined {
    const value = this.store.get(key)
    return value === undefined ? undefined : Buffer.from(value).toString()
  }
}

const done = (found: boolean, value = '') => ({ kind: 'done', found, value: text(value) })

function snapshotOf(store: KeyValueStore): Buffer {
  return Buffer.concat([...store.snapshot()])
}

/** Without the comparison of byte by byte that `toEqual` would print, for minutes where there are many. */
function expectSame(bytes: Uint8Array, others: Uint8Array, what = 'the bytes'): void {
  expect(Buffer.compare(bytes, others), `${what}: ${bytes.length} and ${others.length}`).toBe(0)
}

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0
  for (const size of sizes) {
    if (at >= bytes.length) return
    yield bytes.subarray(at, at + size)
    at += size
  }
  yield bytes.subarray(at)
}

async function restored(
  bytes: Uint8Array,
  sizes: readonly number[] = [],
  maxSessions?: number,
): Promise<KeyValueStore> {
  const store = new KeyValueStore(maxSessions)
  await store.restore(cut(bytes, sizes))
  return store
}

describe('commands', () => {
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
    const sizes = [
      0, 1, 64, 65, 200, 256, 256, 1000, 4095, 4096, 4097, 8191, 8192, 8193, 300, 65, 4096, 4096, 70, 20_000,
    ]
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
})

describe('sessions (§8, dissertation §6.3)', () => {
  test('a session is the index of the entry that opened it', () => {
    const log = new Log()
    log.run(put('a', '1'))
    expect(log.open()).toBe(2)
    expect(log.apply(2, 1, put('a', '2'))).toEqual(done(false))
    expect(log.apply(1, 1, put('a', '3'))).toEqual({ kind: 'expired' })
    expect(log.value('a')).toBe('2')
    expect(log.store.sessions).toBe(1)
  })

  test('a repeated command takes effect once and gives the first answer, cas and append too', () => {
    const log = new Log()
    const client = log.open()
    const repeats: readonly [Command, Outcome][] = [
      [cas('a', null, '1'), done(true) as Outcome],
      [append('a', '2'), done(true) as Outcome],
      [cas('a', '3', 'x'), done(false) as Outcome],
      [del('a'), done(true) as Outcome],
      [del('a'), done(false) as Outcome],
      [put('a', 'mine'), done(false) as Outcome],
    ]
    for (const [at, [what, answer]] of repeats.entries()) {
      expect(log.apply(client, at + 1, what)).toEqual(answer)
      const between = log.value('a')
      log.run(put('b', `other ${at}`))
      expect(log.apply(client, at + 1, what)).toEqual(answer)
      expect(log.value('a')).toBe(between)
    }
  })

  test('what others did after it stays, when a command is repeated', () => {
    const log = new Log()
    const [one, other] = [log.open(), log.open()]
    log.apply(one, 1, put('a', 'first'))
    log.apply(other, 1, put('a', 'second'))
    expect(log.apply(one, 1, put('a', 'first'))).toEqual(done(false))
    expect(log.value('a')).toBe('second')
  })

  test('a get in the log is executed again when it is repeated', () => {
    const log = new Log()
    const client = log.open()
    log.run(put('a', '1'))
    expect(log.apply(client, 1, get('a'))).toEqual(done(true, '1'))
    log.run(put('a', '2'))
    expect(log.apply(client, 1, get('a'))).toEqual(done(true, '2'))
  })

  test('an older command of a session is stale; a number may be left out', () => {
    const log = new Log()
    const client = log.open()
    log.apply(client, 5, put('a', 'new'))
    expect(log.apply(client, 4, put('a', 'old'))).toEqual({ kind: 'stale' })
    expect(log.apply(client, 0, put('a', 'older'))).toEqual({ kind: 'stale' })
    expect(log.value('a')).toBe('new')
    const fresh = log.open()
    expect(log.apply(fresh, 0, put('a', 'nothing'))).toEqual({ kind: 'stale' })
  })

  test('without a session every entry is executed', () => {
    const log = new Log()
    for (let times = 0; times < 3; times++) log.apply(0, 1, append('a', 'x'))
    expect(log.value('a')).toBe('xxx')
    expect(log.store.sessions).toBe(0)
  })

  test('a closed session is unknown', () => {
    const log = new Log()
    const client = log.open()
    expect(log.apply(client, 1, { op: 'close-session' })).toMatchObject({ kind: 'done' })
    expect(log.apply(client, 2, put('a', '1'))).toEqual({ kind: 'expired' })
    expect(log.apply(client, 2, { op: 'close-session' })).toEqual({ kind: 'expired' })
    expect(log.store.sessions).toBe(0)
  })

  test('a session that was not used for longer than the timeout expires, in log time', () => {
    const log = new Log()
    log.timeout = 100
    const [used, unused] = [log.open(), log.open()]
    log.time += 60
    log.apply(used, 1, put('a', '1'))
    log.time += 40
    expect(log.apply(unused, 1, put('b', '1'))).toEqual(done(false))
    log.time += 61
    // The other one was used 101 ms ago, this one 61.
    expect(log.apply(used, 2, put('a', '2'))).toEqual({ kind: 'expired' })
    expect(log.value('a')).toBe('1')
    expect(log.store.sessions).toBe(1)
    expect(log.store.takeExpired()).toBe(1)
    expect(log.store.takeExpired()).toBe(0)
    expect(log.apply(unused, 2, put('b', '2'))).toEqual(done(false))
  })

  test('a repeated command is a use; a stale one is none', () => {
    const log = new Log()
    log.timeout = 100
    const [repeats, stale] = [log.open(), log.open()]
    log.apply(repeats, 2, put('a', '1'))
    log.apply(stale, 2, put('b', '1'))
    log.time += 90
    log.apply(repeats, 2, put('a', '1'))
    log.apply(stale, 1, put('b', '1'))
    log.time += 90
    expect(log.apply(repeats, 3, put('a', '2'))).toEqual(done(false))
    expect(log.apply(stale, 3, put('b', '2'))).toEqual({ kind: 'expired' })
  })

  test('a leader whose clock is behind does not turn log time back', () => {
    const log = new Log()
    log.timeout = 100
    const client = log.open()
    log.time += 101
    log.run(put('other', '1'))
    log.time -= 101
    expect(log.apply(client, 1, put('a', '1'))).toEqual({ kind: 'expired' })
    const later = log.open()
    log.time += 150
    expect(log.apply(later, 1, put('a', '1'))).toEqual(done(false))
  })

  test('the timeout of the newest session holds for all, on every node, whatever its own setting is', () => {
    const log = new Log()
    log.timeout = 1_000_000
    const client = log.open()
    log.time += 500
    expect(log.apply(client, 1, put('a', '1'))).toEqual(done(false))
    log.timeout = 100
    log.open()
    log.time += 101
    expect(log.apply(client, 2, put('a', '2'))).toEqual({ kind: 'expired' })
    log.timeout = 0
    const forever = log.open()
    log.time += 1e9
    expect(log.apply(forever, 1, put('a', '3'))).toEqual(done(false))
  })

  test('sessions are bounded; the one unused longest goes first', () => {
    const log = new Log(2)
    const [one, two] = [log.open(), log.open()]
    log.apply(one, 1, put('a', '1'))
    const three = log.open()
    expect(log.apply(two, 1, put('a', '2'))).toEqual({ kind: 'expired' })
    expect(log.apply(one, 1, put('a', '1'))).toEqual(done(false))
    expect(log.apply(three, 1, put('a', '3'))).toEqual(done(false))
    expect(log.store.sessions).toBe(2)
    expect(log.store.takeExpired()).toBe(1)
  })

  test('exactly once under any repeats and any order of arrival, one command outstanding at a time', () => {
    // Every client appends its own marks, one after the other, and may send each up to four times; the network delivers
    // the copies at any time, mixed with everybody else's.
    const run = fc.record({
      clients: fc.integer({ min: 1, max: 4 }),
      commands: fc.integer({ min: 1, max: 6 }),
      arrivals: fc.array(fc.nat(), { maxLength: 120 }),
    })
    fc.assert(
      fc.property(run, ({ clients, commands, arrivals }) => {
        const log = new Log()
        const sessions = Array.from({ length: clients }, () => log.open())
        const acknowledged = sessions.map(() => 0)
        const copies = sessions.flatMap((_, client) => Array.from({ length: 4 }, () => ({ client, sequence: 1 })))
        const mark = (client: number, sequence: number) => `${client}.${sequence} `
        const deliver = (at: number) => {
          const [copy] = copies.splice(at, 1)
          if (copy === undefined) return
          const { client, sequence } = copy
          const outcome = log.apply(sessions[client]!, sequence, append('a', mark(client, sequence)))
          if (outcome?.kind !== 'done' || sequence <= acknowledged[client]!) return
          acknowledged[client] = sequence
          // Only now does it send the next one; copies of the last may still be on their way.
          if (sequence < commands) {
            for (let times = 0; times < 4; times++) copies.push({ client, sequence: sequence + 1 })
          }
        }
        for (const arrival of arrivals) if (copies.length > 0) deliver(arrival % copies.length)
        const marks = (log.value('a') ?? '').split(' ').filter((one) => one !== '')
        expect(new Set(marks).size).toBe(marks.length)
        const expected = sessions.flatMap((_, client) =>
          Array.from({ length: acknowledged[client]! }, (_, at) => mark(client, at + 1).trim()),
        )
        expect([...marks].sort()).toEqual(expected.sort())
      }),
    )
  })
})

// A log of everything that may stand in one, sessions by their place, in any order and with repeats.
interface Step {
  readonly who: number
  readonly sequence: number
  readonly what: Command | SessionAction
  readonly wait: number
  readonly timeout: number
}
const key = fc.constantFrom('a', 'b', 'c', '', 'é\u{1f600}')
const value = fc.uint8Array({ maxLength: 80 })
const anyCommand: fc.Arbitrary<Command | SessionAction> = fc.oneof(
  fc.record({ op: fc.constantFrom('put' as const, 'append' as const), key, value }),
  fc.record({ op: fc.constantFrom('get' as const, 'delete' as const), key }),
  fc.record({ op: fc.constant('cas' as const), key, expected: fc.option(fc.uint8Array({ maxLength: 1 })), value }),
  fc.record({ op: fc.constantFrom('open-session' as const, 'close-session' as const) }),
)
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    who: fc.nat({ max: 6 }),
    sequence: fc.nat({ max: 6 }),
    what: anyCommand,
    wait: fc.constantFrom(0, 1, 10, 40, -30),
    timeout: fc.constantFrom(0, 25, 60),
  }),
  { maxLength: 60 },
)

function entriesOf(log: readonly Step[]): Entry[] {
  const opened = [0]
  let time = 1000
  return log.map(({ who, sequence, what, wait, timeout }, at) => {
    time += wait
    if (what.op === 'open-session') opened.push(at + 1)
    const client = what.op === 'open-session' ? 0 : opened[who % opened.length]!
    return entryOf(at + 1, { client, sequence, command: what, time, sessionTimeoutMs: timeout })
  })
}

describe('snapshots (§7)', () => {
  test('what is restored is what was there: the same bytes, and the same answers from then on', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), fc.array(fc.integer({ min: 1, max: 200 })), async (log, at, sizes) => {
        const entries = entriesOf(log)
        const prefix = entries.length === 0 ? 0 : at % (entries.length + 1)
        const whole = new KeyValueStore(3)
        for (const entry of entries.slice(0, prefix)) whole.apply(entry)
        const bytes = snapshotOf(whole)
        const other = await restored(bytes, sizes, 3)
        expectSame(snapshotOf(other), bytes)
        for (const entry of entries.slice(prefix)) expect(other.apply(entry)).toEqual(whole.apply(entry))
        expectSame(snapshotOf(other), snapshotOf(whole))
      }),
      { numRuns: 150 },
    )
  })

  test('the bytes do not depend on the way to the state', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 6 }), { maxLength: 40 }),
        fc.nat(),
        (keys, by) => {
          const shuffled = [...keys].sort((one, other) => ((one.length * 7 + by) % 5) - ((other.length * 3 + by) % 5))
          const [one, other] = [new Log(), new Log()]
          for (const name of keys) one.run(put(name, name))
          for (const name of shuffled) {
            other.run(put(name, 'before'))
            other.run(del(name))
          }
          for (const name of [...shuffled].reverse()) other.run(put(name, name))
          expectSame(snapshotOf(other.store), snapshotOf(one.store))
        },
      ),
    )
  })

  test('nor where there are many, some of them in one bucket', () => {
    const names = Array.from({ length: 10_000 }, (_, at) => `key ${at}`)
    const [one, other] = [new Log(), new Log()]
    for (const name of names) one.run(put(name, name))
    for (const name of names.reverse()) other.run(put(name, name))
    expectSame(snapshotOf(other.store), snapshotOf(one.store))
  })

  test('it is the state of the moment of the call, whatever is applied meanwhile', () => {
    const log = new Log()
    const client = log.open()
    for (let at = 0; at < 3000; at++) log.run(put(`key ${at}`, `value ${at} ${'x'.repeat(100)}`))
    const before = snapshotOf(log.store)
    const [late, interleaved] = [log.store.snapshot(), log.store.snapshot()]
    const chunks: Uint8Array[] = []
    let at = 0
    for (const chunk of interleaved) {
      chunks.push(chunk)
      for (let times = 0; times < 1000; times++, at++) {
        log.run(at % 3 === 0 ? del(`key ${at % 3000}`) : put(`key ${(at * 7) % 4000}`, 'new'))
      }
      log.apply(client, at, put('a', 'new'))
      log.open()
    }
    expect(chunks.length).toBeGreaterThan(4)
    expectSame(Buffer.concat(chunks), before)
    expectSame(Buffer.concat([...late]), before)
    expect(Buffer.compare(snapshotOf(log.store), before)).not.toBe(0)
    // What was written meanwhile is there: no write went to a copy that nobody sees.
    expect(log.value(`key ${(7 * (at - 1)) % 4000}`)).toBe((at - 1) % 3 === 0 ? undefined : 'new')
  })

  test('a copy that was never read, or half, disturbs nothing', () => {
    const log = new Log()
    for (let at = 0; at < 1000; at++) log.run(put(`key ${at}`, 'x'.repeat(200)))
    log.store.snapshot()
    log.store.snapshot()[Symbol.iterator]().next()
    for (let at = 0; at < 1000; at++) log.run(at % 2 === 0 ? put(`key ${at}`, 'y') : del(`key ${at}`))
    expect(log.store.size).toBe(500)
    const straight = new Log()
    for (let at = 0; at < 1000; at += 2) straight.run(put(`key ${at}`, 'y'))
    expectSame(snapshotOf(log.store), snapshotOf(straight.store))
  })

  test('chunks are about 64 KiB, also where values are larger', async () => {
    const log = new Log()
    for (let at = 0; at < 3; at++) log.run({ op: 'put', key: `${at}`, value: new Uint8Array(MAX_VALUE_BYTES).fill(at) })
    const chunks = [...log.store.snapshot()]
    expect(new Set(chunks.slice(0, -1).map(({ length }) => length))).toEqual(new Set([64 << 10]))
    const other = await restored(Buffer.concat(chunks), [1, 99_999, 1 << 20, 3])
    expectSame(other.get('2')!, new Uint8Array(MAX_VALUE_BYTES).fill(2))
  })

  test('however the bytes are cut, one by one even', async () => {
    const log = new Log()
    const client = log.open()
    log.apply(client, 3, cas('a', null, '1'))
    log.run(put('b', 'x'.repeat(300)))
    const bytes = snapshotOf(log.store)
    const other = await restored(
      bytes,
      Array.from({ length: bytes.length }, () => 1),
    )
    expectSame(snapshotOf(other), bytes)
    expect(other.apply(entryOf(9, { client, sequence: 3, command: cas('a', null, '1'), time: 0 }))).toEqual(done(true))
  })

  test('one that means nothing is refused, and the old state stays', async () => {
    const log = new Log()
    const client = log.open()
    log.apply(client, 1, put('a', '1'))
    log.open()
    const good = snapshotOf(log.store)
    const changed = (change: (bytes: Buffer) => void) => {
      const bytes = Buffer.from(good)
      change(bytes)
      return bytes
    }
    const session = 36
    const pair = session + 2 * 33
    const bad: readonly (readonly [string, Uint8Array])[] = [
      ['nothing at all', new Uint8Array(0)],
      ['foreign bytes', Buffer.from('SQLite format 3\0'.repeat(10))],
      ['another version', changed((bytes) => bytes.writeUInt32LE(2, 4))],
      ['a log time that is none', changed((bytes) => bytes.writeDoubleLE(Number.NaN, 8))],
      ['half a pair', changed((bytes) => bytes.writeDoubleLE(0.5, 28))],
      ['a pair that is missing', changed((bytes) => bytes.writeDoubleLE(2, 28))],
      ['a pair too many', changed((bytes) => bytes.writeDoubleLE(0, 28))],
      ['bytes too many', Buffer.concat([good, Buffer.alloc(1)])],
      ['a cut end', good.subarray(0, good.length - 1)],
      ['a client twice', changed((bytes) => bytes.writeDoubleLE(client, session + 33))],
      ['client 0', changed((bytes) => bytes.writeDoubleLE(0, session))],
      ['a use in the future', changed((bytes) => bytes.writeDoubleLE(1e15, session + 33 + 16))],
      ['uses out of order', changed((bytes) => bytes.writeDoubleLE(1, session + 33 + 16))],
      ['an unknown answer', changed((bytes) => bytes.writeUInt8(9, session + 24))],
      ['an endless key', changed((bytes) => bytes.writeUInt32LE(0xffffffff, pair))],
      ['a key twice', Buffer.concat([changed((bytes) => bytes.writeDoubleLE(2, 28)), good.subarray(pair)])],
    ]
    for (const [what, bytes] of bad) {
      await expect(log.store.restore(cut(bytes, [10, 50])), what).rejects.toMatchObject({ code: 'snapshot-corrupt' })
      expectSame(snapshotOf(log.store), good, what)
    }
  })

  test('cut off or changed anywhere, it is refused or means something', async () => {
    const log = new Log()
    log.apply(log.open(), 1, put('a', '1'))
    log.run(put('b', '22'))
    const good = snapshotOf(log.store)
    for (let length = 0; length < good.length; length++) {
      await expect(restored(good.subarray(0, length))).rejects.toMatchObject({ code: 'snapshot-corrupt' })
    }
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), async (at, byte) => {
        const bytes = Buffer.from(good).fill(byte, at, at + 1)
        try {
          await restored(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'snapshot-corrupt' })
        }
      }),
    )
  })

  test('a large store is taken and read in small steps', async () => {
    const KEYS = 60_000
    const store = new KeyValueStore()
    for (let at = 0; at < KEYS; at++) {
      store.apply(entryOf(at + 1, { client: 0, sequence: 0, command: put(`key-${at}`, `value-${at}`), time: 1 }))
    }
    const steps: number[] = []
    // The thread's own time: what other processes of the machine take does not count.
    const spent = () => {
      const { user, system } = process.threadCpuUsage()
      return (user + system) / 1000
    }
    const timed = <T>(action: () => T): T => {
      const before = spent()
      const result = action()
      steps.push(spent() - before)
      return result
    }
    const chunks: Uint8Array[] = []
    const iterator = timed(() => store.snapshot())[Symbol.iterator]()
    for (;;) {
      const { done: isOver, value: chunk } = timed(() => iterator.next())
      if (isOver === true) break
      chunks.push(chunk)
      // Somebody writes all the time.
      timed(() => store.apply(entryOf(1, { client: 0, sequence: 0, command: put('key-7', 'new'), time: 1 })))
    }
    const other = await restored(Buffer.concat(chunks))
    expect(other.size).toBe(KEYS)
    expect(Buffer.from(other.get('key-7')!).toString()).toBe('value-7')
    // Sorting or copying everything at once would take 60 ms or more; a step takes about one. Pauses of the
    // garbage collector are not what is looked for.
    expect([...steps].sort((one, next) => one - next).at(-3)).toBeLessThan(30)
  })
})

describe('every node that applies the same log holds the same', () => {
  test('also where some of them restored a snapshot in between', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (log, at) => {
        const entries = entriesOf(log)
        const [one, two] = [new KeyValueStore(2), new KeyValueStore(2)]
        let other = two
        for (const [index, entry] of entries.entries()) {
          expect(other.apply(entry)).toEqual(one.apply(entry))
          if (index % 7 === at % 7) other = await restored(snapshotOf(other), [], 2)
        }
        expectSame(snapshotOf(other), snapshotOf(one))
      }),
    )
  })
})

describe('limits', () => {
  const request = { request: 1, client: 1, sequence: 1, consistency: 'log' as const }
  const large = new Uint8Array(MAX_VALUE_BYTES + 1)
  const largest = new Uint8Array(MAX_VALUE_BYTES)
  test.each<readonly [Command | SessionAction, string | undefined]>([
    [get(''), 'key-size'],
    [get('k'.repeat(MAX_KEY_BYTES)), undefined],
    [get('é'.repeat(MAX_KEY_BYTES / 2)), undefined],
    [get('é'.repeat(MAX_KEY_BYTES / 2 + 1)), 'key-size'],
    [del('k'.repeat(MAX_KEY_BYTES + 1)), 'key-size'],
    [{ op: 'put', key: 'k', value: largest }, undefined],
    [{ op: 'put', key: 'k', value: large }, 'value-size'],
    [{ op: 'append', key: 'k', value: large }, 'value-size'],
    [{ op: 'cas', key: 'k', expected: null, value: largest }, undefined],
    [{ op: 'cas', key: 'k', expected: largest, value: largest }, undefined],
    [{ op: 'cas', key: 'k', expected: null, value: large }, 'value-size'],
    [{ op: 'cas', key: 'k', expected: large, value: largest }, 'value-size'],
    [{ op: 'open-session' }, undefined],
    [{ op: 'close-session' }, undefined],
  ])('%#', (what, code) => {
    expect(refusal({ ...request, command: what })?.code).toBe(code)
  })

  const arrived = (request: ClientRequest): ClientRequest => {
    const [frame] = new FrameDecoder().push(encodeFrame({ type: 'request', request }))
    if (frame?.type !== 'request') throw new Error('no request arrived')
    return frame.request
  }

  test('what arrived is judged like what was asked', () => {
    fc.assert(
      fc.property(command, count, (what, client) => {
        const asked = { ...request, client, command: what }
        expect(refusal(arrived(asked))?.code).toBe(refusal(asked)?.code)
      }),
    )
  })
})
