/**
 * Small timelines in which everything hangs together: messages have fates, calls have answers, faults have ends, each
 * reporter's clock goes on. What happens is chosen by numbers, so that fast-check can choose and shrink.
 */
import fc from 'fast-check'
import { encodeCommand } from '../../../../main/node/contract/command'
import { encodeConfiguration } from '../../../../main/node/contract/configuration'
import {
  CALL_OUTCOMES,
  CLIENT_OPS,
  DROP_REASONS,
  type EventKind,
  FAULT_TYPES,
  type FieldsOf,
  MESSAGE_TYPES,
  PROCESS_STATES,
  ROLES,
  type TimelineEvent,
} from '../../../../main/node/contract/events'
import type { Entry } from '../../../../main/raft/types'

const NODES = 3
const bytes = (text: string) => new TextEncoder().encode(text)
const NOTHING = new Uint8Array(0)
/** What a naive writer trips over. */
const TEXTS = [
  'end',
  'a\nb; "c" #35; {"n1":1} %% x',
  'n1 {"n1":7}',
  '=== run ===',
  'end of the end\u2028END',
  '图 → ☃ \u0007',
  '',
  'x'.repeat(200),
]
const VALUES = [bytes('1'), bytes('"q" \\ \t'), Uint8Array.of(0xff, 0xfe), NOTHING, bytes('end')]

interface Flying {
  readonly from: number
  readonly to: number
  readonly id: number
  readonly message: (typeof MESSAGE_TYPES)[number]
  held: boolean
}

class Story {
  readonly events: TimelineEvent[] = []
  readonly #flying: Flying[] = []
  readonly #asked: Flying[] = []
  readonly #calls: { readonly call: number; readonly client: number }[] = []
  readonly #busy = new Set<number>()
  readonly #faults: number[] = []
  readonly #terms = new Map<number, number>()
  readonly #last = new Map<number, number>()
  #t = 1_000_000
  #ids = 0
  #n = 0

  constructor() {
    this.#add(0, 'cluster', { id: 'c', name: 'demo', nodes: NODES, settings: '{}' })
    for (let node = 1; node <= NODES; node++) this.#start(node)
  }

  #add<K extends EventKind>(node: number, kind: K, fields: FieldsOf<K>): undefined {
    const event = { kind, node, n: ++this.#n, t: this.#t, seq: this.events.length, ...fields }
    this.events.push(event as unknown as TimelineEvent)
  }

