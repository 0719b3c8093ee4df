import { describe, expect, test } from 'vitest'
import { expectKept, type Life, live, makeScript } from './script'
import { SimulatedFiles, seeded } from './simulated-files'

const LENGTH = 115
const script = makeScript(7, LENGTH)

/** How many operations the whole script takes: one more than the last place to crash at. */
async function operationsOf(seed: number): Promise<number> {
  const files = new SimulatedFiles(seeded(seed))
  const life = await live(files, script, seed)
  expect(life).toMatchObject({ found: { low: 0 }, answered: LENGTH, failure: undefined })
  return files.operations.length
}

/**
 * Nothing that was answered is missing (no entry, no vote, no snapshot: the state is one after the last answer), nothing
 * that was not asked for is there, and the node can go on: a little, and each tenth time to the end.
 */
async function expectRecovery(files: SimulatedFiles, seed: number, before: Life, at: number): Promise<void> {
  const next = await live(files, script, seed, at % 10 === 0 ? LENGTH : Math.min(LENGTH, before.asked + 6))
  expect(next.failure).toBeUndefined()
  expectKept(next, before)
  expect(next.answered).toBe(next.asked)
  files.restart('power')
  const last = await live(files, script, seed, 0)
  expect(last.failure).toBeUndefined()
  expectKept(last, next)
  expect(last.found!.high).toBeGreaterThanOrEqual(next.asked)
}

describe('crashed at every write, sync, rename, truncation and directory sync', () => {
  test.each([
    ['process', 1],
    ['power', 2],
  ] as const)('%s, seed %i', async (after, seed) => {
    const operations = await operationsOf(seed)
    expect(operations).toBeGreaterThan(500)
    for (let at = 1; at <= operations; at++) {
      const files = new SimulatedFiles(seeded(seed * 1000 + at))
      files.trap = { at, what: 'crash' }
      const life = await live(files, script, seed)
      expect(files.dead).toBe(true)
      files.restart(after)
      await expectRecovery(files, seed, life, at)
    }
  })
})

test('what a start finds after a killed process is durable, and so is what follows, when the power goes next', async () => {
  const seed = 8
  const operations = await operationsOf(seed)
  for (let at = 1; at <= operations; at += 3) {
    const files = new SimulatedFiles(seeded(seed * 1000 + at))
    files.trap = { at, what: 'crash' }
    const first = await live(files, script, seed)
    files.restart('process')
    const second = await live(files, script, seed, Math.min(LENGTH, first.asked + 1))
    expect(second.failure).toBeUndefined()
    files.restart('power')
    await expectRecovery(files, seed, second, at)
  }
})

test('crashed again and again, also while recovering, by process and by power', async () => {
  let crashes = 0
  for (let seed = 1; seed <= 25; seed++) {
    const random = seeded(seed)
    const long = makeScript(seed, LENGTH)
    const files = new SimulatedFiles(random)
    let told: Pick<Life, 'answered' | 'asked' | 'snapshot'> = { answered: 0, asked: 0, snapshot: 0 }
    for (let round = 0; round < 12; round++) {
      const soon = random() < 0.5
      files.trap = { at: 1 + Math.floor(random() * (soon ? 8 : 60)), what: 'crash' }
      const life = await live(files, long, seed * 100 + round)
      if (life.found !== undefined) {
        expectKept(life, told)
        // Whoever was told what the disk holds may have acted on it.
        told = life
      }
      if (files.dead) crashes++
      files.restart(random() < 0.5 ? 'process' : 'power')
    }
    const last = await live(files, long, seed)
    expectKept(last, told)
    expect(last.answered).toBe(LENGTH)
  }
  expect(crashes).toBeGreaterThan(100)
})

test('an error of any operation ends the disk for good', async () => {
  const seed = 12
  const operations = await operationsOf(seed)
  for (let at = 1; at <= operations; at += 3) {
    const files = new SimulatedFiles(seeded(seed * 1000 + at))
    const what = at % 2 === 0 ? 'EIO' : 'ENOSPC'
    files.trap = { at, what }
    const life = await live(files, script, seed)
    // Only what is done behind the last answer may fail without anybody being told.
    if (life.failure === undefined) expect(life.answered).toBe(LENGTH)
    else expect(life.failure).toMatchObject({ code: 'disk-failed', details: { reason: `${what}: no` } })
    expect(life.revived).toBe(false)
    // Nothing more is begun, except what was on its way at that moment: above all, no second sync.
    expect(files.late.filter(({ again }) => again)).toEqual([])
    expect(files.late.length).toBeLessThanOrEqual(2)
    files.restart(at % 4 < 2 ? 'process' : 'power')
    await expectRecovery(files, seed, life, at)
  }
})

test('after a failed sync the next start does not trust the page cache: what it found survives a power loss', async () => {
  const seed = 21
  const operations = await operationsOf(seed)
  let survived = 0
  for (let at = 1; at <= operations; at += 2) {
    const files = new SimulatedFiles(seeded(seed * 1000 + at))
    files.trap = { at, what: 'EIO' }
    const first = await live(files, script, seed)
    files.restart('process')
    const second = await live(files, script, seed, 0)
    files.restart('power')
    const third = await live(files, script, seed, 0)
    expect(third.found).toEqual(second.found)
    if ((second.found?.low ?? 0) > first.answered) survived++
  }
  expect(survived).toBeGreaterThan(5)
})

test('short writes are continued', async () => {
  const files = new SimulatedFiles(seeded(31))
  files.writeLimit = 100
  expect((await live(files, script, 31)).failure).toBeUndefined()
  files.restart('power')
  expect((await live(files, script, 31)).found?.high).toBe(LENGTH)
})

test('a file that takes nothing more is an error, not a loop', async () => {
  const files = new SimulatedFiles(seeded(32))
  files.writeLimit = 0
  expect((await live(files, script, 32)).failure).toMatchObject({ code: 'disk-failed' })
})
