/**
 * The life of a cluster as its nodes would tell it, of any length, from a seed: puts in batches, heartbeats, lost messages,
 * killed and paused nodes, elections, snapshots, clients. It is told as fast as it can be, not lived: a recording of ten
 * million events takes a minute to make instead of ten to run.
 */
import { encodeCommand } from '../../../main/node/contract/command'
import type { ReportedEvent, TimelineEvent } from '../../../main/node/contract/events'
import type { Entry, MessageType } from '../../../main/raft/types'

export interface LifePlan {
  readonly seed: number
  readonly nodes: number
  /** About so many; the round that is under way is told to its end. */
  readonly events: number
  /** Entries of one put of a batch. */
  readonly batch: number
  /** Bytes of a value. */
  readonly value: number
  /** Entries after which a node makes a snapshot and lets go of all but a tenth of them; 0 = never. */
  readonly snapshotEvery: number
  /** Rounds between two faults, on average. */
  readonly faultEvery: number
}

export const LIFE: LifePlan = {
  seed: 1,
  nodes: 5,
  events: 1_000_000,
  batch: 4,
  value: 64,
  snapshotEvery: 0,
  faultEvery: 500,
}

type Body = { [K in ReportedEvent['kind']]: Omit<ReportedEvent<K>, 'node' | 'n' | 't'> }[ReportedEvent['kind']]

