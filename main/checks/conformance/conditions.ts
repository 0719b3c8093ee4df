/**
 * What the specification asks of each action: Figure 2 of the paper, the TLA+ specification raft.tla (whose names the actions have where
 * it has them), and the dissertation (D) for what neither has. An action is allowed when all its conditions hold.
 */

interface Condition {
  readonly action: string
  /** Where it stands. */
  readonly section: string
}

const of = <C extends string>(
  action: string,
  conditions: Readonly<Record<C, string>>,
): Readonly<Record<C, Condition>> =>
  Object.fromEntries(
    Object.entries<string>(conditions).map(([id, section]) => [id, { action, section }]),
  ) as unknown as Readonly<Record<C, Condition>>

export const CONDITION = {
  ...of('Restart', {
    'restart-term-kept': 'Figure 2, persistent state',
    'restart-vote-kept': 'Figure 2, persistent state',
    'restart-log-kept': 'Figure 2, persistent state',
  }),
  ...of('UpdateTerm', {
    'term-grows': '§5.1',
    'term-heard': '§5.1; raft.tla: UpdateTerm',
  }),
  ...of('Timeout', {
    'timeout-next-term': '§5.2; raft.tla: Timeout',
    'timeout-not-leader': 'Figure 4; raft.tla: Timeout',
    'timeout-may-stand': '§6; D 4.2.2',
    'candidate-votes-for-itself': '§5.2',
    'told-by-leader': 'D 3.10',
  }),
  ...of('PreVote', {
    'pre-vote-term-stays': 'D 9.6',
    'pre-vote-majority': 'D 9.6',
    'pre-vote-log-up-to-date': 'D 9.6; §5.4.1',
  }),
  ...of('HandleRequestVoteRequest', {
    'vote-once': '§5.2',
    'vote-asked-for': 'Figure 2, RequestVote',
    'vote-log-up-to-date': '§5.4.1',
    'vote-refusal-founded': 'Figure 2, RequestVote',
  }),
  ...of('BecomeLeader', {
    'leader-was-candidate': 'Figure 4; raft.tla: BecomeLeader',
    'leader-majority': '§5.2, §6; raft.tla: BecomeLeader',
  }),
  ...of('BecomeFollower', {
    'role-term': 'Figure 2',
    'leader-steps-down': 'Figure 4',
    'leader-heard': '§5.2',
    'removed-is-committed': '§6; D 4.2.2',
  }),
  ...of('ClientRequest', {
    'leader-appends-own-term': '§5.3; raft.tla: ClientRequest',
    'leader-append-only': '§5.3',
  }),
  ...of('HandleAppendEntriesRequest', {
    'append-asked-for': 'Figure 2, AppendEntries',
    'append-current-term': '§5.1',
    'append-consistency': '§5.3',
    'append-entries-of-message': 'Figure 2, AppendEntries, 4',
    'append-no-hole': '§5.3',
    'truncate-on-conflict': 'Figure 2, AppendEntries, 3',
    'truncate-committed': '§5.4',
    'append-answer': 'Figure 2, AppendEntries, 1 and 2',
    'learn-leader-commit': 'Figure 2, AppendEntries, 5',
    'learn-verified': 'Figure 2, AppendEntries, 5',
  }),
  ...of('HandleAppendEntriesResponse', {
    'match-index-grows': 'Figure 2, volatile state on leaders',
    'match-index-said': 'raft.tla: HandleAppendEntriesResponse',
  }),
  ...of('AdvanceCommitIndex', {
    'commit-by-leader': 'raft.tla: AdvanceCommitIndex',
    'commit-grows': 'Figure 2, volatile state',
    'commit-in-log': 'raft.tla: AdvanceCommitIndex',
    'commit-own-term': '§5.4.2',
    'commit-majority': '§5.3, §5.4.2, §6',
  }),
  ...of('Apply', {
    'apply-committed': 'Figure 2, all servers',
    'apply-grows': 'Figure 2, volatile state',
  }),
  ...of('Persist', {
    'persist-in-log': 'Figure 2, persistent state',
    'persist-hard-state': 'Figure 2, persistent state',
  }),
  ...of('Snapshot', {
    'snapshot-committed': '§7',
    'snapshot-term': '§7',
    'compact-covered': '§7',
  }),
  ...of('HandleInstallSnapshot', {
    'install-not-leader': 'Figure 13',
    'install-newer': 'Figure 13',
    'install-sent': 'Figure 13',
    'install-keeps-log': 'Figure 13, 6',
  }),
  ...of('ChangeConfiguration', {
    'change-in-log': '§6',
    'change-one-at-a-time': '§6; D 4.1',
    'change-after-own-commit': 'D 4.1, the correction of 2015',
    'change-majorities-meet': '§6; D 4.1',
  }),
  ...of('Send', {
    'send-term': '§5.1',
    'send-as-leader': 'Figure 2, AppendEntries',
  }),
  ...of('RequestVote', {
    'request-vote-as-candidate': '§5.2; raft.tla: RequestVote',
    'request-vote-own-log': 'Figure 2, RequestVote',
    'request-vote-durable': 'Figure 2, persistent state',
  }),
  ...of('RequestVoteReply', {
    'vote-reply-given': 'Figure 2, RequestVote',
    'vote-reply-durable': 'Figure 2, persistent state',
  }),
  ...of('AppendEntries', {
    'append-prev-in-log': 'Figure 2, AppendEntries',
    'append-entries-in-log': 'raft.tla: AppendEntries',
    'append-leader-commit': 'raft.tla: AppendEntries',
  }),
  ...of('AppendEntriesReply', {
    'append-reply-durable': 'Figure 2, persistent state',
    'append-reply-verified': 'raft.tla: HandleAppendEntriesRequest',
  }),
  ...of('InstallSnapshot', {
    'install-committed': '§7',
    'install-reply-durable': 'Figure 13',
  }),
} as const satisfies Readonly<Record<string, Condition>>

export type ConditionId = keyof typeof CONDITION
export const CONDITIONS = Object.keys(CONDITION) as readonly ConditionId[]

/** A condition that does not hold. */
export interface Finding {
  readonly condition: ConditionId
  /** Numbers and lists for the sentence that says it. */
  readonly details: Readonly<Record<string, number | string>>
  /** Earlier events that belong to the proof. */
  readonly proof?: readonly number[]
}
