/** UpdateTerm, Timeout and the granting of a vote: all that changes currentTerm and votedFor. */
import type { TimelineEvent } from '../../../node/contract/events'
import type { Finding } from '../conditions'
import { handlingOf, isUpToDate, type Spec, type SpecNode } from '../state'
import { mayStand } from './standing'

export function judgeHardState(spec: Spec, node: SpecNode, event: TimelineEvent<'hardState'>): Finding | undefined {
  const { currentTerm: term, votedFor } = event
  if (term < node.currentTerm) return { condition: 'term-grows', details: { before: node.currentTerm, term } }
  if (term > node.currentTerm && votedFor === node.id) return judgeTimeout(node, term)
  const heard = term > node.currentTerm ? judgeUpdateTerm(spec, node, event) : undefined
  if (heard !== undefined) return heard
  const given = term > node.currentTerm ? 0 : node.votedFor
  if (votedFor === given) return undefined
  if (given !== 0) return { condition: 'vote-once', details: { term, first: given, votedFor } }
  return judgeGrant(spec, node, event)
}

/** A server that times out goes to the next term, and votes for itself. */
function judgeTimeout(node: SpecNode, term: number): Finding | undefined {
  if (term !== node.currentTerm + 1) {
    return { condition: 'timeout-next-term', details: { before: node.currentTerm, term } }
  }
  if (node.role === 'leader') return { condition: 'timeout-not-leader', details: { term: node.currentTerm } }
  return mayStand(node) ? undefined : { condition: 'timeout-may-stand', details: { term } }
}

/** A later term comes with a message of that term. One that begins anew after it was removed knows its first one otherwise. */
function judgeUpdateTerm(spec: Spec, node: SpecNode, event: TimelineEvent<'hardState'>): Finding | undefined {
  if (!spec.tellsMessages || node.isFresh) return undefined
  const handling = handlingOf(node, event)
  if (handling !== undefined && handling.term === event.currentTerm && !isQuestion(handling)) return undefined
  return { condition: 'term-heard', details: { before: node.currentTerm, term: event.currentTerm } }
}

/** Nobody's term changes by being asked, or promised, a vote in the next one (D 9.6). */
function isQuestion({ message, said }: NonNullable<SpecNode['handling']>): boolean {
  return message === 'RequestPreVote' || (message === 'RequestPreVoteReply' && said?.ok === true)
}

function judgeGrant(spec: Spec, node: SpecNode, event: TimelineEvent<'hardState'>): Finding | undefined {
  if (!spec.tellsMessages) return undefined
  const { currentTerm: term, votedFor } = event
  const asked = handlingOf(node, event)
  if (asked?.message !== 'RequestVote' || asked.peer !== votedFor || asked.term !== term) {
    return { condition: 'vote-asked-for', details: { term, votedFor } }
  }
  const { said } = asked
  if (said === undefined || isUpToDate(node, said.index, said.logTerm)) return undefined
  const { last, lastTerm } = node.log
  const details = { term, votedFor, index: said.index, logTerm: said.logTerm, last, lastTerm }
  return { condition: 'vote-log-up-to-date', details, proof: [said.seq, asked.seq] }
}

/** Why a vote was refused: that must be so. */
export function judgeRefusal(node: SpecNode, event: TimelineEvent<'remark'>): Finding | undefined {
  const asked = handlingOf(node, event)
  if (asked?.message !== 'RequestVote') return undefined
  const { said } = asked
  const isSo = () => {
    switch (event.name) {
      case 'vote-refused-stale-term':
        return asked.term < node.currentTerm
      case 'vote-refused-already-voted':
        return node.votedFor !== 0 && node.votedFor !== asked.peer
      case 'vote-refused-log-behind':
        return said === undefined || !isUpToDate(node, said.index, said.logTerm)
      default:
        return true
    }
  }
  if (isSo()) return undefined
  const details = { reason: event.name, term: node.currentTerm, candidate: asked.peer, votedFor: node.votedFor }
  return { condition: 'vote-refusal-founded', details, proof: [asked.seq] }
}
