/** A disk that takes its time, keeps its order, fails now and then, and forgets what it had not finished. */
import type { Configuration, Index, Position, Restored, SnapshotMeta, Write } from '../../../main/raft'
import { same, Violation } from '../invariants/invariant'
import type { World } from '../world'
import type { DiskImage } from './image'
import type { Medium, Received } from './medium'

const RECOVERY = { name: 'Recovery', section: 'docs/storage-format.md; paper §5.5, Figure 2 "Persistent state"' }

export interface DiskListener {
  /** These writes are durable from now on. */
  onDurable(writes: readonly Write[]): void
  /** Entries leave the disk by a write that cuts the log. */
  onTruncate(write: Write, gone: ReturnType<DiskImage['apply']>): void
  /** A write or sync failed: the process ends (it never tries again). */
  onFailure(): void
}

export class SimDisk {
  readonly #medium: Medium
  readonly #world: World
  readonly #listener: DiskListener
  #queue: Write[] = []
  /** Writes whose fate a crash left open, until the next start tells. */
  #uncertain: Write[] = []
  #crashing: Promise<void> | undefined
  #life = 0
  #logBusyUntil = 0
  #snapshotsBusyUntil = 0

  constructor(medium: Medium, world: World, listener: DiskListener) {
    this.#medium = medium
    this.#world = world
    this.#listener = listener
  }

  get image(): DiskImage {
    return this.#medium.image
  }

  /** What a start finds; undefined when the disk is damaged. */
  async open(): Promise<Restored | undefined> {
    await this.#crashing
    const restored = await this.#medium.open()
    if (restored) this.#reconcile(restored)
    return restored
  }

  start(write: Write): void {
    this.#queue.push(write)
    this.#logBusyUntil = this.#after(this.#logBusyUntil, () => this.#finish())
  }

  save(
    position: Position,
    configuration: Configuration,
    chunks: Iterable<Uint8Array>,
    then: (snapshot: SnapshotMeta) => void,
  ): void {
    this.#snapshotsBusyUntil = this.#after(this.#snapshotsBusyUntil, () => {
      this.#then(this.#medium.save(position, configuration, chunks), (snapshot) => {
        // One from the leader may have been installed meanwhile.
        if (snapshot.index > (this.image.snapshot?.index ?? 0)) this.image.snapshot = snapshot
        then(snapshot)
      })
    })
  }

  receive(
    snapshot: SnapshotMeta,
    offset: number,
    data: Uint8Array,
    done: boolean,
    then: (received: Received) => void,
  ): void {
    this.#snapshotsBusyUntil = this.#after(this.#snapshotsBusyUntil, () => {
      this.#then(this.#medium.receive(snapshot, offset, data, done), then)
    })
  }

  read(position: Position, offset: number, length: number): ReturnType<Medium['read']> {
    return this.#medium.read(position, offset, length)
  }

  load(position: Position): AsyncIterable<Uint8Array> {
    return this.#medium.load(position)
  }

  /** Of the writes under way some of the first may have made it, without anybody having been told. */
  crash(): void {
    this.#life += 1
    this.#logBusyUntil = 0
    this.#snapshotsBusyUntil = 0
    this.#uncertain = this.#queue
    this.#queue = []
    const survived = this.#medium.crash(this.#uncertain)
    if (typeof survived === 'number') {
      for (const write of this.#uncertain.slice(0, survived)) this.#apply(write)
      this.#uncertain = []
    } else {
      this.#crashing = survived.then(() => undefined)
      this.#world.await(this.#crashing)
    }
  }

  damage(): void {
    this.#world.await(this.#medium.damage())
  }

  wipe(): void {
    this.#uncertain = []
    this.#medium.wipe()
  }

  /** Several writes share one sync, and only the last of them is acknowledged. */
  #finish(): void {
    const { random, isHealed, setup } = this.#world
    if (this.#queue.length === 0) return
    if (!isHealed && random.chance(setup.diskFailure)) {
      this.#listener.onFailure()
      return
    }
    let count = 1
    while (count < this.#queue.length && random.chance(0.3)) count += 1
    const writes = this.#queue.slice(0, count)
    const durable = () => {
      this.#queue.splice(0, count)
      for (const write of writes) this.#apply(write)
      this.#listener.onDurable(writes)
    }
    const work = this.#medium.write(writes)
    if (work) this.#then(work, durable)
    else durable()
  }

  #apply(write: Write): void {
    const gone = this.image.apply(write)
    if (gone.length > 0) this.#listener.onTruncate(write, gone)
  }

  /** What a start found must be what was acknowledged, and then some of the writes that were under way, in their order. */
  #reconcile(restored: Restored): void {
    for (let count = 0; ; count += 1) {
      if (agrees(this.image, restored)) break
      const write = this.#uncertain[count]
      if (!write) {
        const { hardState, log } = this.image
        const wanted = JSON.stringify({ hardState, base: log.base, lastIndex: log.lastIndex })
        const { base, entries } = restored
        const found = JSON.stringify({ hardState: restored.hardState, base, lastIndex: base.index + entries.length })
        throw new Violation(RECOVERY, `the disk was left with ${wanted}, and a start found ${found}`)
      }
      this.#apply(write)
    }
    this.#uncertain = []
  }

  #then<T>(work: Promise<T>, done: (result: T) => void): void {
    const life = this.#life
    this.#world.await(
      work.then((result) => {
        if (life === this.#life) done(result)
      }),
    )
  }

  /** Runs `what` when what was begun before and this are done; returns when that will be. */
  #after(busyUntil: number, what: () => void): number {
    const life = this.#life
    const { time, random, isHealed, setup } = this.#world
    const duration = isHealed ? random.between(0.1, 1) : random.after(setup.diskMean)
    const end = Math.max(busyUntil, time) + duration
    this.#world.later(end - time, () => {
      if (life === this.#life) what()
    })
    return end
  }
}

function agrees({ hardState, log, snapshot }: DiskImage, restored: Restored): boolean {
  const { base, entries } = restored
  const first: Index = Math.max(base.index, log.base.index)
  const end = base.index + entries.length
  // A disk may keep more in front than it was told to keep (whole segments go), never less.
  if (base.index > log.base.index || end !== log.lastIndex) return false
  if (hardState.currentTerm !== restored.hardState.currentTerm || hardState.votedFor !== restored.hardState.votedFor) {
    return false
  }
  if (snapshot?.index !== restored.snapshot?.index) return false
  for (let index = first + 1; index <= end; index += 1) {
    if (!same(entries[index - base.index - 1], log.at(index))) return false
  }
  return true
}
