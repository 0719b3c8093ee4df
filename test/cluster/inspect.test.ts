import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inspectNode } from '../../main/cluster/inspect'
import { encodeCommand } from '../../main/node/contract/command'
import { endOfContents } from '../../main/node/contract/records'
import { openDisk, type WriteRequest } from '../../main/node/disk'
import { configurationOf, encodeConfiguration } from '../../main/raft/configuration'
import { contents, copyOf, entry, IDENTITY, plainly, reopen, temporaryDirectory, writeAll } from '../node/disk/helpers'

const put = encodeCommand({
  client: 7,
  sequence: 1,
  time: 0,
  command: { op: 'put', key: 'colour', value: new TextEncoder().encode('blue') },
})
const REQUESTS: readonly WriteRequest[] = [
  { entries: [entry(1, 1, '', 'noop')], hardState: { currentTerm: 1, votedFor: 3 } },
  { entries: [{ index: 2, term: 1, type: 'command', data: put }, entry(3, 1, 'not a command')] },
  {
    truncateFrom: 3,
    entries: [
      { index: 3, term: 2, type: 'config', data: encodeConfiguration(configurationOf([1, 2], { learners: [7] })) },
      entry(4, 2, '', 'metadata'),
    ],
    hardState: { currentTerm: 2, votedFor: 0 },
  },
]

async function prepared(): Promise<string> {
  const dir = await temporaryDirectory()
  await writeAll(dir, REQUESTS)
  return dir
}

test('every record with number, place, type, term, index, words and checksum, and what they amount to', async () => {
  const dir = await prepared()
  const before = await contents(dir)
  const found = await inspectNode(dir)
  expect(found).toMatchObject({ path: dir, identity: IDENTITY, standing: 'ok', findings: [] })
  expect(found).toMatchObject({ currentTerm: 2, votedFor: 0, firstIndex: 1, lastIndex: 4 })
  expect(found.files).toMatchObject([{ name: '000001.log', standing: 'ok', tornBytes: 0 }])
  const file = found.files[0]!
  expect(file.records.map(({ number, type, term, index, detail }) => [number, type, term, index, detail])).toEqual([
    [0, 'segment', 0, 0, expect.stringMatching(/^format 2 node 3 segment 1 cluster [0-9a-f]{8} salt [0-9a-f]{8}/)],
    [1, 'write', 0, 0, 'write 1: 2 records, 52 bytes'],
    [2, 'begin', 0, 0, 'log after 0 (term 0), ends at 0'],
    [3, 'hardState', 0, 0, 'currentTerm 0 votedFor –'],
    [4, 'write', 0, 0, 'write 2: 2 records, 45 bytes'],
    [5, 'entry', 1, 1, 'no-op'],
    [6, 'hardState', 1, 0, 'currentTerm 1 votedFor 3'],
    [7, 'write', 0, 0, expect.stringMatching(/^write 3: 2 records/)],
    [8, 'entry', 1, 2, 'put "colour", 4 bytes'],
    [9, 'entry', 1, 3, "command of 13 bytes that is not a client's"],
    [10, 'write', 0, 0, expect.stringMatching(/^write 4: 4 records/)],
    [11, 'truncate', 0, 3, 'from 3'],
    [12, 'entry', 2, 3, 'configuration voters 1,2 learners 7'],
    [13, 'entry', 2, 4, 'command, its data not sent to this witness'],
    [14, 'hardState', 2, 0, 'currentTerm 2 votedFor –'],
  ])
  let offset = 0
  for (const record of file.records) {
    expect(record).toMatchObject({ offset, standing: 'ok', storedCrc: record.computedCrc })
    expect(record.storedCrc).not.toBe(0)
    offset += record.bytes
  }
  // Zeros stand behind them.
  expect(offset).toBeLessThan(file.bytes)
  expect(file.count).toBe(file.records.length)
  expect(await contents(dir)).toEqual(before)
})

test('it tells the same state as a start brings back, over all segments', async () => {
  const dir = await temporaryDirectory()
  const many = Array.from({ length: 40 }, (_, at) => ({
    entries: [entry(at + 1, 1 + (at >> 3), 'v'.repeat(50))],
    hardState: { currentTerm: 1 + (at >> 3), votedFor: 1 },
  }))
  await writeAll(dir, many, { segmentBytes: 700 })
  const found = await inspectNode(dir)
  const { hardState, entries } = await reopen(dir)
  expect(found.files.length).toBeGreaterThan(5)
  expect(found).toMatchObject({ standing: 'ok', ...hardState })
  expect(plainly({ hardState, base: found.base, entries: found.entries }).entries).toEqual(entries)
})

