import { open, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { crc32c } from '../../../main/node/contract/crc32c'
import { encodeSnapshotHeader } from '../../../main/node/contract/records'
import { type OpenedDisk, openDisk } from '../../../main/node/disk'
import { configurationOf } from '../../../main/raft/configuration'
import type { Position, SnapshotMeta } from '../../../main/raft/types'
import { contents, entry, IDENTITY, plainly, reopen, temporaryDirectory } from './helpers'
import { seeded } from './simulated-files'

const CONFIGURATION = configurationOf([1, 2, 3], { learners: [9] })
const HARD_STATE = { currentTerm: 2, votedFor: 1 }

function bytesOf(size: number, seed = 1): Uint8Array {
  const random = seeded(seed)
  return Uint8Array.from({ length: size }, () => Math.floor(random() * 256))
}

function metaOf(index: number, term: number, data: Uint8Array): SnapshotMeta {
  return { index, term, configuration: CONFIGURATION, bytes: data.length, checksum: crc32c(data) }
}

const entries = (from: number, to: number, term = 2) =>
  Array.from({ length: to - from + 1 }, (_, at) => entry(from + at, term))

async function loaded({ disk }: OpenedDisk, position: Position): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of disk.snapshots.load(position)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** A directory with 20 entries, snapshots of them at `saved`, and a log that begins after `base`. */
async function prepared(saved: readonly number[], base = 0, size = 200_000): Promise<string> {
  const dir = await temporaryDirectory()
  const { disk } = await openDisk(dir, IDENTITY)
  await disk.write({ entries: entries(1, 20), hardState: HARD_STATE })
  for (const index of saved) {
    const [path, before] = [join(dir, `snapshot-${saved[0]}-2.snap`), index === saved[0]]
    const kept = before ? undefined : await readFile(path)
    await disk.snapshots.save({ index, term: 2 }, CONFIGURATION, [bytesOf(size, index)])
    if (kept !== undefined) await writeFile(path, kept)
  }
  if (base > 0) await disk.write({ entries: [], compactTo: { index: base, term: 2 } })
  await disk.close()
  return dir
}

async function flip(path: string, offset: number): Promise<void> {
  const file = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, offset)
  await file.write(Buffer.of((byte[0] ?? 0) ^ 0x04), 0, 1, offset)
  await file.close()
}

