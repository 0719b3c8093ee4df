/** Timelines told by hand, event by event. */
import { InvariantWatcher } from '../../../main/checks/invariants'
import { EVENT_FIELDS, type EventKind, type FieldsOf, type TimelineEvent } from '../../../main/node/contract/events'

const BLANK: Record<string, unknown> = {
  u8: 0,
  u16: 0,
  u32: 0,
  f64: 0,
  flag: false,
  text: '',
  bytes: new Uint8Array(0),
  entries: [],
}

/** Events in the order in which they are told, a millisecond apart. */
export class Story {
  readonly events: TimelineEvent[] = []

  tell<K extends EventKind>(node: number, kind: K, fields: Partial<FieldsOf<K>> = {}): this {
    const blank = Object.entries(EVENT_FIELDS[kind].fields).map(([name, type]) => [
      name,
      typeof type === 'string' ? BLANK[type] : type[0],
    ])
    const seq = this.events.length
    const event = { kind, node, n: seq + 1, seq, t: seq * 1e6, ...Object.fromEntries(blank), ...fields }
    this.events.push(event as unknown as TimelineEvent)
    return this
  }

  /** Three nodes that have started, with empty disks. */
  static begin(): Story {
    const story = new Story()
    for (const node of [1, 2, 3]) {
      story.tell(node, 'started', { incarnation: 1, firstIndex: 1 })
      story.tell(node, 'configuration', { standing: 'committed', voters: '1,2,3' })
    }
    return story
  }

  elect(node: number, term: number): this {
    return this.tell(node, 'hardState', { currentTerm: term, votedFor: node })
      .tell(node, 'persisted', { currentTerm: term, votedFor: node, lastIndex: 1e9 })
      .tell(node, 'role', { role: 'leader', term, leader: node })
  }

  follow(node: number, leader: number, term: number): this {
    return this.tell(node, 'hardState', { currentTerm: term }).tell(node, 'role', { role: 'follower', term, leader })
  }

  append(node: number, firstIndex: number, term: number, count = 1): this {
    return this.tell(node, 'appended', { firstIndex, count, term })
  }

  disk(node: number, currentTerm: number, lastIndex: number, votedFor = 0): this {
    return this.tell(node, 'persisted', { currentTerm, lastIndex, votedFor })
  }

  commit(node: number, commitIndex: number, by: 'counted' | 'learned' = 'counted'): this {
    return this.tell(node, 'committed', { commitIndex, by })
  }

  /** What is found: each invariant with the events that prove it. */
  found(): readonly (readonly [string, readonly number[]])[] {
    const watcher = new InvariantWatcher()
    for (const event of this.events) watcher.take(event)
    return watcher
      .verdicts()
      .flatMap(({ violations }) => violations.map(({ invariant, events }) => [invariant, events] as const))
  }

  get last(): number {
    return this.events.length - 1
  }
}
