/** A process that faults strike, without a process: what it told, and whether it is dead. */
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { NodeFault } from '../../../main/node/contract/conditions'
import { Problem } from '../../../main/node/contract/problem'
import type { Files, OpenFile } from '../../../main/node/disk'
import { realFiles } from '../../../main/node/disk/files'
import type { Process } from '../../../main/node/faults/api'
import { Faults } from '../../../main/node/faults/armed'

export interface Struck {
  readonly fault: number
  readonly type: string
  readonly left: number
  readonly detail: Record<string, unknown>
}

export class Mortal implements Process {
  readonly struck: Struck[] = []
  /** What it was asked for, in order. */
  readonly log: string[] = []
  /** The system takes what is handed over at once. */
  takesAll = true
  readonly faults = new Faults(this)
  /** Rejects when it is dead. */
  readonly dead: Promise<never>
  #die: (reason: Error) => void = () => undefined
  #isDead = false
  #ids = 0

  constructor() {
    this.dead = new Promise((_, reject) => {
      this.#die = reject
    })
    this.dead.catch(() => undefined)
  }

  get isDead(): boolean {
    return this.#isDead
  }

  arm(fault: NodeFault): number {
    this.#ids += 1
    this.faults.arm({ id: this.#ids, fault })
    return this.#ids
  }

  tell({ fault, type, left, detail }: Parameters<Process['tell']>[0]): void {
    this.log.push('tell')
    this.struck.push({ fault, type, left, detail: JSON.parse(detail) })
  }

  flush(): boolean {
    this.log.push('flush')
    return this.takesAll
  }

  async said(): Promise<void> {
    this.log.push('said')
  }

  halt(): void {
    this.log.push('halt')
  }

  kill(): void {
    this.log.push('kill')
    this.#isDead = true
    this.#die(new Problem('internal', { reason: 'the process is dead' }))
  }
}

/** The real files, whose operations that change something are counted, and which can be left behind open. */
export class CountedFiles implements Files {
  operations = 0
  /** Called before each of them. */
  onOperation: () => void = () => undefined
  readonly #open = new Set<{ close(): Promise<void> }>()

  makeDirectory = realFiles.makeDirectory
  list = realFiles.list
  read = realFiles.read

  openToRead: Files['openToRead'] = async (path) => this.#kept(await realFiles.openToRead(path))

  open: Files['open'] = async (path, mode) => {
    this.#count()
    const file: OpenFile = await realFiles.open(path, mode)
    return this.#kept({
      write: (bytes, position) => this.#counted(() => file.write(bytes, position)),
      sync: () => this.#counted(() => file.sync()),
      truncate: (length) => this.#counted(() => file.truncate(length)),
      close: () => file.close(),
    })
  }

  rename: Files['rename'] = (from, to) => this.#counted(() => realFiles.rename(from, to))
  remove: Files['remove'] = (path) => this.#counted(() => realFiles.remove(path))
  syncDirectory: Files['syncDirectory'] = (path) => this.#counted(() => realFiles.syncDirectory(path))

  /** As the end of a process does. */
  async closeAll(): Promise<void> {
    for (const file of this.#open) await file.close().catch(() => undefined)
  }

  #count(): void {
    this.operations += 1
    this.onOperation()
  }

  #counted<T>(what: () => Promise<T>): Promise<T> {
    this.#count()
    return what()
  }

  #kept<T extends { close(): Promise<void> }>(file: T): T {
    const close = file.close
    const kept = {
      ...file,
      close: async () => {
        this.#open.delete(kept)
        await close()
      },
    }
    this.#open.add(kept)
    return kept
  }
}

/** In memory where there is such a place: these tests sync thousands of times. Removed when the test ends. */
export async function quickDirectory(): Promise<string> {
  const path = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'raft-disk-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

export async function bytesIn(dir: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of (await readdir(dir)).sort()) found[name] = (await readFile(join(dir, name))).toString('hex')
  return found
}
