/** The snapshot files of a node: its own, those that it received, and the one that is arriving. */
import { join } from 'node:path'
import type { Index, Position, SnapshotMeta } from '../../../raft/types'
import { asProblem, Problem } from '../../contract/problem'
import { type Identity, receivedName, snapshotName } from '../../contract/records'
import type { SnapshotFiles } from '../api'
import type { Fault } from '../fault'
import type { Files } from '../files'
import type { SnapshotKeeper } from '../log-writer'
import { type ReadChunk, SnapshotReaders } from './reading'
import { isSameSnapshot, type Received, Receiver } from './receiving'
import { giveName, writeSnapshot } from './saving'

export interface SnapshotPlace {
  readonly files: Files
  readonly dir: string
  readonly owner: Identity
  /** Milliseconds on a clock that does not go back. */
  readonly now: () => number
}

/** What a start found. */
export interface FoundSnapshots {
  readonly newest: SnapshotMeta | undefined
  /** Whole, older than the newest or damaged: to be removed when a newer one is durable. */
  readonly others: readonly Position[]
  readonly received: readonly SnapshotMeta[]
}

export class SnapshotStore implements SnapshotFiles, SnapshotKeeper {
  readonly #place: SnapshotPlace
  readonly #fault: Fault
  /** When the log is durable as far as it was asked for until now: how far it reaches. */
  readonly #settled: () => Promise<Index>
  readonly #readers: SnapshotReaders
  readonly #receiver: Receiver
  readonly #received: SnapshotMeta[]
  readonly #others: Position[]
  /** Received and about to be installed. */
  readonly #reserved: Position[] = []
  #newest: SnapshotMeta | undefined
  #saving: Promise<unknown> = Promise.resolve()
  #receiving: Promise<unknown> = Promise.resolve()

  constructor(place: SnapshotPlace, found: FoundSnapshots, settled: () => Promise<Index>, fault: Fault) {
    this.#place = place
    this.#fault = fault
    this.#settled = settled
    this.#newest = found.newest
    this.#others = [...found.others]
    this.#received = [...found.received]
    this.#readers = new SnapshotReaders(place.files, place.dir, place.now)
    this.#receiver = new Receiver(place.files, place.dir, place.owner)
  }

  get newestIndex(): Index {
    return this.#newest?.index ?? 0
  }

  save(
    position: Position,
    configuration: SnapshotMeta['configuration'],
    chunks: Iterable<Uint8Array>,
  ): Promise<SnapshotMeta> {
    const { files, owner } = this.#place
    const path = this.#path(snapshotName(position))
    const run = async () => {
      this.#fault.check()
      const { index, term } = position
      const temporary = `${path}.tmp`
      const meta = await writeSnapshot(files, temporary, owner, { index, term, configuration }, chunks)
      const lastIndex = await this.#settled()
      if (lastIndex < index) {
        const reason = `snapshot of entry ${index}, but the log ends at ${lastIndex}`
        throw this.#fault.end(new Problem('internal', { reason }))
      }
      await this.#readers.forget(position)
      await giveName(files, temporary, path)
      await this.#keep(meta)
      this.#fault.check()
      return meta
    }
    const saved = this.#saving.then(run)
    this.#saving = saved.catch(() => undefined)
    return saved
  }

  async read(position: Position, offset: number, length: number): Promise<ReadChunk | undefined> {
    this.#fault.check()
    try {
      return await this.#readers.read(position, offset, length)
    } catch (error) {
      throw this.#unreadable(position, error)
    }
  }

  async *load(position: Position): AsyncGenerator<Uint8Array> {
    this.#fault.check()
    try {
      yield* this.#readers.load(position)
    } catch (error) {
      throw this.#unreadable(position, error)
    }
  }

  receive(snapshot: SnapshotMeta, offset: number, data: Uint8Array, done: boolean): Promise<Received> {
    const run = async () => {
      this.#fault.check()
      const isThere = this.#received.some((known) => isSameSnapshot(known, snapshot))
      if (isThere) return { offset: snapshot.bytes, complete: true }
      const received = await this.#receiver.receive(snapshot, offset, data, done)
      if (received.complete) this.#received.push(snapshot)
      this.#fault.check()
      return received
    }
    const received = this.#receiving.then(run)
    this.#receiving = received.catch(() => undefined)
    return received
  }

  reserve(position: Position): boolean {
    if (!this.#received.some((meta) => isAt(meta, position)))
      return this.#newest !== undefined && isAt(this.#newest, position)
    this.#reserved.push(position)
    return true
  }

  async adopt(position: Position): Promise<void> {
    const at = this.#reserved.findIndex((one) => isAt(one, position))
    // Its own snapshot of the same place serves as well.
    if (at === -1) return
    const meta = this.#received.find((one) => isAt(one, position))
    if (meta === undefined) throw new Error(`snapshot ${position.index} was received and is gone`)
    this.#received.splice(this.#received.indexOf(meta), 1)
    await this.#readers.forget(position)
    await giveName(this.#place.files, this.#path(receivedName(position)), this.#path(snapshotName(position)))
    this.#reserved.splice(at, 1)
    await this.#keep(meta)
  }

  /** Ends what is under way. Never throws. */
  async close(): Promise<void> {
    await this.#saving
    await this.#receiving
    await this.#receiver.close().catch(() => undefined)
    await this.#readers.close()
  }

  /** A snapshot is durable under its name: the older ones may go, or it may, when a newer one came meanwhile. */
  async #keep(meta: SnapshotMeta): Promise<void> {
    const replaced = this.#newest
    if (replaced === undefined || meta.index >= replaced.index) {
      this.#newest = meta
      if (replaced !== undefined && !isAt(replaced, meta)) this.#others.push(replaced)
    } else {
      this.#others.push(meta)
    }
    const newest = this.#newest ?? meta
    const goes = (one: Position) => one.index < newest.index
    const old = this.#others.filter(goes).map(snapshotName)
    const covered = this.#received.filter(
      (one) => one.index <= newest.index && !this.#reserved.some((reserved) => isAt(reserved, one)),
    )
    replace(this.#others, (one) => !goes(one) && !isAt(one, newest))
    replace(this.#received, (one) => !covered.includes(one))
    await this.#readers.tidy(newest)
    for (const name of [...old, ...covered.map(receivedName)]) {
      await this.#place.files.remove(this.#path(name))
    }
  }

  #path(name: string): string {
    return join(this.#place.dir, name)
  }

  /** A damaged snapshot does not end the disk; a file that cannot be read does. */
  #unreadable(position: Position, error: unknown): Problem {
    const problem = asProblem(error)
    if (problem.code === 'snapshot-corrupt') return problem
    return this.#fault.failed(this.#path(snapshotName(position)), 'read-snapshot', error)
  }
}

function isAt(a: Position, b: Position): boolean {
  return a.index === b.index && a.term === b.term
}

function replace<T>(list: T[], stays: (one: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(stays))
}
