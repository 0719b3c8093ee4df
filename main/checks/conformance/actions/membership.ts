/** Changes of the configuration, as a leader makes them (§6; D 4.1 with the correction of 2015). */
import type { TimelineEvent } from '../../../node/contract/events'
import type { Finding } from '../conditions'
import { configurationOf, idsOf, type Placed, type SpecNode } from '../state'

export function judgeConfiguration(node: SpecNode, event: TimelineEvent<'configuration'>): Finding | undefined {
  const { index, standing } = event
  const before = configurationOf(node)
  if (index > node.log.last) return { condition: 'change-in-log', details: { index, last: node.log.last } }
  if (standing !== 'appended' || node.role !== 'leader' || before === undefined || before.index >= index)
    return undefined
  const proof = [before.seq]
  if (before.index > node.commitIndex) {
    const details = { index, before: before.index, commitIndex: node.commitIndex }
    return { condition: 'change-one-at-a-time', details, proof }
  }
  if (node.log.termAt(node.commitIndex) !== node.currentTerm) {
    const details = { index, term: node.currentTerm, commitIndex: node.commitIndex }
    return { condition: 'change-after-own-commit', details }
  }
  const next = { voters: idsOf(event.voters), outgoing: idsOf(event.outgoing) }
  if (majoritiesMeet(before, next)) return undefined
  return { condition: 'change-majorities-meet', details: { index, old: spell(before), new: spell(next) }, proof }
}

/** One voter more or less, or by way of both at once. */
function majoritiesMeet(
  before: Pick<Placed, 'voters' | 'outgoing'>,
  next: Pick<Placed, 'voters' | 'outgoing'>,
): boolean {
  if (next.outgoing.length > 0) return before.outgoing.length === 0 && same(next.outgoing, before.voters)
  if (before.outgoing.length > 0) return same(next.voters, before.voters)
  const isIn = (voters: readonly number[]) => (voter: number) => voters.includes(voter)
  const common = next.voters.filter(isIn(before.voters)).length
  return next.voters.length + before.voters.length - 2 * common <= 1
}

const same = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join()

function spell({ voters, outgoing }: Pick<Placed, 'voters' | 'outgoing'>): string {
  return outgoing.length === 0 ? voters.join(', ') : `${outgoing.join(', ')} → ${voters.join(', ')}`
}
