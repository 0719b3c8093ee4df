/** Explanations of made-up executions: each event is written as it would stand on a timeline. */
import { describe, expect, test } from 'vitest'
import type { EventKind, TimelineEvent } from '../../../main/node/contract/events'
import { whyOf } from '../../../main/timeline/causality'
import { MemoryTimeline } from './memory'

type Body = { readonly kind: EventKind } & Readonly<Record<string, unknown>>

/** Events one after the other; `at` gives the milliseconds at which what follows happens. */
class Script {
  readonly events: TimelineEvent[] = []
  #t = 0

  at(millis: number): this {
    this.#t = millis * 1e6
    return this
  }

  /** @returns its `seq` */
  add(node: number, body: Body): number {
    const seq = this.events.length
    this.events.push({ seq, t: this.#t, node, n: seq + 1, ...body } as unknown as TimelineEvent)
    return seq
  }

  sent(node: number, peer: number, id: number, message: string, more: object = {}): number {
    const rest = { term: 2, index: 0, logTerm: 0, commit: 0, count: 0, ok: false, inReplyTo: 0, ...more }
    return this.add(node, { kind: 'sent', peer, id, message, ...rest })
  }

  received(node: number, peer: number, id: number, message: string): number {
    return this.add(node, { kind: 'received', peer, id, message, term: 2, count: 0 })
  }

  remark(node: number, name: string, peer: number): number {
    return this.add(node, { kind: 'remark', name, peer, term: 2, index: 0 })
  }

  /** The chain, as `seq: relation → what it explains`. */
  async why(seq: number): Promise<readonly string[]> {
    const steps = await whyOf(new MemoryTimeline(this.events).source, seq)
    return steps.map(({ event, relation, explains }) => `${event.seq}: ${relation} → ${explains}`)
  }
}

describe('an election', () => {
  /** n1 leads; n2 hears it once, and then no more. */
  function heard(): { readonly script: Script; readonly contact: number } {
    const script = new Script()
    script.at(0).add(1, { kind: 'role', role: 'leader', term: 1, leader: 1, reason: 'won-election' })
    script.at(10).sent(1, 2, 1, 'AppendEntries')
    const contact = script.at(11).received(2, 1, 1, 'AppendEntries')
    return { script, contact }
  }

  test('after a partition: the cut, not its links, is what silenced the leader', async () => {
    const { script, contact } = heard()
    script.at(20).add(0, { kind: 'link', from: 1, to: 2, blocked: true })
    script.add(0, { kind: 'link', from: 2, to: 1, blocked: true })
    const detail = JSON.stringify({ groups: [[1], [2, 3]] })
    const cut = script.add(0, { kind: 'fault', action: 'begin', id: 1, type: 'partition', detail })
    const timeout = script.at(300).remark(2, 'election-timeout', 0)
    const stands = script.add(2, { kind: 'role', role: 'candidate', term: 2, leader: 0, reason: 'election-timeout' })
    const asks = script.sent(2, 3, 1, 'RequestVote')
    script.at(301).received(3, 2, 1, 'RequestVote')
    const votes = script.remark(3, 'vote-granted', 2)
    script.at(302).sent(3, 2, 1, 'RequestVoteReply', { ok: true, inReplyTo: 1 })
    script.at(303).received(2, 3, 1, 'RequestVoteReply')
    const counts = script.remark(2, 'vote-received', 3)
    const leads = script.add(2, { kind: 'role', role: 'leader', term: 2, leader: 2, reason: 'won-election' })
    expect(await script.why(leads)).toEqual([
      `${contact}: last-heard → ${timeout}`,
      `${cut}: silenced → ${timeout}`,
      `${timeout}: timed-out → ${stands}`,
      `${stands}: stood → ${leads}`,
      `${asks}: asked → ${votes}`,
      `${votes}: voted → ${counts}`,
      `${counts}: voted → ${leads}`,
      `${leads}: null → -1`,
    ])
  })

  test('after a crash: the end of the process, and who ended it', async () => {
    const { script, contact } = heard()
    const kill = script.at(20).add(0, { kind: 'fault', action: 'begin', id: 1, type: 'kill', detail: '{"nodes":[1]}' })
    const dead = script.at(21).add(0, { kind: 'process', subject: 1, state: 'killed', pid: 1, incarnation: 0 })
    const timeout = script.at(300).remark(2, 'election-timeout', 0)
    expect(await script.why(timeout)).toEqual([
      `${contact}: last-heard → ${timeout}`,
      `${kill}: fault → ${dead}`,
      `${dead}: silenced → ${timeout}`,
      `${timeout}: null → -1`,
    ])
  })

  test('by hand: the clock, whatever else was', async () => {
    const { script } = heard()
    const fired = script.at(40).add(2, { kind: 'clock', mode: 'manual', rate: 1, skew: 0, cause: 'fired' })
    const timeout = script.remark(2, 'election-timeout', 0)
    expect(await script.why(timeout)).toEqual([`${fired}: fired → ${timeout}`, `${timeout}: null → -1`])
  })

  test('a refused vote is explained by the vote that was given before', async () => {
    const script = new Script()
    const given = script.at(1).add(3, { kind: 'hardState', currentTerm: 2, votedFor: 1 })
    const asks = script.at(2).sent(2, 3, 9, 'RequestVote')
    script.at(3).received(3, 2, 9, 'RequestVote')
    const refuses = script.remark(3, 'vote-refused-already-voted', 2)
    expect(await script.why(refuses)).toEqual([
      `${given}: already-voted → ${refuses}`,
      `${asks}: asked → ${refuses}`,
      `${refuses}: null → -1`,
    ])
  })
})

describe('a commitment', () => {
  test('is explained by the acknowledgements that made the majority, and by none that says less', async () => {
    const script = new Script()
    const entry = script.at(1).add(1, { kind: 'appended', firstIndex: 5, count: 1, term: 2, entries: [], bytes: 9 })
    const sends = script.sent(1, 2, 1, 'AppendEntries', { index: 4, count: 1 })
    script.at(2).sent(3, 1, 7, 'AppendEntriesReply', { ok: true, index: 4 })
    script.at(3).received(1, 3, 7, 'AppendEntriesReply')
    script.at(4).received(2, 1, 1, 'AppendEntries')
    const copy = script.add(2, { kind: 'appended', firstIndex: 5, count: 1, term: 2, entries: [], bytes: 9 })
    const stored = script
      .at(5)
      .add(2, { kind: 'persisted', lastIndex: 5, currentTerm: 2, votedFor: 1, bytes: 9, micros: 1 })
    const says = script.sent(2, 1, 3, 'AppendEntriesReply', { ok: true, index: 5, inReplyTo: 1 })
    const own = script
      .at(6)
      .add(1, { kind: 'persisted', lastIndex: 5, currentTerm: 2, votedFor: 1, bytes: 9, micros: 1 })
    script.at(7).received(1, 2, 3, 'AppendEntriesReply')
    const decides = script.add(1, { kind: 'committed', commitIndex: 5, by: 'counted' })
    expect(await script.why(decides)).toEqual([
      `${entry}: here → ${decides}`,
      `${sends}: message → ${copy}`,
      `${copy}: replicated → ${says}`,
      `${stored}: stored → ${says}`,
      `${says}: acknowledged → ${decides}`,
      `${own}: stored → ${decides}`,
      `${decides}: null → -1`,
    ])
  })
})

describe('a message', () => {
  test('that a cut link dropped is explained by its sending and by the fault', async () => {
    const script = new Script()
    script.at(1).add(0, { kind: 'link', from: 1, to: 2, blocked: true })
    const cut = script.add(0, { kind: 'fault', action: 'begin', id: 1, type: 'block', detail: '{"links":[[1,2]]}' })
    const leaves = script.at(2).sent(1, 2, 4, 'AppendEntries')
    const gone = script
      .at(3)
      .add(2, { kind: 'dropped', sender: 1, receiver: 2, id: 4, message: 'AppendEntries', reason: 'blocked' })
    expect(await script.why(gone)).toEqual([
      `${cut}: rule → ${gone}`,
      `${leaves}: message → ${gone}`,
      `${gone}: null → -1`,
    ])
  })

  test('a copy came from where the original was sent, though its sending was told late', async () => {
    const script = new Script()
    const doubled = script
      .at(5)
      .add(2, { kind: 'copied', peer: 1, id: 4, copy: -1, message: 'AppendEntries', by: 'hand' })
    const came = script.at(6).received(2, 1, -1, 'AppendEntries')
    const leaves = script.at(2).sent(1, 2, 4, 'AppendEntries')
    expect(await script.why(came)).toEqual([`${leaves}: message → ${came}`, `${came}: null → -1`])
    expect(await script.why(doubled)).toEqual([`${leaves}: message → ${doubled}`, `${doubled}: null → -1`])
  })
})

test('what a person did explains itself', async () => {
  const script = new Script()
  const note = script.at(1).add(0, { kind: 'note', text: 'here' })
  expect(await script.why(note)).toEqual([`${note}: null → -1`])
  expect(await script.why(99)).toEqual([])
})
