/** A cluster in virtual time that reports the events of a real one: material for the preview page and for tests. */
import { toNanos } from '../../../main/node/clock'
import { encodeCommand } from '../../../main/node/contract/command'
import type { FieldsOf, ReportedEvent, TimelineEvent } from '../../../main/node/contract/events'
import { observed, sent } from '../../../main/node/telemetry/event-body'
import { appendedRuns } from '../../../main/node/telemetry/runs'
import type {
  ChangeMode,
  Effects,
  Input,
  MembershipChange,
  Message,
  RaftFeatures,
  SnapshotChunk,
} from '../../../main/raft'
import type { ClusterSettings, EntryView, EventView, LiveUpdate, MomentView } from '../../../preload/contract'
import { createMember, type Member } from './member'
import { Recorder } from './recorder'

/** Milliseconds of a write, and until a committed entry is applied. */
const WRITE = 1.2
const APPLY = 0.6
const FRAME = 33
const SNAPSHOT_BYTES = 48_000
const CHUNK_BYTES = 8_000

interface Task {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

export interface SimulationOptions {
  readonly seed?: number
  readonly features?: Partial<RaftFeatures>
  readonly witnesses?: readonly number[]
  readonly trailingEntries?: number
  readonly settings?: Partial<ClusterSettings>
}

type OperationType = FieldsOf<'operation'>['type']

export class Simulation {
  readonly #members = new Map<number, Member>()
  readonly #recorder = new Recorder()
  readonly #blocked = new Set<string>()
  readonly #options: SimulationOptions
  #tasks: Task[] = []
  #order = 0
  #told = 0
  #seed: number
  readonly #calls = new Map<string, number>()
  readonly #operations = new Map<number, { id: number; type: OperationType; detail: string }>()
  #asked = 0
  #faults = 0
  now = 0

  /** @param delay milliseconds from a sender to its receiver */
  constructor(
    readonly size: number,
    readonly delay: number,
    options: SimulationOptions = {},
  ) {
    this.#options = options
    this.#seed = options.seed ?? 7
    const settings = JSON.stringify({ ...options.features, ...options.settings })
    this.#report(0, 'cluster', { id: 'sim', name: 'five-nodes', nodes: size, settings })
    for (let id = 1; id <= size; id++) this.#start(id, true)
  }

  /** As a recording has them. */
  get raw(): TimelineEvent[] {
    return this.#recorder.raw
  }
  get events(): EventView[] {
    return this.#recorder.events
  }
  get frames(): readonly LiveUpdate[] {
    return this.#recorder.frames
  }
  moment(): MomentView {
    return this.#recorder.moment()
  }
  entries(node: number, from: number, to: number): readonly EntryView[] {
    return this.#recorder.entries(node, from, to)
  }

  /** Runs for so many milliseconds and keeps a live update every 33 of them. */
  run(millis: number): void {
    const until = this.now + millis
    for (let frame = Math.ceil((this.now + 0.001) / FRAME) * FRAME; ; frame += FRAME) {
      const stop = Math.min(until, frame)
      this.#advance(stop)
      if (stop === frame) this.#recorder.frame(this.now)
      if (stop === until) return
    }
  }

  get leader(): number {
    const leaders = [...this.#members.values()].filter((m) => m.up && m.raft.status().role === 'leader')
    return leaders.sort((a, b) => b.raft.status().currentTerm - a.raft.status().currentTerm)[0]?.id ?? 0
  }

  // ── what a user does ────────────────────────────────────────────────────────────────────────────────────────────

  put(key: string, value: string, via?: number): void {
    const call = ++this.#asked
    const to = via === undefined ? this.#members.get(this.leader) : this.#members.get(via)
    const bytes = new TextEncoder().encode(value)
    this.#report(0, 'invoke', {
      call,
      client: 1,
      op: 'put',
      key,
      value: bytes,
      via: via ?? 0,
      consistency: 'index',
      expected: new Uint8Array(),
      hasExpected: false,
    })
    if (to === undefined) return
    const command = { op: 'put', key, value: bytes } as const
    const data = encodeCommand({ client: 1, sequence: call, command, time: this.now })
    this.#step(to, { type: 'propose', proposals: [{ id: call, data }] })
  }