test('a torn tail is shown as what will be cut, and left there', async () => {
  const dir = await prepared()
  const path = join(dir, '000001.log')
  const whole = await readFile(path)
  const { records } = (await inspectNode(dir)).files[0]!
  const last = records.at(-1)!
  const write = records.at(-5)!
  for (let length = write.offset + 1; length < last.offset + last.bytes; length++) {
    await writeFile(path, whole.subarray(0, length))
    const found = await inspectNode(dir)
    expect(found).toMatchObject({ standing: 'torn', findings: [], currentTerm: 1, votedFor: 3, lastIndex: 3 })
    const tornBytes = endOfContents(whole.subarray(0, length), write.offset) - write.offset
    expect(found.files[0]).toMatchObject({ standing: 'torn', tornBytes, bytes: length })
    const torn = found.files[0]!.records.filter(({ standing }) => standing === 'torn')
    expect(torn[0]).toMatchObject({ offset: write.offset, number: write.number })
    const shown = torn.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(shown).toBeGreaterThanOrEqual(tornBytes)
    expect(shown).toBeLessThanOrEqual(length - write.offset)
    expect((await readFile(path)).length).toBe(length)
    expect((await reopen(dir)).tornBytes).toBe(tornBytes)
  }
})

test('a flipped byte in any record is shown at that record; those behind it are shown, not added up', async () => {
  const dir = await prepared()
  const path = join(dir, '000001.log')
  const whole = await readFile(path)
  const { records } = (await inspectNode(dir)).files[0]!
  for (const record of records.slice(1, 10)) {
    for (const at of [0, 4, 8, 9, record.bytes - 1]) {
      const flipped = Buffer.from(whole)
      flipped[record.offset + at]! ^= 0x40
      await writeFile(path, flipped)
      const found = await inspectNode(dir)
      expect(found.standing).toBe('corrupt')
      expect(found.findings).toMatchObject([{ file: '000001.log', offset: record.offset, record: record.number }])
      const shown = found.files[0]!.records
      const bad = shown.filter(({ standing }) => standing !== 'ok')
      expect(bad).toMatchObject([{ number: record.number, offset: record.offset, standing: 'corrupt' }])
      expect(shown.at(-1)).toMatchObject({ type: 'hardState', term: 2, standing: 'ok' })
      if (at !== 0) expect(shown).toHaveLength(records.length)
      expect(found.lastIndex).toBeLessThan(4)
      await expect(openDisk(dir, IDENTITY)).rejects.toMatchObject({
        code: 'record-corrupt',
        details: { record: record.number },
      })
    }
  }
})

test('a damaged header, a missing segment and a foreign identity are findings', async () => {
  const dir = await temporaryDirectory()
  const many = Array.from({ length: 20 }, (_, at) => ({ entries: [entry(at + 1, 1, 'v'.repeat(50))] }))
  await writeAll(dir, many, { segmentBytes: 700 })
  await rm(join(dir, '000002.log'))
  const third = join(dir, '000003.log')
  const bytes = await readFile(third)
  bytes[20]! ^= 1
  await writeFile(third, bytes)
  await writeFile(join(dir, 'identity.json'), JSON.stringify({ format: 2, ...IDENTITY, node: 9 }))
  const found = await inspectNode(dir)
  expect(found.findings.map(({ file, reason }) => [file, reason])).toEqual([
    ['000001.log', 'it belongs to node 3'],
    ['000002.log', 'this segment is missing'],
    ['000003.log', 'the checksum of the segment header is wrong'],
    ...found.files.slice(2).map(({ name }) => [name, 'it belongs to node 3']),
  ])
  await writeFile(join(dir, 'identity.json'), '{')
  expect((await inspectNode(dir)).findings[0]).toMatchObject({ file: 'identity.json' })
})

test('what is no node directory says so', async () => {
  const dir = await temporaryDirectory()
  await expect(inspectNode(join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'unreadable-file' })
  await expect(inspectNode(dir)).rejects.toMatchObject({ code: 'unreadable-file', details: { path: dir } })
})

test('reading while the node writes never sees corruption, and never less than what was answered before', async () => {
  const dir = await temporaryDirectory()
  const { disk } = await openDisk(dir, IDENTITY, { segmentBytes: 20_000 })
  let answered = 0
  let writing = true
  const writer = (async () => {
    for (let index = 1; index <= 400; index++) {
      await disk.write({ entries: [entry(index, 1, 'x'.repeat((index * 37) % 3000))] })
      answered = index
    }
    writing = false
  })()
  let readings = 0
  while (writing) {
    const least = answered
    const found = await inspectNode(dir)
    expect(found.findings).toEqual([])
    expect(found.lastIndex).toBeGreaterThanOrEqual(least)
    readings++
  }
  await writer
  await disk.close()
  expect(readings).toBeGreaterThan(3)
  expect(await inspectNode(dir)).toMatchObject({ standing: 'ok', lastIndex: 400 })
})

const CONFIGURATION = configurationOf([1, 2, 3])

