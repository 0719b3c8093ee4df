/** One simulated process: the real core, held to the contract of `main/raft/types.ts` as a node process is. */
import type { Effects, Entry, Input, NodeId, Outgoing, Raft, RaftStatus, Write } from '../../main/raft'
import { SimDisk } from './disk'

/** Anything that behaves like the core: the real one, or one that was broken on purpose. */
export type RaftClass = new (...args: ConstructorParameters<typeof Raft>) => Raft

export class SimNode {
  readonly id: NodeId
  readonly disk = new SimDisk()
  readonly clockRate: number
  raft: Raft | undefined
  status: RaftStatus | undefined
  /** Counts lives: what was set going in an earlier one is void. */
  life = 0
  /** Only the timer that was set last counts. */
  timer = 0
  /** When the disk will be done with all that it was given. */
  diskBusyUntil = 0
  /** While the process is frozen, its inputs wait here. */
  frozen: Input[] | undefined
  /** Messages that wait for a write. */
  held: Outgoing[] = []
  persisted = 0
  /** The log as the core's writes tell it. */
  readonly log: Entry[] = []

  constructor(id: NodeId, clockRate: number) {
    this.id = id
    this.clockRate = clockRate
  }

  localTime(time: number): number {
    return time * this.clockRate
  }

  start(raft: Raft): void {
    this.raft = raft
    this.status = undefined
    this.life += 1
    this.timer += 1
    this.held = []
    this.persisted = 0
    this.frozen = undefined
    this.log.length = 0
    this.log.push(...this.disk.entries)
  }

  stop(): void {
    this.raft = undefined
    this.status = undefined
    this.held = []
    this.frozen = undefined
  }

  /** Takes over what a step changed. */
  follow(write: Write | undefined): void {
    if (!write) return
    if (write.truncateFrom !== undefined) this.log.length = write.truncateFrom - 1
    this.log.push(...write.entries)
  }

  /** Splits a step's messages: those that may leave now; the others wait. */
  release(effects: Effects): Outgoing[] {
    const free = effects.messages.filter(({ afterWrite }) => afterWrite <= this.persisted)
    this.held.push(...effects.messages.filter(({ afterWrite }) => afterWrite > this.persisted))
    return free
  }

  /** The messages that waited for `write` or an earlier one. */
  releaseAfter(write: number): Outgoing[] {
    this.persisted = write
    const free = this.held.filter(({ afterWrite }) => afterWrite <= write)
    this.held = this.held.filter(({ afterWrite }) => afterWrite > write)
    return free
  }
}
