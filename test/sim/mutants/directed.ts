/** What a simulated cluster hardly ever shows: a few servers with instant disks, and messages delivered by hand. */
import type { Effects, Input, Message, NodeId, Raft, RaftConfig } from '../../../main/raft'
import { configurationOf } from '../../../main/raft/configuration'
import type { RaftClass } from '../node'

const ELECTION_TIMEOUT = 100

class Trio {
  readonly #servers = new Map<NodeId, Raft>()
  /** Sent and not delivered. */
  mail: Message[] = []
  now = 0

  constructor(Core: RaftClass) {
    const config: Omit<RaftConfig, 'id'> = {
      bootstrap: configurationOf([1, 2, 3]),
      preVote: true,
      checkQuorum: true,
      leaseReads: false,
      quiescence: false,
      parallelWrite: true,
      fastBacktracking: true,
      catchUpCheck: true,
      electionTimeout: ELECTION_TIMEOUT,
      heartbeatInterval: 20,
      maxBatchBytes: 1000,
      maxInFlight: 4,
      maxInFlightBytes: 10_000,
      maxUncommittedBytes: 10_000,
      trailingEntries: 10,
      maxCatchUpLag: 10,
      priorities: new Map(),
      random: () => 0.5,
    }
    for (const id of [1, 2, 3]) {
      const restored = { hardState: { currentTerm: 0, votedFor: 0 }, base: { index: 0, term: 0 }, entries: [] }
      const raft = new Core({ ...config, id }, restored, 0)
      this.#servers.set(id, raft)
      this.#take(id, raft.initial())
    }
  }

  of(id: NodeId): Raft {
    return this.#servers.get(id)!
  }

  step(id: NodeId, input: Input): void {
    this.#take(id, this.of(id).step(this.now, input))
  }

  /** Delivers what `wanted` lets through, and what follows from it; the rest stays. */
  deliver(wanted: (message: Message) => boolean = () => true): void {
    for (;;) {
      const at = this.mail.findIndex(wanted)
      const message = this.mail[at]
      if (!message) return
      this.mail.splice(at, 1)
      this.step(message.to, { type: 'message', message })
    }
  }

  /** Server 1 leads, and all have the same. */
  lead(): this {
    this.now = this.of(1).status().deadline
    this.step(1, { type: 'deadline' })
    this.deliver()
    this.beat()
    return this
  }

  beat(): void {
    this.now = this.of(1).status().deadline
    this.step(1, { type: 'deadline' })
    this.deliver()
  }

  #take(id: NodeId, { write, messages }: Effects): void {
    this.mail.push(...messages.map(({ message }) => message))
    if (write) this.step(id, { type: 'persisted', write: write.number })
  }
}

/** The target of a hand-over wins although a heartbeat of the old leader comes in between, and others hear that leader. */
export function heartbeatAfterTimeoutNow(Core: RaftClass): void {
  const trio = new Trio(Core).lead()
  trio.step(1, { type: 'transfer', id: 1, target: 2 })
  trio.deliver(({ type }) => type === 'TimeoutNow')
  const votes = trio.mail
  trio.mail = []
  trio.now = trio.of(1).status().deadline
  trio.step(1, { type: 'deadline' })
  trio.deliver()
  trio.mail.push(...votes)
  trio.deliver()
  const { role, currentTerm } = trio.of(2).status()
  if (role !== 'leader') throw new Error(`the target of the hand-over is ${role} in term ${currentTerm}`)
}

/** A target that lacks entries is not told to stand before it has them. */
export function transferBehind(Core: RaftClass): void {
  const trio = new Trio(Core).lead()
  trio.step(1, { type: 'propose', proposals: [{ id: 1, data: new Uint8Array(8) }] })
  const entries = trio.mail
  trio.mail = []
  trio.step(1, { type: 'transfer', id: 2, target: 2 })
  const told = trio.mail.filter(({ type }) => type === 'TimeoutNow')
  if (told.length > 0) throw new Error('the target was told to stand before it had the last entry')
  trio.mail.push(...entries)
  trio.deliver()
  const { role } = trio.of(2).status()
  if (role !== 'leader') throw new Error(`the target had everything and is ${role}`)
}
