/**
 * One Raft server as a state machine of its own: inputs in, effects out, no I/O, no clock, no chance but what it is
 * given. What the caller owes it is told at the top of `types.ts`.
 */
import { changeMembership } from './changes'
import { advanceCommit } from './commitment'
import type { Configuration } from './configuration'
import { Core } from './core'
import {
  askAgain,
  countOwnVote,
  handleElectionTimeout,
  handleRequestPreVote,
  handleRequestPreVoteReply,
  handleRequestVote,
  handleRequestVoteReply,
  handleTimeoutNow,
  heedDisconnect,
  isHeldUpByLease,
  refuseStaleVote,
} from './election'
import { startElectionTimer, stopElectionTimer } from './election-timer'
import { mayStand } from './eligibility'
import { follow, handleAppendEntries, refuseStaleAppend } from './following'
import { invariant } from './invariant'
import { handleReadIndex, handleReadIndexReply, hasLostQuorum, read, startRound } from './reads'
import { handleAppendEntriesReply, handleInstallSnapshotReply, propose } from './replication'
import { becomeFollower } from './roles'
import { chunkStored, handleInstallSnapshot, refuseStaleSnapshot, snapshotReceived, snapshotSaved } from './snapshots'
import { requestTransfer, reviewTransfer } from './transfer'
import type {
  Effects,
  Entry,
  Index,
  Input,
  Message,
  Millis,
  NodeId,
  Position,
  RaftConfig,
  RaftStatus,
  Restored,
} from './types'
import { NONE } from './types'
import { wake } from './waking'

export class Raft {
  readonly #core: Core

  /**
   * Starts as a follower (or a learner) from what the disk holds (§5.2).
   * @throws InvariantViolation when `restored` has holes, or entries of a later term than its hard state
   */
  constructor(config: RaftConfig, restored: Restored, now: Millis) {
    this.#core = new Core(config, restored, now)
  }

