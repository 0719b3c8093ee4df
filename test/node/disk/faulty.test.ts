import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { mulberry32 } from '../../../main/node/conditioning/generator'
import type { Disk, WriteRequest } from '../../../main/node/disk'
import { openDisk } from '../../../main/node/disk'
import { FaultyFiles } from '../../../main/node/disk/files-faulty'
import { configurationOf } from '../../../main/raft/configuration'
import { entry, IDENTITY, reopen } from './helpers'
import { CountedFiles, Mortal, quickDirectory } from './mortal'

interface Opened {
  readonly dir: string
  readonly mortal: Mortal
  readonly counted: CountedFiles
  readonly disk: Disk
}

async function opened(): Promise<Opened> {
  const dir = join(await quickDirectory(), 'node')
  const mortal = new Mortal()
  const counted = new CountedFiles()
  const { disk } = await openDisk(dir, IDENTITY, { files: mortal.faults.files(counted) })
  return { dir, mortal, counted, disk }
}

const request = (index: number): WriteRequest => ({ entries: [entry(index, 1)] })

async function dies(mortal: Mortal, what: Promise<unknown>): Promise<void> {
  await expect(Promise.race([what, mortal.dead])).rejects.toThrow('dead')
}

const indexes = async (dir: string) => (await reopen(dir)).entries.map(({ index }) => index)

describe('a disk that fails', () => {
  test.each([
    ['EIO', 'EIO: i/o error, write'],
    ['ENOSPC', 'ENOSPC: no space left on device, write'],
  ] as const)('%s: the write is refused before anything is done, and so is all that follows', async (code, reason) => {
    const { dir, mortal, counted, disk } = await opened()
    await disk.write(request(1))
    mortal.arm({ type: 'disk-error', code, count: 1 })
    const before = counted.operations
    const path = join(dir, '000001.log')
    const refused = { code: 'disk-failed', details: { path, operation: 'write', reason } }
    await expect(disk.write(request(2))).rejects.toMatchObject(refused)
    await expect(disk.write(request(2))).rejects.toMatchObject(refused)
    expect(counted.operations).toBe(before)
    expect(mortal.struck).toEqual([
      { fault: 1, type: 'disk-error', left: 0, detail: { path, operation: 'write', code } },
    ])
    expect(mortal.isDead).toBe(false)
    await disk.close()
    expect(await indexes(dir)).toEqual([1])
  })

  test('a sync, a truncation and the sync of a directory fail as well; reading goes on', async () => {
    const dir = await quickDirectory()
    const mortal = new Mortal()
    const files = mortal.faults.files(new CountedFiles())
    const file = await files.open(join(dir, 'a'), 'create')
    await file.write(Buffer.from('abc'), 0)
    const id = mortal.arm({ type: 'disk-error', code: 'EIO', count: null })
    await expect(file.sync()).rejects.toMatchObject({ code: 'EIO', syscall: 'fsync' })
    await expect(file.truncate(1)).rejects.toMatchObject({ code: 'EIO', syscall: 'ftruncate' })
    await expect(files.syncDirectory(dir)).rejects.toMatchObject({ code: 'EIO', syscall: 'fsync' })
    await expect(file.write(Buffer.from('d'), 3)).rejects.toMatchObject({ code: 'EIO', syscall: 'write' })
    expect(Buffer.from(await files.read(join(dir, 'a'))).toString()).toBe('abc')
    // For ever: 2^32 - 1.
    expect(mortal.struck.map(({ left, detail }) => [left, detail.operation])).toEqual([
      [4294967295, 'sync'],
      [4294967295, 'truncate'],
      [4294967295, 'sync-directory'],
      [4294967295, 'write'],
    ])
    mortal.faults.disarm(id)
    await file.sync()
    await file.close()
  })

  test('so many times, and then no more', async () => {
    const dir = await quickDirectory()
    const mortal = new Mortal()
    const files = mortal.faults.files(new CountedFiles())
    const file = await files.open(join(dir, 'a'), 'create')
    mortal.arm({ type: 'disk-error', code: 'ENOSPC', count: 3 })
    for (const left of [2, 1, 0]) {
      await expect(file.sync()).rejects.toMatchObject({ code: 'ENOSPC' })
      expect(mortal.struck.at(-1)!.left).toBe(left)
    }
    await file.sync()
    expect(mortal.struck).toHaveLength(3)
    await file.close()
  })
})