/** A small, fast generator with good enough spread: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const MICRO = 1_000
const MILLI = 1_000_000
const NO_BYTES = new Uint8Array(0)

class Life {
  readonly #plan: LifePlan
  readonly #random: () => number
  readonly #counts: number[]
  readonly #messages: number[]
  /** Last index on each node, and the first that its log still has. */
  readonly #last: number[]
  readonly #first: number[]
  readonly #snapshots: number[]
  readonly #up: boolean[]
  #told: TimelineEvent[] = []
  #seq = 0
  #t = 0
  #term = 0
  #leader = 0
  #index = 0
  #calls = 0
  #faults = 0
  #entries: Entry[] = []

  constructor(plan: LifePlan) {
    this.#plan = plan
    this.#random = randomFrom(plan.seed)
    const each = () => new Array<number>(plan.nodes + 1).fill(0)
    this.#counts = each()
    this.#messages = each()
    this.#last = each()
    this.#first = each().fill(1)
    this.#snapshots = each()
    this.#up = new Array<boolean>(plan.nodes + 1).fill(true)
  }

  *tell(): Generator<readonly TimelineEvent[]> {
    const { nodes, events, faultEvery } = this.#plan
    this.#say(0, { kind: 'cluster', id: 'bench', name: 'bench', nodes, settings: '{}' })
    for (let node = 1; node <= nodes; node++) this.#start(node, true)
    this.#elect(1)
    let down: { readonly node: number; readonly paused: boolean; readonly fault: number; left: number } | undefined
    while (this.#seq < events) {
      this.#round()
      if (down !== undefined) {
        down.left--
        if (down.left <= 0) {
          this.#heal(down)
          down = undefined
        }
      } else if (this.#random() < 1 / faultEvery) {
        const node = 1 + Math.floor(this.#random() * nodes)
        const paused = this.#random() < 0.4
        down = { node, paused, fault: this.#strike(node, paused), left: 20 + Math.floor(this.#random() * 60) }
      }
      if (this.#told.length >= 20_000) yield this.#hand()
    }
    yield this.#hand()
  }

  #hand(): readonly TimelineEvent[] {
    const told = this.#told
    this.#told = []
    return told
  }

  #say(node: number, body: Body, after = 12 * MICRO): void {
    this.#t += Math.max(500, Math.round(after * (0.5 + this.#random())))
    const n = (this.#counts[node] ?? 0) + 1
    this.#counts[node] = n
    this.#told.push({ ...body, node, n, t: this.#t, seq: this.#seq++ } as TimelineEvent)
  }

  #followers(): readonly number[] {
    return Array.from({ length: this.#plan.nodes }, (_, i) => i + 1).filter((node) => node !== this.#leader)
  }

  #process(subject: number, state: 'spawned' | 'ready' | 'killed' | 'paused' | 'resumed'): void {
    const common = {
      subject,
      pid: 1000 + subject,
      incarnation: 0,
      exitCode: 0,
      signal: state === 'killed' ? 'SIGKILL' : '',
    }
    this.#say(0, { kind: 'process', state, ...common })
  }

  #start(node: number, fresh: boolean): void {
    this.#process(node, 'spawned')
    const last = this.#last[node] ?? 0
    const first = this.#first[node] ?? 1
    const snapshotIndex = this.#snapshots[node] ?? 0
    this.#say(
      node,
      {
        kind: 'started',
        incarnation: fresh ? 0 : 1,
        pid: 1000 + node,
        currentTerm: this.#terms[node] ?? 0,
        votedFor: this.#votes[node] ?? 0,
        firstIndex: first,
        lastIndex: last,
        tornBytes: 0,
        baseTerm: first > 1 ? 1 : 0,
        snapshotIndex,
        snapshotTerm: snapshotIndex > 0 ? 1 : 0,
      },
      fresh ? MILLI : 60 * MILLI,
    )
    if (last >= first) this.#append(node, this.#entries.slice(first - 1 - this.#gone, last - this.#gone), first)
    this.#process(node, 'ready')
  }

  /** Of each node, on its disk. */
  readonly #terms: number[] = []
  readonly #votes: number[] = []
  /** Entries that no node needs any more are not kept here either. */
  #gone = 0

  #append(node: number, entries: readonly Entry[], firstIndex: number): void {
    const bytes = entries.reduce((sum, { data }) => sum + data.length, 0)
    for (let at = 0; at < entries.length; ) {
      // As a node tells them: of one term each.
      const term = entries[at]?.term ?? 0
      let end = at
      while (entries[end]?.term === term && end - at < 4_096) end++
      const part = entries.slice(at, end)
      this.#say(node, { kind: 'appended', firstIndex: firstIndex + at, count: part.length, entries: part, term, bytes })
      at = end
    }
    this.#last[node] = firstIndex + entries.length - 1
  }

  #persist(node: number): void {
    const [currentTerm, votedFor] = [this.#terms[node] ?? 0, this.#votes[node] ?? 0]
    const common = { currentTerm, votedFor, bytes: 400, micros: 300 }
    this.#say(node, { kind: 'persisted', lastIndex: this.#last[node] ?? 0, ...common }, 300 * MICRO)
  }

  #send(from: number, to: number, message: MessageType, count: number): void {
    const id = (this.#messages[from] ?? 0) + 1
    this.#messages[from] = id
    const common = { term: this.#term, index: this.#last[from] ?? 0, logTerm: this.#term, commit: this.#index }
    const rest = { ok: true, hint: 0, hintTerm: 0, inReplyTo: 0, round: id }
    this.#say(from, { kind: 'sent', peer: to, id, message, count, ...common, ...rest }, 4 * MICRO)
    if (!this.#up[to]) {
      this.#say(from, { kind: 'dropped', sender: from, receiver: to, id, message, reason: 'unreachable' }, 4 * MICRO)
    } else if (this.#random() < 0.01) {
      this.#say(to, { kind: 'dropped', sender: from, receiver: to, id, message, reason: 'lost' }, 40 * MICRO)
    } else {
      this.#say(to, { kind: 'received', peer: from, id, message, term: this.#term, count }, 60 * MICRO)
    }
  }

  /** A batch of puts, from the clients to everybody's state machine. */
  #round(): void {
    if (this.#leader === 0 || !this.#up[this.#leader]) {
      const heir = this.#followers().find((node) => this.#up[node])
      if (heir === undefined) return
      this.#elect(heir)
    }
    const leader = this.#leader
    const { batch, value } = this.#plan
    const call = ++this.#calls
    const invoked = {
      client: call % 8,
      op: 'put',
      key: `k${call % 997}`,
      value: new Uint8Array(8),
      via: leader,
    } as const
    this.#say(0, { kind: 'invoke', call, ...invoked, consistency: 'log', expected: NO_BYTES, hasExpected: false })
    const first = this.#index + 1
    const fresh = Array.from({ length: batch }, (_, i) => putOf(first + i, this.#term, value))
    for (const entry of fresh) this.#entries.push(entry)
    this.#index += batch
    this.#append(leader, fresh, first)
    for (const to of this.#followers()) this.#send(leader, to, 'AppendEntries', batch)
    this.#persist(leader)
    for (const node of this.#followers()) {
      if (!this.#up[node]) continue
      const from = (this.#last[node] ?? 0) + 1
      this.#append(node, this.#entries.slice(from - 1 - this.#gone, this.#index - this.#gone), from)
      this.#persist(node)
      this.#send(node, leader, 'AppendEntriesReply', 0)
      const matchIndex = this.#index
      const progress = { peer: node, matchIndex, nextIndex: matchIndex + 1, state: 'replicate', inFlight: 0 } as const
      this.#say(leader, { kind: 'progress', ...progress }, 4 * MICRO)
    }
    this.#say(leader, { kind: 'committed', commitIndex: this.#index, by: 'counted' })
    this.#say(leader, { kind: 'applied', lastApplied: this.#index })
    const answered = { outcome: 'ok', found: true, value: NO_BYTES, from: leader, index: this.#index } as const
    this.#say(0, { kind: 'answer', call, ...answered, term: this.#term, problem: '' })
    for (const node of this.#followers()) {
      if (!this.#up[node]) continue
      this.#say(node, { kind: 'committed', commitIndex: this.#index, by: 'learned' })
      this.#say(node, { kind: 'applied', lastApplied: this.#index })
      const duration = 250 * MILLI
      this.#say(node, { kind: 'timer', deadline: this.#t + duration, duration }, 4 * MICRO)
    }
    for (let node = 1; node <= this.#plan.nodes; node++) this.#compact(node)
  }

  #compact(node: number): void {
    const { snapshotEvery } = this.#plan
    const last = this.#last[node] ?? 0
    if (snapshotEvery === 0 || !this.#up[node] || last - (this.#snapshots[node] ?? 0) < snapshotEvery) return
    this.#snapshots[node] = last
    const saved = { stage: 'saved', index: last, term: this.#term, bytes: 65_536, offset: 65_536, peer: node } as const
    this.#say(node, { kind: 'snapshot', ...saved, keepsLog: false }, MILLI)
    const firstIndex = Math.max(this.#first[node] ?? 1, last - Math.floor(snapshotEvery / 10) + 1)
    this.#first[node] = firstIndex
    this.#say(node, { kind: 'compacted', firstIndex, baseTerm: this.#term })
    const least = Math.min(...this.#first.slice(1), ...this.#last.slice(1).map((index) => index + 1))
    if (least - 1 - this.#gone < snapshotEvery / 2) return
    this.#entries = this.#entries.slice(least - 1 - this.#gone)
    this.#gone = least - 1
  }

  /** In the present term; 0 = for nobody. */
  #vote(node: number, votedFor: number): void {
    this.#terms[node] = this.#term
    this.#votes[node] = votedFor
    this.#say(node, { kind: 'hardState', currentTerm: this.#term, votedFor })
    this.#persist(node)
  }

  #elect(node: number): void {
    this.#term++
    this.#leader = node
    const { nodes } = this.#plan
    this.#say(
      node,
      { kind: 'role', role: 'candidate', term: this.#term, leader: 0, reason: 'election-timeout' },
      200 * MILLI,
    )
    this.#vote(node, node)
    for (const peer of this.#followers()) {
      this.#send(node, peer, 'RequestVote', 0)
      if (!this.#up[peer]) continue
      this.#vote(peer, node)
      this.#say(peer, { kind: 'role', role: 'follower', term: this.#term, leader: node, reason: 'higher-term' })
      this.#send(peer, node, 'RequestVoteReply', 0)
    }
    this.#say(node, { kind: 'role', role: 'leader', term: this.#term, leader: node, reason: 'won-election' })
    for (let peer = 1; peer <= nodes; peer++) {
      if (peer !== node && this.#up[peer]) this.#say(peer, { kind: 'leader', leader: node, term: this.#term })
    }
    this.#catchUp(node)
  }

  /** A leader has every entry: one that was behind was told the rest before it stood. */
  #catchUp(node: number): void {
    const from = (this.#last[node] ?? 0) + 1
    if (from <= this.#index)
      this.#append(node, this.#entries.slice(from - 1 - this.#gone, this.#index - this.#gone), from)
  }

  #strike(node: number, paused: boolean): number {
    const id = ++this.#faults
    const detail = JSON.stringify({ nodes: [node] })
    this.#say(0, { kind: 'fault', action: 'begin', id, type: paused ? 'pause' : 'kill', detail })
    this.#process(node, paused ? 'paused' : 'killed')
    this.#up[node] = false
    return id
  }

  #heal({ node, paused, fault }: { readonly node: number; readonly paused: boolean; readonly fault: number }): void {
    this.#up[node] = true
    if (paused) this.#process(node, 'resumed')
    else this.#start(node, false)
    if ((this.#terms[node] ?? 0) < this.#term) this.#vote(node, 0)
    this.#say(node, { kind: 'role', role: 'follower', term: this.#term, leader: this.#leader, reason: 'higher-term' })
    const detail = JSON.stringify({ nodes: [node] })
    this.#say(0, { kind: 'fault', action: 'end', id: fault, type: paused ? 'pause' : 'kill', detail })
  }
}

/** An entry that puts `value` bytes, as a node would have it. */
function putOf(index: number, term: number, value: number): Entry {
  const key = `k${index % 997}`
  const command = { op: 'put', key, value: new Uint8Array(value).fill(97 + (index % 26)) } as const
  return { index, term, type: 'command', data: encodeCommand({ client: 1, sequence: index, time: 0, command }) }
}

/** The events of such a life, in order, some thousands at a time. The same plan always tells the same. */
export function lifeOf(plan: LifePlan): Generator<readonly TimelineEvent[]> {
  return new Life(plan).tell()
}
