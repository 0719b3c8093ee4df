/**
 * Judges whatever is open, from its first event on, and a live cluster as long as it runs. In small slices with rests between
 * them, behind what happens: nobody waits for it, and nothing of a live timeline is kept for it, for it reads what was recorded.
 */
import { setTimeout as rest } from 'node:timers/promises'
import type { OpenSource, ProblemView, VerdictsView } from '../../../../preload/contract'
import type { TimelineSource } from '../../../timeline/api'
import { ConformanceJudge } from './conformance'
import { Finder } from './finder'
import { HistoryJudge } from './history'
import { InvariantJudge } from './invariants'

/** Events of one slice. */
const SLICE = 256
/** Of a live timeline it is always a little behind; more than this is told. */
const FAR_BEHIND = 5_000
/** After each slice, so many times its length is left to others. */
const REST = 2
/** Milliseconds between two looks for new events, between two views, and at least between two searches in the history. */
const LOOK_EVERY = 250
/** How long a slice waits at most for what windows ask: a live timeline goes on, a recording does not. */
const GIVE_WAY = { live: 50, recording: 500 } as const
const TELL_EVERY = 300
const SEARCH_EVERY = 1_500

export interface JudgeRooms {
  timeline(which: 'live' | 'recording'): TimelineSource
  readonly tell: (view: VerdictsView | null) => void
  /** Resolves when nobody waits for an answer, `most` milliseconds later at the latest. */
  readonly giveWay: (most: number, signal: AbortSignal) => Promise<void>
  readonly problemView: (thrown: unknown) => ProblemView
}

interface Run {
  readonly which: 'live' | 'recording'
  readonly ending: AbortController
  readonly invariants: InvariantJudge
  readonly conformance: ConformanceJudge
  readonly history: HistoryJudge
  readonly source: TimelineSource
  state: VerdictsView['state']
  judged: number
  /** A history of another system has none: then there is nothing to say of them. */
  hasNodes: boolean
  problem: ProblemView | null
}

export class Judge {
  readonly #rooms: JudgeRooms
  #run: Run | undefined
  #toldAt = 0
  /** What is open, by a name that changes when something else is. */
  #open = ''

  constructor(rooms: JudgeRooms) {
    this.#rooms = rooms
  }

  /** What is open has changed, or is told again. */
  follow(source: OpenSource): void {
    const open =
      source.kind === 'live' ? `live ${source.recording}` : source.kind === 'recording' ? source.info.path : ''
    if (open === this.#open) return
    this.#open = open
    this.#end()
    if (source.kind === 'live' || source.kind === 'recording') this.begin(source.kind)
    else this.#rooms.tell(null)
  }

  /** From the first event on. @throws {Problem} when that is not what is open */
  begin(which: 'live' | 'recording'): void {
    const source = this.#rooms.timeline(which)
    this.#end()
    const finder = new Finder(source)
    const run: Run = {
      which,
      source,
      ending: new AbortController(),
      invariants: new InvariantJudge(finder),
      conformance: new ConformanceJudge(finder),
      history: new HistoryJudge(finder),
      state: 'judging',
      judged: 0,
      hasNodes: false,
      problem: null,
    }
    this.#run = run
    this.#tell(run, true)
    void this.#judge(run)
  }

  /** What was found stays. */
  stop(): void {
    const run = this.#run
    if (run === undefined || (run.state !== 'judging' && run.state !== 'following')) return
    run.state = 'stopped'
    run.ending.abort()
    this.#tell(run, true)
  }

  /** What a new window is told. */
  get view(): VerdictsView | null {
    return this.#run === undefined ? null : viewOf(this.#run)
  }

  close(): void {
    this.#open = ''
    this.#end()
  }

  #end(): void {
    this.#run?.ending.abort()
    this.#run = undefined
  }

  #tell(run: Run, now = false): void {
    if (this.#run !== run) return
    const at = performance.now()
    if (!now && at - this.#toldAt < TELL_EVERY) return
    this.#toldAt = at
    this.#rooms.tell(viewOf(run))
  }

  async #judge(run: Run): Promise<void> {
    const { signal } = run.ending
    try {
      if (run.which === 'recording') await this.#once(run, signal)
      else await this.#onAndOn(run, signal)
    } catch (thrown) {
      // What was closed or stopped meanwhile is no trouble.
      if (signal.aborted || this.#run !== run) return
      run.state = 'failed'
      run.problem = this.#rooms.problemView(thrown)
    }
    this.#tell(run, true)
  }

  async #once(run: Run, signal: AbortSignal): Promise<void> {
    await this.#read(run, 0, signal)
    run.invariants.finish()
    await run.invariants.tell()
    this.#tell(run, true)
    await run.history.judge(signal)
    run.state = 'done'
  }

  async #onAndOn(run: Run, signal: AbortSignal): Promise<void> {
    let next = 0
    let searchAt = 0
    for (;;) {
      next = await this.#read(run, next, signal)
      if (run.history.isWaiting && performance.now() >= searchAt) {
        const began = performance.now()
        await run.history.judge(signal)
        // The longer a search takes, the rarer it is.
        searchAt = performance.now() + Math.max(SEARCH_EVERY, 4 * (performance.now() - began))
      }
      run.state = 'following'
      this.#tell(run)
      await rest(LOOK_EVERY, undefined, { signal })
    }
  }

  /** @returns the `seq` to go on from */
  async #read(run: Run, from: number, signal: AbortSignal): Promise<number> {
    let next = from
    for await (const batch of run.source.scan({ fromSeq: from }, signal)) {
      for (let at = 0; at < batch.length; at += SLICE) {
        const began = performance.now()
        const slice = batch.slice(at, at + SLICE)
        for (const event of slice) {
          if (event.node > 0) run.hasNodes = true
          run.invariants.take(event)
          run.conformance.take(event)
          run.history.take(event)
        }
        run.judged += slice.length
        next = (slice.at(-1)?.seq ?? next) + 1
        await run.invariants.tell()
        await run.conformance.tell()
        if (run.source.info().events - next > FAR_BEHIND) run.state = 'judging'
        this.#tell(run)
        await rest(REST * (performance.now() - began), undefined, { signal })
        await this.#rooms.giveWay(GIVE_WAY[run.which], signal)
      }
    }
    return next
  }
}

function viewOf({
  which,
  state,
  judged,
  hasNodes,
  source,
  invariants,
  conformance,
  history,
  problem,
}: Run): VerdictsView {
  return {
    source: which,
    state,
    judged,
    events: Math.max(judged, source.info().events),
    checks: hasNodes ? [...invariants.view(), conformance.view()] : [],
    history: history.view(),
    problem,
  }
}
