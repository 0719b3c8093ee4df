import { open, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { endOfContents, readSegmentHeader, scanSegment, type WholeWrite } from '../../../main/node/contract/records'
import { openDisk, type WriteRequest } from '../../../main/node/disk'
import { contents, copyOf, entry, IDENTITY, NOTHING, readLog, reopen, temporaryDirectory, writeAll } from './helpers'

const FILE = '000001.log'

/** The last write holds a truncation, two entries and a hard state; the one before, two entries. */
const REQUESTS: readonly WriteRequest[] = [
  { entries: [entry(1, 1)], hardState: { currentTerm: 1, votedFor: 3 } },
  { entries: [entry(2, 1), entry(3, 1)] },
  { truncateFrom: 3, entries: [entry(3, 2), entry(4, 2)], hardState: { currentTerm: 2, votedFor: 1 } },
]
const BEFORE_LAST = {
  ...NOTHING,
  hardState: { currentTerm: 1, votedFor: 3 },
  entries: [entry(1, 1), entry(2, 1), entry(3, 1)],
}

async function writesOf(path: string): Promise<readonly WholeWrite[]> {
  const bytes = await readFile(path)
  const read = readSegmentHeader(bytes)
  if (!read.ok) throw new Error(read.reason)
  const writes: WholeWrite[] = []
  scanSegment(bytes, read.header, true, (write) => {
    writes.push(write)
    return undefined
  })
  return writes
}

async function flip(path: string, offset: number, mask = 0x10): Promise<void> {
  const file = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, offset)
  await file.write(Buffer.of((byte[0] ?? 0) ^ mask), 0, 1, offset)
  await file.close()
}

async function prepared(requests = REQUESTS): Promise<{ dir: string; path: string; writes: readonly WholeWrite[] }> {
  const dir = await temporaryDirectory()
  await writeAll(dir, requests)
  const path = join(dir, FILE)
  return { dir, path, writes: await writesOf(path) }
}

describe('a torn tail', () => {
  test('at every length of the last write: cut, reported, and the disk goes on', async () => {
    const { dir, path, writes } = await prepared()
    const [start, end] = [writes.at(-1)!.span.offset, writes.at(-1)!.end]
    const whole = await readLog(path)
    for (let length = start; length < end; length++) {
      await writeFile(path, whole.subarray(0, length))
      expect(await reopen(dir)).toEqual({
        ...BEFORE_LAST,
        tornBytes: endOfContents(whole.subarray(0, length), start) - start,
      })
      expect((await readFile(path)).length).toBe(start)
      await writeAll(dir, REQUESTS.slice(-1))
      expect(await reopen(dir)).toMatchObject({ entries: [{}, {}, entry(3, 2), entry(4, 2)], tornBytes: 0 })
    }
  })

  test('whose last record has a wrong checksum and nothing valid behind it', async () => {
    const { dir, path, writes } = await prepared()
    const last = writes.at(-1)!
    await flip(path, last.end - 1)
    expect(await reopen(dir)).toEqual({ ...BEFORE_LAST, tornBytes: last.end - last.span.offset })
  })

  test.each([1, 7, 8, 33, 600])('of %i bytes that are no record at all', async (count) => {
    const { dir, path } = await prepared()
    const file = await readFile(path)
    const end = (await readLog(path)).length
    for (const room of [0, 5, file.length - end]) {
      const whole = file.subarray(0, end + room)
      // Where the log ends, with zeros behind it and without.
      await writeFile(path, Buffer.concat([whole.subarray(0, end), Buffer.alloc(count, 0xab), whole.subarray(end)]))
      expect((await reopen(dir)).tornBytes).toBe(count)
      expect(await readFile(path)).toEqual(whole.subarray(0, end))
    }
  })

  test('of which any sector never arrived', async () => {
    const big = [entry(3, 2, 'a'.repeat(700)), entry(4, 2, 'b'.repeat(700)), entry(5, 2, 'c'.repeat(700))]
    const { dir, path, writes } = await prepared([...REQUESTS.slice(0, 2), { truncateFrom: 3, entries: big }])
    const [start, end] = [writes.at(-1)!.span.offset, writes.at(-1)!.end]
    const whole = await readFile(path)
    expect(whole.length).toBe(64 << 10)
    for (let sector = Math.floor(start / 512) * 512; sector < end; sector += 512) {
      const torn = Buffer.from(whole)
      torn.fill(0, Math.max(sector, start), Math.min(sector + 512, end))
      await writeFile(path, torn)
      expect(await reopen(dir)).toEqual({ ...BEFORE_LAST, tornBytes: endOfContents(torn, start) - start })
    }
  })
})

