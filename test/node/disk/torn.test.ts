import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { segmentName } from '../../../main/node/contract/records'
import { openDisk, type WriteRequest } from '../../../main/node/disk'
import { realFiles } from '../../../main/node/disk/files'
import { entry, IDENTITY, reopen } from './helpers'
import { CountedFiles, Mortal, quickDirectory } from './mortal'

const FIRST: WriteRequest = { entries: [entry(1, 1), entry(2, 1)], hardState: { currentTerm: 1, votedFor: 3 } }
const SECOND: WriteRequest = { entries: [entry(3, 2), entry(4, 2)], hardState: { currentTerm: 2, votedFor: 1 } }

/** A node that writes FIRST, and in the middle of SECOND meets the fault. */
async function torn(keepBytes: number | null, seed = 0): Promise<{ readonly dir: string; readonly mortal: Mortal }> {
  const dir = join(await quickDirectory(), 'node')
  const mortal = new Mortal()
  const counted = new CountedFiles()
  const { disk } = await openDisk(dir, IDENTITY, { files: mortal.faults.files(counted) })
  await disk.write(FIRST)
  mortal.arm({ type: 'torn-write', keepBytes, seed })
  await expect(Promise.race([disk.write(SECOND), mortal.dead])).rejects.toThrow('dead')
  await counted.closeAll()
  return { dir, mortal }
}

/** How many bytes SECOND has. */
async function lengthOfWrite(): Promise<number> {
  const { mortal } = await torn(0)
  return Number(mortal.struck[0]!.detail.of)
}

describe('a torn write', () => {
  test('leaves its first bytes, however many, and the next start cuts them away', async () => {
    const length = await lengthOfWrite()
    expect(length).toBeGreaterThan(100)
    // Its last byte is a zero, as all are where it goes: without that alone it would be whole.
    for (let kept = 0; kept < length - 1; kept++) {
      const { dir, mortal } = await torn(kept)
      expect(mortal.struck).toEqual([
        {
          fault: 1,
          type: 'torn-write',
          left: 0,
          detail: { path: join(dir, segmentName(1)), bytes: kept, of: length },
        },
      ])
      const found = await reopen(dir)
      expect(found.entries).toEqual(FIRST.entries)
      expect(found.hardState).toEqual(FIRST.hardState)
      // Nothing of it, or nothing but zeros, is a clean end.
      if (kept === 0) expect(found.tornBytes).toBe(0)
      if (kept > 4) expect(found.tornBytes).toBeGreaterThan(0)
      expect((await reopen(dir)).tornBytes).toBe(0)
    }
  })

  test('is never whole', async () => {
    const length = await lengthOfWrite()
    const { dir, mortal } = await torn(1_000_000)
    expect(mortal.struck[0]!.detail.bytes).toBe(length - 2)
    expect((await reopen(dir)).entries).toEqual(FIRST.entries)
  })

  test('has a length from its seed: the same one for the same seed', async () => {
    const lengths = new Set<unknown>()
    for (let seed = 1; seed <= 12; seed++) {
      const [one, other] = [await torn(null, seed), await torn(null, seed)]
      expect(one.mortal.struck[0]!.detail.bytes).toBe(other.mortal.struck[0]!.detail.bytes)
      lengths.add(one.mortal.struck[0]!.detail.bytes)
    }
    expect(lengths.size).toBeGreaterThan(8)
  })

  test('is told before the end, and nothing is done to the disk afterwards', async () => {
    const { dir, mortal } = await torn(10)
    expect(mortal.log).toEqual(['halt', 'halt', 'tell', 'flush', 'kill'])
    const path = join(dir, segmentName(1))
    const before = [await readFile(path), (await stat(path)).mtimeMs]
    const files = mortal.faults.files(realFiles)
    const late = Promise.race([
      files.open(path, 'create'),
      files.rename(path, `${path}.gone`),
      files.remove(path),
      files.syncDirectory(dir),
      new Promise((resolve) => setTimeout(resolve, 50, 'nothing happened')),
    ])
    expect(await late).toBe('nothing happened')
    expect([await readFile(path), (await stat(path)).mtimeMs]).toEqual(before)
  })
})
