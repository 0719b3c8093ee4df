/** One lane per node: which role it had in which term, when its process was down or paused, and what struck it. */
import type { Role } from '../../raft/types'
import type { ProcessStanding } from '../state'
import type { EventView } from '../views/types'
import { firstWhere } from './search'

export type LaneState = Role | 'starting' | 'paused' | 'down'

export interface Segment {
  readonly from: number
  /** Infinity while it lasts. */
  to: number
  readonly state: LaneState
  readonly term: number
}

export type MarkKind =
  | 'spawned'
  | 'ready'
  | 'killed'
  | 'crashed'
  | 'stopped'
  | 'removed'
  | 'paused'
  | 'resumed'
  | 'truncated'
  | 'trouble'
  | 'snapshot'
  | 'installed'
  | 'configuration'
  | 'transfer'
  | 'quiesced'
  | 'breakpoint'
  | 'struck'
  | 'fired'
  | 'jumped'
  | 'foreign'

/** Something that happened at one instant on one lane. */
export interface Mark {
  readonly t: number
  readonly seq: number
  readonly node: number
  readonly kind: MarkKind
}

/** What a lane needs to know of a node at one moment. */
export interface LaneView {
  readonly id: number
  readonly process: { readonly standing: ProcessStanding }
  readonly role: Role
  readonly currentTerm: number
  readonly roleSince: number
}

/** A lane remembers at most this many segments and marks; the oldest leave first. */
const MOST = 4_000

export class Lane {
  readonly node: number
  segments: Segment[] = []
  marks: Mark[] = []
  /** Role and term to come back to after a pause. */
  #role: Role = 'follower'
  #term = 0
  /** The first segment, when it only stands in for what is not known. */
  #guess: Segment | undefined

  constructor(node: number) {
    this.node = node
  }

  get last(): Segment | undefined {
    return this.segments.at(-1)
  }

  /**
   * Of a node of which no event in memory tells anything: what it is at another moment. It may have been something else here,
   * in another term above all, so it gives way to what is known.
   */
  guess(view: LaneView, t: number): void {
    if (this.segments.length > 0) return
    this.seed(view, t)
    this.#guess = this.segments[0]
  }

  /** It is known, and not guessed, what the node was at `t`. */
  knows(t: number): boolean {
    const [first] = this.segments
    return first !== undefined && first !== this.#guess && first.from <= t
  }

  /** What is known of this node from elsewhere at `t`, when the lane has no segment that covers it. */
  seed(view: LaneView, t: number): void {
    if (this.segments[0] === this.#guess) this.segments.shift()
    const first = this.segments[0]
    if (first !== undefined && first.from <= t) return
    const state = stateOf(view)
    const since = state === view.role ? Math.min(view.roleSince, t) : t
    const to = first?.from ?? Number.POSITIVE_INFINITY
    this.segments.unshift({ from: Math.max(0, since), to, state, term: view.currentTerm })
    if (first === undefined) {
      this.#role = view.role
      this.#term = view.currentTerm
    }
  }

  role(event: EventView<'role'>): void {
    this.#role = event.role
    this.#term = event.term
    if (this.#silent()) return
    this.#open(event.t, event.role, event.term)
  }

  hardState(event: EventView<'hardState'>): void {
    this.#term = event.currentTerm
    const last = this.last
    // The first thing heard of this node, before anyone told its role: a term that is new to it is no leader's.
    if (last === undefined) this.#open(event.t, 'follower', event.currentTerm)
    else if (!this.#silent() && last.term !== event.currentTerm) this.#open(event.t, last.state, event.currentTerm)
  }

  started(event: EventView<'started'>): void {
    this.#role = 'follower'
    this.#term = event.currentTerm
    this.#open(event.t, 'follower', event.currentTerm)
  }

  process(event: EventView<'process'>): void {
    switch (event.state) {
      case 'spawned':
        this.#open(event.t, 'starting', this.#term)
        break
      case 'paused':
        this.#open(event.t, 'paused', this.#term)
        break
      case 'resumed':
        this.#open(event.t, this.#role, this.#term)
        break
      case 'killed':
      case 'crashed':
      case 'stopped':
      case 'removed':
        this.#open(event.t, 'down', this.#term)
        break
      case 'ready':
        // Also when its start was before the first event that is known.
        if (this.last === undefined || this.last.state === 'starting') this.#open(event.t, this.#role, this.#term)
        break
      case 'stopping':
        return
    }
    this.mark(event.t, event.seq, event.state)
  }

  mark(t: number, seq: number, kind: MarkKind): void {
    this.marks.push({ t, seq, node: this.node, kind })
    if (this.marks.length > MOST * 1.25) this.marks = this.marks.slice(-MOST)
  }

  /** The segment at `t`, if the lane knows one. */
  at(t: number): Segment | undefined {
    const segment = this.segments[firstWhere(this.segments, (s) => s.from > t) - 1]
    return segment !== undefined && segment.to > t ? segment : undefined
  }

  /** The segments that touch [from, to]. */
  within(from: number, to: number): readonly Segment[] {
    const begin = Math.max(0, firstWhere(this.segments, (s) => s.from > from) - 1)
    return this.segments.slice(
      begin,
      firstWhere(this.segments, (s) => s.from > to),
    )
  }

  /** A dead or frozen process says nothing: what is reported late belongs to the time before. */
  #silent(): boolean {
    return this.last?.state === 'down' || this.last?.state === 'paused'
  }

  #open(t: number, state: LaneState, term: number): void {
    const last = this.last
    if (last !== undefined) {
      if (last.state === state && last.term === term) return
      if (last.from >= t) this.segments.pop()
      else last.to = t
    }
    this.segments.push({ from: t, to: Number.POSITIVE_INFINITY, state, term })
    if (this.segments.length > MOST * 1.25) this.segments = this.segments.slice(-MOST)
  }
}

/** What a lane shows of a node: its process first, then its role. */
export function stateOf(view: LaneView): LaneState {
  switch (view.process.standing) {
    case 'running':
      return view.role
    case 'starting':
      return 'starting'
    case 'paused':
      return 'paused'
    default:
      return 'down'
  }
}
