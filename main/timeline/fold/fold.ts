/** The fold: a state and the next event give the next state. Deterministic; nothing else knows what events mean. */
import type { TimelineEvent } from '../../node/contract/events'
import { type MutableCluster, nodeOf } from './cluster'
import { foldAppended, foldPersisted, foldProgress, foldRole, foldStarted, foldTruncated } from './node'
import { foldAnswer, foldFault, foldInvoke, foldProcess } from './workbench'

/** `from → to` as one number, the form of `ClusterState.blocked`. */
export function linkOf(from: number, to: number): number {
  return from * 65_536 + to
}

function assertNever(event: never): never {
  throw new TypeError(`no such event: ${JSON.stringify(event)}`)
}

/**
 * Changes `state` to what it is after `event`. Events come in the order of `seq`. `state.t` never goes back: an event
 * that was reported late has an earlier `t` than the moment at which it took its place.
 */
export function fold(state: MutableCluster, event: TimelineEvent): void {
  state.seq = event.seq + 1
  if (event.t > state.t) state.t = event.t
  switch (event.kind) {
    case 'started':
      foldStarted(nodeOf(state, event.node), event)
      return
    case 'role':
      foldRole(nodeOf(state, event.node), event)
      return
    case 'leader':
      nodeOf(state, event.node).leader = event.leader
      return
    case 'hardState': {
      const node = nodeOf(state, event.node)
      node.currentTerm = event.currentTerm
      node.votedFor = event.votedFor
      return
    }
    case 'appended':
      foldAppended(state, nodeOf(state, event.node), event)
      return
    case 'truncated':
      foldTruncated(nodeOf(state, event.node), event)
      return
    case 'persisted':
      foldPersisted(nodeOf(state, event.node), event)
      return
    case 'committed':
      nodeOf(state, event.node).commitIndex = event.commitIndex
      return
    case 'applied':
      nodeOf(state, event.node).lastApplied = event.lastApplied
      return
    case 'timer': {
      const node = nodeOf(state, event.node)
      if (node.role === 'leader') return
      node.deadline = event.deadline
      node.timerDuration = event.duration
      return
    }
    case 'progress':
      foldProgress(nodeOf(state, event.node), event)
      return
    case 'stats': {
      const process = nodeOf(state, event.node).process
      process.rss = event.rss
      process.cpuMicros = event.cpuMicros
      process.fsyncMicros = event.fsyncMicros
      return
    }
    case 'trouble':
      nodeOf(state, event.node).process.trouble =
        event.detail === '' ? event.problem : `${event.problem}: ${event.detail}`
      return
    case 'cluster':
      state.id = event.id
      state.name = event.name
      return
    case 'process':
      foldProcess(state, event)
      return
    case 'link': {
      const link = linkOf(event.from, event.to)
      if (event.blocked) state.blocked.add(link)
      else state.blocked.delete(link)
      return
    }
    case 'fault':
      foldFault(state, event)
      return
    case 'invoke':
      foldInvoke(state, event)
      return
    case 'answer':
      foldAnswer(state, event)
      return
    case 'gap':
      state.shed += event.shed
      return
    case 'remark':
    case 'sent':
    case 'received':
    case 'dropped':
    case 'note':
    case 'output':
    case 'closing':
      return
    default:
      assertNever(event)
  }
}
