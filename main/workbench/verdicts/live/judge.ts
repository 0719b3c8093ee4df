/**
 * Judges whatever is open, from its first event on, and a live cluster as long as it runs. The judging itself is done in a process of
 * its own, which ends with it: here is only what was found.
 */
import type { OpenSource, ProblemView, VerdictsView } from '../../../../preload/contract'
import { Problem } from '../../../node/contract/problem'
import type { TimelineSource } from '../../../timeline/api'
import type { Found, FromJudge, JudgePort, JudgeStart } from './protocol'

/** Of a live timeline it is always a little behind; more events than this are told. */
const FAR_BEHIND = 5_000

const NOTHING_YET: Found = {
  judged: 0,
  checks: [],
  history: {
    standing: 'holds',
    calls: 0,
    waiting: 0,
    keys: 0,
    stale: 0,
    failed: 0,
    illegal: [],
    undecided: [],
    judgedUntil: -1,
  },
}

export interface JudgeRooms {
  timeline(which: 'live' | 'recording'): TimelineSource
  readonly tell: (view: VerdictsView | null) => void
  /** Where the judging is done. Never throws. */
  readonly port: (start: JudgeStart) => JudgePort
  /** Whether a person waits for an answer right now. */
  readonly isAsked: () => boolean
  readonly problemView: (thrown: unknown) => ProblemView
}

interface Run {
  readonly which: 'live' | 'recording'
  readonly source: TimelineSource
  readonly port: JudgePort
  state: VerdictsView['state']
  found: Found
  problem: ProblemView | null
}

export class Judge {
  readonly #rooms: JudgeRooms
  /** Processes that are about to end. */
  readonly #endings = new Set<Promise<void>>()
  #run: Run | undefined
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
    const port = this.#rooms.port({ which, path: source.info().path, isAsked: this.#rooms.isAsked() })
    const run: Run = { which, source, port, state: 'judging', found: NOTHING_YET, problem: null }
    this.#run = run
    this.#tell(run)
    port.onMessage((message) => {
      if (this.#run === run && isJudging(run)) this.#hear(run, message)
    })
  }

  /** What was found stays. */
  stop(): void {
    const run = this.#run
    if (run === undefined || !isJudging(run)) return
    run.state = 'stopped'
    this.#letGo(run)
    this.#tell(run)
  }

  /** Somebody waits for an answer, or nobody any more: what is judged gives way. */
  giveWay(isAsked: boolean): void {
    if (this.#run !== undefined && isJudging(this.#run)) this.#run.port.post({ type: isAsked ? 'asked' : 'answered' })
  }

  /** What a new window is told. */
  get view(): VerdictsView | null {
    return this.#run === undefined ? null : viewOf(this.#run)
  }

  /** Returns when its process has ended. */
  async close(): Promise<void> {
    this.#open = ''
    this.#end()
    await Promise.all(this.#endings)
  }

  #end(): void {
    if (this.#run !== undefined) this.#letGo(this.#run)
    this.#run = undefined
  }

  #letGo({ port }: Run): void {
    const ending = port.end().finally(() => this.#endings.delete(ending))
    this.#endings.add(ending)
  }

  #hear(run: Run, message: FromJudge): void {
    switch (message.type) {
      case 'found':
        run.state = message.state
        run.found = message.found
        break
      case 'done':
        run.state = 'done'
        run.found = message.found
        break
      case 'failed':
        run.state = 'failed'
        run.problem = this.#rooms.problemView(new Problem(message.problem.code, message.problem.details))
        break
    }
    if (!isJudging(run)) this.#letGo(run)
    this.#tell(run)
  }

  #tell(run: Run): void {
    this.#rooms.tell(viewOf(run))
  }
}

function isJudging({ state }: Run): boolean {
  return state === 'judging' || state === 'following'
}

function viewOf({ which, source, state, found, problem }: Run): VerdictsView {
  const events = Math.max(found.judged, source.info().events)
  // The file may be far behind what happens.
  const isBehind = state === 'following' && events - found.judged > FAR_BEHIND
  return { source: which, state: isBehind ? 'judging' : state, events, problem, ...found }
}