  #start(node: number): undefined {
    const lastIndex = this.#last.get(node) ?? 0
    this.#add(node, 'started', {
      incarnation: 1,
      pid: 100 + node,
      currentTerm: this.#term(node),
      votedFor: 0,
      firstIndex: 1,
      lastIndex,
      tornBytes: 0,
      baseTerm: 0,
      snapshotIndex: 0,
      snapshotTerm: 0,
    })
    this.#configure(node, 0, 'restored', [1, 2, 3])
  }

  #configure(
    node: number,
    index: number,
    standing: FieldsOf<'configuration'>['standing'],
    voters: readonly number[],
  ): undefined {
    const none = { outgoing: '', learnersNext: '', witnesses: '' }
    const learners = [1, 2, 3].filter((id) => !voters.includes(id)).join()
    this.#add(node, 'configuration', { index, standing, voters: voters.join(), learners, ...none })
  }

  #term(node: number): number {
    return this.#terms.get(node) ?? 0
  }

  /** One more thing happens: what, to whom, and how, is up to four numbers. */
  step(what: number, a: number, b: number, c: number): undefined {
    // Several things may happen in one nanosecond, and long times may pass.
    this.#t += [0, 1, 400, 2_500, 1_000_000][c % 5] ?? 0
    const node = 1 + (a % NODES)
    const peer = 1 + ((a + 1 + (b % (NODES - 1))) % NODES)
    const flying = this.#flying[b % Math.max(1, this.#flying.length)]
    switch (what % 22) {
      case 0:
      case 1:
        return this.#send(node, peer, MESSAGE_TYPES[b % MESSAGE_TYPES.length] ?? 'AppendEntries', 0, c)
      case 2:
      case 3:
        if (flying !== undefined && !flying.held) this.#receive(flying)
        return
      case 4:
        if (flying === undefined) return
        if (flying.held) this.#release(flying, 'dropped')
        this.#end(flying)
        return this.#add(flying.to, 'dropped', {
          sender: flying.from,
          receiver: flying.to,
          id: flying.id,
          message: flying.message,
          reason: flying.held ? 'by-hand' : (DROP_REASONS[c % DROP_REASONS.length] ?? 'lost'),
        })
      case 5:
        if (flying === undefined || flying.held) return
        flying.held = true
        return this.#add(flying.to, 'held', { ...named(flying), term: 1, place: 0, bytes: NOTHING })
      case 6:
        if (flying === undefined || !flying.held) return
        this.#release(flying, 'delivered')
        return this.#receive(flying)
      case 7: {
        if (flying === undefined) return
        const copy = { ...flying, id: -++this.#ids, held: false }
        this.#flying.push(copy)
        return this.#add(flying.to, 'copied', { ...named(flying), copy: copy.id, by: 'rule' })
      }
      case 8: {
        const asked = this.#asked.splice(b % Math.max(1, this.#asked.length), 1)[0]
        if (asked === undefined) return
        const reply = MESSAGE_TYPES.find((type) => type === `${asked.message}Reply`)
        if (reply !== undefined) this.#send(asked.to, asked.from, reply, asked.id, c)
        return
      }
      case 9: {
        const role = ROLES[b % ROLES.length] ?? 'follower'
        const term = this.#term(node) + (c % 2)
        this.#terms.set(node, term)
        return this.#add(node, 'role', { role, term, leader: role === 'leader' ? node : 0, reason: 'higher-term' })
      }
      case 10:
        return this.#append(node, b % 4, c)
      case 11: {
        const last = this.#last.get(node) ?? 0
        if (last === 0) return
        this.#last.set(node, last - 1)
        return this.#add(node, 'truncated', { fromIndex: last })
      }
      case 12:
        return this.#add(node, 'persisted', {
          lastIndex: this.#last.get(node) ?? 0,
          currentTerm: this.#term(node),
          votedFor: 0,
          bytes: 10,
          micros: (b % 7) * 100,
        })
      case 13:
        return this.#add(node, 'committed', {
          commitIndex: this.#last.get(node) ?? 0,
          by: b % 2 === 0 ? 'counted' : 'learned',
        })
      case 14: {
        const client = b % 3
        if (this.#busy.has(client)) return
        this.#busy.add(client)
        const call = ++this.#ids
        this.#calls.push({ call, client })
        const op = CLIENT_OPS[c % CLIENT_OPS.length] ?? 'put'
        const value = VALUES[a % VALUES.length] ?? NOTHING
        const about = { op, key: TEXTS[b % TEXTS.length] ?? '', value, via: 0, consistency: 'index' } as const
        return this.#add(0, 'invoke', { call, client, ...about, expected: value, hasExpected: b % 2 === 0 })
      }
      case 15: {
        const open = this.#calls.splice(b % Math.max(1, this.#calls.length), 1)[0]
        if (open === undefined) return
        const outcome = CALL_OUTCOMES[c % CALL_OUTCOMES.length] ?? 'ok'
        this.#busy.delete(open.client)
        const value = VALUES[b % VALUES.length] ?? NOTHING
        const problem = outcome === 'ok' ? '' : 'call-unknown'
        return this.#add(0, 'answer', {
          call: open.call,
          outcome,
          found: a % 2 === 0,
          value,
          from: a % 3,
          index: 1,
          term: 1,
          problem,
        })
      }
      case 16: {
        const id = ++this.#ids
        this.#faults.push(id)
        const type = FAULT_TYPES[b % FAULT_TYPES.length] ?? 'kill'
        return this.#add(0, 'fault', { action: 'begin', id, type, detail: b % 5 === 0 ? 'no JSON' : '{"nodes":[1,2]}' })
      }
      case 17: {
        const id = this.#faults.splice(b % Math.max(1, this.#faults.length), 1)[0]
        if (id !== undefined) this.#add(0, 'fault', { action: 'end', id, type: 'kill', detail: '{}' })
        return
      }
      case 18:
        return this.#add(0, 'note', { text: TEXTS[b % TEXTS.length] ?? '' })
      case 19: {
        const state = PROCESS_STATES[b % PROCESS_STATES.length] ?? 'killed'
        return this.#add(0, 'process', { subject: node, state, pid: 7, incarnation: 1, exitCode: 0, signal: '' })
      }
      case 20:
        if (c % 3 === 0) return this.#start(node)
        return this.#configure(
          node,
          (this.#last.get(node) ?? 0) + 1,
          c % 3 === 1 ? 'appended' : 'committed',
          [1, 2, 3].slice(0, 1 + (b % 3)),
        )
      default:
        return this.#add(node, 'timer', { deadline: Number.POSITIVE_INFINITY, duration: 5 })
    }
  }

  #send(from: number, to: number, message: Flying['message'], inReplyTo: number, c: number): undefined {
    const id = ++this.#ids
    this.#flying.push({ from, to, id, message, held: false })
    const about = { index: c % 9, logTerm: 1, commit: 0, count: c % 3, ok: c % 2 === 0, hint: 1, hintTerm: 1 }
    this.#add(from, 'sent', { peer: to, id, message, term: this.#term(from), ...about, inReplyTo, round: 1 })
  }

  #receive(flying: Flying): undefined {
    this.#end(flying)
    if (!flying.message.endsWith('Reply') && flying.message !== 'TimeoutNow') this.#asked.push(flying)
    this.#add(flying.to, 'received', { ...named(flying), term: 1, count: 0 })
  }

  #release(flying: Flying, how: 'delivered' | 'dropped'): undefined {
    this.#add(flying.to, 'released', { ...named(flying), how, bytes: NOTHING })
  }

  #end(flying: Flying): undefined {
    this.#flying.splice(this.#flying.indexOf(flying), 1)
  }

  #append(node: number, count: number, c: number): undefined {
    const term = this.#term(node)
    const first = (this.#last.get(node) ?? 0) + 1
    this.#last.set(node, first + count - 1)
    const entries = Array.from({ length: count }, (_, i) => entryOf(first + i, term, i + c))
    this.#add(node, 'appended', { firstIndex: first, count, entries, term, bytes: 9 })
  }
}

