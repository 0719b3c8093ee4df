import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeEntries,
  emptyLog,
  encodeEntries,
  encodeSegment,
  encodeWrite,
  makeEntry,
  readSegmentHeader,
  replay,
  scanSegment,
  type WriteContent,
} from '../../../main/node/contract/records'
import type { Entry } from '../../../main/raft/types'
import { entry } from './helpers'

const position = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }))
const anyEntry: fc.Arbitrary<Entry> = fc.record({
  index: position,
  term: fc.oneof(fc.constant(0), position),
  type: fc.constantFrom('noop', 'command', 'config', 'metadata'),
  data: fc.uint8Array({ maxLength: 300 }),
})

test('entries go to bytes and back unchanged', () => {
  fc.assert(
    fc.property(fc.array(anyEntry, { maxLength: 20 }), (entries) => {
      expect(decodeEntries(encodeEntries(entries))).toEqual(entries)
    }),
  )
})

test('records do not depend on where they stand: batches are joined and cut by joining and cutting bytes', () => {
  fc.assert(
    fc.property(fc.array(anyEntry, { maxLength: 8 }), fc.array(anyEntry, { maxLength: 8 }), (some, others) => {
      const joined = Buffer.concat([encodeEntries(some), encodeEntries(others)])
      expect(decodeEntries(joined)).toEqual([...some, ...others])
      expect(Buffer.from(encodeEntries([...some, ...others]))).toEqual(joined)
    }),
  )
})

test('an entry that was made or decoded has its record along, which is relayed as it is', () => {
  const made = fc.array(fc.tuple(anyEntry, fc.constantFrom('made', 'decoded', 'plain', 'copied')), { maxLength: 20 })
  fc.assert(
    fc.property(made, (several) => {
      const plain = several.map(([one]) => one)
      const mixed = several.map(([one, how]): Entry => {
        const { index, term, type, data } = one
        if (how === 'made') return makeEntry(index, term, type, data)
        if (how === 'decoded') return decodeEntries(encodeEntries([one]))[0]!
        // A copy with other contents must not keep the record of what it was copied from.
        return how === 'plain' ? one : { ...makeEntry(index + 1, term, 'noop', Uint8Array.of(9)), ...one }
      })
      expect(mixed).toEqual(plain)
      const bytes = encodeEntries(plain)
      expect(encodeEntries(mixed)).toEqual(bytes)
      expect(encodeWrite(3, 4, [{ entries: mixed }])).toEqual(encodeWrite(3, 4, [{ entries: plain }]))
      const decoded = decodeEntries(bytes)
      expect(Buffer.concat(decoded.map(({ record }) => record)).equals(bytes)).toBe(true)
      expect(encodeEntries(decoded.toReversed())).toEqual(encodeEntries(plain.toReversed()))
    }),
  )
})

test('a made entry keeps a copy of its data, however large', () => {
  for (const size of [0, 1, 1000, 65_510, 65_511, 1 << 20]) {
    const data = new Uint8Array(size).fill(7)
    const entry = makeEntry(1, 1, 'command', data)
    data.fill(8)
    expect(entry.data.length).toBe(size)
    expect(entry.data.every((byte) => byte === 7)).toBe(true)
    expect(decodeEntries(entry.record)[0]?.data).toEqual(entry.data)
  }
})

test('the layout of an entry record is the documented one', () => {
  const bytes = Buffer.from(
    encodeEntries([{ index: 5, term: 2 ** 33 + 7, type: 'command', data: Uint8Array.of(1, 2) }]),
  )
  expect(bytes.toString('hex')).toMatch(/^14000000[0-9a-f]{8}0102070000000200000005000000000000000102$/)
})

test('decoded data is a copy: the bytes may be reused', () => {
  const bytes = encodeEntries([entry(1, 1, 'abc')])
  const [decoded] = decodeEntries(bytes)
  bytes.fill(0)
  expect(new TextDecoder().decode(decoded?.data)).toBe('abc')
})

test('any flipped bit, any missing end and any other bytes are refused, and blamed on the peer', () => {
  const bytes = encodeEntries([entry(1, 1), entry(2, 1, 'x'.repeat(40))])
  const malformed = expect.objectContaining({
    code: 'frame-malformed',
    details: expect.objectContaining({ peer: 'n2' }),
  })
  const refused = (broken: Uint8Array) => expect(() => decodeEntries(broken, 'n2')).toThrow(malformed)
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice()
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    refused(flipped)
  }
  const first = encodeEntries([entry(1, 1)]).length
  for (let length = 1; length < bytes.length; length++) if (length !== first) refused(bytes.subarray(0, length))
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), (bytes) => void refused(bytes)))
  refused(encodeWrite(1, 1, [{ entries: [entry(1, 1)] }]))
  refused(encodeWrite(1, 1, [{ entries: [], hardState: { currentTerm: 1, votedFor: 1 } }]).subarray(33))
})

test('an entry that no record can hold is refused before it is written', () => {
  const huge = { ...entry(1, 1), data: new Uint8Array(16 << 20) }
  expect(() => encodeEntries([huge])).toThrow(RangeError)
  expect(() => encodeWrite(1, 1, [{ entries: [huge] }])).toThrow(RangeError)
})

const HEADER = { node: 3, segment: 1, clusterHash: 0xdeadbeef, salt: 0xfeedf00d, firstSequence: 1 }

const STATE = { hardState: { currentTerm: 1, votedFor: 2 }, base: { index: 0, term: 0 }, lastIndex: 0 }

