/** One simulated server: its core, what its disk holds, and what its process is doing. */
import {
  configurationOf,
  type Entry,
  type HardState,
  type Message,
  type Position,
  Raft,
  type RaftConfig,
  type RaftFeatures,
  type SnapshotMeta,
  type Write,
} from '../../../main/raft'

export const HEARTBEAT = 100
const ELECTION = 300

const FEATURES: RaftFeatures = {
  preVote: true,
  checkQuorum: true,
  leaseReads: false,
  quiescence: false,
  disconnectHint: false,
  parallelWrite: true,
  fastBacktracking: true,
  catchUpCheck: true,
}

/** What survives a crash. */
export class Disk {
  hardState: HardState = { currentTerm: 0, votedFor: 0 }
  base: Position = { index: 0, term: 0 }
  entries: Entry[] = []
  snapshot: SnapshotMeta | undefined

  get lastIndex(): number {
    return this.entries.at(-1)?.index ?? this.base.index
  }

  apply({ install, truncateFrom, entries, hardState, compactTo }: Write): void {
    if (install !== undefined) {
      const { snapshot, keepsLog } = install
      this.snapshot = snapshot
      this.entries = keepsLog ? this.entries.filter((entry) => entry.index > snapshot.index) : []
      this.base = { index: snapshot.index, term: snapshot.term }
    }
    if (truncateFrom !== undefined) this.entries = this.entries.filter((entry) => entry.index < truncateFrom)
    this.entries.push(...entries)
    this.hardState = hardState ?? this.hardState
    if (compactTo !== undefined) {
      this.entries = this.entries.filter((entry) => entry.index > compactTo.index)
      this.base = compactTo
    }
  }
}

export interface Member {
  readonly id: number
  readonly raft: Raft
  readonly disk: Disk
  readonly life: number
  up: boolean
  paused: boolean
  inbox: { from: number; id: number; message: Message }[]
  /** Messages that wait for a write. */
  pending: { write: number; run: () => void }[]
  persisted: number
  /** Messages and events so far. */
  messages: number
  n: number
  applied: number
  lastReceived: number
}

export interface Birth {
  readonly id: number
  readonly before: Member | undefined
  /** Empty for a server that joins. */
  readonly firstVoters: readonly number[]
  readonly witnesses: readonly number[]
  readonly features: Partial<RaftFeatures>
  readonly trailingEntries: number
  readonly slow: boolean
  readonly random: () => number
}

export function createMember(birth: Birth, now: number): Member {
  const { id, before, firstVoters, witnesses, features, trailingEntries, slow, random } = birth
  const disk = before?.disk ?? new Disk()
  const config: RaftConfig = {
    ...FEATURES,
    ...features,
    id,
    bootstrap: configurationOf(firstVoters, { witnesses }),
    electionTimeout: slow ? ELECTION * 1.6 : ELECTION,
    heartbeatInterval: HEARTBEAT,
    maxBatchBytes: 1 << 16,
    maxInFlight: 8,
    maxInFlightBytes: 1 << 20,
    maxUncommittedBytes: 1 << 20,
    trailingEntries,
    maxCatchUpLag: 4,
    priorities: new Map(),
    random,
  }
  const { hardState, base, entries, snapshot } = disk
  const restored = { hardState, base, entries: [...entries], ...(snapshot === undefined ? {} : { snapshot }) }
  return {
    id,
    raft: new Raft(config, restored, now),
    disk,
    life: (before?.life ?? -1) + 1,
    up: true,
    paused: false,
    inbox: [],
    pending: [],
    persisted: 0,
    messages: before?.messages ?? 0,
    n: 0,
    applied: snapshot?.index ?? 0,
    lastReceived: 0,
  }
}
