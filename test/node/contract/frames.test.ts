import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Frame } from '../../../main/node/contract/frames'
import { encodeFrame, FrameDecoder } from '../../../main/node/contract/frames'
import { MAX_FRAME_BYTES, MAX_VALUE_BYTES } from '../../../main/node/contract/limits'
import { Problem } from '../../../main/node/contract/problem'
import type { Configuration, InstallSnapshot, SnapshotMeta } from '../../../main/raft/types'
import { frame, plainCommand } from './arbitraries'

/** As it was before it was sent: a request that arrives reads its parts from its bytes when it is asked. */
function plain(one: Frame): Frame {
  if (one.type !== 'request') return one
  const { request, client, sequence, command, consistency } = one.request
  return { type: 'request', request: { request, client, sequence, command: plainCommand(command), consistency } }
}

const join = (frames: readonly Frame[]) => Buffer.concat(frames.map(encodeFrame))

function malformed(bytes: Uint8Array): Problem {
  try {
    new FrameDecoder('node 7').push(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(Problem)
    return error as Problem
  }
  throw new Error('it was taken')
}

function framed(...body: readonly number[]): Buffer {
  const prefix = Buffer.alloc(4)
  prefix.writeUInt32LE(body.length)
  return Buffer.concat([prefix, Buffer.from(body)])
}

const append = (prevLogIndex: number, terms: readonly number[], indexes?: readonly number[]): Frame => ({
  type: 'message',
  id: 1,
  inReplyTo: 0,
  sentAt: 0,
  message: {
    type: 'AppendEntries',
    from: 1,
    to: 2,
    term: 5,
    prevLogIndex,
    prevLogTerm: 2,
    leaderCommit: 0,
    round: 1,
    quiesce: false,
    entries: terms.map((term, at) => ({
      index: indexes?.[at] ?? prevLogIndex + 1 + at,
      term,
      type: 'command',
      data: new Uint8Array(3),
    })),
  },
})

describe('frames', () => {
  test('what is encoded is what is decoded', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), (frames) => {
        expect(new FrameDecoder().push(join(frames)).map(plain)).toEqual(frames)
      }),
      { numRuns: 500 },
    )
  })

  test('however the bytes are cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 300 })), (frames, cuts) => {
        const bytes = join(frames)
        const decoder = new FrameDecoder()
        const got: Frame[] = []
        let at = 0
        for (const cut of [...cuts, bytes.length]) {
          got.push(...decoder.push(bytes.subarray(at, at + cut)))
          at += cut
        }
        got.push(...decoder.push(bytes.subarray(at)))
        expect(got.map(plain)).toEqual(frames)
      }),
      { numRuns: 300 },
    )
  })

  test('one byte at a time, and no slower than in proportion', () => {
    const value = new Uint8Array(MAX_VALUE_BYTES).fill(9)
    const big: Frame = {
      type: 'request',
      request: { request: 1, client: 2, sequence: 3, command: { op: 'put', key: 'k', value }, consistency: 'log' },
    }
    const bytes = encodeFrame(big)
    const decoder = new FrameDecoder()
    const began = performance.now()
    const got: Frame[] = []
    for (let at = 0; at < bytes.length; at++) got.push(...decoder.push(bytes.subarray(at, at + 1)))
    expect(got.map(plain)).toEqual([big])
    // Linear: about 0.3 s. Copying everything with each byte would take minutes.
    expect(performance.now() - began).toBeLessThan(30_000)
  })

  test('what was decoded does not change when its chunk does, except for a client’s request', () => {
    fc.assert(
      fc.property(frame, (one) => {
        fc.pre(one.type !== 'request')
        const bytes = Buffer.from(encodeFrame(one))
        const got = new FrameDecoder().push(bytes)
        bytes.fill(0xee)
        expect(got).toEqual([one])
      }),
    )
  })

  test('any bytes are frames or a problem, never another error', () => {
    const decodes = (bytes: Uint8Array) => {
      try {
        new FrameDecoder().push(bytes)
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'frame-malformed') throw error
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (body) => decodes(framed(...body))),
      { numRuns: 2000 },
    )
    fc.assert(
      fc.property(frame, fc.nat(), fc.nat({ max: 255 }), (one, at, value) => {
        const bytes = Buffer.from(encodeFrame(one))
        bytes[4 + (at % (bytes.length - 4))] = value
        decodes(bytes)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['no length at all', framed()],
    ['a length beyond the limit', Buffer.from([1, 0, 0x80, 0])],
    ['an unknown type', framed(200)],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a body that is too short', framed(1, 0, 0)],
    ['a ready that says more', framed(6, 1)],
    ['a hello that is no JSON', framed(0, 1, 0, 0, 0, 0x7b)],
    ['a control that is not one', framed(5, 2, 0, 0, 0, 0x7b, 0x7d)],
    ['an event of an unknown kind', framed(4, 0, 0, 0, 0, 0, 0, 0, 0, 99)],
  ])('%s is refused, and the peer named', (_, bytes) => {
    const problem = malformed(bytes)
    expect(problem).toMatchObject({ code: 'frame-malformed', details: { peer: 'node 7' } })
  })

  test.each([
    ['a hole', append(4, [3, 3], [5, 7])],
    ['a wrong place', append(4, [3], [9])],
    ['terms that fall', append(4, [4, 3])],
    ['a term below the one before', append(4, [1])],
    ['a term above the leader’s', append(4, [6])],
  ])('entries with %s never reach the core', (_, frame) => {
    expect(malformed(encodeFrame(frame)).code).toBe('frame-malformed')
  })

  test.each([Number.NaN, -1, 0.5, 2 ** 60, Number.POSITIVE_INFINITY])('a term of %d is refused', (term) => {
    const message = { type: 'RequestPreVote', from: 1, to: 2, term, lastLogIndex: 0, lastLogTerm: 0 } as const
    expect(malformed(encodeFrame({ type: 'message', id: 1, inReplyTo: 0, sentAt: 0, message })).code).toBe(
      'frame-malformed',
    )
  })

  const plainOnes = { voters: [1, 2, 3], outgoing: [], learners: [], learnersNext: [], witnesses: [] }
  const install = (
    configuration: Partial<Configuration>,
    { index = 9, term = 3, bytes = 8, offset = 4, done = true }: Partial<SnapshotMeta & InstallSnapshot> = {},
  ): Frame => ({
    type: 'message',
    id: 1,
    inReplyTo: 0,
    sentAt: 0,
    message: {
      type: 'InstallSnapshot',
      from: 1,
      to: 2,
      term: 5,
      snapshot: { index, term, bytes, checksum: 7, configuration: { ...plainOnes, ...configuration } },
      offset,
      data: new Uint8Array(4),
      done,
      round: 0,
    },
  })

  test('a snapshot that makes sense passes', () => {
    expect(new FrameDecoder().push(encodeFrame(install({})))).toEqual([install({})])
  })

  test.each([
    ['of nothing', install({}, { index: 0 })],
    ['of a term after its leader’s', install({}, { term: 6 })],
    ['with bytes beyond its end', install({}, { bytes: 7, done: false })],
    ['whose last chunk is not its end', install({}, { bytes: 9 })],
    ['without voters', install({ voters: [] })],
    ['with voters out of order', install({ voters: [2, 1] })],
    ['with a voter twice', install({ voters: [1, 1] })],
    ['with node 0', install({ voters: [0, 1] })],
    ['with a learner that votes', install({ learners: [3] })],
    ['with a learner to be that never voted', install({ learnersNext: [7] })],
    ['with a witness that does not vote', install({ witnesses: [4] })],
  ])('a snapshot %s never reaches the core', (_, frame) => {
    expect(malformed(encodeFrame(frame)).code).toBe('frame-malformed')
  })

  test('a frame that nobody could read is not written', () => {
    const details = 'x'.repeat(MAX_FRAME_BYTES)
    expect(() => encodeFrame({ type: 'fatal', problem: 'internal', details })).toThrow(Problem)
  })
})
