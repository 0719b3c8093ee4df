/** Links into node 9 without a process: messages by number, a time of our own, and everything that is told. */
import { type Arrival, arrival, Conditioning } from '../../../main/node/conditioning'
import type { Limits } from '../../../main/node/conditioning/keeper'
import type { LinkRule, LinkRules, Shape } from '../../../main/node/contract/conditions'
import type { MessageFrame } from '../../../main/node/contract/frames'
import type { EventBody } from '../../../main/node/telemetry/event-body'
import type { Message } from '../../../main/raft/types'

export const MS = 1e6
const HERE = 9

export const vote = (from: number): Message => ({
  type: 'RequestVoteReply',
  from,
  to: HERE,
  term: 1,
  voteGranted: true,
})
export const append = (from: number, bytes = 0): Message => ({
  type: 'AppendEntries',
  from,
  to: HERE,
  term: 1,
  prevLogIndex: 0,
  prevLogTerm: 0,
  entries: bytes === 0 ? [] : [{ index: 1, term: 1, type: 'command', data: new Uint8Array(bytes) }],
  leaderCommit: 0,
  round: 0,
  quiesce: false,
})
/** `sentAt`: nanoseconds. */
export const frame = (id: number, message: Message, sentAt = 0): MessageFrame => ({
  type: 'message',
  id,
  inReplyTo: 0,
  sentAt,
  message,
})
export const shape = (changes: Partial<Shape> = {}): LinkRule['action'] => ({
  type: 'shape',
  dropPercent: 0,
  delayMs: 0,
  jitterMs: 0,
  duplicatePercent: 0,
  reorderPercent: 0,
  bytesPerSecond: 0,
  ...changes,
})
export const all = (...actions: LinkRule['action'][]): LinkRules => ({
  seed: 1,
  rules: actions.map((action) => ({ messages: [], action })),
})

export class Room {
  readonly delivered: { readonly id: number; readonly at: number; readonly one: Arrival }[] = []
  readonly told: EventBody[] = []
  readonly links: Conditioning
  /** Milliseconds. */
  now = 0

  constructor(limits?: Limits, incarnation = 0) {
    this.links = new Conditioning({
      node: HERE,
      incarnation,
      links: [],
      deliver: (one) => this.delivered.push({ id: one.id, at: this.now, one }),
      tell: (body) => this.told.push(body),
      ...(limits && { limits }),
    })
  }

  set(from: number, rules: LinkRules): void {
    this.links.set(from, rules, this.now * MS)
  }

  /** `way`: milliseconds since it was sent. */
  take(id: number, message: Message, way = 0): void {
    this.links.take(arrival(frame(id, message, (this.now - way) * MS)), this.now * MS)
  }

  /** Lets so much time pass, doing what is due when it is. */
  pass(millis: number): void {
    const end = this.now + millis
    for (;;) {
      const wait = this.links.wait(this.links.next, this.now * MS)
      if (this.now + wait > end) break
      // A little later than exactly: fractions are rounded.
      this.now = Math.min(end, this.now + Math.max(0, wait) + 1e-6)
      this.links.run(this.now * MS)
    }
    this.now = end
  }

  get ids(): readonly number[] {
    return this.delivered.map(({ id }) => id)
  }

  of<K extends EventBody['kind']>(kind: K): readonly EventBody<K>[] {
    return this.told.filter((body) => body.kind === kind) as unknown as readonly EventBody<K>[]
  }
}
