import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { crc32c } from '../../../main/node/contract/crc32c'
import { Problem } from '../../../main/node/contract/problem'
import { type Files, openDisk, type WriteRequest } from '../../../main/node/disk'
import type { OpenedDisk } from '../../../main/node/disk/api'
import { configurationOf } from '../../../main/raft/configuration'
import type { Entry, HardState, Position, Restored, SnapshotMeta } from '../../../main/raft/types'
import { IDENTITY } from './helpers'
import { DIRECTORY, seeded } from './simulated-files'

/** A snapshot as the script knows it. */
export interface ScriptedSnapshot {
  readonly meta: SnapshotMeta
  readonly data: Uint8Array
}

/**
 * One thing that a node does: a write; its own snapshot, which it saves while it goes on writing; or one that it receives
 * chunk by chunk and then installs by the write.
 */
export interface Step {
  readonly request?: WriteRequest
  readonly save?: ScriptedSnapshot
  readonly receive?: ScriptedSnapshot
}

export interface Script {
  readonly steps: readonly Step[]
  /** `states[n]` is the log after the first n steps. Only saving leaves it as it was. */
  readonly states: readonly string[]
  /** Every snapshot of the script by its index. */
  readonly snapshots: ReadonlyMap<number, ScriptedSnapshot>
}

type Log = Pick<Restored, 'hardState' | 'base' | 'entries'>

/**
 * Appends, overwrites of a tail, votes and terms, snapshots, compaction behind them, and snapshots from a leader that
 * overtake the log or continue into it: as a busy follower sees them.
 */
