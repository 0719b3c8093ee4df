/** Reads a timeline as what the user did by hand, act after act, and what there was in between. */
import type { TimelineEvent } from '../../node/contract/events'
import { type ClusterState, fold, linkOf, newCluster } from '../../timeline'
import { leaderOf } from '../run/seen'
import type { Act } from './act'
import { callStep, isOfWorkload } from './calls'
import { type Detail, detailIn, detailOf, numberOf, numbersOf } from './details'
import { faultSteps } from './faults'
import { Heals, type Replacing } from './heals'
import { heldStep } from './held'
import { linkWords } from './links'
import { NamedActs } from './named'
import { changeStep } from './operations'
import { type Fields, RecordedNode, withWords } from './recorded'
import { Roster } from './roster'
import { UnderWay } from './under-way'
import { Waits } from './waits'

export interface Done {
  readonly acts: readonly Act[]
  readonly roster: Roster
  /** At the end. */
  readonly state: ClusterState
  /** JSON: those with which the cluster began. */
  readonly settings: string
  /** The first steps make the first leader, so nothing may happen before them. */
  readonly isManual: boolean
  /** Of all pauses and nemeses. */
  readonly millis: number
}

/** A shorter time between two acts was only how long a hand takes. */
const PAUSE_FROM_NS = 500e6
const MAX_PAUSE_MS = 2000
/** Of all pauses and nemeses together, so that a scenario keeps to its limit. */
const MAX_TIME_MS = 480_000
/** Whatever runs again in the wake of healing everything. */
const WAKE_NS = 3e9

export class Scribe {
  readonly #state = newCluster('', '')
  readonly #from: number
  readonly #acts: Act[] = []
  #roster: Roster | undefined
  #waits: Waits | undefined
  readonly #heals = new Heals()
  readonly #underWay = new UnderWay()
  /** Nodes that an operation brings, takes or empties: what happens to their processes is its doing. */
  readonly #occupied = new Map<number, number>()
  readonly #arriving = new Map<number, Act>()
  readonly #paused = new Set<number>()
  readonly #struck = new Set<number>()
  /** Those that wait in a node, and flipped bits: others are taken back by what they changed. */
  readonly #faults = new NamedActs('fault')
  readonly #breakpoints = new NamedActs('breakpoint')
  readonly #watched = new Map<number, { readonly text: string; readonly enabled: boolean }>()
  readonly #workloads = new Set<number>()
  #awaited: Fields[] = []
  #nemeses = 0
  #lastT = 0
  #healedAllAt = Number.NEGATIVE_INFINITY
  #time = 0
  #hasHistory = false
  #isClosed = false
  #first = ''
  #isManual = false

  /** @param from the first event that counts; those before only show how the cluster was */
  constructor(from: number) {
    this.#from = from
    this.#hasHistory = from > 0
  }

