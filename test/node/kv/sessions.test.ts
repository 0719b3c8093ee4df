/** Sessions: every command takes effect once (§8, dissertation §6.3). */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Command } from '../../../main/node/contract/client'
import type { Outcome } from '../../../main/node/kv/api'
import { append, cas, del, done, get, Log, put } from './support'

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
