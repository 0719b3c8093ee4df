/** What changes of the membership keep to. */
import type { TimelineEvent } from '../../node/contract/events'
import type { NodeState } from '../../timeline'
import type { Invariant } from './invariant'

const idsOf = (text: string): readonly number[] => (text === '' ? [] : text.split(',').map(Number))
const same = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join()

/**
 * §6; D 4.1 to 4.3: a leader adds a configuration only when the one before is committed, and old and new have no two majorities apart:
 * one voter more or less, or by way of both at once.
 */
export const oneChangeAtATime: Invariant = {
  id: 'one-change-at-a-time',
  section: '6',
  watch() {
    /** The event of each node's latest configuration. */
    const seqs = new Map<number, number>()
    return {
      before(event, state) {
        if (event.kind !== 'configuration') return undefined
        const known = seqs.get(event.node)
        seqs.set(event.node, event.seq)
        const node = state.nodes.get(event.node)
        if (event.standing !== 'appended' || node?.role !== 'leader' || node.configuration === undefined)
          return undefined
        if (node.configurationIndex >= event.index) return undefined
        const rule = brokenRule(node, event)
        if (rule === undefined) return undefined
        const { voters, outgoing } = node.configuration
        const details = {
          rule,
          node: node.id,
          index: event.index,
          before: node.configurationIndex,
          old: spell(voters, outgoing),
          new: spell(idsOf(event.voters), idsOf(event.outgoing)),
        }
        return {
          invariant: 'one-change-at-a-time',
          events: known === undefined ? [event.seq] : [known, event.seq],
          details,
        }
      },
    }
  },
}

function brokenRule(node: NodeState, event: TimelineEvent<'configuration'>): 'uncommitted' | 'apart' | undefined {
  const before = node.configuration
  if (before === undefined) return undefined
  if (!node.configurationCommitted) return 'uncommitted'
  const voters = idsOf(event.voters)
  const outgoing = idsOf(event.outgoing)
  if (outgoing.length > 0) return same(outgoing, before.voters) ? undefined : 'apart'
  if (before.outgoing.length > 0) return same(voters, before.voters) ? undefined : 'apart'
  const changed =
    voters.filter((id) => !before.voters.includes(id)).length +
    before.voters.filter((id) => !voters.includes(id)).length
  return changed <= 1 ? undefined : 'apart'
}

function spell(voters: readonly number[], outgoing: readonly number[]): string {
  return outgoing.length === 0 ? voters.join(', ') : `${outgoing.join(', ')} → ${voters.join(', ')}`
}
