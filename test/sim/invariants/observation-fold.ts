import type { Configuration, NodeId, Observation, ProgressView, RaftStatus, Role } from '../../../main/raft'
import { membersOf, sameConfiguration } from '../../../main/raft/configuration'
import type { Invariant, StepView } from './invariant'
import { Violation } from './invariant'

interface Folded {
  role: Role
  leader: NodeId
  currentTerm: number
  votedFor: NodeId
  firstIndex: number
  lastIndex: number
  commitIndex: number
  configuration: Configuration
  progress: Map<NodeId, ProgressView>
}

/** Nothing happens off the record: the observations alone, folded, give the server's whole state. */
export class ObservationFold implements Invariant {
  readonly name = 'Observations tell all'
  readonly section = 'design, "Nothing happens off the record"'
  readonly #folded = new Map<NodeId, Folded>()

  afterStep({ node, before, after, effects }: StepView): void {
    const folded = (before && this.#folded.get(node)) ?? started(after)
    this.#folded.set(node, folded)
    for (const observation of effects.observations) fold(folded, observation, effects.write?.install?.keepsLog ?? false)
    const agrees =
      folded.role === after.role &&
      folded.leader === after.leader &&
      folded.currentTerm === after.currentTerm &&
      folded.votedFor === after.votedFor &&
      folded.firstIndex === after.firstIndex &&
      folded.lastIndex === after.lastIndex &&
      folded.commitIndex === after.commitIndex &&
      sameConfiguration(folded.configuration, after.configuration) &&
      folded.progress.size === after.progress.length &&
      after.progress.every((view) => sameProgress(folded.progress.get(view.peer), view))
    if (!agrees) throw new Violation(this, `node ${node} is ${json(after)}, but its observations say ${json(folded)}`)
  }
}

/** What a process reports by itself when it starts. */
function started({ currentTerm, votedFor, firstIndex, lastIndex, commitIndex, configuration }: RaftStatus): Folded {
  return {
    role: 'follower',
    leader: 0,
    currentTerm,
    votedFor,
    firstIndex,
    lastIndex,
    commitIndex,
    configuration,
    progress: new Map(),
  }
}

function fold(state: Folded, observation: Observation, keepsLog: boolean): void {
  switch (observation.kind) {
    case 'role':
      state.role = observation.role
      state.leader = observation.leader
      if (observation.role !== 'leader') state.progress.clear()
      break
    case 'leader':
      state.leader = observation.leader
      break
    case 'hardState':
      state.currentTerm = observation.currentTerm
      state.votedFor = observation.votedFor
      break
    case 'appended':
      state.lastIndex = observation.entries.at(-1)!.index
      break
    case 'truncated':
      state.lastIndex = observation.fromIndex - 1
      break
    case 'committed':
      state.commitIndex = observation.commitIndex
      break
    case 'progress':
      state.progress.set(observation.progress.peer, observation.progress)
      break
    case 'configuration':
      // The one that is committed now may have been followed by a newer one.
      if (observation.standing === 'committed') break
      state.configuration = observation.configuration
      for (const peer of state.progress.keys()) {
        if (!membersOf(observation.configuration).includes(peer)) state.progress.delete(peer)
      }
      break
    case 'compacted':
      state.firstIndex = observation.firstIndex
      break
    case 'snapshot':
      if (observation.stage !== 'installed') break
      state.firstIndex = observation.index + 1
      if (!keepsLog) state.lastIndex = observation.index
      break
    case 'timer':
    case 'read':
    case 'transfer':
    case 'remark':
      break
    default:
      observation satisfies never
  }
}

function sameProgress(a: ProgressView | undefined, b: ProgressView): boolean {
  return (
    a !== undefined &&
    a.matchIndex === b.matchIndex &&
    a.nextIndex === b.nextIndex &&
    a.state === b.state &&
    a.inFlight === b.inFlight
  )
}

function json(value: object): string {
  return JSON.stringify(value, (_, inner) => (inner instanceof Map ? [...inner.values()] : inner))
}
