/** A disk that takes its time, keeps its order, and forgets what it had not finished when the power goes. */
import type { Entry, HardState, Restored, Write } from '../../main/raft'
import type { Random } from './random'

export class SimDisk {
  hardState: HardState = { currentTerm: 0, votedFor: 0 }
  readonly entries: Entry[] = []
  #queue: Write[] = []

  start(write: Write): void {
    this.#queue.push(write)
  }

  /** The write that will be done next. */
  get next(): Write | undefined {
    return this.#queue[0]
  }

  /** The oldest write is durable from now on. */
  finish(): Write {
    const write = this.#queue.shift()
    if (!write) throw new Error('the disk has nothing to finish')
    if (write.truncateFrom !== undefined) this.entries.length = Math.min(this.entries.length, write.truncateFrom - 1)
    this.entries.push(...write.entries)
    if (write.hardState) this.hardState = write.hardState
    return write
  }

  /** Power loss: of the writes under way, some of the first may have made it, without anybody having been told. */
  crash(random: Random, onFinish: (write: Write) => void): void {
    const survive = random.chance(0.5) ? 0 : random.integer(0, this.#queue.length)
    for (let i = 0; i < survive; i += 1) {
      onFinish(this.#queue[0]!)
      this.finish()
    }
    this.#queue = []
  }

  restored(): Restored {
    return { hardState: this.hardState, entries: [...this.entries] }
  }
}
