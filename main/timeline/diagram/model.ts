/**
 * Everything that the timeline draws, built from events as they come: appended to, trimmed at the old end, and never
 * rebuilt as a whole unless another window of the recording is looked at.
 */
import type { Overview } from '../overview/types'
import type { EventView } from '../views/types'
import { Density } from './density'
import { Edges } from './edges'
import { Lane, type LaneView } from './lanes'
import { firstWhere } from './search'
import { Tracks } from './tracks'

/** The first term that began at `t`: for the minimap's term strip. */
export interface TermStep {
  readonly t: number
  readonly term: number
}

/** What is drawn of events that are too many to be drawn one by one. */
export interface Afar {
  readonly counts: Omit<Overview, 'landmarks'>
  /** 0 = not drawn, the events themselves are; 1 = nothing else is. */
  readonly strength: number
}

/** What the minimap shows of a recording that is not in memory as a whole. */
export interface WholeFaults {
  readonly from: number
  readonly to: number
}

export class TimelineModel {
  readonly lanes = new Map<number, Lane>()
  edges = new Edges()
  readonly tracks = new Tracks()
  readonly density = new Density()
  terms: TermStep[] = []
  afar: Afar | null = null
  /** Faults of the whole recording; null: those of {@link tracks} are all that is known. */
  faults: readonly WholeFaults[] | null = null
  /** The events in memory, in order of `seq`; the same array that was last handed to {@link sync}. */
  events: readonly EventView[] = []
  /** `t` of the last event: later than this nothing is known. */
  known = 0
  #first = -1
  #next = -1
  #trimmed = 0

  get nodes(): readonly number[] {
    return [...this.lanes.keys()].sort((a, b) => a - b)
  }

  /**
   * Takes the events in memory. Those after the last one seen are appended; when they don't follow on, the model starts
   * anew from them. Returns true when it did.
   */
  sync(events: readonly EventView[]): boolean {
    const first = events[0]
    const last = events.at(-1)
    const anew =
      this.#next >= 0 &&
      (first === undefined ||
        last === undefined ||
        first.seq < this.#first ||
        first.seq > this.#next ||
        last.seq < this.#next - 1)
    if (anew) this.#reset()
    this.events = events
    if (first === undefined || last === undefined) return anew
    const begin = this.#next < 0 ? 0 : firstWhere(events, (event) => event.seq >= this.#next)
    if (anew) this.density.replace(events.map((event) => event.t))
    for (let i = begin; i < events.length; i++) {
      const event = events[i] as EventView
      if (!anew) this.density.add(event.t)
      this.#take(event)
      this.known = event.t
    }
    this.#first = first.seq
    this.#next = last.seq + 1
    if (first.seq - this.#trimmed > 2_048) {
      this.edges.trimBefore(first.seq)
      this.edges.forgetOlderThan(this.known)
      this.#trimmed = first.seq
    }
    return anew
  }

  /** Takes events that follow on, for a picture that is made once; of them only those are kept that `keep` names. */
  append(events: readonly EventView[], keep: (event: EventView) => boolean = () => false): void {
    const kept = events.filter(keep)
    if (kept.length > 0) this.events = [...this.events, ...kept]
    for (const event of events) {
      this.#take(event)
      this.known = Math.max(this.known, event.t)
    }
  }

  /** Fills lanes that know nothing at `moment.t` with the state of that moment. */
  seed(moment: { readonly t: number; readonly nodes: readonly LaneView[] }): void {
    for (const node of moment.nodes) this.lane(node.id).seed(node, moment.t)
  }

  lane(node: number): Lane {
    const known = this.lanes.get(node)
    if (known !== undefined) return known
    const lane = new Lane(node)
    this.lanes.set(node, lane)
    return lane
  }

  /** The event with this `seq`, when it is in memory. */
  event(seq: number): EventView | undefined {
    const event = this.events[firstWhere(this.events, (e) => e.seq >= seq)]
    return event?.seq === seq ? event : undefined
  }

  /** The events of [from, to], found by binary search. */
  range(from: number, to: number): readonly EventView[] {
    return this.events.slice(
      firstWhere(this.events, (e) => e.t >= from),
      firstWhere(this.events, (e) => e.t > to),
    )
  }

  #reset(): void {
    this.lanes.clear()
    this.edges = new Edges()
    this.tracks.faults = []
    this.tracks.calls = []
    this.tracks.operations = []
    this.tracks.commits = []
    this.tracks.gaps = []
    this.tracks.stops = []
    this.tracks.notes = []
    this.known = 0
    this.#first = -1
    this.#next = -1
    this.#trimmed = 0
  }

