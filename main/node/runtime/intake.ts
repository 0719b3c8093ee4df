/** What clients ask in one turn, sorted out: what is refused at once, what is read, and what goes into the log. */
import type { NodeId, ProposalResult } from '../../raft/types'
import { opOf } from '../contract/command'
import { Problem } from '../contract/problem'
import type { ClusterSettings } from '../contract/settings'
import { refusal } from '../kv/limits'
import type { Call } from './call'

export interface Sorted {
  /** For the log, as one proposal of many commands. */
  readonly proposed: readonly Call[]
  /** Linearizable reads without an entry. */
  readonly byIndex: readonly Call[]
  readonly byLease: readonly Call[]
  /** Reads of whatever there is. */
  readonly stale: readonly Call[]
}

/** Answers what needs no work. `waiting`: the calls that wait already; with more than may wait, the rest is refused. */
export function sortOut(
  calls: readonly Call[],
  waiting: number,
  node: number,
  { maxWaitingCalls, sessions }: Pick<ClusterSettings, 'maxWaitingCalls' | 'sessions'>,
): Sorted {
  const proposed: Call[] = []
  const byIndex: Call[] = []
  const byLease: Call[] = []
  const stale: Call[] = []
  for (const call of calls) {
    const { request } = call
    const count = waiting + proposed.length + byIndex.length + byLease.length
    if (count >= maxWaitingCalls) {
      call.refused(new Problem('node-busy', { node: String(node), waiting: count }))
      continue
    }
    const problem = refusal(request)
    if (problem !== undefined) {
      call.refused(problem)
      continue
    }
    const op = opOf(request)
    // Session 0, which is none: everything is executed as often as it arrives.
    if (op === 'open-session' && !sessions) call.waived()
    else if (op !== 'get' || request.consistency === 'log') proposed.push(call)
    else if (request.consistency === 'index') byIndex.push(call)
    else if (request.consistency === 'lease') byLease.push(call)
    else stale.push(call)
  }
  return { proposed, byIndex, byLease, stale }
}

/** What the refusal of a proposal is to the client. `uncommitted`, `max`: bytes that wait for a majority, and may. */
export function refuse(
  call: Call,
  { reason, leader }: Extract<ProposalResult, { readonly accepted: false }>,
  { node, uncommitted, max }: { readonly node: NodeId; readonly uncommitted: number; readonly max: number },
): void {
  switch (reason) {
    case 'not-leader':
      call.notLeader(leader)
      break
    case 'transferring':
      // Who leads next is not known yet.
      call.notLeader(leader === node ? 0 : leader)
      break
    case 'uncommitted-limit':
      call.refused(new Problem('cluster-busy', { bytes: uncommitted, max }))
      break
    default:
      reason satisfies never
  }
}
