/** What a recording does not know because of the level that its nodes reported at. Pure. */
import type { ClusterSettings } from '../../../preload/contract'

type Level = ClusterSettings['telemetry']
const ORDER: readonly Level[] = ['off', 'state', 'message', 'entry']

/** The level that was recorded at, when it is below the one that is needed; else nothing. */
export function levelLacks(level: Level | undefined, needed: Level): Level | '' {
  return level !== undefined && ORDER.indexOf(level) < ORDER.indexOf(needed) ? level : ''
}
