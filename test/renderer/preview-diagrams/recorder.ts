/** Gives events their place, folds them, and cuts them into the live updates that a window would get. */
import type { FieldsOf, ReportedEvent, TimelineEvent } from '../../../main/node/contract/events'
import { newCluster } from '../../../main/timeline/fold/cluster'
import { fold } from '../../../main/timeline/fold/fold'
import { eventView } from '../../../main/timeline/views/event'
import { entriesOf, momentView, nodePatch, nodesInOrder } from '../../../main/workbench/views/moment'
import type { EntryView, EventView, LiveUpdate, MomentView } from '../../../preload/contract'

const MS = 1e6

export class Recorder {
  readonly state = newCluster('sim', 'five-nodes')
  readonly events: EventView[] = []
  /** The same as a recording has them. */
  readonly raw: TimelineEvent[] = []
  readonly frames: LiveUpdate[] = []
  #fresh: TimelineEvent[] = []
  #touched = new Set<number>()

  report<K extends ReportedEvent['kind']>(node: number, n: number, now: number, kind: K, fields: FieldsOf<K>): void {
    const event = { ...fields, kind, node, n, seq: this.state.seq, t: now * MS } as unknown as TimelineEvent
    fold(this.state, event)
    this.#fresh.push(event)
    this.#touched.add(event.kind === 'process' ? event.subject : node)
    this.raw.push(event)
    this.events.push(eventView(event))
  }

  moment(): MomentView {
    return momentView(this.state)
  }

  entries(node: number, from: number, to: number): readonly EntryView[] {
    const of = this.state.nodes.get(node)
    return of === undefined ? [] : entriesOf(of, from, to)
  }

  frame(now: number): void {
    const { nodes: _, ...moment } = this.moment()
    const whole = this.frames.length === 0
    this.frames.push({
      ...moment,
      t: now * MS,
      nodes: nodesInOrder(this.state)
        .filter((node) => whole || this.#touched.has(node.id))
        .map((node) => nodePatch(node, node.firstIndex)),
      whole,
      events: this.#fresh.map(eventView),
      leftOut: 0,
      recorderLagMillis: 0,
      recordingBytes: this.events.length * 40,
    })
    this.#fresh = []
    this.#touched.clear()
  }
}