describe('corruption', () => {
  async function expectRefused(where: string, details: object): Promise<void> {
    const before = await contents(where)
    await expect(openDisk(where, IDENTITY)).rejects.toMatchObject({ code: 'record-corrupt', details })
    expect(await contents(where)).toEqual(before)
  }

  test('a flipped bit in any byte of an earlier write is refused by name; nothing changes', async () => {
    const { dir, path, writes } = await prepared()
    const records = writes.flatMap(({ number, span, records: all }) => [{ number, span }, ...all])
    const earlier = records.filter(({ span }) => span.offset < writes.at(-1)!.span.offset)
    expect(earlier).toHaveLength(3 + 3 + 3)
    for (const { number, span } of earlier) {
      for (let at = span.offset; at < span.offset + span.bytes; at++) {
        // Each bit has its turn.
        const mask = 1 << (at % 8)
        await flip(path, at, mask)
        await expectRefused(dir, { file: path, offset: span.offset, record: number, reason: expect.any(String) })
        await flip(path, at, mask)
      }
    }
    expect((await reopen(dir)).entries.length).toBe(4)
  })

  test('so it is in any record but the last of the last write, since valid ones follow', async () => {
    const { dir, path, writes } = await prepared()
    const last = writes.at(-1)!
    for (let at = last.span.offset; at < last.records.at(-1)!.span.offset; at++) {
      await flip(path, at)
      const record = [last, ...last.records].findLast(({ span }) => span.offset <= at)!
      await expectRefused(dir, { offset: record.span.offset, record: record.number })
      await flip(path, at)
    }
  })

  test('bytes that went missing in the middle, or were zeroed there', async () => {
    const original = await prepared()
    const whole = await readLog(original.path)
    const { span, end } = original.writes[1]!
    for (const damaged of [
      Buffer.concat([whole.subarray(0, span.offset + 20), whole.subarray(end - 10)]),
      Buffer.concat([whole.subarray(0, span.offset), whole.subarray(end)]),
      Buffer.concat([whole.subarray(0, span.offset), Buffer.alloc(end - span.offset), whole.subarray(end)]),
    ]) {
      await writeFile(original.path, damaged)
      await expectRefused(original.dir, { file: original.path, offset: span.offset, record: 4 })
    }
  })

  test('a flipped bit in any byte of a segment header', async () => {
    const { dir, path } = await prepared()
    for (let at = 0; at < 36; at++) {
      await flip(path, at)
      await expectRefused(dir, { file: path, offset: 0, record: 0 })
      await flip(path, at)
    }
  })

  test('a file cut within its header or first write, which were durable before it had its name', async () => {
    const { dir, path } = await prepared()
    for (const length of [120, 60, 36, 35, 0]) {
      await truncate(path, length)
      await expectRefused(dir, { file: path })
    }
  })

  describe('where there are several segments', () => {
    const many = Array.from({ length: 30 }, (_, at) => ({ entries: [entry(at + 1, 1, 'v'.repeat(60))] }))
    async function severalSegments(): Promise<string> {
      const where = await temporaryDirectory()
      await writeAll(where, many, { segmentBytes: 800 })
      return where
    }

    test('any damage of one that is not the last, a torn end included', async () => {
      const original = await severalSegments()
      const size = (await readLog(join(original, FILE))).length
      for (const length of [size - 1, size - 50, 130]) {
        const where = await copyOf(original)
        await truncate(join(where, FILE), length)
        await expectRefused(where, { file: join(where, FILE) })
      }
      const last = (await writesOf(join(original, FILE))).at(-1)!
      await truncate(join(original, FILE), last.span.offset)
      const reason = expect.stringMatching(/^write \d+ is missing/)
      await expectRefused(original, { file: join(original, FILE), offset: last.span.offset, reason })
    })

    test('one that is missing, or stands in for another', async () => {
      const original = await severalSegments()
      await rename(join(original, '000003.log'), join(original, '000003.bak'))
      await expectRefused(original, { file: join(original, '000003.log'), reason: 'this segment is missing' })
      await writeFile(join(original, '000003.log'), await readFile(join(original, '000002.log')))
      await expectRefused(original, { file: join(original, '000003.log'), offset: 0, record: 0 })
      await rename(join(original, '000003.bak'), join(original, '000003.log'))
      await rm(join(original, FILE))
      await expectRefused(original, { file: join(original, FILE) })
    })
  })
})
