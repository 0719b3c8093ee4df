/**
 * One Raft server as a state machine of its own: inputs in, effects out, no I/O, no clock, no chance but what it is
 * given. What the caller owes it is told at the top of `types.ts`.
 */
import { Core } from './core'
import {
  countOwnVote,
  handleElectionTimeout,
  handleRequestVote,
  handleRequestVoteReply,
  refuseStaleVote,
} from './election'
import { handleAppendEntries, refuseStaleAppend } from './following'
import { advanceCommit, handleAppendEntriesReply, heartbeat, propose } from './replication'
import { becomeFollower } from './roles'
import type { Effects, Entry, Index, Input, Message, Millis, RaftConfig, RaftStatus, Restored } from './types'
import { NONE } from './types'

export class Raft {
  readonly #core: Core

  /**
   * Starts as a follower from what the disk holds (§5.2).
   * @throws InvariantViolation when `restored` has holes, or entries of a later term than its hard state
   */
  constructor(config: RaftConfig, restored: Restored, now: Millis) {
    this.#core = new Core(config, restored, now)
  }

  /**
   * The effects of starting: the first election timer. Call it once, before any step. The restored log and hard state
   * are the caller's to report.
   */
  initial(): Effects {
    const core = this.#core
    core.observe({ kind: 'role', role: 'follower', term: core.currentTerm, leader: NONE, reason: 'restarted' })
    core.resetElectionTimer()
    return core.takeEffects()
  }

  /**
   * One step. `now` is the time of the input and must not go back.
   * @throws InvariantViolation when state or input break a rule of safety: the process must stop then
   */
  step(now: Millis, input: Input): Effects {
    const core = this.#core
    core.now = now
    switch (input.type) {
      case 'message':
        this.#receive(input.message)
        break
      case 'deadline':
        this.#expire()
        break
      case 'propose':
        propose(core, input.id, input.data)
        break
      case 'persisted':
        core.disk.persisted(input.write)
        if (core.role === 'candidate') countOwnVote(core)
        if (core.role === 'leader') advanceCommit(core)
        break
      default:
        input satisfies never
    }
    return core.takeEffects()
  }

  status(): RaftStatus {
    const core = this.#core
    return {
      id: core.id,
      role: core.role,
      leader: core.leader,
      currentTerm: core.currentTerm,
      votedFor: core.votedFor,
      firstIndex: core.log.firstIndex,
      lastIndex: core.log.lastIndex,
      durableIndex: core.disk.durableIndex,
      commitIndex: core.commitIndex,
      deadline: core.deadline,
      progress: [...core.progress.values()].map((progress) => progress.view()),
    }
  }

  /** The entries `from`…`to` of the log in memory, both included, as far as they exist. */
  entries(from: Index, to: Index): readonly Entry[] {
    return this.#core.log.slice(from, to)
  }

  #expire(): void {
    const core = this.#core
    if (core.now < core.deadline) return
    if (core.role === 'leader') heartbeat(core)
    else handleElectionTimeout(core)
  }

  /** The rule for all servers about terms (§5.1), then each message by its own rule. */
  #receive(message: Message): void {
    const core = this.#core
    if (message.to !== core.id || !core.peers.includes(message.from)) return
    if (message.term > core.currentTerm) {
      becomeFollower(core, message.term, message.type === 'AppendEntries' ? message.from : NONE, 'higher-term')
    }
    const stale = message.term < core.currentTerm
    switch (message.type) {
      case 'RequestVote':
        if (stale) refuseStaleVote(core, message)
        else handleRequestVote(core, message)
        break
      case 'AppendEntries':
        if (stale) refuseStaleAppend(core, message)
        else handleAppendEntries(core, message)
        break
      case 'RequestVoteReply':
        if (stale) core.remark('stale-reply-ignored', message.from)
        else handleRequestVoteReply(core, message)
        break
      case 'AppendEntriesReply':
        if (stale) core.remark('stale-reply-ignored', message.from)
        else handleAppendEntriesReply(core, message)
        break
      default:
        message satisfies never
    }
  }
}
