import type { Message, NodeId, Term } from '../../../main/raft'
import type { Cluster, Invariant } from './invariant'
import { Violation } from './invariant'

/**
 * A server votes for at most one candidate in a term, on a first-come basis, however often it crashes; and what it says
 * is on its disk. A request for votes is a vote for oneself.
 */
export class OneVote implements Invariant {
  readonly name = 'One vote in a term'
  readonly section = 'paper §5.2, Figure 2'
  readonly #votes = new Map<NodeId, Map<Term, NodeId>>()
  readonly #cluster: Cluster

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  onSend(message: Message): void {
    if (message.type === 'RequestVote') this.#vote(message.from, message.term, message.from)
    if (message.type === 'RequestVoteReply' && message.voteGranted) this.#vote(message.from, message.term, message.to)
  }

  onForget(node: NodeId): void {
    this.#votes.delete(node)
  }

  #vote(voter: NodeId, term: Term, candidate: NodeId): void {
    let votes = this.#votes.get(voter)
    if (!votes) {
      votes = new Map()
      this.#votes.set(voter, votes)
    }
    const first = votes.get(term) ?? candidate
    if (first !== candidate) {
      throw new Violation(this, `${voter} votes for ${first} and for ${candidate} in term ${term}`)
    }
    votes.set(term, candidate)
    const disk = this.#cluster.imageOf(voter).hardState
    if (disk.currentTerm < term || (disk.currentTerm === term && disk.votedFor !== candidate)) {
      const held = `term ${disk.currentTerm}, vote ${disk.votedFor}`
      throw new Violation(this, `${voter} votes for ${candidate} in term ${term}, but its disk has ${held}`)
    }
  }
}
