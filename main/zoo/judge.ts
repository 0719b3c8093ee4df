/** Who finds what in everything that a cluster told: invariants, the specification, and whether its clients' calls are linearizable. */
import { ConformanceWatcher } from '../checks/conformance'
import { ClientHistoryReader } from '../checks/history/from-timeline'
import { InvariantWatcher } from '../checks/invariants'
import { checkParts } from '../checks/linearizability/check'
import { keyValue } from '../checks/models/key-value'
import type { ReportedEvent, TimelineEvent } from '../node/contract/events'
import { MERGE_RULE, Merge } from '../timeline/order/merge'

export interface Catch {
  readonly by: 'invariant' | 'linearizability' | 'conformance'
  /** The invariant, or the condition of the specification; of an illegal history: the key. */
  readonly what: string
  /** When it broke, seconds since the recording began. */
  readonly seconds: number
  readonly times: number
}

/** Of one key: more than enough for a script's few calls. */
const MOST_STEPS = 2_000_000

/** @param events of all reporters, each in its own order, to the end */
export async function judge(events: readonly ReportedEvent[]): Promise<readonly Catch[]> {
  const timeline = inOrder(events)
  const watcher = new InvariantWatcher()
  const conformance = new ConformanceWatcher()
  const reader = new ClientHistoryReader()
  for (const event of timeline) {
    watcher.take(event)
    conformance.take(event)
    reader.take(event)
  }
  const caught: Catch[] = []
  for (const { id, violations, found } of watcher.verdicts()) {
    const seq = violations[0]?.events.at(-1)
    if (seq === undefined) continue
    caught.push({ by: 'invariant', what: id, seconds: secondsAt(timeline, seq), times: found })
  }
  const { first, deviations } = conformance.verdict()
  if (first !== undefined) {
    caught.push({
      by: 'conformance',
      what: first.condition,
      seconds: secondsAt(timeline, first.seq),
      times: deviations,
    })
  }
  for await (const verdict of checkParts(keyValue, reader.finish().operations, { maxSteps: MOST_STEPS })) {
    if (verdict.outcome !== 'illegal') continue
    const last = Math.max(...verdict.core.map((at) => verdict.operations[at]?.place.answer ?? 0))
    caught.push({ by: 'linearizability', what: verdict.part, seconds: secondsAt(timeline, last), times: 1 })
  }
  return caught
}

function inOrder(events: readonly ReportedEvent[]): readonly TimelineEvent[] {
  const merge = new Merge(MERGE_RULE, [], 0)
  merge.push(events, 0)
  return merge.releaseAll().map((event, seq): TimelineEvent => ({ ...event, seq }))
}

const secondsAt = (timeline: readonly TimelineEvent[], seq: number): number => (timeline[seq]?.t ?? 0) / 1e9