describe('a snapshot that is saved', () => {
  test.each([0, 1, 65_535, 65_536, 65_537, 700_001])('of %i bytes comes back with its configuration', async (size) => {
    const dir = await temporaryDirectory()
    const opened = await openDisk(dir, IDENTITY)
    await opened.disk.write({ entries: entries(1, 5), hardState: HARD_STATE })
    const data = bytesOf(size)
    const meta = metaOf(4, 2, data)
    const chunks = Array.from({ length: 7 }, (_, at) => data.subarray((at * size) / 7, ((at + 1) * size) / 7))
    expect(await opened.disk.snapshots.save(meta, CONFIGURATION, chunks)).toEqual(meta)
    await opened.disk.close()

    const again = await openDisk(dir, IDENTITY)
    expect(again.restored).toMatchObject({ base: { index: 0, term: 0 }, snapshot: meta })
    expect((await loaded(again, meta)).equals(data)).toBe(true)
    const parts: Uint8Array[] = []
    for (let offset = 0, done = false; !done; ) {
      const chunk = await again.disk.snapshots.read(meta, offset, 50_000)
      if (chunk === undefined) throw new Error('it is gone')
      parts.push(chunk.data)
      offset += chunk.data.length
      done = chunk.done
    }
    expect(Buffer.concat(parts).equals(data)).toBe(true)
    expect(await again.disk.snapshots.read(meta, size + 5, 10)).toEqual({ data: new Uint8Array(0), done: true })
    expect(await again.disk.snapshots.read({ index: 3, term: 2 }, 0, 10)).toBeUndefined()
    await again.disk.close()
  })

  test('replaces the one before, which goes on being read by those who began, and no longer than 30 s', async () => {
    const dir = await temporaryDirectory()
    let now = 0
    const { disk } = await openDisk(dir, IDENTITY, { now: () => now })
    await disk.write({ entries: entries(1, 20), hardState: HARD_STATE })
    const [first, second] = [bytesOf(150_000, 1), bytesOf(90_000, 2)]
    const position = { index: 5, term: 2 }
    await disk.snapshots.save(position, CONFIGURATION, [first])
    await disk.snapshots.save({ index: 6, term: 2 }, CONFIGURATION, [second])
    expect(await disk.snapshots.read(position, 0, 10)).toBeUndefined()

    const reading = { index: 6, term: 2 }
    expect((await disk.snapshots.read(reading, 0, 1000))?.data.length).toBe(1000)
    for (let index = 7; index < 12; index++) {
      now += 29_000
      await disk.snapshots.save({ index, term: 2 }, CONFIGURATION, [first])
      const chunk = await disk.snapshots.read(reading, 80_000, 50_000)
      expect(chunk?.done).toBe(true)
      expect(Buffer.from(chunk!.data).equals(second.subarray(80_000))).toBe(true)
    }
    expect((await readdir(dir)).sort()).toEqual(['000001.log', 'identity.json', 'snapshot-11-2.snap'])
    now += 30_001
    await disk.snapshots.save({ index: 12, term: 2 }, CONFIGURATION, [first])
    expect(await disk.snapshots.read(reading, 0, 10)).toBeUndefined()
    await disk.close()
  })

  test('waits for the log: a start never finds a snapshot of entries that are not there', async () => {
    const dir = await temporaryDirectory()
    const { disk } = await openDisk(dir, IDENTITY)
    const order: string[] = []
    const written = disk.write({ entries: entries(1, 9), hardState: HARD_STATE }).then(() => order.push('log'))
    const saved = disk.snapshots
      .save({ index: 9, term: 2 }, CONFIGURATION, [bytesOf(10)])
      .then(() => order.push('snapshot'))
    await Promise.all([written, saved])
    expect(order).toEqual(['log', 'snapshot'])
    await expect(disk.snapshots.save({ index: 10, term: 2 }, CONFIGURATION, [])).rejects.toMatchObject({
      code: 'internal',
    })
    await expect(disk.write({ entries: [] })).rejects.toMatchObject({ code: 'internal' })
    await disk.close()
    expect((await reopen(dir)).snapshot?.index).toBe(9)
  })
})