  /**
   * The effects of starting: the first election timer. Call it once, before any step. The restored log, hard state and
   * snapshot are the caller's to report and to load.
   */
  initial(): Effects {
    const core = this.#core
    const { term = 0 } = core.config.joinsAfter ?? {}
    if (core.currentTerm < term) core.setHardState(term, NONE)
    core.role = core.isVoter ? 'follower' : 'learner'
    core.observe({ kind: 'role', role: core.role, term: core.currentTerm, leader: NONE, reason: 'restarted' })
    core.observeConfiguration('restored')
    if (mayStand(core)) startElectionTimer(core)
    else stopElectionTimer(core)
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
        wake(core)
        propose(core, input.proposals)
        break
      case 'read':
        wake(core)
        read(core, input.id, input.by)
        break
      case 'change':
        wake(core)
        changeMembership(core, input.id, input.changes, input.mode)
        break
      case 'transfer':
        wake(core)
        requestTransfer(core, input.id, input.target)
        break
      case 'persisted':
        core.disk.persisted(input.write)
        if (core.role === 'candidate') countOwnVote(core)
        advanceCommit(core)
        break
      case 'snapshot-saved':
        snapshotSaved(core, input.snapshot)
        break
      case 'chunk-stored':
        chunkStored(core, input.from, input.snapshot, input.offset)
        break
      case 'snapshot-received':
        snapshotReceived(core, input.from, input.snapshot)
        break
      case 'unreachable':
        this.#lost(input.peer)
        break
      case 'reachable':
        askAgain(core, input.peer)
        break
      case 'wake':
        wake(core)
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
      configuration: core.configuration,
      configurationIndex: core.configurations.latest.index,
      ...(core.snapshot && { snapshot: core.snapshot }),
      isQuiescent: core.isQuiescent,
      transferTarget: core.transfer?.target ?? NONE,
      waitingReads: core.reads.waiting.length + core.reads.forwarded.size,
      uncommittedBytes: core.isLeader ? core.uncommittedBytes : 0,
    }
  }

  /** The entries `from`…`to` of the log in memory, both included, as far as they exist. */
  entries(from: Index, to: Index): readonly Entry[] {
    return this.#core.log.slice(from, to)
  }

  /**
   * What a snapshot of the state at `index`, which must be applied, has to say besides its data. Undefined when none can be
   * taken there now: the own disk does not have the log up to there (other disks committed it), or this server came later
   * and has not heard yet who belonged to the cluster then.
   * @throws InvariantViolation when `index` is not committed or not in the log any more
   */
  describe(index: Index): (Position & { readonly configuration: Configuration }) | undefined {
    const core = this.#core
    const term = core.log.termAt(index)
    invariant(term !== undefined && index <= core.commitIndex, `no committed entry ${index} in the log`)
    const { configuration } = core.configurations.at(index)
    if (index > core.disk.durableIndex || configuration.voters.length === 0) return undefined
    return { index, term, configuration }
  }

  #expire(): void {
    const core = this.#core
    if (core.now < core.deadline) return
    if (!core.isLeader) handleElectionTimeout(core)
    else if (core.config.checkQuorum && hasLostQuorum(core)) {
      becomeFollower(core, core.currentTerm, NONE, 'lost-quorum')
    } else {
      reviewTransfer(core)
      startRound(core)
    }
  }

  #lost(peer: NodeId): void {
    const core = this.#core
    core.progress.get(peer)?.lost()
    if (peer !== core.leader) return
    wake(core)
    heedDisconnect(core)
  }

  /** The rule for all servers about terms (§5.1), then each message by its own rule. */
  #receive(message: Message): void {
    const core = this.#core
    if (message.to !== core.id || message.from === core.id) return
    if (isNews(message)) wake(core)
    if (message.type === 'RequestPreVote') {
      handleRequestPreVote(core, message)
      return
    }
    if (message.type === 'RequestVote' && isHeldUpByLease(core, message)) return
    const isPromise = message.type === 'RequestPreVoteReply' && message.voteGranted
    if (message.term > core.currentTerm && !isPromise) {
      becomeFollower(core, message.term, isFromLeader(message) ? message.from : NONE, 'higher-term')
    }
    if (message.term < core.currentTerm) this.#refuseStale(message)
    else this.#handle(message)
  }

  #handle(message: Exclude<Message, { type: 'RequestPreVote' }>): void {
    const core = this.#core
    switch (message.type) {
      case 'RequestVote':
        handleRequestVote(core, message)
        break
      case 'RequestVoteReply':
        handleRequestVoteReply(core, message)
        break
      case 'RequestPreVoteReply':
        handleRequestPreVoteReply(core, message)
        break
      case 'AppendEntries':
        handleAppendEntries(core, message)
        break
      case 'AppendEntriesReply':
        handleAppendEntriesReply(core, message)
        break
      case 'InstallSnapshot':
        follow(core, message.from, message.term)
        handleInstallSnapshot(core, message)
        break
      case 'InstallSnapshotReply':
        handleInstallSnapshotReply(core, message)
        break
      case 'TimeoutNow':
        handleTimeoutNow(core, message)
        break
      case 'ReadIndex':
        handleReadIndex(core, message)
        break
      case 'ReadIndexReply':
        handleReadIndexReply(core, message)
        break
      default:
        message satisfies never
    }
  }

  #refuseStale(message: Exclude<Message, { type: 'RequestPreVote' }>): void {
    const core = this.#core
    switch (message.type) {
      case 'RequestVote':
        refuseStaleVote(core, message)
        break
      case 'AppendEntries':
        refuseStaleAppend(core, message)
        break
      case 'InstallSnapshot':
        refuseStaleSnapshot(core, message)
        break
      case 'TimeoutNow':
        core.remark('timeout-now-ignored', message.from)
        break
      case 'RequestVoteReply':
      case 'RequestPreVoteReply':
      case 'AppendEntriesReply':
      case 'InstallSnapshotReply':
      case 'ReadIndex':
      case 'ReadIndexReply':
        core.remark('stale-reply-ignored', message.from)
        break
      default:
        message satisfies never
    }
  }
}

/** Does this end a silence? The leader's own words say so themselves, and what they are answered with is no news. */
function isNews(message: Message): boolean {
  return message.type === 'AppendEntriesReply' ? !message.success : message.type !== 'AppendEntries'
}

/** Only a leader says these things. */
function isFromLeader({ type }: Message): boolean {
  return type === 'AppendEntries' || type === 'InstallSnapshot' || type === 'TimeoutNow' || type === 'ReadIndexReply'
}
