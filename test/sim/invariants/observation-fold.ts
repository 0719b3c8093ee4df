import type { NodeId, Observation, ProgressView, RaftStatus, Role } from '../../../main/raft'
import type { Invariant, StepView } from './invariant'
import { Violation } from './invariant'

interface Folded {
  role: Role
  leader: NodeId
  currentTerm: number
  votedFor: NodeId
  lastIndex: number
  commitIndex: number
  deadline: number
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
    for (const observation of effects.observations) fold(folded, observation)
    const { role, leader, currentTerm, votedFor, lastIndex, commitIndex } = after
    const agrees =
      folded.role === role &&
      folded.leader === leader &&
      folded.currentTerm === currentTerm &&
      folded.votedFor === votedFor &&
      folded.lastIndex === lastIndex &&
      folded.commitIndex === commitIndex &&
      (role === 'leader' || folded.deadline === after.deadline) &&
      folded.progress.size === after.progress.length &&
      after.progress.every((view) => sameProgress(folded.progress.get(view.peer), view))
    if (!agrees) throw new Violation(this, `node ${node} is ${json(after)}, but its observations say ${json(folded)}`)
  }
}

function started({ currentTerm, votedFor, lastIndex }: RaftStatus): Folded {
  return {
    role: 'follower',
    leader: 0,
    currentTerm,
    votedFor,
    lastIndex,
    commitIndex: 0,
    deadline: 0,
    progress: new Map(),
  }
}

function fold(state: Folded, observation: Observation): void {
  switch (observation.kind) {
    case 'role':
      state.role = observation.role
      state.leader = observation.leader
      state.progress.clear()
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
    case 'timer':
      state.deadline = observation.deadline
      break
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
