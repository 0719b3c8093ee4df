/** The few things of each node that every line of a trace tells. */
import type { TimelineEvent } from '../../../node/contract/events'
import type { ClusterState } from '../../state'

export type TraceRole = 'StateFollower' | 'StateCandidate' | 'StateLeader'
type Conf = readonly [voters: readonly string[], outgoing: readonly string[]]

export interface ConfChange {
  readonly nid: string
  readonly action: 'AddNewServer' | 'AddLearner' | 'RemoveServer'
}

const ROLES = {
  follower: 'StateFollower',
  learner: 'StateFollower',
  'pre-candidate': 'StateFollower',
  candidate: 'StateCandidate',
  leader: 'StateLeader',
} as const

const listOf = (ids: string): readonly string[] => ids.split(',').filter((id) => id !== '')

export class TraceNodeState {
  readonly id: number
  term = 0
  vote = 0
  commit = 0
  lastIndex = 0
  role: TraceRole = 'StateFollower'
  configuration: Conf = [[], []]
  learners: readonly string[] = []

  constructor(id: number) {
    this.id = id
  }

  get view() {
    return {
      nid: String(this.id),
      state: { term: this.term, vote: String(this.vote), commit: this.commit },
      role: this.role,
      log: this.lastIndex,
      conf: this.configuration,
    }
  }

  start(event: TimelineEvent<'started'>): void {
    this.term = event.currentTerm
    this.vote = event.votedFor
    this.lastIndex = event.lastIndex
    this.commit = event.snapshotIndex
    this.role = 'StateFollower'
  }

  become({ role, term }: TimelineEvent<'role'>): void {
    this.role = ROLES[role]
    if (role === 'pre-candidate' || term <= this.term) return
    this.term = term
    this.vote = role === 'candidate' ? this.id : 0
  }

  /** What changes with it: who is new, who learns, who leaves. */
  configure(event: TimelineEvent<'configuration'>): readonly ConfChange[] {
    const [voters] = this.configuration
    const [now, learners] = [listOf(event.voters), listOf(event.learners)]
    const [wasVoter, wasLearner] = [new Set(voters), new Set(this.learners)]
    const stays = new Set([...now, ...learners, ...listOf(event.learnersNext)])
    this.configuration = [now, listOf(event.outgoing)]
    this.learners = learners
    return [
      ...now.filter((nid) => !wasVoter.has(nid)).map((nid) => ({ nid, action: 'AddNewServer' as const })),
      ...learners.filter((nid) => !wasLearner.has(nid)).map((nid) => ({ nid, action: 'AddLearner' as const })),
      ...[...wasVoter, ...wasLearner]
        .filter((nid) => !stays.has(nid))
        .map((nid) => ({ nid, action: 'RemoveServer' as const })),
    ]
  }
}

export class TraceNodes {
  readonly #nodes = new Map<number, TraceNodeState>()

  of(id: number): TraceNodeState {
    const known = this.#nodes.get(id)
    if (known !== undefined) return known
    const node = new TraceNodeState(id)
    this.#nodes.set(id, node)
    return node
  }

  /** As they were at the moment at which a window begins. */
  seed(state: ClusterState): void {
    for (const known of state.nodes.values()) {
      const node = this.of(known.id)
      node.term = known.currentTerm
      node.vote = known.votedFor
      node.commit = known.commitIndex
      node.lastIndex = known.lastIndex
      node.role = ROLES[known.role]
      if (known.configuration === undefined) continue
      const { voters, outgoing, learners } = known.configuration
      node.configuration = [voters.map(String), outgoing.map(String)]
      node.learners = learners.map(String)
    }
  }
}
