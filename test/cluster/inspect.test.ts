import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inspectNode } from '../../main/cluster/inspect'
import { encodeCommand } from '../../main/node/contract/command'
import { openDisk, type WriteRequest } from '../../main/node/disk'
import { contents, entry, IDENTITY, plainly, reopen, temporaryDirectory, writeAll } from '../node/disk/helpers'

const put = encodeCommand({
  client: 7,
  sequence: 1,
  command: { op: 'put', key: 'colour', value: new TextEncoder().encode('blue') },
})
const REQUESTS: readonly WriteRequest[] = [
  { entries: [entry(1, 1, '', 'noop')], hardState: { currentTerm: 1, votedFor: 3 } },
  { entries: [{ index: 2, term: 1, type: 'command', data: put }, entry(3, 1, 'not a command')] },
  { truncateFrom: 3, entries: [entry(3, 2, 'abcdef', 'config')], hardState: { currentTerm: 2, votedFor: 0 } },
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
  expect(found).toMatchObject({ currentTerm: 2, votedFor: 0, firstIndex: 1, lastIndex: 3 })
  expect(found.files).toMatchObject([{ name: '000001.log', standing: 'ok', tornBytes: 0 }])
  const file = found.files[0]!
  expect(file.records.map(({ number, type, term, index, detail }) => [number, type, term, index, detail])).toEqual([
    [0, 'segment', 0, 0, expect.stringMatching(/^format 1 node 3 segment 1 cluster [0-9a-f]{8} salt [0-9a-f]{8}/)],
    [1, 'write', 0, 0, 'write 1: 1 records, 19 bytes'],
    [2, 'hardState', 0, 0, 'currentTerm 0 votedFor –'],
    [3, 'write', 0, 0, 'write 2: 2 records, 45 bytes'],
    [4, 'entry', 1, 1, 'no-op'],
    [5, 'hardState', 1, 0, 'currentTerm 1 votedFor 3'],
    [6, 'write', 0, 0, expect.stringMatching(/^write 3: 2 records/)],
    [7, 'entry', 1, 2, 'put "colour", 4 bytes'],
    [8, 'entry', 1, 3, "command of 13 bytes that is not a client's"],
    [9, 'write', 0, 0, expect.stringMatching(/^write 4: 3 records/)],
    [10, 'truncate', 0, 3, 'from 3'],
    [11, 'entry', 2, 3, 'configuration, 6 bytes'],
    [12, 'hardState', 2, 0, 'currentTerm 2 votedFor –'],
  ])
  let offset = 0
  for (const record of file.records) {
    expect(record).toMatchObject({ offset, standing: 'ok', storedCrc: record.computedCrc })
    expect(record.storedCrc).not.toBe(0)
    offset += record.bytes
  }
  expect(offset).toBe(file.bytes)
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
  expect(plainly({ hardState, entries: found.entries }).entries).toEqual(entries)
})

test('a torn tail is shown as what will be cut, and left there', async () => {
  const dir = await prepared()
  const path = join(dir, '000001.log')
  const whole = await readFile(path)
  const { records } = (await inspectNode(dir)).files[0]!
  const last = records.at(-1)!
  const write = records.at(-4)!
  for (let length = write.offset + 1; length < last.offset + last.bytes; length++) {
    await writeFile(path, whole.subarray(0, length))
    const found = await inspectNode(dir)
    expect(found).toMatchObject({ standing: 'torn', findings: [], currentTerm: 1, votedFor: 3, lastIndex: 3 })
    expect(found.files[0]).toMatchObject({ standing: 'torn', tornBytes: length - write.offset, bytes: length })
    const torn = found.files[0]!.records.filter(({ standing }) => standing === 'torn')
    expect(torn[0]).toMatchObject({ offset: write.offset, number: write.number })
    expect(torn.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(length - write.offset)
    expect((await readFile(path)).length).toBe(length)
    expect((await reopen(dir)).tornBytes).toBe(length - write.offset)
  }
})

test('a flipped byte in any record is shown at that record; those behind it are shown, not added up', async () => {
  const dir = await prepared()
  const path = join(dir, '000001.log')
  const whole = await readFile(path)
  const { records } = (await inspectNode(dir)).files[0]!
  for (const record of records.slice(1, 9)) {
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
      expect(found.lastIndex).toBeLessThan(3)
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
  await writeFile(join(dir, 'identity.json'), JSON.stringify({ format: 1, ...IDENTITY, node: 9 }))
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