  /** Starts a server that belongs to nobody yet. */
  join(id: number): void {
    this.#start(id, false)
  }

  change(changes: readonly MembershipChange[], mode: ChangeMode = 'auto', as: OperationType = 'change'): void {
    const node = as === 'change' ? {} : { node: changes[0]?.node, role: changes[0]?.role }
    const id = this.#begin(as, { ...node, ...(as === 'change' ? { changes, mode } : {}) })
    this.#step(this.#member(this.leader), { type: 'change', id, changes, mode })
  }

  transfer(target: number): void {
    const id = this.#begin('transfer', { target })
    this.#step(this.#member(this.leader), { type: 'transfer', id, target })
  }

  snapshot(id: number): void {
    const member = this.#member(id)
    const described = member.raft.describe(member.applied)
    const operation = this.#begin('snapshot', { node: id })
    if (described !== undefined) {
      const snapshot = { ...described, bytes: SNAPSHOT_BYTES, checksum: described.index }
      member.disk.snapshot = snapshot
      this.#step(member, { type: 'snapshot-saved', snapshot })
    }
    this.#end(operation, described === undefined ? 'snapshot-refused' : '')
  }

  cut(from: number, to: number, both = true): void {
    this.#block(from, to, true)
    if (both) this.#block(to, from, true)
    this.#fault('block', { links: [[from, to]] })
  }

  partition(groups: readonly (readonly number[])[]): void {
    for (const a of groups)
      for (const b of groups) if (a !== b) for (const x of a) for (const y of b) this.#block(x, y, true)
    this.#fault('partition', { groups })
  }

  heal(): void {
    for (const link of [...this.#blocked]) {
      const [from, to] = link.split('>').map(Number)
      this.#block(from ?? 0, to ?? 0, false)
    }
    for (const { id, type, detail } of this.#recorder.moment().faults) {
      if (type === 'kill' || type === 'pause') continue
      this.#report(0, 'fault', { action: 'end', id, type: type as 'partition', detail })
    }
  }

  kill(id: number): void {
    this.#member(id).up = false
    this.#process(id, 'killed')
    this.#fault('kill', { nodes: [id] })
  }

  restart(id: number): void {
    this.#start(id, false)
    const fault = this.#recorder.moment().faults.find((f) => f.type === 'kill' && f.detail.includes(`[${id}]`))
    if (fault) this.#report(0, 'fault', { action: 'end', id: fault.id, type: 'kill', detail: fault.detail })
  }

  pause(id: number): void {
    this.#member(id).paused = true
    this.#process(id, 'paused')
    this.#fault('pause', { nodes: [id] })
  }

  gap(shed: number): void {
    this.#report(0, 'gap', { subject: 0, shed, reason: 'overload' })
  }

  // ── the machine ─────────────────────────────────────────────────────────────────────────────────────────────────

  #member(id: number): Member {
    const member = this.#members.get(id)
    if (member === undefined) throw new Error(`no member ${id}`)
    return member
  }

