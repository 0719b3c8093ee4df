/**
 * The classic bugs that a node of the zoo can have, one at a time (setting `bug`). What each is, and how it shows, stands in
 * `main/zoo`; here are only their names, so that settings can be checked everywhere.
 */
export const BUG_IDS = [
  // Elections
  'vote-not-persisted',
  'vote-forgotten-at-restart',
  'term-without-vote',
  'second-vote',
  'vote-not-kept',
  'step-down-forgets-vote',
  'vote-before-disk',
  'own-vote-before-disk',
  'logs-not-compared',
  'only-lengths-compared',
  'half-is-majority',
  'new-leader-trims-log',
  // Replication
  'old-copies-counted',
  'heartbeat-acknowledges-memory',
  'acknowledged-before-written',
  'leader-counts-memory',
  'commit-unverified',
  'no-consistency-check',
  'short-message-cuts-log',
  'sent-counts-as-stored',
  // Membership
  'change-before-own-commit',
  'second-change-at-once',
  'removed-leader-counts-itself',
  'learners-count',
  'joint-needs-new-majority-only',
  'several-voters-at-once',
  'joint-left-early',
  // Reads and clients
  'read-before-own-commit',
  'read-without-round',
  'lease-survives-transfer',
  'follower-reads-its-own',
  'read-before-applied',
  'retry-executed-twice',
  'answered-when-appended',
  // Storage and snapshots
  'persisted-before-fsync',
  'fsync-error-ignored',
  'damage-cut-off',
  'snapshot-index-too-low',
  'old-snapshot-installed',
] as const
export type BugId = (typeof BUG_IDS)[number]