  take(event: TimelineEvent): void {
    // What follows is only the end of the processes.
    if (event.kind === 'closing') this.#isClosed = true
    if (this.#isClosed) return
    if (event.kind === 'started' && event.incarnation <= 1 && event.lastIndex > 0) this.#hasHistory = true
    if (event.seq >= this.#from) {
      if (this.#heals.isOver(event.t)) this.#flush(undefined)
      this.#read(event)
    }
    fold(this.#state, event)
  }

  /** What was done, in order, as far as was read. */
  end(): Done {
    if (!this.#heals.isEmpty) this.#flush(undefined)
    const roster = this.#cast()
    this.#settle(Number.POSITIVE_INFINITY)
    return {
      acts: this.#acts,
      roster,
      state: this.#state,
      settings: this.#first,
      isManual: this.#isManual,
      millis: this.#time,
    }
  }

  #read(event: TimelineEvent): void {
    switch (event.kind) {
      case 'fault':
        this.#fault(event)
        break
      case 'link':
        if (this.#nemeses === 0) this.#heals.link(event)
        break
      case 'rules':
        if (this.#nemeses === 0) this.#heals.rules(event)
        break
      case 'process':
        this.#process(event)
        break
      case 'operation':
        this.#operation(event)
        break
      case 'invoke':
        this.#invoke(event)
        break
      case 'answer':
        this.#answer(event)
        break
      case 'released':
      case 'copied':
      case 'moved':
        this.#held(event)
        break
      case 'struck':
        this.#struck.add(event.fault)
        break
      case 'watch':
        this.#watch(event)
        break
      case 'stop':
        this.#stop(event)
        break
      case 'workload':
        this.#workload(event)
        break
      case 'nemesis':
        this.#nemesis(event)
        break
      case 'cluster':
        this.#settings(event)
        break
      case 'note':
        if (event.text.trim() !== '') this.#act(event.t, { say: { en: event.text, zh: event.text } })
        break
      default:
    }
  }

  // ── faults ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #fault({ action, id, type, detail: text, t }: TimelineEvent<'fault'>): void {
    const detail = detailOf(text)
    if ('nemesis' in detail || this.#nemeses > 0) return
    if (action === 'end') this.#faultEnds(id, type, detail, t)
    else this.#faultBegins(id, type, detail, t)
  }

  #faultEnds(id: number, type: TimelineEvent<'fault'>['type'], detail: Detail, t: number): void {
    const [node = 0] = numbersOf(detail.nodes)
    if (this.#occupied.has(node)) return
    switch (type) {
      case 'clock':
        if (!('jumpMs' in detail || 'fired' in detail)) this.#heals.clock(node, t)
        break
      case 'crash-point':
      case 'slow-disk':
      case 'disk-error':
      case 'torn-write':
      case 'power-loss':
        if (!this.#struck.has(id)) this.#heals.other(id, t)
        break
      case 'bit-flip':
        this.#heals.other(id, t)
        break
      case 'kill':
      case 'stop':
      case 'pause':
        break
      default:
        this.#heals.ended(t)
    }
  }

  #faultBegins(id: number, type: TimelineEvent<'fault'>['type'], detail: Detail, t: number): void {
    const [node = 0] = numbersOf(detail.nodes)
    const endsProcess = type === 'kill' || type === 'stop'
    if ((endsProcess || type === 'pause') && this.#occupied.has(node)) return
    if (type === 'pause') this.#paused.add(node)
    for (const { step, replacing } of faultSteps(type, detail, this.#nodes)) {
      this.#faults.add(id, this.#act(t, step, replacing))
    }
    if (endsProcess) this.#waits?.ended(node)
  }

  // ── what is taken back ──────────────────────────────────────────────────────────────────────────────────────────

  #flush(replacing: Replacing): void {
    const { links, clocks, others, ended } = this.#heals.take(replacing)
    if (replacing === undefined && (others.length > 0 || ended > 1) && this.#state.faults.length === 0) {
      this.#healedAllAt = this.#state.t
      this.#act(this.#state.t, { heal: 'all' })
      return
    }
    for (const words of linkWords(links, this.#nodes)) this.#act(this.#state.t, { heal: words })
    for (const node of clocks) this.#act(this.#state.t, { clock: { of: this.#who(node), mode: 'running' } })
    for (const id of others) {
      const name = this.#faults.nameOf(id)
      if (name === undefined) this.#aside('a fault from before was taken back here')
      else this.#act(this.#state.t, { endFault: name })
    }
  }

  /** Those that belong to the cluster now. */
  get #nodes(): readonly number[] {
    return [...this.#state.nodes.values()].flatMap(({ id, process }) => (process.standing === 'removed' ? [] : [id]))
  }

  // ── processes and membership ────────────────────────────────────────────────────────────────────────────────────

  #process({ subject, state, t }: TimelineEvent<'process'>): void {
    if (this.#nemeses > 0) return
    const node = this.#state.nodes.get(subject)
    if (state === 'spawned' && node === undefined && this.#arriving.size > 0) this.#arrives(subject)
    if (state === 'ready') this.#waits?.runs(subject)
    const isInWake = t - this.#healedAllAt < WAKE_NS
    if (this.#occupied.has(subject) || isInWake || node === undefined) return
    if (state === 'spawned' && node.starts > 0) this.#act(t, { start: this.#who(subject) })
    else if (state === 'resumed' && this.#paused.delete(subject)) this.#act(t, { resume: this.#who(subject) })
  }

  #arrives(node: number): void {
    const [[id, act] = [0, undefined]] = this.#arriving
    if (act === undefined) return
    this.#arriving.delete(id)
    this.#occupied.set(node, id)
    const { add } = act.step as { add: Fields }
    act.step = { ...act.step, add: { ...add, node: this.#cast().join(node) } }
  }

  #operation({ action, id, type, detail: text, problem, t }: TimelineEvent<'operation'>): void {
    if (this.#nemeses > 0) return
    const detail = detailOf(text)
    if (action !== 'begin') {
      this.#arriving.delete(id)
      for (const [node, by] of [...this.#occupied]) if (by === id) this.#occupied.delete(node)
      this.#underWay.operationEnds(id, action === 'failed' ? problem : undefined)
      return
    }
    const act = this.#act(t, changeStep(type, detail))
    if (act === undefined) return
    this.#underWay.operation(id, act)
    const node = numberOf(detail.node) ?? numberOf(detail.target) ?? 0
    if (type === 'add-node') this.#arriving.set(id, act)
    else if (type === 'rebuild' || type === 'remove-node') this.#occupied.set(node, id)
    else if (type === 'transfer' && node > 0) this.#waits?.handedTo(node)
  }

  // ── clients ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #invoke(event: TimelineEvent<'invoke'>): void {
    if (isOfWorkload(event, this.#workloads)) return
    const step = callStep(event, event.via === 0 ? undefined : this.#who(event.via))
    if (step === undefined) {
      this.#aside(`a call whose key or value is no text: ${event.op}`)
      return
    }
    const act = this.#act(event.t, step)
    if (act !== undefined) this.#underWay.call(event.call, act)
  }

  #answer({ call, outcome }: TimelineEvent<'answer'>): void {
    const awaited = this.#underWay.answered(call, outcome)
    if (awaited !== undefined) this.#awaited.push(awaited)
  }

  // ── the rest ────────────────────────────────────────────────────────────────────────────────────────────────────

  #held(event: TimelineEvent<'released' | 'copied' | 'moved'>): void {
    if (this.#nemeses > 0 || event.t - this.#healedAllAt < WAKE_NS) return
    // What no rule holds any more goes by itself.
    const { rules = [] } = this.#state.rules.get(linkOf(event.peer, event.node)) ?? {}
    if (!rules.some(({ action }) => action.type === 'hold')) return
    const did = heldStep(event, this.#state)
    if (did === undefined) return
    const { kind, wish, comment } = did
    const step = { [kind]: { from: this.#who(event.peer), to: this.#who(event.node), ...wish } }
    const said = withWords(step, (node) => this.#cast().who(node))?.[kind] as Fields | undefined
    const last = this.#acts.at(-1)
    const before = last?.step?.[kind] as Fields | undefined
    if (
      last !== undefined &&
      before !== undefined &&
      said !== undefined &&
      comment === '' &&
      isSameWish(before, said)
    ) {
      last.step = { [kind]: { ...before, count: Number(before.count) + 1 } }
    } else this.#act(event.t, step, undefined, comment)
  }

  #stop({ action, subject, breakpoint, by, t }: TimelineEvent<'stop'>): void {
    if (action === 'continued') this.#act(t, { continue: true })
    else if (action === 'stepping')
      this.#act(t, { step: { of: this.#who(subject), ...(by === '' ? {} : { kind: by }) } })
    else if (subject === 0) this.#act(t, { halt: true })
    else if (breakpoint > 0) this.#awaited.push({ stopped: { node: this.#who(subject) } })
  }

  /** One that does not count yet is none yet. */
  #watch({ breakpoint, text, enabled, removed, t }: TimelineEvent<'watch'>): void {
    const before = this.#watched.get(breakpoint)
    if (before === undefined) {
      if (removed || !enabled) return
      this.#breakpoints.add(breakpoint, this.#act(t, { breakpoint: text }))
      this.#watched.set(breakpoint, { text, enabled })
      return
    }
    const isSame = before.text === text && before.enabled === enabled
    const name = isSame && !removed ? undefined : this.#breakpoints.nameOf(breakpoint)
    this.#watched.set(breakpoint, { text, enabled })
    if (removed) this.#watched.delete(breakpoint)
    if (name === undefined) return
    if (removed) this.#act(t, { removeBreakpoint: name })
    else {
      const changed = { ...(before.text === text ? {} : { text }), ...(before.enabled === enabled ? {} : { enabled }) }
      this.#act(t, { changeBreakpoint: { name, ...changed } })
    }
  }

  #workload({ action, id, detail: text, t }: TimelineEvent<'workload'>): void {
    if (this.#nemeses > 0) return
    const name = `load-${id}`
    if (action === 'begin') {
      this.#workloads.add(id)
      this.#act(t, { workload: detailOf(text), name })
    } else if (this.#workloads.has(id)) this.#act(t, { endWorkload: name })
  }

  #nemesis({ action, detail: text, t }: TimelineEvent<'nemesis'>): void {
    if (action === 'end') {
      this.#nemeses = Math.max(0, this.#nemeses - 1)
      this.#waits?.unsettled()
    }
    if (action !== 'begin') return
    const { plan } = detailOf(text)
    const { durationMs, quietMs } = detailIn(plan)
    const takes = (numberOf(durationMs) ?? 0) + (numberOf(quietMs) ?? 0)
    if (this.#time + takes > MAX_TIME_MS) this.#aside('a nemesis ran here for longer than a scenario may take')
    else {
      this.#time += takes
      this.#act(t, { nemesis: plan })
    }
    this.#nemeses++
  }

  #settings({ settings, seq }: TimelineEvent<'cluster'>): void {
    const before = detailOf(this.#state.settings)
    if (this.#roster === undefined || seq === 0) return
    const changed = Object.entries(detailOf(settings)).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
    )
    if (changed.length > 0) this.#act(this.#state.t, { configure: Object.fromEntries(changed) })
  }

  // ── acts ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** @returns undefined when it is not one for a scenario */
  #act(t: number, given: Fields | undefined, replacing?: Replacing, comment = ''): Act | undefined {
    if (this.#nemeses > 0) return undefined
    if (!this.#heals.isEmpty) this.#flush(replacing)
    this.#begin()
    this.#underWay.toBackground()
    this.#settle(t)
    const step = given === undefined ? undefined : withWords(given, (node) => this.#cast().who(node))
    const act: Act = { step, comment }
    if (given !== undefined && step === undefined)
      act.comment = `a node that is not in this scenario: ${JSON.stringify(given)}`
    this.#acts.push(act)
    this.#lastT = t
    return act
  }

  #aside(comment: string): void {
    this.#acts.push({ step: undefined, comment })
  }

  /** What there was before the next act. */
  #settle(t: number): void {
    const { conditions, name } = this.#waits?.next(this.#state) ?? { conditions: [], name: undefined }
    const all = [...this.#awaited.map((each) => withWords(each, (node) => this.#cast().who(node)) ?? {}), ...conditions]
    this.#awaited = []
    // A cluster that stands still shows nothing else.
    const shown = this.#state.stop === undefined ? all : all.filter((condition) => 'stopped' in condition)
    const [first] = shown
    if (first !== undefined) {
      this.#acts.push({ step: { wait: shown.length === 1 ? first : shown }, comment: '' })
      if (name !== undefined) this.#acts.push({ step: { let: { [name]: 'leader' } }, comment: '' })
    } else if (this.#acts.length > 0 && Number.isFinite(t) && this.#lastT > 0 && t - this.#lastT >= PAUSE_FROM_NS) {
      const millis = Math.min(MAX_PAUSE_MS, Math.round((t - this.#lastT) / 1e8) * 100)
      if (this.#time + millis > MAX_TIME_MS) return
      this.#time += millis
      this.#acts.push({ step: { sleep: `${millis}ms` }, comment: '' })
    }
  }

  /** The cluster as it is before the first act is the one that the scenario begins with. */
  #begin(): void {
    if (this.#roster !== undefined) return
    this.#roster = new Roster(this.#state)
    this.#first = this.#state.settings
    this.#waits = new Waits(this.#roster, !this.#hasHistory)
    const leader = leaderOf(this.#state)
    const who = leader === undefined ? undefined : this.#roster.who(leader.id)
    if (leader === undefined || who === undefined) return
    this.#waits.first(leader.id, leader.currentTerm)
    this.#isManual = true
    this.#acts.push(
      { step: { heal: {} }, comment: `the clocks stand, so node ${who} leads first, as it did` },
      { step: { fire: who }, comment: '' },
      { step: { wait: { leader: { is: who, followed: 'all' } } }, comment: '' },
      { step: { heal: 'all' }, comment: 'from here on the clocks run' },
    )
  }

  #cast(): Roster {
    this.#begin()
    return this.#roster ?? new Roster(this.#state)
  }

  /** A recorded node, which {@link withWords} turns into what the scenario calls it. */
  #who(node: number): RecordedNode {
    return new RecordedNode(node)
  }
}

/** Two wishes that differ in how many only. */
function isSameWish(one: Fields, other: Fields): boolean {
  const plain = ({ count: _, ...rest }: Fields): string => JSON.stringify(rest)
  return typeof one.count === 'number' && plain(one) === plain(other)
}
