import type { EventView, LiveUpdate, NodePatch } from '../../../preload/contract'
import type { TimelineEvent } from '../../node/contract/events'
import type { Recorder } from '../../timeline/api'
import { eventView } from '../../timeline/views/event'
import { nodePatch, nodesInOrder, shortView } from '../views/moment'
import { LongListsSent } from './long-lists'

/** Events that one update carries at most, and that a window finds when it begins to look. */
export const MAX_EVENTS = 4_000
/** Milliseconds between two updates: 20 a second; motion between them is drawn from the times of events. */
const INTERVAL = 50
/** Means: nothing of the log changed, only other things of the node. */
const LOG_UNCHANGED = Number.POSITIVE_INFINITY

type Listener = (update: LiveUpdate) => void

/**
 * Turns the live fold into updates that a window can keep up with: nodes that changed, with the part of the log that
 * changed, at most 20 times a second. All listeners get the same object; a new one gets everything, once, first.
 */
export class LiveFeed {
  readonly #recorder: Recorder
  readonly #listeners = new Set<Listener>()
  readonly #stopListening: () => void
  /** Node → first log index that changed since the last update. */
  readonly #changed = new Map<number, number>()
  readonly #longLists = new LongListsSent()
  /** Not sent yet, oldest first; at most {@link MAX_EVENTS}. */
  #fresh: TimelineEvent[] = []
  /** Sent or not, oldest first: what a new listener starts with. */
  #recent: TimelineEvent[] = []
  #leftOut = 0
  #timer: NodeJS.Timeout | undefined

  constructor(recorder: Recorder) {
    this.#recorder = recorder
    this.#stopListening = recorder.onOrdered((events) => this.#take(events))
  }

  /** Gives the listener the whole state at once, then every change. */
  subscribe(listener: Listener): () => void {
    // What the others have not seen yet goes out first, so that nobody gets an event twice.
    this.#flush()
    listener(this.#whole())
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Sends what is left and ends. */
  close(): void {
    this.#flush()
    this.#stopListening()
    this.#listeners.clear()
  }

  #take(events: readonly TimelineEvent[]): void {
    for (const event of events) this.#note(event)
    this.#recent = lastOf(this.#recent, events).kept
    const { kept, left } = lastOf(this.#fresh, events)
    this.#fresh = kept
    this.#leftOut += left
    this.#timer ??= setTimeout(() => this.#flush(), INTERVAL)
  }

  #note(event: TimelineEvent): void {
    switch (event.kind) {
      case 'sent':
      case 'received':
      case 'dropped':
      case 'copied':
      case 'struck':
      case 'breakpoint':
      case 'read':
      case 'output':
      case 'note':
        // Part of the story, not of any node's state.
        return
      case 'remark':
        if (event.name === 'quiesced' || event.name === 'woken') this.#touch(event.node, LOG_UNCHANGED)
        return
      case 'snapshot':
        this.#touch(event.node, event.stage === 'installed' && !event.keepsLog ? 0 : LOG_UNCHANGED)
        // Its leader is done with sending it.
        if (event.stage === 'installed') {
          for (const { id, role } of this.#recorder.state.nodes.values()) {
            if (role === 'leader') this.#touch(id, LOG_UNCHANGED)
          }
        }
        return
      case 'started':
        this.#touch(event.node, 0)
        return
      case 'appended':
        this.#touch(event.node, event.firstIndex)
        return
      case 'truncated':
        this.#touch(event.node, event.fromIndex)
        return
      case 'cluster':
        for (const id of this.#recorder.state.nodes.keys()) this.#touch(id, 0)
        return
      case 'process':
        this.#touch(event.subject, event.state === 'removed' ? 0 : LOG_UNCHANGED)
        return
      default:
        if (event.node > 0) this.#touch(event.node, LOG_UNCHANGED)
    }
  }

  #touch(node: number, from: number): void {
    this.#changed.set(node, Math.min(from, this.#changed.get(node) ?? LOG_UNCHANGED))
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#fresh.length === 0 && this.#changed.size === 0) return
    const { nodes } = this.#recorder.state
    const patches = [...this.#changed].flatMap(([id, from]) => {
      const node = nodes.get(id)
      return node ? [nodePatch(node, Math.min(from, node.lastIndex + 1))] : []
    })
    const fresh = this.#fresh
    const leftOut = this.#leftOut
    this.#fresh = []
    this.#leftOut = 0
    this.#changed.clear()
    if (this.#listeners.size === 0) return
    const lists = this.#longLists.changed(this.#recorder.state)
    const update = this.#update({ ...lists, whole: false, nodes: patches, events: fresh.map(eventView), leftOut })
    for (const listener of [...this.#listeners]) listener(update)
  }

  #whole(): LiveUpdate {
    const { state } = this.#recorder
    const nodes = nodesInOrder(state).map((node) => nodePatch(node, 0))
    const lists = this.#longLists.whole(state)
    return this.#update({ ...lists, whole: true, nodes, events: this.#recent.map(eventView), leftOut: 0 })
  }

  #update(
    part: Pick<LiveUpdate, 'links' | 'held'> & {
      readonly whole: boolean
      readonly nodes: readonly NodePatch[]
      readonly events: readonly EventView[]
      readonly leftOut: number
    },
  ): LiveUpdate {
    const { state, lagMillis, source } = this.#recorder
    return {
      ...shortView(state),
      ...part,
      recorderLagMillis: lagMillis,
      recordingBytes: source.info().bytes,
    }
  }
}

/** The last {@link MAX_EVENTS} of two runs of events, and how many of them did not fit. */
function lastOf(
  before: TimelineEvent[],
  after: readonly TimelineEvent[],
): { readonly kept: TimelineEvent[]; readonly left: number } {
  if (after.length >= MAX_EVENTS) {
    return { kept: after.slice(-MAX_EVENTS), left: before.length + after.length - MAX_EVENTS }
  }
  for (const event of after) before.push(event)
  const left = Math.max(0, before.length - MAX_EVENTS)
  return { kept: left > 0 ? before.slice(left) : before, left }
}
