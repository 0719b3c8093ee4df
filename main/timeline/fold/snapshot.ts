/** Snapshots: taken, on their way from a leader to a follower, and installed there. */
import type { TimelineEvent } from '../../node/contract/events'
import type { SnapshotTransfer } from '../state'
import type { MutableCluster, MutableNode } from './cluster'
import { compact, emptyLog, isPosition } from './log'

export function foldSnapshot(state: MutableCluster, node: MutableNode, event: TimelineEvent<'snapshot'>): void {
  const { index, term, bytes, offset, peer } = event
  const transfer: SnapshotTransfer = { peer, index, term, bytes, offset }
  switch (event.stage) {
    case 'saved':
      node.snapshot = { index, term, bytes }
      return
    case 'sending':
      noteSending(node, transfer)
      return
    case 'receiving':
      node.receiving = transfer
      return
    case 'installed':
      install(node, event)
      for (const other of state.nodes.values()) {
        if (other.sending.some(({ peer, index }) => peer === node.id && index <= event.index))
          endSending(other, node.id)
      }
      return
  }
}

function install(node: MutableNode, event: TimelineEvent<'snapshot'>): void {
  const { index, term, bytes } = event
  if (!isPosition(index)) return
  node.snapshot = { index, term, bytes }
  node.receiving = undefined
  if (event.keepsLog) {
    compact(node, index + 1, term)
  } else {
    // Until the next write the disk holds the old log, of which only that counts which was committed.
    node.durableIndex = Math.min(node.durableIndex, node.commitIndex)
    emptyLog(node, index + 1, term)
  }
  node.commitIndex = Math.max(node.commitIndex, index)
  node.lastApplied = Math.max(node.lastApplied, index)
}

function noteSending(node: MutableNode, transfer: SnapshotTransfer): void {
  endSending(node, transfer.peer)
  const place = node.sending.findIndex(({ peer }) => peer > transfer.peer)
  node.sending.splice(place === -1 ? node.sending.length : place, 0, transfer)
}

export function endSending(node: MutableNode, peer: number): void {
  node.sending = node.sending.filter((transfer) => transfer.peer !== peer)
}

export function foldCompacted(node: MutableNode, event: TimelineEvent<'compacted'>): void {
  compact(node, event.firstIndex, event.baseTerm)
  // What went is in a durable snapshot.
  node.durableIndex = Math.max(node.durableIndex, node.firstIndex - 1)
}
