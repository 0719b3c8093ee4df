import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Files, OpenFile } from '../../../main/node/disk'
import { realFiles } from '../../../main/node/disk/files'
import { bytesIn, CountedFiles, Mortal, quickDirectory } from './mortal'
import { expectKept, type Life, live, makeScript } from './script'
import { seeded } from './simulated-files'

/** What a node does to its directory. */
type Act =
  | { readonly do: 'open'; readonly name: string; readonly mode: 'create' | 'open' }
  | { readonly do: 'write'; readonly name: string; readonly position: number; readonly bytes: Uint8Array }
  | { readonly do: 'truncate'; readonly name: string; readonly length: number }
  | { readonly do: 'sync' | 'close' | 'remove'; readonly name: string }
  | { readonly do: 'rename'; readonly name: string; readonly to: string }
  | { readonly do: 'sync-directory' }

const name = fc.constantFrom('a', 'b', 'c')
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant('open' as const), name, mode: fc.constantFrom('create' as const, 'open' as const) }),
  {
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      name,
      position: fc.nat(40),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 30 }),
    }),
    weight: 3,
  },
  fc.record({ do: fc.constant('truncate' as const), name, length: fc.nat(40) }),
  fc.record({ do: fc.constantFrom('sync' as const, 'close' as const, 'remove' as const), name }),
  fc.record({ do: fc.constant('rename' as const), name, to: name }),
  fc.record({ do: fc.constant('sync-directory' as const) }),
)

/** The same directory as a disk has it: contents as of the last sync of the file, names as of that of the directory. */
class Model {
  readonly names = new Map<string, { cached: Buffer; durable: Buffer }>()
  #durableNames = new Map(this.names)

  play(act: Act, open: (name: string) => boolean): void {
    if (act.do === 'sync-directory') {
      this.#durableNames = new Map(this.names)
      return
    }
    const file = this.names.get(act.name)
    switch (act.do) {
      case 'open':
        if (act.mode === 'create' && file !== undefined) file.cached = Buffer.alloc(0)
        if (act.mode === 'create' && file === undefined) {
          this.names.set(act.name, { cached: Buffer.alloc(0), durable: Buffer.alloc(0) })
        }
        return
      case 'write': {
        if (!open(act.name)) return
        const next = Buffer.alloc(Math.max(file!.cached.length, act.position + act.bytes.length))
        file!.cached.copy(next)
        next.set(act.bytes, act.position)
        file!.cached = next
        return
      }
      case 'truncate': {
        if (!open(act.name)) return
        const next = Buffer.alloc(act.length)
        file!.cached.copy(next)
        file!.cached = next
        return
      }
      case 'sync':
        if (open(act.name)) file!.durable = file!.cached
        return
      case 'close':
        return
      case 'remove':
        this.names.delete(act.name)
        return
      case 'rename':
        if (file === undefined) return
        this.names.delete(act.name)
        this.names.set(act.to, file)
        return
      default:
        act satisfies never
    }
  }

