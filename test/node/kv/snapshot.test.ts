/** Snapshots of the state machine (§7): the same bytes for the same state, on every node. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Command, SessionAction } from '../../../main/node/contract/client'
import { MAX_VALUE_BYTES } from '../../../main/node/contract/limits'
import { KeyValueStore } from '../../../main/node/kv/store'
import type { Entry } from '../../../main/raft/types'
import { cas, del, done, entryOf, expectSame, Log, put, snapshotOf } from './support'

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

test('every node that applies the same log holds the same, also where some restored a snapshot in between', async () => {
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