const named = ({ from, id, message }: Flying) => ({ peer: from, id, message })

function entryOf(index: number, term: number, which: number): Entry {
  const none = { outgoing: [], learners: [], learnersNext: [], witnesses: [] }
  if (which % 3 === 0) return { index, term, type: 'noop', data: NOTHING }
  if (which % 3 === 1) return { index, term, type: 'config', data: encodeConfiguration({ voters: [1, 2], ...none }) }
  const command = { op: 'put', key: 'k', value: NOTHING } as const
  return {
    index,
    term,
    type: 'command',
    data: new Uint8Array(encodeCommand({ client: 1, sequence: 1, time: 1, command })),
  }
}

export type Step = readonly [what: number, a: number, b: number, c: number]

export function storyOf(steps: readonly Step[]): readonly TimelineEvent[] {
  const story = new Story()
  for (const [what, a, b, c] of steps) story.step(what, a, b, c)
  return story.events
}

export const storyArbitrary: fc.Arbitrary<readonly TimelineEvent[]> = fc
  // Messages are what most rules are about.
  .array(fc.tuple(fc.oneof(fc.nat(21), fc.constantFrom(0, 2, 8)), fc.nat(30), fc.nat(30), fc.nat(30)), {
    maxLength: 120,
  })
  .map(storyOf)

/** Always the same `count` steps of a story, of every kind. */
export function longStory(count: number): readonly TimelineEvent[] {
  let state = 1
  const next = (below: number) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
  return storyOf(Array.from({ length: count }, () => [next(22), next(31), next(31), next(31)] as const))
}