  get durable(): Record<string, string> {
    return Object.fromEntries(
      [...this.#durableNames].map(([name, { durable }]) => [name, durable.toString('hex')]).sort(),
    )
  }
}

/** Does it to the files, when that is possible; `open` follows the names as a process does with its descriptors. */
async function play(
  files: Files,
  dir: string,
  act: Act,
  open: Map<string, OpenFile>,
  left: OpenFile[],
  there: boolean,
): Promise<void> {
  if (act.do === 'sync-directory') return await files.syncDirectory(dir)
  const path = join(dir, act.name)
  const file = open.get(act.name)
  switch (act.do) {
    case 'open':
      if (act.mode === 'open' && !there) return
      await file?.close()
      open.set(act.name, await files.open(path, act.mode))
      await left.shift()?.close()
      return
    case 'write':
      await file?.write(act.bytes, act.position)
      return
    case 'truncate':
      return await file?.truncate(act.length)
    case 'sync':
      return await file?.sync()
    case 'close':
      open.delete(act.name)
      return await file?.close()
    case 'remove':
      open.delete(act.name)
      if (there) await files.remove(path)
      // What has no name any more must not be taken for what has it next.
      if (file !== undefined) left.push(file)
      return
    case 'rename': {
      if (!there || act.name === act.to) return
      left.push(...[open.get(act.to)].filter((file) => file !== undefined))
      open.delete(act.to)
      await files.rename(path, join(dir, act.to))
      open.delete(act.name)
      if (file !== undefined) open.set(act.to, file)
      return
    }
    default:
      act satisfies never
  }
}

/** Two files that a sync has confirmed: what is done next changes what is on the disk. */
const PRELUDE: readonly Act[] = [
  ...['a', 'b'].flatMap((name): Act[] => [
    { do: 'open', name, mode: 'create' },
    { do: 'write', name, position: 0, bytes: Buffer.from(`confirmed contents of ${name}`) },
    { do: 'sync', name },
  ]),
  { do: 'sync-directory' },
]

test('a power loss leaves exactly what was synced, whatever was done before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 30 }), async (acts) => {
      const dir = await quickDirectory()
      const mortal = new Mortal()
      const counted = new CountedFiles()
      const files = mortal.faults.files(counted)
      const model = new Model()
      const open = new Map<string, OpenFile>()
      const left: OpenFile[] = []
      for (const act of [...PRELUDE, ...acts]) {
        if (act.do === 'rename' && act.name === act.to) continue
        const there = act.do !== 'sync-directory' && model.names.has(act.name)
        await play(files, dir, act, open, left, there)
        if (act.do === 'open' && act.mode === 'open' && !there) continue
        model.play(act, (name) => open.has(name))
      }
      mortal.arm({ type: 'power-loss', at: 'now', seed: 1 })
      await expect(mortal.dead).rejects.toThrow()
      expect(await bytesIn(dir)).toEqual(model.durable)
      await counted.closeAll()
    }),
    { numRuns: 250 },
  )
})

describe('on the real file system', () => {
  const LENGTH = 90
  const script = makeScript(11, LENGTH)

  /** A life that a fault ends at operation `at`, or nothing. */
  async function lived(directory: string, seed: number, at: number, when: 'now' | 'next-write'): Promise<Life> {
    const mortal = new Mortal()
    const counted = new CountedFiles()
    counted.onOperation = () => {
      if (counted.operations === at) mortal.arm({ type: 'power-loss', at: when, seed })
    }
    const { dead } = mortal
    const life = await live(mortal.faults.files(counted), script, seed, LENGTH, { directory, dead })
    await counted.closeAll()
    return life
  }

  test.each(['now', 'next-write'] as const)('nothing answered is lost, wherever the power goes: %s', async (when) => {
    const whole = new CountedFiles()
    await live(whole, script, 1, LENGTH, { directory: await quickDirectory() })
    expect(whole.operations).toBeGreaterThan(300)
    for (let at = 1; at <= whole.operations; at += 9) {
      const directory = join(await quickDirectory(), 'node')
      const first = await lived(directory, at, at, when)
      const second = await live(realFiles, script, at + 1, LENGTH, { directory })
      expect(second.failure).toBeUndefined()
      expectKept(second, first)
      expect(second.answered).toBe(LENGTH)
    }
  })

  test('again and again in one directory', async () => {
    const random = seeded(5)
    const directory = join(await quickDirectory(), 'node')
    let told: Pick<Life, 'answered' | 'asked' | 'snapshot'> = { answered: 0, asked: 0, snapshot: 0 }
    for (let round = 1; round <= 40; round++) {
      const life = await lived(directory, round, 1 + Math.floor(random() * 60), random() < 0.5 ? 'now' : 'next-write')
      if (life.found === undefined) continue
      expectKept(life, told)
      told = life
    }
    expect(told.answered).toBeGreaterThan(20)
  })
})