describe('compaction', () => {
  const OPTIONS = { segmentBytes: 2000 }
  const wide = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => entry(from + at, 2, 'v'.repeat(100)))

  test('drops whole segments, uses them again, and the log goes on', async () => {
    const dir = await temporaryDirectory()
    const { disk } = await openDisk(dir, IDENTITY, OPTIONS)
    await disk.write({ entries: wide(1, 1), hardState: HARD_STATE })
    for (let index = 2; index <= 200; index++) {
      await disk.write({ entries: wide(index, index) })
      if (index % 20 !== 0) continue
      await disk.snapshots.save({ index, term: 2 }, CONFIGURATION, [bytesOf(10)])
      await disk.write({ entries: [], compactTo: { index: index - 5, term: 2 } })
    }
    await disk.close()
    const names = await readdir(dir)
    expect(names.filter((name) => name.endsWith('.log')).length).toBeLessThan(4)
    expect(await reopen(dir, OPTIONS)).toMatchObject({
      base: { index: 195, term: 2 },
      hardState: HARD_STATE,
      entries: wide(196, 200),
      snapshot: { index: 200 },
    })
  })

  test('a segment that is used again before it is filled with zeros shows nothing of what it held', async () => {
    const dir = await temporaryDirectory()
    const options = { segmentBytes: 200_000 }
    const { disk } = await openDisk(dir, IDENTITY, options)
    await disk.write({ entries: [], hardState: HARD_STATE })
    const segments = async () => (await readdir(dir)).filter((name) => name.endsWith('.log')).sort()
    let index = 0
    while (!(await segments()).includes('000005.log')) {
      await disk.write({ entries: [entry(++index, 2, 'v'.repeat(4000))] })
    }
    await disk.snapshots.save({ index, term: 2 }, CONFIGURATION, [bytesOf(10)])
    // The first one is small and not used again.
    await disk.write({ entries: [], compactTo: { index: 20, term: 2 } })
    await expect.poll(segments).not.toContain('000001.log')
    // The spare was used just now, and no other one has been begun: the segments that go are all there is. Which of them
    // comes first to be used again is a matter of timing.
    const old = await Promise.all([2, 3, 4].map(async (at) => (await stat(join(dir, `00000${at}.log`))).ino))
    await disk.write({ entries: [], compactTo: { index, term: 2 } })
    await expect.poll(() => readdir(dir)).toContain('spare.tmp')
    await disk.write({ entries: [entry(index + 1, 2, 'w'.repeat(196_500))] })
    const last = join(dir, (await segments()).at(-1)!)
    expect(old).toContain((await stat(last)).ino)
    expect((await readFile(last)).indexOf('vvvv')).toBe(-1)
    await disk.close()
    expect(await reopen(dir, options)).toMatchObject({ base: { index }, entries: [{ index: index + 1 }], tornBytes: 0 })
  })

  test('to a place that was compacted already changes nothing; beyond the snapshot or the log it is refused', async () => {
    const dir = await prepared([15], 10)
    const before = await contents(dir)
    for (const compactTo of [
      { index: 10, term: 2 },
      { index: 3, term: 2 },
    ]) {
      const { disk } = await openDisk(dir, IDENTITY)
      expect(await disk.write({ entries: [], compactTo })).toMatchObject({ bytes: 0 })
      await disk.close()
    }
    const { disk } = await openDisk(dir, IDENTITY)
    await expect(disk.write({ entries: [], compactTo: { index: 16, term: 2 } })).rejects.toMatchObject({
      code: 'internal',
    })
    await disk.close()
    expect(await contents(dir)).toEqual(before)
  })

  test('a segment that is needed and missing is named; one that was left over before a gap is removed', async () => {
    const dir = await temporaryDirectory()
    const { disk } = await openDisk(dir, IDENTITY, OPTIONS)
    await disk.write({ entries: [], hardState: HARD_STATE })
    for (let index = 1; index <= 60; index++) await disk.write({ entries: wide(index, index) })
    await disk.close()
    const first = await readFile(join(dir, '000001.log'))
    const { disk: again } = await openDisk(dir, IDENTITY, OPTIONS)
    await again.snapshots.save({ index: 40, term: 2 }, CONFIGURATION, [bytesOf(10)])
    await again.write({ entries: [], compactTo: { index: 40, term: 2 } })
    await again.close()
    const logs = (await readdir(dir)).filter((name) => name.endsWith('.log')).sort()
    expect(logs[0]).not.toBe('000001.log')

    await writeFile(join(dir, '000001.log'), first)
    expect((await reopen(dir, OPTIONS)).entries).toEqual(wide(41, 60))
    expect(await readdir(dir)).not.toContain('000001.log')

    await rename(join(dir, logs[0]!), join(dir, 'away'))
    const before = await contents(dir)
    await expect(openDisk(dir, IDENTITY, OPTIONS)).rejects.toMatchObject({
      code: 'record-corrupt',
      details: { file: join(dir, logs[0]!), reason: 'this segment is missing' },
    })
    expect(await contents(dir)).toEqual(before)
  })
})