  #random = (): number => {
    this.#seed = (this.#seed * 16_807) % 2_147_483_647
    return this.#seed / 2_147_483_647
  }

  #fault(type: FieldsOf<'fault'>['type'], detail: object): void {
    this.#report(0, 'fault', { action: 'begin', id: ++this.#faults, type, detail: JSON.stringify(detail) })
  }

  #begin(type: OperationType, about: object): number {
    const id = ++this.#asked
    const detail = JSON.stringify(about)
    this.#operations.set(id, { id, type, detail })
    this.#report(0, 'operation', { action: 'begin', id, type, detail, problem: '' })
    return id
  }

  #end(id: number, problem: string): void {
    const operation = this.#operations.get(id)
    if (operation === undefined) return
    this.#operations.delete(id)
    this.#report(0, 'operation', { ...operation, action: problem === '' ? 'done' : 'failed', problem })
  }

  #block(from: number, to: number, blocked: boolean): void {
    const link = `${from}>${to}`
    if (blocked === this.#blocked.has(link)) return
    if (blocked) this.#blocked.add(link)
    else this.#blocked.delete(link)
    this.#report(0, 'link', { from, to, blocked })
  }

  #process(subject: number, state: FieldsOf<'process'>['state']): void {
    const incarnation = this.#member(subject).life
    this.#report(0, 'process', { subject, state, pid: 48_000 + subject, incarnation, exitCode: 0, signal: '' })
  }

  #start(id: number, first: boolean): void {
    const voters = Array.from({ length: this.size }, (_, i) => i + 1)
    const joins = id > this.size
    const member = createMember(
      {
        id,
        before: this.#members.get(id),
        firstVoters: joins ? [] : voters,
        witnesses: joins ? [] : (this.#options.witnesses ?? []),
        features: this.#options.features ?? {},
        trailingEntries: this.#options.trailingEntries ?? 1_000,
        // The first node gets ahead at the start, so that every preview begins alike.
        slow: first && id > 1,
        random: this.#random,
      },
      this.now,
    )
    this.#members.set(id, member)
    const { hardState, base, entries, snapshot, lastIndex } = member.disk
    this.#process(id, 'spawned')
    this.#report(id, 'started', {
      incarnation: member.life,
      pid: 48_000 + id,
      ...hardState,
      firstIndex: base.index + 1,
      lastIndex,
      tornBytes: 0,
      baseTerm: base.term,
      snapshotIndex: snapshot?.index ?? 0,
      snapshotTerm: snapshot?.term ?? 0,
    })
    this.#appended(id, entries)
    this.#report(id, 'persisted', { lastIndex, ...hardState, bytes: 0, micros: 0 })
    this.#effects(member, member.raft.initial())
    this.#process(id, 'ready')
  }

  #appended(id: number, entries: Parameters<typeof appendedRuns>[0]): void {
    for (const { kind, ...fields } of appendedRuns(entries, true)) this.#report(id, kind, fields)
  }

  #report<K extends ReportedEvent['kind']>(node: number, kind: K, fields: FieldsOf<K>): void {
    const n = node === 0 ? ++this.#told : ++this.#member(node).n
    this.#recorder.report(node, n, this.now, kind, fields)
  }

  #at(at: number, run: () => void): void {
    this.#tasks.push({ at, order: ++this.#order, run })
  }

  #advance(until: number): void {
    for (;;) {
      this.#tasks.sort((a, b) => a.at - b.at || a.order - b.order)
      const deadlines = [...this.#members.values()]
        .filter((member) => member.up && !member.paused)
        .map((member) => ({ member, at: member.raft.status().deadline }))
        .sort((a, b) => a.at - b.at)
      const task = this.#tasks[0]
      const deadline = deadlines[0]
      const next = Math.min(task?.at ?? Number.POSITIVE_INFINITY, deadline?.at ?? Number.POSITIVE_INFINITY)
      if (next > until) break
      this.now = Math.max(this.now, next)
      if (task !== undefined && task.at <= (deadline?.at ?? Number.POSITIVE_INFINITY)) {
        this.#tasks.shift()
        task.run()
      } else if (deadline !== undefined) this.#step(deadline.member, { type: 'deadline' })
    }
    this.now = until
  }

  #step(member: Member, input: Input): void {
    this.#effects(member, member.raft.step(this.now, input))
  }

  /** Later, if that life of its process still runs. */
  #soon(member: Member, delay: number, run: () => void): void {
    this.#at(this.now + delay, () => {
      if (member.up && !member.paused && this.#members.get(member.id) === member) run()
    })
  }

  #effects(member: Member, effects: Effects): void {
    const { id } = member
    const { write } = effects
    for (const observation of effects.observations) {
      if (observation.kind === 'appended') this.#appended(id, observation.entries)
      else {
        const { kind, ...fields } = observation.kind === 'timer' ? timed(observation) : observed(observation, write)
        this.#report(id, kind, fields as never)
      }
    }
    if (write !== undefined) {
      this.#soon(member, WRITE, () => {
        member.disk.apply(write)
        member.persisted = write.number
        const { hardState, lastIndex } = member.disk
        this.#report(id, 'persisted', { lastIndex, ...hardState, bytes: 64, micros: WRITE * 1_000 })
        const ready = member.pending.filter((p) => p.write <= write.number)
        member.pending = member.pending.filter((p) => p.write > write.number)
        for (const { run } of ready) run()
        this.#step(member, { type: 'persisted', write: write.number })
      })
    }
    for (const { message, afterWrite } of effects.messages) {
      const reply = message.type.endsWith('Reply') ? member.lastReceived : 0
      const send = () => this.#send(member, message, reply)
      if (afterWrite <= member.persisted) send()
      else member.pending.push({ write: afterWrite, run: send })
    }
    if (effects.restore !== undefined) this.#applied(member, effects.restore.index)
    for (const entry of effects.committed) {
      this.#soon(member, APPLY, () => {
        this.#applied(member, entry.index)
        this.#answer(member, entry.index, entry.term)
      })
    }
    if (effects.chunk !== undefined) this.#store(member, effects.chunk)
    for (const proposal of effects.proposals) {
      if (proposal.accepted) this.#calls.set(`${proposal.index}:${proposal.term}`, proposal.id)
    }
    for (const result of effects.requests) this.#end(result.id, result.ok ? '' : result.reason)
  }

  #applied(member: Member, index: number): void {
    member.applied = index
    this.#report(member.id, 'applied', { lastApplied: index })
  }

  #answer(member: Member, index: number, term: number): void {
    const call = this.#calls.get(`${index}:${term}`)
    if (call === undefined || member.raft.status().role !== 'leader') return
    this.#calls.delete(`${index}:${term}`)
    const value = new Uint8Array()
    this.#report(0, 'answer', { call, outcome: 'ok', found: false, value, from: member.id, index, term, problem: '' })
  }

  #store(member: Member, { from, snapshot, offset, data, done }: SnapshotChunk): void {
    this.#soon(member, WRITE, () => {
      if (done) this.#step(member, { type: 'snapshot-received', from, snapshot })
      else this.#step(member, { type: 'chunk-stored', from, snapshot, offset: offset + data.length })
    })
  }

  /** An InstallSnapshot leaves the core without its bytes. */
  #filled(message: Message): Message {
    if (message.type !== 'InstallSnapshot') return message
    const { bytes } = message.snapshot
    const length = Math.min(CHUNK_BYTES, bytes - message.offset)
    return { ...message, data: new Uint8Array(length), done: message.offset + length >= bytes }
  }

  #send(member: Member, unfilled: Message, inReplyTo: number): void {
    const id = ++member.messages
    const message = this.#filled(unfilled)
    const { kind, ...fields } = sent({ type: 'message', id, inReplyTo, message })
    this.#report(member.id, kind, fields)
    const late = this.delay * (0.85 + this.#random() * 0.5)
    this.#at(this.now + late, () => this.#arrive(member.id, id, message, fields.count))
  }

  #arrive(sender: number, id: number, message: Message, count: number): void {
    const member = this.#member(message.to)
    const lost = { sender, receiver: message.to, id, message: message.type } as const
    if (!member.up) {
      if (this.#members.get(sender)?.up) this.#report(sender, 'dropped', { ...lost, reason: 'unreachable' })
      return
    }
    if (this.#blocked.has(`${sender}>${message.to}`)) {
      this.#report(member.id, 'dropped', { ...lost, reason: 'blocked' })
      return
    }
    if (member.paused) {
      member.inbox.push({ from: sender, id, message })
      return
    }
    this.#report(member.id, 'received', { peer: sender, id, message: message.type, term: message.term, count })
    member.lastReceived = id
    this.#step(member, { type: 'message', message })
  }
}

/** Its clock is that of the events. */
function timed({ kind, deadline, duration }: { kind: 'timer'; deadline: number; duration: number }) {
  return { kind, deadline: toNanos(deadline), duration: toNanos(duration) }
}
