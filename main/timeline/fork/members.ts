/** Who belonged to the cluster at a moment, and what each one was. */
import { decodeConfiguration } from '../../node/contract/configuration'
import type { ForkImage } from '../../node/contract/disk-image'
import type { Configuration, Entry, Index, MemberRole } from '../../raft/types'
import type { TimelineSource } from '../api'
import { idsOf } from '../fold/membership'
import type { ClusterState, NodeState } from '../state'

/** A recording of a cluster from its first start tells its first configuration within so many events. */
const EARLY_EVENTS = 20_000

export function isPresent({ process }: NodeState): boolean {
  return process.standing !== 'removed'
}

export function presentIn({ nodes }: ClusterState): readonly NodeState[] {
  return [...nodes.values()].filter(isPresent)
}

/** The newest configuration that any node goes by; undefined while none has said so. */
export function newestConfiguration(state: ClusterState): NodeState | undefined {
  return presentIn(state)
    .filter(({ configuration }) => configuration !== undefined)
    .toSorted((a, b) => b.configurationIndex - a.configurationIndex || b.commitIndex - a.commitIndex)[0]
}

/**
 * The configuration at index 0, which the first members go by until their log says otherwise: as some node tells it; undefined
 * when none does, since this recording began after the cluster had got another.
 */
export async function firstConfiguration(
  source: TimelineSource,
  state: ClusterState,
): Promise<ForkImage['first'] | undefined> {
  for (const { configuration, configurationIndex } of presentIn(state)) {
    if (configuration !== undefined && configurationIndex === 0 && configuration.voters.length > 0) return configuration
  }
  let seen = 0
  for await (const events of source.scan({})) {
    for (const event of events) {
      if (event.kind !== 'configuration' || event.index !== 0 || event.voters === '') continue
      return { voters: idsOf(event.voters), witnesses: idsOf(event.witnesses) }
    }
    seen += events.length
    if (seen > EARLY_EVENTS) break
  }
  return undefined
}

/** The configuration that holds at `index` by what stands in this log; undefined when it is an earlier one. */
export function configurationAt(entries: readonly Entry[], index: Index): Configuration | undefined {
  const entry = entries.findLast((one) => one.type === 'config' && one.index <= index)
  return entry === undefined ? undefined : decodeConfiguration(entry.data)
}

/** `none`: it belongs to nobody's configuration (yet, or any more). */
export function roleOf(configuration: Configuration | undefined, node: number): MemberRole | 'none' {
  if (configuration === undefined) return 'none'
  const { voters, outgoing, learners, learnersNext, witnesses } = configuration
  if (witnesses.includes(node)) return 'witness'
  if (voters.includes(node) || outgoing.includes(node)) return 'voter'
  return learners.includes(node) || learnersNext.includes(node) ? 'learner' : 'none'
}

/** Each of these halves needs a majority of its own. */
export function halvesOf({ voters, outgoing }: Configuration): readonly (readonly number[])[] {
  return outgoing.length > 0 ? [voters, outgoing] : [voters]
}
