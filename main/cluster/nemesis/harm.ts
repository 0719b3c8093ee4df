/** What of a nemesis takes a node away from the cluster, and how much of that a cluster can bear. */
import type { NemesisDeed, NemesisPlan } from './types'

/** Its node is down, stands still, is damaged, or is no full member, until the deed ends. */
export function harms(deed: NemesisDeed): boolean {
  switch (deed.type) {
    case 'kill':
    case 'stop':
    case 'pause':
    case 'flip-bit':
    case 'demote':
    case 'wipe':
      return true
    case 'arm':
      return deed.fault.type !== 'slow-disk'
    case 'partition':
    case 'isolate':
    case 'links':
    case 'clock-rate':
    case 'clock-jump':
    case 'fire':
    case 'transfer':
      return false
  }
}

/** Nodes that may be harmed at the same time: what the plan says, else a minority. */
export function mostDown({ maxDown }: NemesisPlan, nodes: number): number {
  return maxDown ?? Math.max(0, Math.floor((nodes - 1) / 2))
}
