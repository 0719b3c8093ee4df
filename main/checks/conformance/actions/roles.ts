/** BecomeLeader, stepping down, and whom a server follows (Figure 4). */
import type { TimelineEvent } from '../../../node/contract/events'
import type { Finding } from '../conditions'
import { configurationOf, type Handling, handlingOf, hasMajority, type Spec, type SpecNode } from '../state'
import { mayStand } from './standing'

export function judgeRole(spec: Spec, node: SpecNode, event: TimelineEvent<'role'>): Finding | undefined {
  const { term, role } = event
  if (role === 'leader') return judgeLeader(spec, node, event)
  if (term !== node.currentTerm) {
    const condition = role === 'pre-candidate' ? 'pre-vote-term-stays' : 'role-term'
    return { condition, details: { term, currentTerm: node.currentTerm } }
  }
  switch (role) {
    case 'pre-candidate':
      if (node.role === 'leader') return { condition: 'timeout-not-leader', details: { term } }
      return mayStand(node) ? undefined : { condition: 'timeout-may-stand', details: { term } }
    case 'candidate':
      return judgeCandidate(spec, node, event)
    case 'follower':
    case 'learner':
      return judgeFollower(spec, node, event)
  }
}

function judgeCandidate(spec: Spec, node: SpecNode, event: TimelineEvent<'role'>): Finding | undefined {
  const { term, reason } = event
  if (node.votedFor !== node.id) {
    return { condition: 'candidate-votes-for-itself', details: { term, votedFor: node.votedFor } }
  }
  if (!spec.tellsMessages) return undefined
  const configuration = configurationOf(node)
  if (reason === 'pre-vote-won' && configuration !== undefined) {
    const promised = (voter: number) => voter === node.id || node.granted.has(voter)
    if (hasMajority(configuration, promised)) return undefined
    return { condition: 'pre-vote-majority', details: { term, ...shares(configuration, promised) } }
  }
  if (reason !== 'told-by-leader' || handlingOf(node, event)?.message === 'TimeoutNow') return undefined
  return { condition: 'told-by-leader', details: { term } }
}

/** A candidate that a majority of its configuration has voted for; its own vote counts when it is on disk. */
function judgeLeader(spec: Spec, node: SpecNode, { term }: TimelineEvent<'role'>): Finding | undefined {
  if (node.role !== 'candidate' || term !== node.currentTerm) {
    const details = { term, role: node.role, currentTerm: node.currentTerm }
    return { condition: 'leader-was-candidate', details }
  }
  const configuration = configurationOf(node)
  if (configuration === undefined) return undefined
  const isOwnDurable = node.disk.term === term && node.disk.vote === node.id
  const granted = (voter: number) => (voter === node.id ? isOwnDurable : !spec.tellsMessages || node.granted.has(voter))
  if (hasMajority(configuration, granted)) return undefined
  return { condition: 'leader-majority', details: { term, ...shares(configuration, granted) } }
}

function shares(
  { voters, outgoing }: NonNullable<ReturnType<typeof configurationOf>>,
  counts: (node: number) => boolean,
): { readonly of: string; readonly by: string } {
  const half = voters.filter(counts).length * 2 > voters.length ? outgoing : voters
  return { of: half.join(', '), by: half.filter(counts).join(', ') }
}

function judgeFollower(spec: Spec, node: SpecNode, event: TimelineEvent<'role'>): Finding | undefined {
  const { term, leader, reason } = event
  const handling = handlingOf(node, event)
  if (node.role === 'leader') {
    const placed = configurationOf(node)
    switch (reason) {
      case 'lost-quorum':
        return undefined
      case 'higher-term':
        if (!node.led.has(term)) return judgeHeard(spec, node, leader, handling)
        break
      case 'removed':
        if (placed === undefined || !placed.voters.includes(node.id)) {
          if (placed === undefined || placed.index <= node.commitIndex) return undefined
          const details = { term, index: placed.index, commitIndex: node.commitIndex }
          return { condition: 'removed-is-committed', details, proof: [placed.seq] }
        }
        break
      default:
    }
    return { condition: 'leader-steps-down', details: { term, reason } }
  }
  return leader === node.leader ? undefined : judgeHeard(spec, node, leader, handling)
}

/** Whom a server takes for its leader: a leader's own message of this term said so. */
export function judgeHeard(
  spec: Spec,
  node: SpecNode,
  leader: number,
  handling: Handling | undefined,
): Finding | undefined {
  if (leader === 0 || !spec.tellsMessages) return undefined
  const isHeard = handling?.peer === leader && handling.term === node.currentTerm && isFromLeader(handling)
  return isHeard ? undefined : { condition: 'leader-heard', details: { term: node.currentTerm, leader } }
}

function isFromLeader({ message }: Handling): boolean {
  switch (message) {
    case 'AppendEntries':
    case 'InstallSnapshot':
    case 'TimeoutNow':
    case 'ReadIndexReply':
      return true
    default:
      return false
  }
}