describe('a snapshot that is received', () => {
  const DATA = bytesOf(170_000, 5)
  const META = metaOf(50, 4, DATA)

  test('goes on after a restart where it stopped; is whole before it is installed; then is the state', async () => {
    const dir = await prepared([])
    let offset = 0
    for (const size of [1, 60_000, 4_999, 100_000]) {
      const { disk } = await openDisk(dir, IDENTITY)
      // The leader does not know how far it is.
      const asked = await disk.snapshots.receive(META, 0, DATA.subarray(0, offset === 0 ? 1 : 10), false)
      if (offset === 0) offset = 1
      expect(asked).toEqual({ offset, complete: false })
      const received = await disk.snapshots.receive(META, offset, DATA.subarray(offset, offset + size), false)
      offset += size
      expect(received).toEqual({ offset, complete: false })
      await disk.close()
    }
    const before = await openDisk(dir, IDENTITY)
    expect(await before.disk.snapshots.receive(META, offset, DATA.subarray(offset), true)).toEqual({
      offset: DATA.length,
      complete: true,
    })
    await before.disk.close()

    const opened = await openDisk(dir, IDENTITY)
    expect(opened.restored.snapshot).toBeUndefined()
    expect(opened.restored.entries.length).toBe(20)
    expect(await opened.disk.snapshots.receive(META, 0, DATA.subarray(0, 10), false)).toMatchObject({ complete: true })
    await opened.disk.write({
      install: { snapshot: META, keepsLog: false },
      entries: [entry(51, 4)],
      hardState: { currentTerm: 4, votedFor: 0 },
    })
    await opened.disk.close()
    expect((await readdir(dir)).sort()).toEqual(['000001.log', 'identity.json', 'snapshot-50-4.snap'])

    const after = await openDisk(dir, IDENTITY)
    expect(after.restored).toMatchObject({ base: { index: 50, term: 4 }, snapshot: META })
    expect(plainly(after.restored).entries).toEqual([entry(51, 4)])
    expect((await loaded(after, META)).equals(DATA)).toBe(true)
    await after.disk.close()
  })

  test('keeps the entries behind it when they continue it', async () => {
    const dir = await prepared([5], 3)
    const data = bytesOf(100)
    const meta = metaOf(12, 2, data)
    const { disk } = await openDisk(dir, IDENTITY)
    await disk.snapshots.receive(meta, 0, data, true)
    await disk.write({ install: { snapshot: meta, keepsLog: true }, entries: [] })
    await disk.close()
    expect(await reopen(dir)).toMatchObject({
      base: { index: 12, term: 2 },
      entries: entries(13, 20),
      snapshot: meta,
    })
  })

  test('without data, as a witness gets it', async () => {
    const dir = await prepared([])
    const meta = metaOf(30, 3, new Uint8Array(0))
    const { disk } = await openDisk(dir, IDENTITY)
    expect(await disk.snapshots.receive(meta, 0, new Uint8Array(0), true)).toEqual({ offset: 0, complete: true })
    await disk.write({ install: { snapshot: meta, keepsLog: false }, entries: [] })
    await disk.close()
    expect(await reopen(dir)).toMatchObject({ base: { index: 30, term: 3 }, entries: [], snapshot: meta })
  })

  test('chunks that do not continue it are ignored; another snapshot begins anew, but only with its beginning', async () => {
    const { disk } = await openDisk(await prepared([]), IDENTITY)
    const other = metaOf(60, 4, bytesOf(1000, 8))
    expect(await disk.snapshots.receive(META, 500, DATA.subarray(500, 600), false)).toEqual({
      offset: 0,
      complete: false,
    })
    await disk.snapshots.receive(META, 0, DATA.subarray(0, 400), false)
    for (const offset of [0, 399, 401, 4000]) {
      const chunk = DATA.subarray(offset, offset + 100)
      expect(await disk.snapshots.receive(META, offset, chunk, false)).toEqual({ offset: 400, complete: false })
    }
    expect(await disk.snapshots.receive(other, 10, bytesOf(10), false)).toEqual({ offset: 0, complete: false })
    expect(await disk.snapshots.receive(META, 400, DATA.subarray(400, 500), false)).toMatchObject({ offset: 500 })
    expect(await disk.snapshots.receive(other, 0, bytesOf(1000, 8).subarray(0, 10), false)).toMatchObject({
      offset: 10,
    })
    expect(await disk.snapshots.receive(META, 500, DATA.subarray(500), true)).toEqual({ offset: 0, complete: false })
    await disk.close()
  })

  test.each([
    ['with a wrong checksum', (data: Uint8Array) => data.with(100_000, (data[100_000]! + 1) & 255), true],
    ['that is too long', (data: Uint8Array) => new Uint8Array([...data, 1]), true],
    ['that is too short', (data: Uint8Array) => data.subarray(0, -1), true],
  ])('%s starts over', async (_name, change, done) => {
    const { disk } = await openDisk(await prepared([]), IDENTITY)
    const wrong = change(DATA)
    await disk.snapshots.receive(META, 0, wrong.subarray(0, 90_000), false)
    const end = await disk.snapshots.receive(META, 90_000, wrong.subarray(90_000), done)
    expect(end).toEqual({ offset: 0, complete: false })
    await disk.snapshots.receive(META, 0, DATA.subarray(0, 90_000), false)
    expect(await disk.snapshots.receive(META, 90_000, DATA.subarray(90_000), true)).toMatchObject({ complete: true })
    await disk.close()
  })

  test.each(['the mark', 'the data', 'the header', 'the length'])(
    'a part whose %s is damaged begins again',
    async (what) => {
      const dir = await prepared([])
      const opened = await openDisk(dir, IDENTITY)
      await opened.disk.snapshots.receive(META, 0, DATA.subarray(0, 100_000), false)
      await opened.disk.close()
      const path = join(dir, 'receiving.part')
      const size = (await readFile(path)).length
      if (what === 'the length') await truncate(path, size - 3)
      else await flip(path, what === 'the mark' ? size - 10 : what === 'the data' ? 5000 : 20)
      const { disk } = await openDisk(dir, IDENTITY)
      expect(await disk.snapshots.receive(META, 100_000, DATA.subarray(100_000), true)).toEqual({
        offset: 0,
        complete: false,
      })
      expect(await disk.snapshots.receive(META, 0, DATA, true)).toMatchObject({ complete: true })
      await disk.close()
    },
  )

  test('is not installed when it was not received', async () => {
    const { disk } = await openDisk(await prepared([]), IDENTITY)
    await expect(disk.write({ install: { snapshot: META, keepsLog: false }, entries: [] })).rejects.toMatchObject({
      code: 'internal',
    })
    await disk.close()
  })
})

