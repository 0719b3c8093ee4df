import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDisk } from '../../../main/node/disk'
import { realFiles } from '../../../main/node/disk/files'
import { contents, entry, IDENTITY, NOTHING, readLog, reopen, temporaryDirectory, writeAll } from './helpers'

const EMPTY = { ...NOTHING, tornBytes: 0 }

test('a new directory is made, empty, and says whose it is', async () => {
  const dir = join(await temporaryDirectory(), 'a', 'node-3')
  expect(await reopen(dir)).toEqual(EMPTY)
  expect(Object.keys(await contents(dir))).toEqual(['000001.log', 'identity.json'])
  expect(JSON.parse(await readFile(join(dir, 'identity.json'), 'utf8'))).toEqual({ format: 2, ...IDENTITY })
  expect(await reopen(dir)).toEqual(EMPTY)
})

test('what was written comes back: entries of every type, truncation, hard state', async () => {
  const dir = await temporaryDirectory()
  await writeAll(dir, [
    { entries: [entry(1, 1, '', 'noop'), entry(2, 1), entry(3, 1)], hardState: { currentTerm: 1, votedFor: 3 } },
    { entries: [], hardState: { currentTerm: 2 ** 40, votedFor: 65535 } },
    { truncateFrom: 3, entries: [entry(3, 2 ** 40, 'other', 'config'), entry(4, 2 ** 40)] },
  ])
  expect(await reopen(dir)).toEqual({
    ...NOTHING,
    hardState: { currentTerm: 2 ** 40, votedFor: 65535 },
    entries: [entry(1, 1, '', 'noop'), entry(2, 1), entry(3, 2 ** 40, 'other', 'config'), entry(4, 2 ** 40)],
    tornBytes: 0,
  })
})

test('each start goes on where the last one stopped', async () => {
  const dir = await temporaryDirectory()
  for (let index = 1; index <= 10; index++) {
    await writeAll(dir, [{ entries: [entry(index, index)], hardState: { currentTerm: index, votedFor: 1 } }])
  }
  const found = await reopen(dir)
  expect(found.entries).toEqual(Array.from({ length: 10 }, (_, at) => entry(at + 1, at + 1)))
  expect(found.hardState).toEqual({ currentTerm: 10, votedFor: 1 })
})

test('requests that wait together are one write, and each is answered in order', async () => {
  const dir = await temporaryDirectory()
  const { disk } = await openDisk(dir, IDENTITY)
  const answered: number[] = []
  await Promise.all(
    Array.from({ length: 50 }, async (_, at) => {
      const { bytes } = await disk.write({ entries: [entry(at + 1, 1, 'x'.repeat(at))] })
      expect(bytes).toBe(26 + at)
      answered.push(at)
    }),
  )
  expect(answered).toEqual(Array.from({ length: 50 }, (_, at) => at))
  expect(await disk.write({ entries: [] })).toMatchObject({ bytes: 0 })
  await disk.close()
  await disk.close()
  // Header, first write (a head, a begin record and a hard state), one more head, 50 entries.
  const size = 36 + (33 + 33 + 19) + 33 + 50 * 26 + (49 * 50) / 2
  expect((await readLog(join(dir, '000001.log'))).length).toBe(size)
  expect((await reopen(dir)).entries.length).toBe(50)
  await expect(disk.write({ entries: [] })).rejects.toMatchObject({ code: 'disk-failed' })
})

test('close finishes what is queued', async () => {
  const dir = await temporaryDirectory()
  const { disk } = await openDisk(dir, IDENTITY)
  const writes = [disk.write({ entries: [entry(1, 1)] }), disk.write({ entries: [entry(2, 1)] })]
  await disk.close()
  await Promise.all(writes)
  expect((await reopen(dir)).entries.length).toBe(2)
})

test('segments roll at their size; each begins with the hard state; all are read back', async () => {
  const dir = await temporaryDirectory()
  const requests = Array.from({ length: 40 }, (_, at) => ({
    entries: [entry(at + 1, 1 + (at >> 3), 'v'.repeat(100))],
    ...(at % 8 === 0 ? { hardState: { currentTerm: 1 + (at >> 3), votedFor: 2 } } : {}),
  }))
  await writeAll(dir, requests, { segmentBytes: 1000 })
  const names = Object.keys(await contents(dir))
  expect(names).toHaveLength(9)
  for (const name of names.filter((one) => one.endsWith('.log'))) {
    expect((await readFile(join(dir, name))).length).toBeLessThanOrEqual(1000)
  }
  const found = await reopen(dir, { segmentBytes: 1000 })
  expect(found.hardState).toEqual({ currentTerm: 5, votedFor: 2 })
  expect(found.entries).toEqual(requests.flatMap((request) => request.entries))
  // A write larger than a segment goes alone.
  await writeAll(dir, [{ entries: [entry(41, 5, 'w'.repeat(5000))] }, { entries: [entry(42, 5)] }], {
    segmentBytes: 1000,
  })
  expect((await reopen(dir)).entries.length).toBe(42)
})