  #take(event: EventView): void {
    switch (event.kind) {
      case 'started':
        this.lane(event.node).started(event)
        break
      case 'role':
        this.lane(event.node).role(event)
        if (event.role === 'leader') this.#term(event.t, event.term)
        break
      case 'hardState':
        this.lane(event.node).hardState(event)
        break
      case 'sent':
        this.edges.sent(event)
        break
      case 'received':
        this.edges.received(event)
        break
      case 'dropped':
        this.edges.dropped(event)
        break
      case 'held':
        this.edges.held(event)
        break
      case 'copied':
        this.edges.copied(event)
        break
      case 'clock':
        if (event.cause === 'fired' || event.cause === 'jumped') {
          this.lane(event.node).mark(event.t, event.seq, event.cause)
        }
        break
      case 'struck':
      case 'breakpoint':
      case 'foreign':
        this.lane(event.node).mark(event.t, event.seq, event.kind)
        break
      case 'note':
        this.tracks.note(event)
        break
      case 'stop':
        this.tracks.stop(event)
        break
      case 'truncated':
        this.lane(event.node).mark(event.t, event.seq, 'truncated')
        break
      case 'trouble':
        this.lane(event.node).mark(event.t, event.seq, 'trouble')
        break
      case 'process':
        this.lane(event.subject).process(event)
        if (event.state === 'killed' || event.state === 'crashed' || event.state === 'stopped') {
          this.edges.receiverDied(event.subject, event.t, event.seq)
        }
        break
      case 'fault':
        this.tracks.fault(event)
        break
      case 'operation':
        this.tracks.operation(event)
        break
      case 'snapshot':
        if (event.stage === 'saved') this.lane(event.node).mark(event.t, event.seq, 'snapshot')
        else if (event.stage === 'installed') this.lane(event.node).mark(event.t, event.seq, 'installed')
        break
      case 'configuration':
        // Committed is told of one that counted before, and a start repeats what was: neither changes anything.
        if (event.index > 0 && (event.standing === 'appended' || event.standing === 'rolled-back')) {
          this.lane(event.node).mark(event.t, event.seq, 'configuration')
        }
        break
      case 'transfer':
        if (event.stage === 'started') this.lane(event.node).mark(event.t, event.seq, 'transfer')
        break
      case 'remark':
        if (event.name === 'quiesced') this.lane(event.node).mark(event.t, event.seq, 'quiesced')
        break
      case 'invoke':
        this.tracks.invoke(event)
        break
      case 'answer':
        this.tracks.answer(event)
        break
      case 'committed':
        this.tracks.committed(event)
        break
      case 'gap':
        this.tracks.gap(event, this.known)
        break
      case 'leader':
      case 'appended':
      case 'persisted':
      case 'applied':
      case 'timer':
      case 'progress':
      case 'compacted':
      case 'read':
      case 'sessions':
      case 'stats':
      case 'cluster':
      case 'link':
      case 'output':
      case 'closing':
      case 'released':
      case 'moved':
      case 'rules':
      case 'watch':
      case 'nemesis':
      case 'workload':
      case 'load':
        break
    }
  }

  #term(t: number, term: number): void {
    const index = firstWhere(this.terms, (step) => step.t >= t)
    if ((this.terms[index - 1]?.term ?? 0) >= term || this.terms[index]?.term === term) return
    this.terms.splice(index, 0, { t, term })
  }
}
