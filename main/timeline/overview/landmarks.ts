/**
 * The events that a picture of any length needs whole: what a lane's role, term and process follow from, and what is marked
 * or lasts. They are few. All others are counted.
 */
import type { EventKind, TimelineEvent } from '../../node/contract/events'

/** What a node was from then on: of many in a short time only the last counts. */
const STANDING: ReadonlySet<EventKind> = new Set<EventKind>(['started', 'role', 'hardState', 'process'])
/** What has a beginning and an end. */
const LASTING: ReadonlySet<EventKind> = new Set<EventKind>(['fault', 'stop', 'operation', 'nemesis', 'workload'])
const INSTANT: ReadonlySet<EventKind> = new Set<EventKind>([
  'truncated',
  'trouble',
  'snapshot',
  'configuration',
  'transfer',
  'clock',
  'struck',
  'breakpoint',
  'foreign',
  'gap',
  'note',
])

export function mayBeLandmark(kind: EventKind): boolean {
  return STANDING.has(kind) || LASTING.has(kind) || INSTANT.has(kind)
}

/** Of some kinds only some are marked on a lane. */
export function isLandmark(event: TimelineEvent): boolean {
  switch (event.kind) {
    case 'snapshot':
      return event.stage === 'saved' || event.stage === 'installed'
    case 'configuration':
      return event.index > 0 && (event.standing === 'appended' || event.standing === 'rolled-back')
    case 'transfer':
      return event.stage === 'started'
    case 'clock':
      return event.cause === 'fired' || event.cause === 'jumped'
    case 'stop':
      return event.action !== 'stepping'
    case 'nemesis':
      return event.action !== 'step'
    default:
      return mayBeLandmark(event.kind)
  }
}

/** Whose lane it is about. */
function subjectOf(event: TimelineEvent): number {
  return event.kind === 'process' ? event.subject : event.node
}

/** Names what lasts; undefined: it does not. One end of it bears the same name as its beginning. */
function lastingName(event: TimelineEvent): string | undefined {
  switch (event.kind) {
    case 'fault':
    case 'operation':
    case 'nemesis':
    case 'workload':
      return `${event.kind} ${event.id}`
    case 'stop':
      return 'stop'
    default:
      return undefined
  }
}

function begins(event: TimelineEvent): boolean {
  switch (event.kind) {
    case 'fault':
    case 'operation':
    case 'nemesis':
    case 'workload':
      return event.action === 'begin'
    case 'stop':
      return event.action === 'stopped'
    default:
      return false
  }
}

/**
 * What of the past still shows at its end: each node's last word about its role, term and process, and the beginning of
 * everything that goes on. In order.
 */
export function standingAt(past: Iterable<TimelineEvent>): TimelineEvent[] {
  const last = new Map<string, TimelineEvent>()
  for (const event of past) {
    if (STANDING.has(event.kind)) {
      last.set(`${event.kind} ${subjectOf(event)}`, event)
      continue
    }
    const name = lastingName(event)
    if (name === undefined) continue
    if (begins(event)) last.set(name, event)
    else last.delete(name)
  }
  return [...last.values()].sort((a, b) => a.seq - b.seq)
}

/**
 * At most so much in any `slot` of time (nanoseconds): each node's last word of a kind about what it is, one mark of a
 * kind, and of what begins and ends within the slot the first. What remains still gives the same lanes at the end of each
 * slot.
 */
export function thinned(events: readonly TimelineEvent[], slot: number): TimelineEvent[] {
  const slotOf = (event: TimelineEvent) => Math.floor(event.t / slot)
  const ends = new Map<TimelineEvent, TimelineEvent>()
  const open = new Map<string, TimelineEvent>()
  for (const event of events) {
    const name = lastingName(event)
    if (name === undefined) continue
    const begun = open.get(name)
    if (begun !== undefined) {
      ends.set(begun, event)
      open.delete(name)
    }
    if (begins(event)) open.set(name, event)
  }
  const kept = new Map<string, TimelineEvent>()
  const dropped = new Set<TimelineEvent>()
  for (const event of events) {
    if (dropped.has(event)) continue
    const name = lastingName(event)
    if (name !== undefined) {
      const end = ends.get(event)
      const brief = end !== undefined && slotOf(end) === slotOf(event)
      const key = `${event.kind} ${slotOf(event)}`
      if (brief && kept.has(key)) {
        // Its end may be the beginning of the next one of its name, as with stops: then it stays.
        if (!begins(end)) dropped.add(end)
        continue
      }
      kept.set(brief ? key : `${event.seq}`, event)
      continue
    }
    const key = `${event.kind} ${subjectOf(event)} ${slotOf(event)}`
    if (STANDING.has(event.kind) || !kept.has(key)) {
      kept.delete(key)
      kept.set(key, event)
    }
  }
  return [...kept.values()].sort((a, b) => a.seq - b.seq)
}