test.each([
  ['another node', { ...IDENTITY, node: 4 }, /node 3 of cluster c0ffee/],
  ['another cluster', { ...IDENTITY, clusterId: 'other' }, /node 3 of cluster c0ffee/],
])('the directory of %s is refused and left as it is', async (_name, identity, found) => {
  const dir = await temporaryDirectory()
  await writeAll(dir, [{ entries: [entry(1, 1)] }])
  await writeFile(join(dir, 'spare.tmp'), 'left over')
  const before = await contents(dir)
  const expected = { code: 'identity-mismatch', details: { found: expect.stringMatching(found) } }
  await expect(openDisk(dir, identity)).rejects.toMatchObject(expected)
  expect(await contents(dir)).toEqual(before)
  // The segments know it too.
  await rm(join(dir, 'identity.json'))
  await expect(openDisk(dir, identity)).rejects.toMatchObject({ code: 'identity-mismatch' })
})

test('a deleted identity is written again by its owner', async () => {
  const dir = await temporaryDirectory()
  await writeAll(dir, [{ entries: [entry(1, 1)] }])
  const before = await contents(dir)
  await rm(join(dir, 'identity.json'))
  expect((await reopen(dir)).entries).toEqual([entry(1, 1)])
  expect(await contents(dir)).toEqual(before)
})

test.each([
  ['no JSON', '{"format":2,', 'identity-mismatch'],
  ['no node', '{"format":2}', 'identity-mismatch'],
  ['a later format', '{"format":3,"clusterId":"x","node":"three"}', 'storage-version'],
  ['the earlier format', '{"format":1,"clusterId":"c0ffee00-1111-4222-8333-444455556666","node":3}', 'storage-version'],
])('an identity file that holds %s is refused', async (_name, text, code) => {
  const dir = await temporaryDirectory()
  await writeAll(dir, [])
  await writeFile(join(dir, 'identity.json'), text)
  await expect(openDisk(dir, IDENTITY)).rejects.toMatchObject({ code })
})

test('an identity whose log is gone is refused: the node may have voted', async () => {
  const dir = await temporaryDirectory()
  await writeAll(dir, [])
  await rm(join(dir, '000001.log'))
  await expect(openDisk(dir, IDENTITY)).rejects.toMatchObject({ code: 'record-corrupt' })
  expect(Object.keys(await contents(dir))).toEqual(['identity.json'])
})

test('left-over temporary files go, other files stay', async () => {
  const dir = await temporaryDirectory()
  await writeAll(dir, [])
  for (const name of ['spare.tmp', 'snapshot-5-1.snap.tmp', 'identity.json.tmp', 'notes.txt', 'my.tmp'])
    await writeFile(join(dir, name), 'x')
  await reopen(dir)
  expect(Object.keys(await contents(dir))).toEqual(['000001.log', 'identity.json', 'my.tmp', 'notes.txt'])
})

test('a directory that cannot be made or written says so', async () => {
  const dir = await temporaryDirectory()
  await writeFile(join(dir, 'file'), '')
  const below = openDisk(join(dir, 'file', 'node'), IDENTITY)
  await expect(below).rejects.toMatchObject({ code: 'directory-unwritable' })
  await expect(openDisk(join(dir, 'file'), IDENTITY)).rejects.toMatchObject({ code: 'directory-unwritable' })
})

test.each(['EACCES', 'EROFS', 'EPERM'])('so does one where every write gives %s', async (code) => {
  const dir = await temporaryDirectory()
  const open = () => Promise.reject(Object.assign(new Error(`${code}: no`), { code }))
  const opened = openDisk(dir, IDENTITY, { files: { ...realFiles, open } })
  await expect(opened).rejects.toMatchObject({ code: 'directory-unwritable', details: { path: dir } })
})

test('a request that contradicts the log is refused before it reaches the disk, and ends the disk', async () => {
  for (const wrong of [
    { entries: [entry(3, 1)] },
    { entries: [entry(2, 1), entry(4, 1)] },
    { truncateFrom: 3, entries: [] },
    { entries: [], hardState: { currentTerm: 1, votedFor: 0 } },
  ]) {
    const dir = await temporaryDirectory()
    const { disk } = await openDisk(dir, IDENTITY)
    await disk.write({ entries: [entry(1, 2)], hardState: { currentTerm: 2, votedFor: 1 } })
    const before = await contents(dir)
    await expect(disk.write(wrong)).rejects.toMatchObject({ code: 'internal' })
    await expect(disk.write({ entries: [entry(2, 2)] })).rejects.toMatchObject({ code: 'internal' })
    await disk.close()
    expect(await contents(dir)).toEqual(before)
  }
})