export function makeScript(seed: number, length: number): Script {
  const random = seeded(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const bytes = (size: number) => Uint8Array.from({ length: size }, () => 1 + below(255))
  let log: Log = { hardState: { currentTerm: 0, votedFor: 0 }, base: { index: 0, term: 0 }, entries: [] }
  let newest: Position = { index: 0, term: 0 }
  let canCompact = false
  const steps: Step[] = []
  const states = [spell(log)]
  const snapshots = new Map<number, ScriptedSnapshot>()
  const lastIndex = () => log.base.index + log.entries.length
  const termOf = (index: number) =>
    index === log.base.index ? log.base.term : log.entries[index - log.base.index - 1]!.term

  const snapshot = (index: number, term: number): ScriptedSnapshot => {
    const data = bytes(snapshots.size === 3 ? 66_000 : below(900))
    const configuration = configurationOf([1, 2, 3], { learners: [3 + index] })
    const made = { meta: { index, term, configuration, bytes: data.length, checksum: crc32c(data) }, data }
    snapshots.set(index, made)
    newest = { index, term }
    return made
  }
  const append = (number: number): WriteRequest => {
    const newTerm = random() < 0.3
    const hardState: HardState = newTerm
      ? { currentTerm: log.hardState.currentTerm + 1, votedFor: below(6) }
      : log.hardState
    const floor = Math.max(log.base.index, newest.index)
    const room = lastIndex() - floor
    const truncateFrom = room > 0 && random() < 0.2 ? Math.max(floor + 1, lastIndex() - below(4)) : undefined
    const kept = truncateFrom === undefined ? log.entries : log.entries.slice(0, truncateFrom - log.base.index - 1)
    const count = newTerm && random() < 0.5 ? 0 : 1 + below(4)
    const added = Array.from({ length: count }, (_, at): Entry => {
      const data = bytes(4 + below(random() < 0.2 ? 1500 : 60))
      data[0] = number
      return { index: log.base.index + kept.length + at + 1, term: hardState.currentTerm, type: 'command', data }
    })
    log = { ...log, hardState, entries: [...kept, ...added] }
    return {
      ...(truncateFrom === undefined ? {} : { truncateFrom }),
      entries: added,
      ...(newTerm || random() < 0.1 || truncateFrom !== undefined ? { hardState } : {}),
    }
  }
  const compact = (): WriteRequest => {
    const index = newest.index - below(Math.min(4, newest.index - log.base.index))
    const compactTo = { index, term: termOf(index) }
    log = { ...log, base: compactTo, entries: log.entries.slice(index - log.base.index) }
    canCompact = false
    return { entries: [], compactTo }
  }
  const install = (): Step => {
    const keepsLog = lastIndex() - newest.index > 2 && random() < 0.5
    const index = keepsLog ? newest.index + 1 + below(lastIndex() - newest.index) : lastIndex() + below(5) + 1
    const receive = snapshot(index, keepsLog ? termOf(index) : log.hardState.currentTerm)
    const { term } = receive.meta
    log = { ...log, base: { index, term }, entries: keepsLog ? log.entries.slice(index - log.base.index) : [] }
    canCompact = false
    return { receive, request: { install: { snapshot: receive.meta, keepsLog }, entries: [] } }
  }
  while (steps.length < length) {
    const choice = random()
    if (choice < 0.12 && lastIndex() > newest.index) {
      const index = newest.index + 1 + below(lastIndex() - newest.index)
      steps.push({ save: snapshot(index, termOf(index)) })
      canCompact = true
    } else if (choice < 0.24 && canCompact && newest.index > log.base.index) {
      steps.push({ request: compact() })
    } else if (choice < 0.31 && log.hardState.currentTerm > 0) {
      steps.push(install())
    } else {
      steps.push({ request: append(steps.length) })
    }
    states.push(spell(log))
  }
  return { steps, states, snapshots }
}

export function spell({ hardState, base, entries }: Log): string {
  const log = entries.map(
    ({ index, term, type, data }) => `${index}:${term}:${type}:${Buffer.from(data).toString('latin1')}`,
  )
  return `${hardState.currentTerm}/${hardState.votedFor} after ${base.index}:${base.term} ${log.join(' ')}`
}

export interface Life {
  /**
   * The log that the start brought back, as the lowest and the highest number of steps that amount to it; undefined when
   * it did not come so far. Likewise the index of its snapshot.
   */
  readonly found: { readonly low: number; readonly high: number; readonly snapshot: number } | undefined
  /** The steps were answered up to here, of all that there are. */
  readonly answered: number
  /** Steps that were handed over. */
  readonly asked: number
  /** Highest index of a snapshot that was answered or found. */
  readonly snapshot: number
  /** What ended it: the rejection of the start or of the first call that failed. */
  readonly failure: unknown
  /** The disk went on answering after it failed. */
  readonly revived: boolean
}

export const SEGMENT_BYTES = 3000

/** Nothing that was answered is missing, and nothing is there that was not asked for. */
export function expectKept(life: Life, before: Pick<Life, 'answered' | 'asked' | 'snapshot'>): void {
  expect(life.found!.high).toBeGreaterThanOrEqual(before.answered)
  expect(life.found!.low).toBeLessThanOrEqual(before.asked)
  expect(life.found!.snapshot).toBeGreaterThanOrEqual(before.snapshot)
}

export interface Where {
  readonly directory?: string
  /** Rejects when the process is dead, whose calls are never answered then. */
  readonly dead?: Promise<never>
}

/** Starts a disk and goes on with the script where the state that is found ends, several steps at a time. */
export async function live(
  files: Files,
  script: Script,
  seed: number,
  limit = script.steps.length,
  { directory = DIRECTORY, dead }: Where = {},
): Promise<Life> {
  const random = seeded(seed)
  const salt = () => Math.floor(random() * 2 ** 32)
  const alive = <T>(what: Promise<T>): Promise<T> => (dead === undefined ? what : Promise.race([what, dead]))
  let opened: OpenedDisk
  try {
    opened = await alive(openDisk(directory, IDENTITY, { files, segmentBytes: SEGMENT_BYTES, salt, now: () => 0 }))
  } catch (failure) {
    return { found: undefined, answered: 0, asked: 0, snapshot: 0, failure, revived: false }
  }
  const { disk, restored } = opened
  const state = spell(restored)
  const low = script.states.indexOf(state)
  const high = script.states.lastIndexOf(state)
  if (low === -1) throw new Error(`a state that never was: ${state}`)

  let answered = low
  let asked = low
  let snapshot = restored.snapshot?.index ?? 0
  const found = { low, high, snapshot }
  let failure: unknown
  let revived = false
  const run = async (what: () => Promise<unknown>, then: () => void) => {
    try {
      await alive(what())
      revived ||= failure !== undefined
      then()
    } catch (error) {
      // Anything else is what the test is for.
      if (!(error instanceof Problem)) throw error
      failure ??= error
    }
  }
  const save = ({ meta, data }: ScriptedSnapshot) =>
    run(
      async () => {
        const chunks = Array.from({ length: 8 }, (_, at) =>
          data.subarray((at * data.length) >> 3, ((at + 1) * data.length) >> 3),
        )
        const saved = await disk.snapshots.save(meta, meta.configuration, chunks)
        if (!isDeepStrictEqual(saved, meta)) throw new Error('another snapshot was saved')
      },
      () => {
        snapshot = Math.max(snapshot, meta.index)
      },
    )
  await run(
    () => expectSnapshot(opened, script),
    () => undefined,
  )
  // What the log can only get from a snapshot that did not survive is saved again, as a node does that applies it again.
  const before = script.steps.slice(0, low).findLast((step) => step.save !== undefined)?.save
  let saving =
    failure === undefined && limit > low && before !== undefined && before.meta.index > snapshot
      ? save(before)
      : Promise.resolve()
  /** Answered steps may overtake each other only when one of them saves. */
  const done = new Set<number>()
  const finish = (at: number) => {
    done.add(at)
    while (done.has(answered)) answered++
  }
  while (asked < limit && failure === undefined) {
    const { save: saved, receive, request } = script.steps[asked]!
    if (saved !== undefined) {
      await saving
      const at = asked++
      if (saved.meta.index > found.snapshot) saving = save(saved)
      finish(at)
    } else if (receive !== undefined || request?.compactTo !== undefined) {
      await saving
      if (failure !== undefined) break
      const at = asked++
      await run(
        async () => {
          if (receive !== undefined) await transfer(opened, receive)
          await disk.write(request!)
        },
        () => {
          finish(at)
          if (receive !== undefined) snapshot = receive.meta.index
        },
      )
    } else {
      const together: Promise<void>[] = []
      for (let count = 1 + Math.floor(random() * 4); count > 0 && asked < limit; count--) {
        const step = script.steps[asked]!
        if (step.save !== undefined || step.receive !== undefined || step.request?.compactTo !== undefined) break
        const at = asked++
        together.push(
          run(
            () => disk.write(step.request!),
            () => finish(at),
          ),
        )
      }
      await Promise.all(together)
    }
  }
  await saving
  if (failure !== undefined) {
    const later = alive(disk.write({ entries: [] }))
    revived ||= await later.then(
      () => true,
      () => false,
    )
  }
  await alive(disk.close()).catch(() => undefined)
  return { found, answered, asked, snapshot, failure, revived }
}

/** A leader that asks how far the transfer is and goes on there, until it is complete. */
async function transfer({ disk }: OpenedDisk, { meta, data }: ScriptedSnapshot): Promise<void> {
  const size = Math.max(200, Math.ceil(data.length / 4))
  let offset = 0
  for (let round = 0; round < 100; round++) {
    const chunk = data.slice(offset, offset + size)
    const received = await disk.snapshots.receive(meta, offset, chunk, offset + chunk.length === data.length)
    if (received.complete) return
    offset = received.offset
  }
  throw new Error('the transfer does not come to an end')
}

/** What is restored names a snapshot of the script, and its bytes are all there, by chunks and as a whole. */
async function expectSnapshot({ disk, restored }: OpenedDisk, script: Script): Promise<void> {
  const meta = restored.snapshot
  if (meta === undefined) {
    if (restored.base.index > 0) throw new Error('a log that begins later, without a snapshot')
    return
  }
  const expected = script.snapshots.get(meta.index)
  if (!isDeepStrictEqual(expected?.meta, meta)) throw new Error(`a snapshot that never was: ${meta.index}`)
  if (meta.index < restored.base.index) throw new Error('a snapshot below the base')
  const pieces: Uint8Array[] = []
  for await (const piece of disk.snapshots.load(meta)) pieces.push(piece)
  if (!Buffer.concat(pieces).equals(expected!.data)) throw new Error('other bytes than were saved')
  const half = meta.bytes >> 1
  const read = await disk.snapshots.read(meta, half, meta.bytes)
  if (read?.done !== true || !Buffer.from(read.data).equals(expected!.data.subarray(half))) {
    throw new Error('other bytes are read than were saved')
  }
}
