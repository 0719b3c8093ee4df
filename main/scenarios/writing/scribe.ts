/** Reads a timeline as what the user did by hand, act after act, and what there was in between. */
import { linkRuleSchema, nodeFaultSchema } from '../../node/contract/conditions'
import type { TimelineEvent } from '../../node/contract/events'
import { type ClusterState, fold, linkOf, newCluster } from '../../timeline'
import { leaderOf } from '../run/seen'
import { callStep, isOfWorkload } from './calls'
import { type Detail, detailIn, detailOf, listOf, numberOf, numbersOf, pairsOf, textOf } from './details'
import { Heals, type Replacing } from './heals'
import { heldStep } from './held'
import { conditioned, productsOf } from './links'
import { changeStep } from './operations'
import { type Fields, RecordedNode, withWords } from './recorded'
import { Roster } from './roster'
import { Waits } from './waits'

export interface Act {
  /** Undefined: a step that there is not; the comment says what it was. */
  step: Fields | undefined
  comment: string
}

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

interface Pending {
  readonly act: Act
  readonly kind: 'call' | 'operation'
  /** Of a call in the background. */
  name: string
}

export class Scribe {
  readonly #state = newCluster('', '')
  readonly #from: number
  readonly #acts: Act[] = []
  #roster: Roster | undefined
  #waits: Waits | undefined
  readonly #heals = new Heals()
  readonly #calls = new Map<number, Pending>()
  readonly #operations = new Map<number, Pending>()
  /** Nodes that an operation brings, takes or empties: what happens to their processes is its doing. */
  readonly #occupied = new Map<number, number>()
  readonly #arriving = new Map<number, Act>()
  readonly #paused = new Set<number>()
  readonly #struck = new Set<number>()
  readonly #breakpoints = new Set<number>()
  readonly #workloads = new Set<number>()
  #awaited: Fields[] = []
  #named = 0
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
        if (!event.removed && event.enabled && !this.#breakpoints.has(event.breakpoint)) {
          this.#act(event.t, { breakpoint: event.text })
        } else if (event.removed) this.#aside(`the breakpoint “${event.text}” was taken away: no step does that`)
        this.#breakpoints.add(event.breakpoint)
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
    else this.#faultBegins(type, detail, t)
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
        if (!this.#struck.has(id)) this.#heals.other(t)
        break
      case 'bit-flip':
        this.#heals.other(t)
        break
      case 'kill':
      case 'stop':
      case 'pause':
        break
      default:
        this.#heals.ended(t)
    }
  }

  #faultBegins(type: TimelineEvent<'fault'>['type'], detail: Detail, t: number): void {
    const [node = 0] = numbersOf(detail.nodes)
    switch (type) {
      case 'kill':
      case 'stop':
      case 'pause':
        if (this.#occupied.has(node)) return
        if (type === 'pause') this.#paused.add(node)
        this.#act(t, { [type]: this.#who(node) })
        if (type !== 'pause') this.#waits?.ended(node)
        break
      case 'clock':
        this.#clock(node, detail, t)
        break
      case 'block':
      case 'partition':
      case 'isolate':
      case 'links':
        this.#cutOrRules(type, detail, t)
        break
      case 'bit-flip': {
        const { file, record, bit } = detail
        this.#act(t, {
          flip: { of: this.#who(node), file: textOf(file), record: numberOf(record), bit: numberOf(bit) },
        })
        break
      }
      default: {
        const fault = nodeFaultSchema.safeParse(detail.fault)
        if (fault.success) this.#act(t, { arm: { of: this.#who(node), fault: fault.data } })
      }
    }
  }

  #clock(node: number, detail: Detail, t: number): void {
    const of = this.#who(node)
    if ('fired' in detail) this.#act(t, { fire: of })
    else if ('jumpMs' in detail) this.#act(t, { jump: { of, ms: numberOf(detail.jumpMs) } })
    else this.#act(t, { clock: { of, mode: textOf(detail.mode), rate: numberOf(detail.rate) } }, 'clock')
  }

  #cutOrRules(type: 'block' | 'partition' | 'isolate' | 'links', detail: Detail, t: number): void {
    const replacing = type === 'links' ? 'rules' : type === 'block' ? undefined : 'cuts'
    if (detail.preset !== undefined) {
      const at = detail.at === undefined ? {} : { at: this.#who(numberOf(detail.at) ?? 0) }
      this.#act(t, { preset: { pattern: textOf(detail.preset), ...at } }, replacing)
      return
    }
    if (Array.isArray(detail.groups)) {
      const groups = listOf(detail.groups).map((group) => numbersOf(group).map((node) => this.#who(node)))
      this.#act(t, { partition: groups }, replacing)
      return
    }
    const links = pairsOf(detail.links)
    const rules = listOf(detail.rules).flatMap((rule) => {
      const read = linkRuleSchema.safeParse(rule)
      return read.success ? [read.data] : []
    })
    for (const words of this.#products(links)) {
      if (type !== 'links') this.#act(t, { block: words }, replacing)
      else this.#act(t, conditioned(words, rules, numberOf(detail.seed)), 'rules')
    }
  }

  // ── what is taken back ──────────────────────────────────────────────────────────────────────────────────────────

  #flush(replacing: Replacing): void {
    const { links, clocks, others, ended } = this.#heals.take(replacing)
    if (replacing === undefined && (others > 0 || ended > 1) && this.#state.faults.length === 0) {
      this.#healedAllAt = this.#state.t
      this.#act(this.#state.t, { heal: 'all' })
      return
    }
    for (const words of this.#products(links)) this.#act(this.#state.t, { heal: words })
    for (const node of clocks) this.#act(this.#state.t, { clock: { of: this.#who(node), mode: 'running' } })
    if (others > 0) this.#aside('a fault that waited was taken back: no step does that alone')
  }

  #products(links: readonly { readonly from: number; readonly to: number }[]): readonly Fields[] {
    if (links.length === 0) return []
    const nodes = [...this.#state.nodes.values()].flatMap(({ id, process }) =>
      process.standing === 'removed' ? [] : [id],
    )
    const named = (whom: number | readonly number[] | 'all') =>
      whom === 'all' ? {} : { whom: typeof whom === 'number' ? this.#who(whom) : whom.map((node) => this.#who(node)) }
    return productsOf(links, nodes).map(({ from, to }) => {
      const [senders, receivers] = [named(from).whom, named(to).whom]
      return {
        ...(senders === undefined ? {} : { from: senders }),
        ...(receivers === undefined ? {} : { to: receivers }),
      }
    })
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
      const pending = this.#operations.get(id)
      this.#operations.delete(id)
      this.#arriving.delete(id)
      for (const [node, by] of [...this.#occupied]) if (by === id) this.#occupied.delete(node)
      if (pending?.act.step !== undefined && action === 'failed') {
        pending.act.step = { ...pending.act.step, refused: problem === '' ? 'internal' : problem }
      }
      return
    }
    const act = this.#act(t, changeStep(type, detail))
    if (act === undefined) return
    this.#operations.set(id, { act, kind: 'operation', name: '' })
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
    if (act !== undefined) this.#calls.set(event.call, { act, kind: 'call', name: '' })
  }

  #answer({ call, outcome }: TimelineEvent<'answer'>): void {
    const pending = this.#calls.get(call)
    this.#calls.delete(call)
    if (pending?.act.step === undefined) return
    if (pending.name !== '') this.#awaited.push({ answer: { call: pending.name, outcome } })
    else {
      const [kind = ''] = Object.keys(pending.act.step)
      pending.act.step = { [kind]: { ...(pending.act.step[kind] as Fields), answer: { outcome } } }
    }
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
    for (const pending of [...this.#calls.values(), ...this.#operations.values()]) this.#toBackground(pending)
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

  /** The user did not wait for it. */
  #toBackground(pending: Pending): void {
    const { act } = pending
    if (act.step === undefined || pending.name !== '') return
    const [kind = ''] = Object.keys(act.step)
    if (pending.kind === 'call') {
      this.#named++
      pending.name = `call-${this.#named}`
      act.step = { [kind]: { ...(act.step[kind] as Fields), name: pending.name, background: true } }
    } else if (kind === 'transfer') act.step = { ...act.step, background: true }
    else if (kind === 'change') act.step = { change: { ...(act.step.change as Fields), background: true } }
    else if (act.comment === '') act.comment = 'it went on while the next steps were taken'
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
