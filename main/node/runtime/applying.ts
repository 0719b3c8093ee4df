/**
 * What is committed, on its way into the state machine: entries and snapshots, strictly in order. A snapshot is read from
 * the disk first; what is committed meanwhile waits behind it.
 */
import type { Entry, Index, Position, SnapshotMeta } from '../../raft/types'
import { asProblem, Problem } from '../contract/problem'
import type { Outcome, StateMachine } from '../kv/api'

/** As much is applied in one turn, so that a long log does not keep heartbeats waiting. */
const TURN_ENTRIES = 4096
const TURN_BYTES = 8 << 20

type Step =
  | { readonly type: 'entries'; readonly entries: readonly Entry[] }
  | { readonly type: 'restore'; readonly snapshot: SnapshotMeta; readonly afterWrite: number }

export interface ApplyingOptions {
  readonly machine: StateMachine
  readonly load: (position: Position) => AsyncIterable<Uint8Array>
  /** An entry was executed. */
  readonly executed: (entry: Entry, outcome: Outcome | undefined) => void
  /** The state machine is what `snapshot` says. */
  readonly restored: (snapshot: SnapshotMeta) => void
  /** An entry that makes no sense; every node finds the same, and goes on. */
  readonly trouble: (problem: Problem) => void
  /** More can be done in another turn. */
  readonly wake: () => void
  readonly fatal: (problem: Problem) => void
}

export class Applying {
  readonly #options: ApplyingOptions
  #steps: Step[] = []
  /** Of the first step's entries: how many were applied. */
  #done = 0
  #lastApplied: Index = 0
  #persisted = 0
  #hasGaps = false
  #loading: SnapshotMeta | undefined
  #loaded: SnapshotMeta | undefined

  constructor(options: ApplyingOptions) {
    this.#options = options
  }

  get lastApplied(): Index {
    return this.#lastApplied
  }

  /** A snapshot is being read, or will be. */
  get isRestoring(): boolean {
    return this.#loading !== undefined || this.#steps.some(({ type }) => type === 'restore')
  }

  /** `afterWrite`: the write that makes the snapshot this node's own; it has its name on the disk from then on. */
  restore(snapshot: SnapshotMeta, afterWrite: number): void {
    this.#steps.push({ type: 'restore', snapshot, afterWrite })
  }

  /** The disk has `write` and all before it. */
  /** This node was sent less than everything, as a witness is: its state machine knows nothing that could be read. */
  get hasGaps(): boolean {
    return this.#hasGaps
  }

  persisted(write: number): void {
    this.#persisted = write
  }

  commit(entries: readonly Entry[]): void {
    if (entries.length > 0) this.#steps.push({ type: 'entries', entries })
  }

  /** Applies what can be applied now, within a turn's measure. */
  run(): void {
    this.#takeLoaded()
    let entries = TURN_ENTRIES
    let bytes = TURN_BYTES
    while (this.#loading === undefined) {
      const step = this.#steps[0]
      if (step === undefined) return
      if (step.type === 'restore') {
        if (step.afterWrite > this.#persisted) return
        this.#steps.shift()
        this.#load(step.snapshot)
        continue
      }
      const entry = step.entries[this.#done]
      if (entry === undefined) {
        this.#steps.shift()
        this.#done = 0
        continue
      }
      if (entries === 0 || bytes <= 0) {
        this.#options.wake()
        return
      }
      entries -= 1
      bytes -= entry.data.length
      this.#done += 1
      this.#lastApplied = entry.index
      if (entry.type === 'metadata') this.#hasGaps = true
      this.#options.executed(entry, this.#execute(entry))
    }
  }

  /** Undefined when the entry does nothing, or nothing that this program understands. */
  #execute(entry: Entry): Outcome | undefined {
    try {
      return this.#options.machine.apply(entry)
    } catch (error) {
      const { code, details } = asProblem(error)
      if (code !== 'frame-malformed') throw error
      const reason = 'reason' in details ? details.reason : code
      this.#options.trouble(new Problem('frame-malformed', { peer: `entry ${entry.index}`, reason }))
      return undefined
    }
  }

  #load(snapshot: SnapshotMeta): void {
    // A witness keeps no data: there is nothing to read.
    if (snapshot.bytes === 0) {
      this.#hasGaps = true
      this.#become(snapshot)
      return
    }
    const { machine, load, wake, fatal } = this.#options
    this.#loading = snapshot
    machine.restore(load(snapshot)).then(
      () => {
        this.#loaded = snapshot
        wake()
      },
      (error) => {
        // A newer one is there already, and this one may be gone.
        const isOvertaken = this.#steps.some(({ type }) => type === 'restore')
        if (!isOvertaken) {
          fatal(asProblem(error))
          return
        }
        this.#steps = this.#steps.slice(this.#steps.findIndex(({ type }) => type === 'restore'))
        this.#loading = undefined
        wake()
      },
    )
  }

  #takeLoaded(): void {
    const loaded = this.#loaded
    if (loaded === undefined) return
    this.#loaded = undefined
    this.#loading = undefined
    this.#hasGaps = false
    this.#become(loaded)
  }

  #become(snapshot: SnapshotMeta): void {
    this.#lastApplied = snapshot.index
    this.#options.restored(snapshot)
  }
}
