/** A cluster in virtual time that reports the events of a real one: material for the preview page and for tests. */

import { encodeCommand } from '../../../main/node/contract/command'
import type { FieldsOf, ReportedEvent, TimelineEvent } from '../../../main/node/contract/events'
import {
  type Effects,
  type Entry,
  type HardState,
  type Input,
  type Message,
  type Observation,
  Raft,
} from '../../../main/raft'
import { newCluster } from '../../../main/timeline/fold/cluster'
import { fold } from '../../../main/timeline/fold/fold'
import { entryView } from '../../../main/workbench/views/entry'
import { eventView } from '../../../main/workbench/views/event'
import { momentView } from '../../../main/workbench/views/moment'
import type { EntryView, EventView, LiveUpdate, MomentView } from '../../../preload/contract'

const MS = 1e6
const HEARTBEAT = 100
const ELECTION = 300

interface Member {
  readonly id: number
  raft: Raft
  up: boolean
  paused: boolean
  inbox: { from: number; id: number; message: Message }[]
  hardState: HardState
  log: Entry[]
  pending: { write: number; run: () => void }[]
  persisted: number
  messages: number
  n: number
  applied: number
  life: number
  lastReceived: number
}

interface Task {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

export interface Frame extends LiveUpdate {}

export class Simulation {
  readonly #members = new Map<number, Member>()
  readonly #state = newCluster('sim', 'five-nodes')
  readonly #blocked = new Set<string>()
  readonly events: EventView[] = []
  readonly frames: Frame[] = []
  #tasks: Task[] = []
  #order = 0
  #fresh: TimelineEvent[] = []
  #touched = new Set<number>()
  #seed: number
  #calls = new Map<string, number>()
  #workbench = 0
  #faults = 0
  now = 0

  /** @param delay milliseconds from a sender to its receiver */
  constructor(
    readonly size: number,
    readonly delay: number,
    seed = 7,
  ) {
    this.#seed = seed
    this.#report(0, 'cluster', { id: 'sim', name: 'five-nodes', nodes: size, settings: '{}' })
    for (let id = 1; id <= size; id++) this.#start(id, true)
  }

  /** Runs for so many milliseconds and keeps a live update every 33 of them. */
  run(millis: number): void {
    const until = this.now + millis
    for (let frame = Math.ceil((this.now + 0.001) / 33) * 33; ; frame += 33) {
      const stop = Math.min(until, frame)
      this.#advance(stop)
      if (stop === frame) this.#frame()
      if (stop === until) return
    }
  }

  put(key: string, value: string, via?: number): void {
    const call = ++this.#workbench
    const leader = [...this.#members.values()]
      .filter((member) => member.up && member.raft.status().role === 'leader')
      .sort((a, b) => b.raft.status().currentTerm - a.raft.status().currentTerm)
    const to = via === undefined ? leader[0] : this.#members.get(via)
    const bytes = new TextEncoder().encode(value)
    this.#report(0, 'invoke', { call, client: 1, op: 'put', key, value: bytes, via: via ?? 0 })
    if (to === undefined) return
    const data = encodeCommand({ client: 1, sequence: call, command: { op: 'put', key, value: bytes } })
    this.#step(to, { type: 'propose', id: call, data })
  }

  cut(from: number, to: number, both = true): void {
    this.#block(from, to, true)
    if (both) this.#block(to, from, true)
    this.#report(0, 'fault', {
      action: 'begin',
      id: ++this.#faults,
      type: 'block',
      detail: JSON.stringify({ from, to, both }),
    })
  }

