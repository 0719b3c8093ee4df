import { describe, expect, test } from 'vitest'
import { Problem } from '../../../main/node/contract/problem'
import { live, makeScript } from './script'
import { SimulatedFiles, seeded } from './simulated-files'

const LENGTH = 40
const script = makeScript(7, LENGTH)

/** How many operations the whole script takes: one more than the last place to crash at. */
async function operationsOf(seed: number): Promise<number> {
  const files = new SimulatedFiles(seeded(seed))
  const life = await live(files, script, seed)
  expect(life).toMatchObject({ found: 0, answered: LENGTH, failure: undefined })
  return files.operations.length
}

/** Nothing that was answered is missing, nothing that was not asked for is there, and the node can go on to the end. */
async function expectRecovery(files: SimulatedFiles, seed: number, answered: number, asked: number): Promise<void> {
  const next = await live(files, script, seed)
  expect(next.failure).toBeUndefined()
  expect(next.found).toBeGreaterThanOrEqual(answered)
  expect(next.found).toBeLessThanOrEqual(asked)
  expect(next.answered).toBe(LENGTH)
  files.restart('power')
  expect(await live(files, script, seed)).toMatchObject({ found: LENGTH, failure: undefined })
}

describe('crashed at every write, sync, rename, truncation and directory sync', () => {
  test.each([
    ['process', 1],
    ['power', 2],
    ['power', 3],
    ['power', 4],
    ['power', 5],
    ['power', 6],
  ] as const)('%s, seed %i', async (after, seed) => {
    const operations = await operationsOf(seed)
    expect(operations).toBeGreaterThan(70)
    for (let at = 1; at <= operations; at++) {
      const files = new SimulatedFiles(seeded(seed * 1000 + at))
      files.trap = { at, what: 'crash' }
      const life = await live(files, script, seed)
      expect(files.dead).toBe(true)
      files.restart(after)
      await expectRecovery(files, seed, life.answered, life.asked)
    }
  })
})

test('what a start finds after a killed process is durable, and so is what follows, when the power goes next', async () => {
  const seed = 8
  const operations = await operationsOf(seed)
  for (let at = 1; at <= operations; at++) {
    const files = new SimulatedFiles(seeded(seed * 1000 + at))
    files.trap = { at, what: 'crash' }
    const first = await live(files, script, seed)
    files.restart('process')
    const second = await live(files, script, seed, Math.min(LENGTH, first.asked + 1))
    expect(second.failure).toBeUndefined()
    files.restart('power')
    await expectRecovery(files, seed, second.answered, second.asked)
  }
})

test('crashed again and again, also while recovering, by process and by power', async () => {
  let crashes = 0
  for (let seed = 1; seed <= 150; seed++) {
    const random = seeded(seed)
    const long = makeScript(seed, LENGTH)
    const files = new SimulatedFiles(random)
    let durable = 0
    let asked = 0
    for (let round = 0; round < 12; round++) {
      const soon = random() < 0.5
      files.trap = { at: 1 + Math.floor(random() * (soon ? 8 : 60)), what: 'crash' }
      const life = await live(files, long, seed * 100 + round)
      if (life.found !== undefined) {
        expect(life.found).toBeGreaterThanOrEqual(durable)
        expect(life.found).toBeLessThanOrEqual(asked)
        // Whoever was told what the disk holds may have acted on it.
        durable = life.answered
        asked = life.asked
      }
      if (files.dead) crashes++
      files.restart(random() < 0.5 ? 'process' : 'power')
    }
    const last = await live(files, long, seed)
    expect(last.found).toBeGreaterThanOrEqual(durable)
    expect(last.answered).toBe(LENGTH)
  }
  expect(crashes).toBeGreaterThan(500)
})

describe('an error of any operation ends the disk for good', () => {
  test.each([
    ['EIO', 'process', 11],
    ['EIO', 'power', 12],
    ['ENOSPC', 'process', 13],
    ['ENOSPC', 'power', 14],
  ] as const)('%s, then %s restart', async (what, after, seed) => {
    const operations = await operationsOf(seed)
    for (let at = 1; at <= operations; at++) {
      const files = new SimulatedFiles(seeded(seed * 1000 + at))
      files.trap = { at, what }
      const life = await live(files, script, seed)
      expect(life.failure).toBeInstanceOf(Problem)
      expect(life.failure).toMatchObject({ code: 'disk-failed', details: { reason: `${what}: no` } })
      expect(life.revived).toBe(false)
      // Nothing is tried after the operation that failed: above all, no second sync.
      expect(files.operations.length).toBe(at)
      files.restart(after)
      await expectRecovery(files, seed, life.answered, life.asked)
    }
  })
})

test('after a failed sync the next start does not trust the page cache: what it found survives a power loss', async () => {
  const seed = 21
  const operations = await operationsOf(seed)
  let survived = 0
  for (let at = 1; at <= operations; at++) {
    const files = new SimulatedFiles(seeded(seed * 1000 + at))
    files.trap = { at, what: 'EIO' }
    const first = await live(files, script, seed)
    files.restart('process')
    const second = await live(files, script, seed, 0)
    files.restart('power')
    const third = await live(files, script, seed, 0)
    expect(third.found).toBe(second.found)
    if ((second.found ?? 0) > first.answered) survived++
  }
  expect(survived).toBeGreaterThan(5)
})

test('short writes are continued', async () => {
  const files = new SimulatedFiles(seeded(31))
  files.writeLimit = 100
  expect((await live(files, script, 31)).failure).toBeUndefined()
  files.restart('power')
  expect((await live(files, script, 31)).found).toBe(LENGTH)
})

test('a file that takes nothing more is an error, not a loop', async () => {
  const files = new SimulatedFiles(seeded(32))
  files.writeLimit = 0
  expect((await live(files, script, 32)).failure).toMatchObject({ code: 'disk-failed' })
})