async function compacted(): Promise<string> {
  const dir = await temporaryDirectory()
  const options = { segmentBytes: 700 }
  const { disk } = await openDisk(dir, IDENTITY, options)
  await disk.write({ entries: [], hardState: { currentTerm: 1, votedFor: 3 } })
  for (let index = 1; index <= 40; index++) await disk.write({ entries: [entry(index, 1, 'v'.repeat(50))] })
  await disk.snapshots.save({ index: 30, term: 1 }, CONFIGURATION, [new Uint8Array(1000)])
  await disk.write({ entries: [], compactTo: { index: 25, term: 1 } })
  const incoming = { index: 90, term: 2, configuration: CONFIGURATION, bytes: 100, checksum: 7 }
  await disk.snapshots.receive(incoming, 0, new Uint8Array(60), false)
  await disk.close()
  return dir
}

test('a compacted log: where it begins, its snapshots with their standing, and one that arrives', async () => {
  const dir = await compacted()
  const found = await inspectNode(dir)
  expect(found).toMatchObject({
    standing: 'ok',
    findings: [],
    base: { index: 25, term: 1 },
    firstIndex: 26,
    lastIndex: 40,
  })
  expect(found.entries.map(({ index }) => index)).toEqual(Array.from({ length: 15 }, (_, at) => 26 + at))
  expect(found.snapshot).toMatchObject({ index: 30, term: 1, bytes: 1000, configuration: CONFIGURATION })
  expect(found.snapshots).toMatchObject([
    { name: 'snapshot-30-1.snap', kind: 'snapshot', standing: 'ok', offset: 1000, reason: '' },
    { name: 'receiving.part', kind: 'receiving', standing: 'ok', offset: 60, detail: '60/100 bytes; voters 1,2,3' },
  ])
  expect(found.files[0]!.name).not.toBe('000001.log')
  const details = found.files.flatMap(({ records }) => records).map(({ type, index, detail }) => [type, index, detail])
  expect(details).toContainEqual(['compact', 25, 'log begins after 25 (term 1)'])
  expect(details).toContainEqual(['begin', 0, expect.stringMatching(/^log after 0 \(term 0\), ends at \d+$/)])
})

test('only the last records: their numbers and the state are the same', async () => {
  for (const dir of [await compacted(), await prepared()]) {
    const [whole, tail] = [await inspectNode(dir), await inspectNode(dir, { tail: 3 })]
    const { files, entries, ...rest } = whole
    expect(tail).toEqual({
      ...rest,
      entries: [],
      files: files.map((file) => ({ ...file, records: file.records.slice(-3) })),
    })
    expect(entries.length).toBeGreaterThan(0)
  }
})

test('a damaged or missing snapshot, and a missing segment behind compaction, are findings as at a start', async () => {
  const original = await compacted()
  const name = 'snapshot-30-1.snap'
  const bytes = await readFile(join(original, name))
  const cases: readonly [(dir: string) => Promise<unknown>, object][] = [
    [(dir) => writeFile(join(dir, name), bytes.with(500, 1)), { file: name, reason: expect.stringMatching(/block 1/) }],
    [(dir) => rm(join(dir, name)), { file: 'snapshot-25-1.snap', reason: expect.stringMatching(/is missing/) }],
    [
      async (dir) => rm(join(dir, (await inspectNode(dir)).files[0]!.name)),
      { file: (await inspectNode(original)).files[0]!.name, reason: 'this segment is missing' },
    ],
  ]
  for (const [damage, finding] of cases) {
    const dir = await copyOf(original)
    await damage(dir)
    const found = await inspectNode(dir)
    expect(found).toMatchObject({ standing: 'corrupt' })
    expect(found.findings[0]).toMatchObject(finding)
    await expect(openDisk(dir, IDENTITY)).rejects.toMatchObject({ code: expect.stringMatching(/-corrupt$/) })
  }
})

test('reading while segments and snapshots come and go sees no damage', async () => {
  const dir = await temporaryDirectory()
  const { disk } = await openDisk(dir, IDENTITY, { segmentBytes: 20_000 })
  let writing = true
  const writer = (async () => {
    for (let index = 1; index <= 200; index++) {
      await disk.write({ entries: [entry(index, 1, 'x'.repeat((index * 37) % 3000))] })
      if (index % 20 !== 0) continue
      await disk.snapshots.save({ index, term: 1 }, CONFIGURATION, [new Uint8Array(index)])
      await disk.write({ entries: [], compactTo: { index: index - 3, term: 1 } })
    }
    writing = false
  })()
  let readings = 0
  while (writing) {
    const found = await inspectNode(dir)
    expect(found.findings).toEqual([])
    expect(found.snapshot?.index ?? 0).toBeGreaterThanOrEqual(found.base.index)
    readings++
  }
  await writer
  await disk.close()
  expect(readings).toBeGreaterThan(3)
  expect(await inspectNode(dir)).toMatchObject({ standing: 'ok', base: { index: 197 }, lastIndex: 200 })
})
