/** Snapshots: taking note of one's own, and receiving one from the leader (§7, Figure 13). */
import type { Core } from './core'
import { invariant } from './invariant'
import { reconsiderRole } from './roles'
import type { Index, InstallSnapshot, NodeId, SnapshotMeta } from './types'

/** The state machine's own snapshot is durable: the log may forget what it covers, except for a little. */
export function snapshotSaved(core: Core, snapshot: SnapshotMeta): void {
  const { index, term, bytes } = snapshot
  invariant(index <= core.commitIndex, `a snapshot of ${index}, but only ${core.commitIndex} is committed`)
  if (index <= (core.snapshot?.index ?? 0)) return
  core.snapshot = snapshot
  core.observe({ kind: 'snapshot', stage: 'saved', index, term, bytes, offset: bytes, peer: core.id })
  const last = index - core.config.trailingEntries
  if (last > core.log.base.index) core.compact(last)
}

/** Follower: a chunk from this term's leader. What is known to be committed here needs no snapshot. */
export function handleInstallSnapshot(core: Core, request: InstallSnapshot): void {
  const { from, snapshot, offset, data, done, round } = request
  if (snapshot.index <= core.commitIndex) {
    core.remark('snapshot-already-covered', from, snapshot.index)
    replyInstalled(core, from, snapshot.index, round)
    return
  }
  core.store({ from, snapshot, offset, data, done })
}

/** InstallSnapshot of a term that is over: its sender learns so from the reply (§5.1). */
export function refuseStaleSnapshot(core: Core, { from, snapshot, round }: InstallSnapshot): void {
  core.remark('snapshot-refused-stale-term', from, snapshot.index)
  reply(core, from, snapshot.index, 0, round)
}

/** Follower: bytes up to `offset` are stored. */
export function chunkStored(core: Core, from: NodeId, snapshot: SnapshotMeta, offset: number): void {
  const { index, term, bytes } = snapshot
  core.observe({ kind: 'snapshot', stage: 'receiving', index, term, bytes, offset, peer: from })
  if (from === core.leader) reply(core, from, index, offset, 0)
}

/** Follower: all of it is stored and checked. It may have been overtaken by entries meanwhile. */
export function snapshotReceived(core: Core, from: NodeId, snapshot: SnapshotMeta): void {
  if (core.isLeader) return
  if (snapshot.index > core.commitIndex) {
    core.install(snapshot)
    reconsiderRole(core)
  } else {
    core.remark('snapshot-already-covered', from, snapshot.index)
  }
  if (from === core.leader) replyInstalled(core, from, snapshot.index, 0)
}

function replyInstalled(core: Core, to: NodeId, index: Index, round: number): void {
  core.send(
    {
      type: 'InstallSnapshotReply',
      from: core.id,
      to,
      term: core.currentTerm,
      index,
      offset: 0,
      installed: true,
      round,
    },
    'durable',
  )
}

function reply(core: Core, to: NodeId, index: Index, offset: number, round: number): void {
  core.send(
    {
      type: 'InstallSnapshotReply',
      from: core.id,
      to,
      term: core.currentTerm,
      index,
      offset,
      installed: false,
      round,
    },
    'durable',
  )
}
