/**
 * Nodes arrive anew many times a second although little of what is drawn changes: timers and process readings do. These
 * keep their identity until something that a picture shows is different, so that nothing is rendered in vain.
 */
import type { Configuration, NodeView, ProgressView, SnapshotTransfer } from '../../../preload/contract'

function sameProgress(a: readonly ProgressView[], b: readonly ProgressView[]): boolean {
  return (
    a === b ||
    (a.length === b.length &&
      a.every((mine, i) => {
        const theirs = b[i]
        return (
          theirs !== undefined &&
          mine.peer === theirs.peer &&
          mine.matchIndex === theirs.matchIndex &&
          mine.nextIndex === theirs.nextIndex &&
          mine.state === theirs.state &&
          mine.inFlight === theirs.inFlight
        )
      }))
  )
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((id, i) => id === b[i]))
}

function sameConfiguration(a: Configuration | null, b: Configuration | null): boolean {
  if (a === null || b === null) return a === b
  return (
    a === b ||
    (sameIds(a.voters, b.voters) &&
      sameIds(a.outgoing, b.outgoing) &&
      sameIds(a.learners, b.learners) &&
      sameIds(a.learnersNext, b.learnersNext) &&
      sameIds(a.witnesses, b.witnesses))
  )
}

function sameTransfer(a: SnapshotTransfer | null, b: SnapshotTransfer | null): boolean {
  if (a === null || b === null) return a === b
  return a.peer === b.peer && a.index === b.index && a.offset === b.offset
}

/** Whether both look alike in the ring and in the logs; deadlines and process readings aside. */
function looksAlike(a: NodeView, b: NodeView): boolean {
  return (
    a.id === b.id &&
    a.role === b.role &&
    a.leader === b.leader &&
    a.currentTerm === b.currentTerm &&
    a.commitIndex === b.commitIndex &&
    a.lastApplied === b.lastApplied &&
    a.roleSince === b.roleSince &&
    a.timerDuration > 0 === b.timerDuration > 0 &&
    a.process.standing === b.process.standing &&
    a.clock.mode === b.clock.mode &&
    a.clock.rate === b.clock.rate &&
    a.heldCount === b.heldCount &&
    a.log.firstIndex === b.log.firstIndex &&
    a.log.lastIndex === b.log.lastIndex &&
    a.log.durableIndex === b.log.durableIndex &&
    a.log.entries === b.log.entries &&
    a.isQuiescent === b.isQuiescent &&
    a.transferTarget === b.transferTarget &&
    a.configurationIndex === b.configurationIndex &&
    a.configurationCommitted === b.configurationCommitted &&
    sameConfiguration(a.configuration, b.configuration) &&
    sameTransfer(a.receiving, b.receiving) &&
    sameProgress(a.progress, b.progress)
  )
}

/** `now` with the objects of `before` where they look alike; `before` itself when all of them do. */
export function settled(before: readonly NodeView[] | undefined, now: readonly NodeView[]): readonly NodeView[] {
  if (before === undefined) return now
  const byId = new Map(before.map((node) => [node.id, node]))
  const kept = now.map((node) => {
    const known = byId.get(node.id)
    return known !== undefined && looksAlike(known, node) ? known : node
  })
  return kept.length === before.length && kept.every((node, i) => node === before[i]) ? before : kept
}
