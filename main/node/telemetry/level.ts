/** How much a node tells: which kinds of events are recorded at which level of `settings.telemetry`. */
import { EVENT_KINDS, type EventKind } from '../contract/events'
import type { ClusterSettings } from '../contract/settings'

export type TelemetryLevel = ClusterSettings['telemetry']

const ALWAYS: ReadonlySet<EventKind> = new Set<EventKind>(['started', 'trouble', 'stats', 'gap', 'struck'])
/** What moves without changing what a node holds, decides or knows. */
const MOVEMENTS: ReadonlySet<EventKind> = new Set<EventKind>([
  'sent',
  'received',
  'dropped',
  'remark',
  'timer',
  'progress',
  'read',
])

export function kindsAt(level: TelemetryLevel): ReadonlySet<EventKind> {
  switch (level) {
    case 'off':
      return ALWAYS
    case 'state':
      return new Set(EVENT_KINDS.filter((kind) => !MOVEMENTS.has(kind)))
    case 'message':
    case 'entry':
      return new Set(EVENT_KINDS)
  }
}