  partition(groups: readonly (readonly number[])[]): void {
    for (const a of groups)
      for (const b of groups) if (a !== b) for (const x of a) for (const y of b) this.#block(x, y, true)
    this.#report(0, 'fault', {
      action: 'begin',
      id: ++this.#faults,
      type: 'partition',
      detail: JSON.stringify({ groups }),
    })
  }

  heal(): void {
    for (const link of [...this.#blocked]) {
      const [from, to] = link.split('>').map(Number)
      this.#block(from ?? 0, to ?? 0, false)
    }
    for (const fault of [...this.#state.faults]) {
      if (fault.type === 'kill' || fault.type === 'pause') continue
      this.#report(0, 'fault', { action: 'end', id: fault.id, type: fault.type as 'partition', detail: fault.detail })
    }
  }

  kill(id: number): void {
    const member = this.#member(id)
    member.up = false
    member.life++
    this.#process(id, 'killed')
    this.#report(0, 'fault', {
      action: 'begin',
      id: ++this.#faults,
      type: 'kill',
      detail: JSON.stringify({ nodes: [id] }),
    })
  }

  restart(id: number): void {
    this.#start(id, false)
    const fault = this.#state.faults.find((f) => f.type === 'kill' && f.detail.includes(`[${id}]`))
    if (fault) this.#report(0, 'fault', { action: 'end', id: fault.id, type: 'kill', detail: fault.detail })
  }

  pause(id: number): void {
    this.#member(id).paused = true
    this.#process(id, 'paused')
    this.#report(0, 'fault', {
      action: 'begin',
      id: ++this.#faults,
      type: 'pause',
      detail: JSON.stringify({ nodes: [id] }),
    })
  }

  gap(shed: number): void {
    this.#report(0, 'gap', { subject: 0, shed, reason: 'overload' })
  }

  moment(): MomentView {
    return momentView(this.#state)
  }

  entries(node: number, from: number, to: number): readonly EntryView[] {
    const log = this.#state.nodes.get(node)?.log ?? []
    return log.filter((entry) => entry.index >= from && entry.index <= to).map(entryView)
  }

  get leader(): number {
    const leaders = [...this.#members.values()].filter((m) => m.up && m.raft.status().role === 'leader')
    return leaders.sort((a, b) => b.raft.status().currentTerm - a.raft.status().currentTerm)[0]?.id ?? 0
  }

  #member(id: number): Member {
    const member = this.#members.get(id)
    if (member === undefined) throw new Error(`no member ${id}`)
    return member
  }

  #random(): number {
    this.#seed = (this.#seed * 16_807) % 2_147_483_647
    return this.#seed / 2_147_483_647
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
    const before = this.#members.get(id)
    const hardState = before?.hardState ?? { currentTerm: 0, votedFor: 0 }
    const log = before?.log ?? []
    const raft = new Raft(
      {
        id,
        voters: Array.from({ length: this.size }, (_, i) => i + 1),
        // The first node gets ahead at the start, so that every preview begins alike.
        electionTimeout: first && id > 1 ? ELECTION * 1.6 : ELECTION,
        heartbeatInterval: HEARTBEAT,
        maxBatchBytes: 1 << 16,
        maxInFlight: 8,
        random: () => this.#random(),
      },
      { hardState, entries: log },
      this.now,
    )
    const member: Member = {
      id,
      raft,
      up: true,
      paused: false,
      inbox: [],
      hardState,
      log: [...log],
      pending: [],
      persisted: 0,
      messages: before?.messages ?? 0,
      n: 0,
      applied: 0,
      life: (before?.life ?? -1) + 1,
      lastReceived: 0,
    }
    this.#members.set(id, member)
    this.#process(id, 'spawned')
    this.#report(id, 'started', {
      incarnation: member.life,
      pid: 48_000 + id,
      ...hardState,
      firstIndex: 1,
      lastIndex: log.length,
      tornBytes: 0,
    })
    if (log.length > 0) this.#report(id, 'appended', { firstIndex: 1, count: log.length, entries: log })
    this.#report(id, 'persisted', { lastIndex: log.length, ...hardState, bytes: 0, micros: 0 })
    this.#effects(member, raft.initial())
    this.#process(id, 'ready')
  }

  #report<K extends ReportedEvent['kind']>(node: number, kind: K, fields: FieldsOf<K>): void {
    const n = node === 0 ? ++this.#order : ++this.#member(node).n
    const seq = this.#state.seq
    const event = { seq, kind, node, n, t: this.now * MS, ...fields } as unknown as TimelineEvent
    fold(this.#state, event)
    this.#state.seq = seq + 1
    this.#state.t = event.t
    this.#fresh.push(event)
    this.#touched.add(event.kind === 'process' ? event.subject : node)
    this.events.push(eventView(event))
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

  #effects(member: Member, effects: Effects): void {
    const { id, life } = member
    for (const observation of effects.observations) this.#observe(member, observation)
    const write = effects.write
    if (write !== undefined) {
      this.#at(this.now + 0.8 + this.#random() * 0.8, () => {
        if (!member.up || member.life !== life) return
        if (write.truncateFrom !== undefined) member.log = member.log.filter((e) => e.index < (write.truncateFrom ?? 0))
        member.log.push(...write.entries)
        member.hardState = write.hardState ?? member.hardState
        member.persisted = write.number
        this.#report(id, 'persisted', { lastIndex: member.log.length, ...member.hardState, bytes: 64, micros: 1_200 })
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
    for (const entry of effects.committed) {
      this.#at(this.now + 0.6, () => {
        if (!member.up || member.life !== life || member.paused) return
        this.#report(id, 'applied', { lastApplied: entry.index })
        const call = this.#calls.get(`${entry.index}:${entry.term}`)
        if (call === undefined || member.raft.status().role !== 'leader') return
        this.#calls.delete(`${entry.index}:${entry.term}`)
        const none = new Uint8Array()
        this.#report(0, 'answer', {
          call,
          outcome: 'ok',
          found: false,
          value: none,
          from: id,
          index: entry.index,
          term: entry.term,
          problem: '',
        })
      })
    }
    for (const proposal of effects.proposals) {
      if (proposal.accepted) this.#calls.set(`${proposal.index}:${proposal.term}`, proposal.id)
    }
  }

  #observe(member: Member, observation: Observation): void {
    const { id } = member
    switch (observation.kind) {
      case 'appended': {
        const { entries } = observation
        this.#report(id, 'appended', { firstIndex: entries[0]?.index ?? 0, count: entries.length, entries })
        return
      }
      case 'timer':
        this.#report(id, 'timer', { deadline: observation.deadline * MS, duration: observation.duration * MS })
        return
      case 'progress':
        this.#report(id, 'progress', observation.progress)
        return
      default: {
        const { kind, ...fields } = observation
        this.#report(id, kind, fields as never)
      }
    }
  }

  #send(member: Member, message: Message, inReplyTo: number): void {
    const id = ++member.messages
    const from = member.id
    const base = { peer: message.to, id, message: message.type, term: message.term, inReplyTo, hint: 0, hintTerm: 0 }
    switch (message.type) {
      case 'RequestVote':
        this.#report(from, 'sent', {
          ...base,
          index: message.lastLogIndex,
          logTerm: message.lastLogTerm,
          commit: 0,
          count: 0,
          ok: true,
        })
        break
      case 'RequestVoteReply':
        this.#report(from, 'sent', { ...base, index: 0, logTerm: 0, commit: 0, count: 0, ok: message.voteGranted })
        break
      case 'AppendEntries':
        this.#report(from, 'sent', {
          ...base,
          index: message.prevLogIndex,
          logTerm: message.prevLogTerm,
          commit: message.leaderCommit,
          count: message.entries.length,
          ok: true,
        })
        break
      case 'AppendEntriesReply':
        this.#report(from, 'sent', {
          ...base,
          index: message.matchIndex,
          logTerm: 0,
          commit: 0,
          count: 0,
          ok: message.success,
          hint: message.conflictIndex,
          hintTerm: message.conflictTerm,
        })
        break
    }
    const count = message.type === 'AppendEntries' ? message.entries.length : 0
    this.#at(this.now + this.delay * (0.85 + this.#random() * 0.5), () => this.#arrive(from, id, message, count))
  }

  #arrive(sender: number, id: number, message: Message, count: number): void {
    const member = this.#member(message.to)
    if (!member.up) {
      const from = this.#members.get(sender)
      const by = from?.up ? sender : 0
      if (by > 0)
        this.#report(by, 'dropped', { sender, receiver: message.to, id, message: message.type, reason: 'unreachable' })
      return
    }
    if (this.#blocked.has(`${sender}>${message.to}`)) {
      this.#report(member.id, 'dropped', { sender, receiver: message.to, id, message: message.type, reason: 'blocked' })
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

  #frame(): void {
    const moment = momentView(this.#state)
    this.frames.push({
      seq: moment.seq,
      t: this.now * MS,
      cluster: moment.cluster,
      nodes: moment.nodes
        .filter((node) => this.frames.length === 0 || this.#touched.has(node.id))
        .map((node) => ({ ...node, log: { ...node.log, changedFrom: node.log.entries[0]?.index ?? 1 } })),
      whole: this.frames.length === 0,
      blocked: moment.blocked,
      faults: moment.faults,
      calls: moment.calls,
      events: this.#fresh.map(eventView),
      leftOut: 0,
      shed: moment.shed,
      recorderLagMillis: 0,
      recordingBytes: this.events.length * 40,
    })
    this.#fresh = []
    this.#touched.clear()
  }
}
