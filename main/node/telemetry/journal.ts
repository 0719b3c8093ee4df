/** What a node tells about itself, in the words of its loop; how much of it is recorded is the cluster's setting. */
import type { Entry, Observation, Restored, SnapshotMeta, Write } from '../../raft/types'
import type { EventKind, FieldsOf } from '../contract/events'
import type { NamedMessage } from '../contract/frames'
import type { Problem } from '../contract/problem'
import { CoreClock } from '../core-clock'
import type { Watch } from '../watch/api'
import { Announced, longRuns } from './announced'
import { dropped, type EventBody, observed, type PlainObservation, received, sent, timer } from './event-body'
import { kindsAt, type TelemetryLevel } from './level'
import type { Reporter } from './reporter'
import { appendedRuns, withoutData } from './runs'

export class Journal {
  readonly #reporter: Reporter
  readonly #clock: CoreClock
  readonly #kinds: ReadonlySet<EventKind>
  readonly #holdsEntries: boolean
  readonly #tellsMessages: boolean
  /** What the leader's view of its peers came to in this turn: one event each, however often it moved. */
  readonly #progress = new Map<number, Extract<Observation, { kind: 'progress' }>>()
  /** What the watch has to see and nobody records is made for it alone. */
  #watch: Watch | undefined
  #announced: Announced | undefined
  #t = 0
  #hasNewEntries = false

  /** `clock`: what the core goes by. */
  constructor(reporter: Reporter, level: TelemetryLevel, clock = new CoreClock()) {
    this.#reporter = reporter
    this.#clock = clock
    this.#kinds = kindsAt(level)
    this.#holdsEntries = level === 'entry'
    this.#tellsMessages = this.#kinds.has('sent')
  }

  /** When the following happens, until it is called again: a turn of the loop has one time. */
  at(t: number): void {
    this.#t = t
  }

  /** Who is shown everything from now on, recorded or not; undefined: nobody. */
  watch(watch: Watch | undefined): void {
    this.#tellProgress()
    this.#watch = watch
  }

  /** The turn is over. */
  turnEnded(): void {
    this.#tellProgress()
    this.#reporter.turnEnded(this.#t)
  }