describe('a slow disk', () => {
  test('writes of the log and syncs take so much longer, others do not', async () => {
    const { mortal, disk } = await opened()
    const timers = vi.spyOn(globalThis, 'setTimeout')
    onTestFinished(() => timers.mockRestore())
    const delays = () => timers.mock.calls.filter(([, millis]) => millis === 60).length
    mortal.arm({ type: 'slow-disk', delayMs: 60, jitterMs: 0, seed: 1 })
    const { micros } = await disk.write(request(1))
    expect(micros).toBeGreaterThan(59_000)
    expect(delays()).toBe(1)
    const began = performance.now()
    // Two syncs: of the file, and of the directory; and it waits for the log.
    await disk.snapshots.save({ index: 1, term: 1 }, configurationOf([1, 2, 3]), [Buffer.from('state')])
    expect(performance.now() - began).toBeGreaterThan(118)
    expect(delays()).toBe(1 + 2)
    expect(mortal.struck).toEqual([])
    await disk.close()
  })

  test('jitter: between delay − jitter and delay + jitter, as drawn from the seed', async () => {
    const random = mulberry32(4)
    const drawn = Array.from({ length: 8 }, () => 40 + (2 * random() - 1) * 35)
    const { mortal, disk } = await opened()
    mortal.arm({ type: 'slow-disk', delayMs: 40, jitterMs: 35, seed: 4 })
    const waits: number[] = []
    for (let index = 1; index <= drawn.length; index++) waits.push((await disk.write(request(index))).micros / 1000)
    await disk.close()
    // The machine adds its own, but takes nothing away, except what a timer is early by.
    for (const [at, wait] of waits.entries()) expect(wait).toBeGreaterThan(drawn[at]! - 1.5)
    expect(Math.min(...waits)).toBeLessThan(Math.max(...drawn))
  })

  test('healed, nobody waits any longer', async () => {
    const { mortal, disk } = await opened()
    const id = mortal.arm({ type: 'slow-disk', delayMs: 60_000, jitterMs: 0, seed: 1 })
    const began = performance.now()
    const writing = disk.write(request(1))
    setTimeout(() => mortal.faults.disarm(id), 20)
    await writing
    expect(performance.now() - began).toBeLessThan(5000)
    await disk.close()
  })
})

describe('crash points of the disk', () => {
  test('before a write: nothing of it is there', async () => {
    const { dir, mortal, counted, disk } = await opened()
    await disk.write(request(1))
    mortal.arm({ type: 'crash-point', point: 'before-write', messages: [], nth: 1 })
    await dies(mortal, disk.write(request(2)))
    await counted.closeAll()
    expect(await indexes(dir)).toEqual([1])
    expect(mortal.struck).toMatchObject([{ fault: 1, type: 'crash-point', left: 0 }])
  })

  test('after a write: all of it is there, and nobody was answered', async () => {
    const { dir, mortal, counted, disk } = await opened()
    await disk.write(request(1))
    mortal.arm({ type: 'crash-point', point: 'after-write', messages: [], nth: 1 })
    let isAnswered = false
    const writing = disk.write(request(2)).then(() => {
      isAnswered = true
    })
    await dies(mortal, writing)
    await counted.closeAll()
    expect(isAnswered).toBe(false)
    expect(await indexes(dir)).toEqual([1, 2])
  })

  test.each(['before-write', 'after-write'] as const)('%s: at the third one', async (point) => {
    const { dir, mortal, counted, disk } = await opened()
    mortal.arm({ type: 'crash-point', point, messages: [], nth: 3 })
    await disk.write(request(1))
    await disk.write(request(2))
    await dies(mortal, disk.write(request(3)))
    await counted.closeAll()
    expect(await indexes(dir)).toEqual(point === 'before-write' ? [1, 2] : [1, 2, 3])
  })

  test('what waits together is one write', async () => {
    const { dir, mortal, counted, disk } = await opened()
    mortal.arm({ type: 'crash-point', point: 'after-write', messages: [], nth: 2 })
    await Promise.all([disk.write(request(1)), disk.write(request(2)), disk.write(request(3))])
    await dies(mortal, disk.write(request(4)))
    await counted.closeAll()
    expect(await indexes(dir)).toEqual([1, 2, 3, 4])
  })
})

test('while nothing waits, no fault is asked before a write of the log', async () => {
  const asked: string[] = []
  const faults = {
    isIdle: true,
    pass: async () => void asked.push('pass'),
    before: async () => void asked.push('before'),
    write: async () => void asked.push('write'),
  }
  const dir = join(await quickDirectory(), 'node')
  const { disk } = await openDisk(dir, IDENTITY, { files: new FaultyFiles(new CountedFiles(), faults) })
  await disk.write(request(1))
  await disk.close()
  expect(asked).toEqual([])
  expect(await indexes(dir)).toEqual([1])
})