describe('a damaged snapshot', () => {
  const NEWEST = 'snapshot-15-2.snap'

  async function refused(dir: string, code: string, details: object): Promise<void> {
    const before = await contents(dir)
    await expect(openDisk(dir, IDENTITY)).rejects.toMatchObject({ code, details })
    expect(await contents(dir)).toEqual(before)
  }

  test('is refused by name and place when the log begins later; nothing changes', async () => {
    const dir = await prepared([15], 10)
    const path = join(dir, NEWEST)
    const header = encodeSnapshotHeader(IDENTITY, metaOf(15, 2, bytesOf(200_000, 15))).length
    const end = header + 200_000
    for (const [at, offset, reason] of [
      [3, 0, /does not begin like a snapshot/],
      [30, 0, /checksum of the snapshot header/],
      [header, header, /of block 1 is stored/],
      [header + 65_535, header, /of block 1/],
      [header + 65_536, header + 65_536, /of block 2/],
      [end - 1, header + 3 * 65_536, /of block 4/],
      [end, end, /checksum of the checksums/],
      [end + 4 * 4 + 16 - 1, end, /does not end as a snapshot/],
    ] as const) {
      await flip(path, at)
      await refused(dir, 'snapshot-corrupt', { file: path, offset, reason: expect.stringMatching(reason) })
      await flip(path, at)
    }
    await truncate(path, end)
    await refused(dir, 'snapshot-corrupt', { file: path, reason: expect.stringMatching(/it should have/) })
    await rm(path)
    await refused(dir, 'snapshot-corrupt', { offset: 0, reason: expect.stringMatching(/its snapshot is missing/) })
  })

  test('falls back to the previous one, or to none, when the log covers the gap; and stays until a newer one', async () => {
    for (const [saved, found] of [
      [[8, 15], 8],
      [[15], undefined],
    ] as const) {
      const dir = await prepared(saved, saved.length === 2 ? 6 : 0)
      await flip(join(dir, NEWEST), 100_000)
      const opened = await openDisk(dir, IDENTITY)
      expect(opened.restored.snapshot?.index).toBe(found)
      expect(opened.restored.entries.at(-1)?.index).toBe(20)
      expect(await readdir(dir)).toContain(NEWEST)
      await opened.disk.snapshots.save({ index: 18, term: 2 }, CONFIGURATION, [bytesOf(10)])
      await opened.disk.close()
      expect((await readdir(dir)).filter((name) => name.endsWith('.snap'))).toEqual(['snapshot-18-2.snap'])
      expect((await reopen(dir)).snapshot?.index).toBe(18)
    }
  })

  test('is refused when the log begins after the previous one', async () => {
    const dir = await prepared([8, 15], 9)
    await flip(join(dir, NEWEST), 100_000)
    await refused(dir, 'snapshot-corrupt', { file: join(dir, NEWEST) })
  })

  test('that rots while the node runs is not sent and not loaded, and the disk goes on', async () => {
    const dir = await prepared([15])
    const { disk } = await openDisk(dir, IDENTITY)
    const position = { index: 15, term: 2 }
    expect((await disk.snapshots.read(position, 0, 10))?.data.length).toBe(10)
    await flip(join(dir, NEWEST), 150_000)
    await expect(disk.snapshots.read(position, 140_000, 1000)).rejects.toMatchObject({ code: 'snapshot-corrupt' })
    await expect(
      (async () => {
        for await (const _ of disk.snapshots.load(position));
      })(),
    ).rejects.toMatchObject({ code: 'snapshot-corrupt', details: { file: join(dir, NEWEST) } })
    await disk.write({ entries: entries(21, 22) })
    await disk.snapshots.save({ index: 20, term: 2 }, CONFIGURATION, [bytesOf(10)])
    await disk.close()
  })

  test('above the end of the log proves that the log lost entries', async () => {
    const dir = await prepared([15])
    const other = await temporaryDirectory()
    const { disk } = await openDisk(other, IDENTITY)
    await disk.write({ entries: entries(1, 14), hardState: HARD_STATE })
    await disk.close()
    await writeFile(join(other, NEWEST), await readFile(join(dir, NEWEST)))
    await refused(other, 'record-corrupt', {
      file: join(other, '000001.log'),
      reason: expect.stringMatching(/entry 15/),
    })
  })

  test.each([
    ['of another entry', 'snapshot-16-2.snap', IDENTITY, 'snapshot-corrupt'],
    ['of another node', NEWEST, { ...IDENTITY, node: 4 }, 'identity-mismatch'],
    ['of another cluster', NEWEST, { ...IDENTITY, clusterId: 'other' }, 'identity-mismatch'],
  ])('or one %s is refused', async (_name, name, identity, code) => {
    const dir = await prepared([15], 10)
    const other = await temporaryDirectory()
    const { disk } = await openDisk(other, identity)
    await disk.write({ entries: entries(1, 20), hardState: HARD_STATE })
    await disk.snapshots.save({ index: 15, term: 2 }, CONFIGURATION, [bytesOf(10)])
    await disk.close()
    await rm(join(dir, NEWEST))
    await writeFile(join(dir, name), await readFile(join(other, NEWEST)))
    await refused(dir, code, {})
  })
})
