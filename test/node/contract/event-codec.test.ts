import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCommand, encodeCommand } from '../../../main/node/contract/command'
import { decodeEvents, encodeEvents } from '../../../main/node/contract/event-codec'
import type { ReportedEvent } from '../../../main/node/contract/events'
import { EVENT_FIELDS, EVENT_KINDS } from '../../../main/node/contract/events'
import { action, bytes, count, event, eventOf, plainCommand } from './arbitraries'

describe('events as bytes', () => {
  test.each(EVENT_KINDS)('%s comes back as it was', (kind) => {
    fc.assert(
      fc.property(eventOf(kind), (one) => {
        expect(decodeEvents(encodeEvents([one]))).toEqual([one])
      }),
      { numRuns: 50 },
    )
  })

  test('many of all kinds keep their order', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        expect(decodeEvents(encodeEvents(events))).toEqual(events)
      }),
    )
  })

  test('no two kinds share a code', () => {
    const codes = EVENT_KINDS.map((kind) => EVENT_FIELDS[kind].code)
    expect(new Set(codes).size).toBe(codes.length)
    expect(Math.max(...codes)).toBeLessThan(256)
  })

  test('an unknown code, an unknown name and a cut event are refused', () => {
    const role = { kind: 'role', node: 1, n: 1, t: 5, role: 'leader', term: 1, leader: 1, reason: 'restarted' } as const
    const good = encodeEvents([role])
    const wrongKind = Buffer.from(good).fill(250, 0, 1)
    const wrongRole = Buffer.from(good).fill(77, 15, 16)
    for (const bad of [wrongKind, wrongRole, good.subarray(0, good.length - 1)]) {
      expect(() => decodeEvents(bad)).toThrow(expect.objectContaining({ code: 'frame-malformed' }))
    }
  })

  test('an event that does not fit the table is not written', () => {
    const wrong = { kind: 'truncated', node: 1, n: 1, t: 0, fromIndex: 'two' } as unknown as ReportedEvent
    expect(() => encodeEvents([wrong])).toThrow(TypeError)
  })
})

describe('commands as bytes', () => {
  test('they come back as they were', () => {
    fc.assert(
      fc.property(count, count, count, action, (client, sequence, time, command) => {
        const one = { client, sequence, time, command }
        const timeout = command.op === 'open-session' ? { sessionTimeoutMs: 5 } : {}
        const decoded = decodeCommand(encodeCommand({ ...one, ...timeout }))
        expect({ ...decoded, command: plainCommand(decoded.command) }).toEqual({ ...one, ...timeout })
      }),
    )
  })

  test('other bytes are a command or a problem', () => {
    fc.assert(
      fc.property(bytes, (data) => {
        try {
          decodeCommand(data)
        } catch (error) {
          expect(error).toMatchObject({ code: 'frame-malformed' })
        }
      }),
    )
    const good = encodeCommand({ client: 1, sequence: 1, time: 1, command: { op: 'get', key: 'k' } })
    expect(() => decodeCommand(Buffer.concat([good, Buffer.alloc(1)]))).toThrow()
    expect(() => decodeCommand(new Uint8Array())).toThrow()
  })
})