function scan(bytes: Uint8Array, last = true) {
  const read = readSegmentHeader(bytes)
  if (!read.ok) throw new Error(read.reason)
  const log = emptyLog()
  return { log, ...scanSegment(bytes, read.header, last, (write) => replay(log, write)) }
}

const segment = (...writes: readonly Uint8Array[]) =>
  new Uint8Array(Buffer.concat([encodeSegment(HEADER, STATE), ...writes]))
const write = (sequence: number, ...contents: readonly WriteContent[]) => encodeWrite(sequence, HEADER.salt, contents)

test('a segment is read back: header, writes, what they amount to', () => {
  const bytes = segment(
    write(2, { entries: [entry(1, 1), entry(2, 1)] }, { truncateFrom: 2, entries: [] }),
    write(3, { entries: [entry(2, 4)], hardState: { currentTerm: 4, votedFor: 0 } }),
  )
  expect(readSegmentHeader(bytes)).toMatchObject({ ok: true, header: { ...HEADER, version: 2 } })
  const found = scan(bytes)
  expect(found).toMatchObject({ end: bytes.length, nextSequence: 4, records: 3 + 4 + 3, damage: undefined })
  expect(found.log).toMatchObject({ hardState: { currentTerm: 4, votedFor: 0 }, entries: [entry(1, 1), entry(2, 4)] })
})

test('zeros to the end of the file are the end of the log, however many', () => {
  const bytes = segment(write(2, { entries: [entry(1, 1)] }))
  for (const zeros of [1, 3, 4, 7, 8, 100, 5000]) {
    for (const last of [true, false]) {
      const found = scan(new Uint8Array(Buffer.concat([bytes, Buffer.alloc(zeros)])), last)
      expect(found).toMatchObject({ end: bytes.length, damage: undefined })
    }
  }
})

test.each([
  ['a write that is missing', [write(3, { entries: [entry(1, 1)] })], /write 2 has its place here/],
  ['a write that stands twice', [write(2, { entries: [] }), write(2, { entries: [] })], /write 3 has its place here/],
  ['a write of another segment', [encodeWrite(2, 99, [{ entries: [entry(1, 1)] }])], /another segment/],
  ['an entry after a hole', [write(2, { entries: [entry(2, 1)] })], /entry 2 cannot follow entry 0/],
  ['a truncation after the end', [write(2, { truncateFrom: 2, entries: [] })], /truncates from 2/],
  ['a term that goes back', [write(2, { entries: [], hardState: { currentTerm: 0, votedFor: 0 } })], /goes back/],
])('no crash makes %s: corrupt, though every checksum is right', (_name, writes, reason) => {
  expect(scan(segment(...writes)).damage).toMatchObject({ standing: 'corrupt', reason: expect.stringMatching(reason) })
})

test.each([1, 2, 63, 64, 65, 128, 200])(
  'many entries in one write: all are read, and a hole before entry %i is found there',
  (gap) => {
    const entries = Array.from({ length: 200 }, (_, at) => entry(at + 1, 1))
    expect(scan(segment(write(2, { entries }))).log.entries).toEqual(entries)
    const holed = entries.map((one) => (one.index < gap ? one : { ...one, index: one.index + 1 }))
    expect(scan(segment(write(2, { entries: holed }))).damage).toMatchObject({
      standing: 'corrupt',
      // Behind three records of the first write, and this one's own.
      record: 4 + gap,
      reason: `entry ${gap + 1} cannot follow entry ${gap - 1}`,
    })
  },
)

test('records of another write that happen to fit do not pass for those of this one: the seal', () => {
  const stale = write(2, { entries: [entry(1, 1, 'old')] })
  const mixed = write(2, { entries: [entry(1, 1, 'new')] })
  mixed.set(stale.subarray(33), 33)
  expect(scan(segment(mixed)).damage).toBeDefined()
})

test('what users store cannot be taken for a later write, not even a copy of the log itself', () => {
  const before = segment(write(2, { entries: [entry(1, 1)] }))
  const others = encodeWrite(9, 0x12345678, [{ entries: [entry(7, 7)] }])
  const data = new Uint8Array(
    Buffer.concat([before, others, encodeEntries([entry(2, 1), entry(3, 1)]), Buffer.from('end')]),
  )
  const last = write(3, { entries: [{ index: 2, term: 1, type: 'command', data }] })
  for (let length = 1; length < last.length; length++) {
    const bytes = new Uint8Array(Buffer.concat([before, last.subarray(0, length)]))
    expect(scan(bytes)).toMatchObject({ end: before.length, damage: { standing: 'torn' } })
  }
})

test('the first write of a segment, and all of one that another follows, cannot be torn', () => {
  const bytes = segment(write(2, { entries: [entry(1, 1)] }))
  for (let length = 36; length < 36 + 33 + 33 + 19; length++) {
    expect(scan(bytes.subarray(0, length)).damage).toMatchObject({
      standing: 'corrupt',
      record: length < 69 ? 1 : length < 102 ? 2 : 3,
    })
  }
  expect(scan(bytes.subarray(0, -1), true).damage).toMatchObject({ standing: 'torn' })
  expect(scan(bytes.subarray(0, -1), false).damage).toMatchObject({ standing: 'corrupt' })
})

test('any bytes after the last write are cut, never believed, and never crash the scan', () => {
  const bytes = segment(write(2, { entries: [entry(1, 1)] }))
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (garbage) => {
      const found = scan(new Uint8Array(Buffer.concat([bytes, garbage])))
      expect(found.end).toBe(bytes.length)
      expect(found.damage?.standing).toBe(garbage.every((byte) => byte === 0) ? undefined : 'torn')
      expect(found.log.entries).toEqual([entry(1, 1)])
    }),
  )
})