  tell(body: EventBody): void {
    const isTold = this.#kinds.has(body.kind)
    if (isTold) this.#reporter.report(this.#t, body)
    if (this.#watch !== undefined) this.#watch.saw(body, isTold)
  }

  /** Whatever the level is, and shown to nobody; returns its number. */
  insist(body: EventBody): number {
    this.#reporter.report(this.#t, body)
    return this.#reporter.lastNumber
  }

  trouble({ code, details }: Problem): void {
    this.tell({ kind: 'trouble', problem: code, detail: JSON.stringify(details) })
  }

  /** The running election timer, on a clock that goes otherwise since; `deadline` as the core says it. */
  timer(deadline: number): void {
    if (deadline !== Number.POSITIVE_INFINITY) this.tell(timer(deadline, this.#clock, this.#t))
  }

  /** The workbench has seen which runs of a long log there are, and wants to be told these. */
  asked(runs: readonly number[]): void {
    void this.#announced?.tell(runs)
  }

  /** What waits to be asked for is told with what comes next. */
  tellRest(): void {
    this.#announced?.tellRest(this.#t)
  }

  /** Everything so far is with the system when this returns. */
  flush(): void {
    this.tellRest()
    this.#reporter.flushWithin(this.#t)
  }

  /** What the process found on its disk. The core tells the configuration, and what it is now. */
  started(restored: Restored, more: Pick<FieldsOf<'started'>, 'incarnation' | 'pid' | 'tornBytes'>): void {
    const { hardState, base, entries, snapshot } = restored
    const { currentTerm, votedFor } = hardState
    const lastIndex = base.index + entries.length
    this.tell({
      kind: 'started',
      incarnation: more.incarnation,
      pid: more.pid,
      currentTerm,
      votedFor,
      firstIndex: base.index + 1,
      lastIndex,
      tornBytes: more.tornBytes,
      baseTerm: base.term,
      snapshotIndex: snapshot?.index ?? 0,
      snapshotTerm: snapshot?.term ?? 0,
    })
    this.#found(entries)
    // All of that came from the disk: nothing was written for it now.
    this.tell({ kind: 'persisted', lastIndex, currentTerm, votedFor, bytes: 0, micros: 0 })
  }

  /** Durable when the node ended, too late for its core to take note of it. */
  snapshotSaved({ index, term, bytes }: SnapshotMeta, node: number): void {
    this.tell({ kind: 'snapshot', stage: 'saved', index, term, bytes, offset: bytes, peer: node, keepsLog: false })
  }

  /**
   * `write`: what the same step of the core wants on disk. `isEcho`: entries in it came with an AppendEntries just now, so
   * their leader has told what is in them ({@link ahead}); saying it once more on every follower would be most of what
   * is said.
   */
  observed(observations: readonly Observation[], write: Write | undefined, isEcho = false): void {
    let appended: Entry[] = []
    for (const observation of observations) {
      if (observation.kind === 'appended') {
        // The core appends a leader's entries one by one; they are one event here.
        for (const entry of observation.entries) appended.push(entry)
        continue
      }
      if (!this.#sees(observation.kind)) continue
      // A watch sees everything in its order.
      if (observation.kind === 'progress' && this.#watch === undefined) {
        this.#progress.set(observation.progress.peer, observation)
        continue
      }
      // A role ends what was known of the peers.
      if (observation.kind === 'role') this.#tellProgress()
      this.#appended(appended, isEcho)
      appended = []
      this.tell(this.#told(observation, write))
    }
    this.#appended(appended, isEcho)
  }

  /**
   * To be called before anything leaves for the peers: entries that were told since the last time are with the workbench
   * then, whatever happens to this process. So whoever has an entry may leave it to the leader to tell.
   */
  ahead(): void {
    if (!this.#hasNewEntries) return
    this.#hasNewEntries = false
    this.#reporter.flushWithin(this.#t)
  }

  sent(frame: NamedMessage): void {
    if (this.#tellsMessages || this.#watch !== undefined) this.tell(sent(frame))
  }

  /** `id`: the message's, or that of the copy that this is. */
  received(frame: NamedMessage, id = frame.id): void {
    if (this.#tellsMessages || this.#watch !== undefined) this.tell(received(frame, id))
  }

  dropped(frame: NamedMessage, reason: FieldsOf<'dropped'>['reason']): void {
    if (this.#tellsMessages || this.#watch !== undefined) this.tell(dropped(frame, reason))
  }

  #tellProgress(): void {
    if (this.#progress.size === 0) return
    for (const observation of this.#progress.values()) this.tell(this.#told(observation, undefined))
    this.#progress.clear()
  }

  /** What the log held when the process began. */
  #found(entries: readonly Entry[]): void {
    const runs = this.#holdsEntries ? longRuns(entries) : []
    if (runs.length === 0) {
      this.#appended(entries)
      return
    }
    this.#announced = new Announced(this.#reporter, this.#t, runs)
    for (const run of runs) {
      this.#reporter.report(this.#t, withoutData(run))
      this.#watch?.saw(run, true)
    }
  }

  #appended(entries: readonly Entry[], isEcho = false): void {
    if (entries.length === 0 || !this.#sees('appended')) return
    const isTold = isEcho && entries.every(({ type }) => type !== 'metadata')
    const withData = this.#holdsEntries && !isTold && !this.#reporter.isCrowded
    for (const body of appendedRuns(entries, withData)) this.tell(body)
    if (withData) this.#hasNewEntries = true
  }

  #told(observation: PlainObservation, write: Write | undefined): EventBody {
    if (observation.kind === 'timer') return timer(observation.deadline, this.#clock, this.#t)
    return observed(observation, write)
  }

  /** Somebody wants to hear of it. */
  #sees(kind: EventKind): boolean {
    return this.#watch !== undefined || this.#kinds.has(kind)
  }
}
