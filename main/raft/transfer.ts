/** Handing leadership over (dissertation §3.10), on request or to a server with a higher priority. */
import { isWitness } from './configuration'
import type { Core } from './core'
import { priorityOf } from './eligibility'
import type { Progress } from './progress'
import { sendEntries } from './sending'
import type { Millis, NodeId, TransferRefusal } from './types'
import { NONE } from './types'

/** After a failed hand-over by priority, the next is tried so many election timeouts later. */
const RETRY_TIMEOUTS = 10

export interface TransferState {
  /** Who asked; undefined = the priorities. */
  readonly id: number | undefined
  readonly target: NodeId
  /** The leader leads on if it is still there then. */
  readonly deadline: Millis
  isTold: boolean
}

/** An operator's request. `target` NONE: whoever is best. */
export function requestTransfer(core: Core, id: number, wanted: NodeId): void {
  const target = wanted === NONE && core.isLeader ? bestSuccessor(core) : wanted
  const reason = reasonToRefuse(core, target)
  if (reason !== undefined) core.answerRequest({ id, ok: false, reason, node: target, leader: core.leader })
  else begin(core, id, target)
}

/** The target may have caught up: then it is told to stand, and not before (redpanda#2606). */
export function advanceTransfer(core: Core): void {
  const { transfer } = core
  if (transfer === undefined || transfer.isTold) return
  if (core.progress.get(transfer.target)?.matchIndex !== core.log.lastIndex) return
  transfer.isTold = true
  // From here on somebody may win an election that no lease holds up (tikv#1593).
  core.reads.leaseIsVoid = true
  core.observe({ kind: 'transfer', stage: 'told', target: transfer.target })
  core.send({ type: 'TimeoutNow', from: core.id, to: transfer.target, term: core.currentTerm }, 'now')
}

/** With every heartbeat: gives up what takes too long, and looks for somebody who should rather lead. */
export function reviewTransfer(core: Core): void {
  const { transfer } = core
  if (transfer !== undefined) {
    if (core.now >= transfer.deadline || !core.progress.has(transfer.target)) abort(core, transfer)
    return
  }
  if (core.config.priorities.size === 0 || core.now < core.nextPriorityCheck) return
  const own = priorityOf(core, core.id)
  const target = successors(core).find(({ peer }) => priorityOf(core, peer) > own)
  if (target !== undefined && isClose(core, target)) begin(core, undefined, target.peer)
}

/** Who could take over with the least delay: reachable, of high priority, far in the log. NONE when nobody could. */
export function bestSuccessor(core: Core): NodeId {
  return successors(core)[0]?.peer ?? NONE
}

function begin(core: Core, id: number | undefined, target: NodeId): void {
  core.transfer = { id, target, deadline: core.now + core.config.electionTimeout, isTold: false }
  core.observe({ kind: 'transfer', stage: 'started', target })
  const progress = core.progress.get(target)
  if (progress !== undefined) sendEntries(core, progress)
  advanceTransfer(core)
}

function abort(core: Core, { id, target }: TransferState): void {
  core.transfer = undefined
  core.nextPriorityCheck = core.now + RETRY_TIMEOUTS * core.config.electionTimeout
  core.observe({ kind: 'transfer', stage: 'aborted', target })
  if (id !== undefined) core.answerRequest({ id, ok: false, reason: 'timed-out', node: target, leader: core.id })
}

function reasonToRefuse(core: Core, target: NodeId): TransferRefusal | undefined {
  if (!core.isLeader) return 'not-leader'
  if (core.transfer !== undefined) return 'transferring'
  if (target === core.id) return 'already-leader'
  if (target === NONE) return 'target-unreachable'
  const progress = core.progress.get(target)
  if (progress === undefined) return 'unknown-node'
  if (!core.configuration.voters.includes(target)) return 'not-a-voter'
  if (isWitness(core.configuration, target)) return 'witness'
  if (!isHeard(core, progress)) return 'target-unreachable'
  return isClose(core, progress) ? undefined : 'target-behind'
}

/** Voters that could lead now, the best first. */
function successors(core: Core): readonly Progress[] {
  return [...core.progress.values()]
    .filter(
      (progress) =>
        core.configuration.voters.includes(progress.peer) &&
        !isWitness(core.configuration, progress.peer) &&
        priorityOf(core, progress.peer) > 0 &&
        isHeard(core, progress),
    )
    .sort(
      (a, b) => priorityOf(core, b.peer) - priorityOf(core, a.peer) || b.matchIndex - a.matchIndex || a.peer - b.peer,
    )
}

function isHeard(core: Core, { lastHeard }: Progress): boolean {
  return core.now - lastHeard < core.config.electionTimeout
}

function isClose(core: Core, { state, matchIndex }: Progress): boolean {
  return state === 'replicate' && core.log.lastIndex - matchIndex <= core.config.maxCatchUpLag
}
