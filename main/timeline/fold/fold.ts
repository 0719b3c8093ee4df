/** The fold: a state and the next event give the next state. Deterministic; nothing else knows what events mean. */
import type { EventKind, TimelineEvent } from '../../node/contract/events'
import { type MutableCluster, nodeOf } from './cluster'
import { foldClock, foldLink, foldRules } from './conditions'
import { foldHeld, foldMoved, foldReleased } from './held'
import { foldLoad, foldNemesis, foldWorkload } from './load'
import { foldAppended, foldTruncated } from './log'
import { foldCommitted, foldConfiguration, foldTransfer } from './membership'
import { foldPersisted, foldProgress, foldRemark, foldRole, foldStarted, foldTimer } from './node'
import { foldCompacted, foldSnapshot } from './snapshot'
import { foldBreakpoint, foldStop, foldWatch } from './stop'
import { foldAnswer, foldFault, foldInvoke, foldOperation, foldProcess } from './workbench'

/** Part of the story, not of any state: with these the state only comes to its next moment. */
const STORY = [
  'read',
  'sent',
  'received',
  'dropped',
  'copied',
  'struck',
  'note',
  'output',
  'closing',
] as const satisfies readonly EventKind[]

/** Does an event of this kind change more of a state than the moment that it is of? */
export function changesState(kind: EventKind): boolean {
  return !STORY.some((one) => one === kind)
}

/** All that an event does that is only part of the story: for those who do not even read its fields. */
export function foldStory(
  state: MutableCluster,
  { seq, node, n, t }: Pick<TimelineEvent, 'seq' | 'node' | 'n' | 't'>,
): void {
  state.seq = seq + 1
  if (t > state.t) state.t = t
  const reporter = node === 0 ? undefined : state.nodes.get(node)
  if (reporter === undefined) return
  reporter.lastN = n
  reporter.lastSeq = seq
}

function assertNever(event: never): never {
  throw new TypeError(`no such event: ${JSON.stringify(event)}`)
}

/**
 * Changes `state` to what it is after `event`. Events come in the order of `seq`. `state.t` never goes back: an event
 * that was reported late has an earlier `t` than the moment at which it took its place.
 */
export function fold(state: MutableCluster, event: TimelineEvent): void {
  change(state, event)
  foldStory(state, event)
}

function change(state: MutableCluster, event: TimelineEvent): void {
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
      foldCommitted(nodeOf(state, event.node), event)
      return
    case 'applied':
      nodeOf(state, event.node).lastApplied = event.lastApplied
      return
    case 'timer':
      foldTimer(nodeOf(state, event.node), event)
      return
    case 'remark':
      foldRemark(nodeOf(state, event.node), event)
      return
    case 'configuration':
      foldConfiguration(nodeOf(state, event.node), event)
      return
    case 'snapshot':
      foldSnapshot(state, nodeOf(state, event.node), event)
      return
    case 'compacted':
      foldCompacted(nodeOf(state, event.node), event)
      return
    case 'transfer':
      foldTransfer(nodeOf(state, event.node), event)
      return
    case 'sessions':
      nodeOf(state, event.node).sessions = event.open
      return
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
      state.settings = event.settings
      return
    case 'process':
      foldProcess(state, event)
      return
    case 'link':
      foldLink(state, event)
      return
    case 'rules':
      foldRules(state, event)
      return
    case 'clock':
      foldClock(nodeOf(state, event.node), event)
      return
    case 'held':
      foldHeld(nodeOf(state, event.node), event)
      return
    case 'released':
      foldReleased(nodeOf(state, event.node), event)
      return
    case 'moved':
      foldMoved(nodeOf(state, event.node), event)
      return
    case 'watch':
      foldWatch(state, event)
      return
    case 'breakpoint':
      foldBreakpoint(state, nodeOf(state, event.node), event)
      return
    case 'stop':
      foldStop(state, event)
      return
    case 'nemesis':
      foldNemesis(state, event)
      return
    case 'workload':
      foldWorkload(state, event)
      return
    case 'load':
      foldLoad(state, event)
      return
    case 'fault':
      foldFault(state, event)
      return
    case 'invoke':
      foldInvoke(state, event)
      return
    case 'answer':
      foldAnswer(state, event)
      return
    case 'operation':
      foldOperation(state, event)
      return
    case 'foreign':
      // All that is known of it: it is there.
      nodeOf(state, event.node)
      return
    case 'gap':
      state.shed += event.shed
      return
    case 'read':
    case 'sent':
    case 'received':
    case 'dropped':
    case 'copied':
    case 'struck':
    case 'note':
    case 'output':
    case 'closing':
      return
    default:
      assertNever(event)
  }
}
