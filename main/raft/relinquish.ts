/** What a server lets go of when it, or the leader it followed, leads no more: whoever waits is told. */
import type { Core } from './core'
import type { NodeId } from './types'
import { NONE } from './types'

/** Nobody can answer these any more: the leader is another one, or none is known. */
export function abandonReads(core: Core): void {
  const { reads, leader } = core
  for (const { id, peer, by } of reads.waiting) {
    core.observe({ kind: 'read', stage: 'refused', by, index: 0, peer })
    if (peer === NONE) core.answerRead({ id, ok: false, reason: 'leader-changed', leader })
  }
  for (const { id } of reads.forwarded.values()) {
    core.observe({ kind: 'read', stage: 'refused', by: 'index', index: 0, peer: NONE })
    core.answerRead({ id, ok: false, reason: 'leader-changed', leader })
  }
  reads.waiting = []
  reads.starts = []
  reads.round = 0
  reads.forwarded.clear()
}

/** The leader is none any more. `isNewTerm`: somebody stood for election, the target if it was told to. */
export function endTransfer(core: Core, isNewTerm: boolean): void {
  const { transfer } = core
  if (transfer === undefined) return
  core.transfer = undefined
  const { id, target } = transfer
  const isDone = transfer.isTold && isNewTerm
  core.observe({ kind: 'transfer', stage: isDone ? 'done' : 'aborted', target })
  if (id === undefined) return
  if (isDone) core.answerRequest({ id, ok: true, index: 0 })
  else core.answerRequest({ id, ok: false, reason: 'leadership-lost', node: target, leader: NONE })
}

/** The leader is replaced before its change was committed: nobody knows yet what becomes of it. */
export function abandonChange(core: Core, leader: NodeId): void {
  if (core.change === undefined) return
  core.answerRequest({ id: core.change.id, ok: false, reason: 'leadership-lost', node: NONE, leader })
  core.change = undefined
}
