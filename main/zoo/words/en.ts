import type { AllBugWords } from './word'

export const en: AllBugWords = {
  'vote-not-persisted': {
    name: 'A vote is not written to the disk',
    story: 'A voter that crashes has forgotten whom it voted for, and votes again in the same term: two leaders.',
  },
  'vote-forgotten-at-restart': {
    name: 'The vote on disk is not read at the start',
    story: 'It was written, but a restarted voter begins without it and votes a second time in the same term.',
  },
  'term-without-vote': {
    name: 'The term is written, its vote is not',
    story: 'Term and vote belong together. A crash between the two leaves a term in which the voter may vote again.',
  },
  'second-vote': {
    name: 'A voter does not look at the vote it gave',
    story: 'Whoever asks gets the vote, so two candidates of one term can both have a majority.',
  },
  'vote-not-kept': {
    name: 'A vote is given and not remembered',
    story: 'The reply says yes, but votedFor stays empty: the next candidate of that term gets a yes as well.',
  },
  'step-down-forgets-vote': {
    name: 'Stepping down within a term forgets its vote',
    story: 'A vote holds for the whole term. Who clears it on hearing the leader of that term can give it away twice.',
  },
  'vote-before-disk': {
    name: 'A vote is sent before it is on disk',
    story: 'The candidate counts a vote that a crash of the voter takes back.',
  },
  'own-vote-before-disk': {
    name: 'A candidate counts itself before its disk does',
    story: 'It leads on the strength of a vote that it has forgotten after a crash, and then votes for another one.',
  },
  'logs-not-compared': {
    name: 'A voter does not compare the logs',
    story: 'A candidate that missed committed entries is elected, and they are gone.',
  },
  'only-lengths-compared': {
    name: 'A voter compares only the lengths of the logs',
    story: 'A long log of an old term wins over a shorter one with committed entries of a newer term.',
  },
  'half-is-majority': {
    name: 'Half of the voters pass for a majority',
    story: 'With four nodes, two halves elect a leader each and commit apart from each other.',
  },
  'new-leader-trims-log': {
    name: 'A new leader removes what it does not know as committed',
    story: 'The old leader had committed those entries and answered its clients: they are lost.',
  },
  'old-copies-counted': {
    name: 'Copies of an old-term entry are counted',
    story: 'Figure 8: an entry of an older term is on a majority and counts as committed, and yet is overwritten.',
  },
  'heartbeat-acknowledges-memory': {
    name: 'A heartbeat’s reply confirms what is not durable yet',
    story: 'A follower answers for its log in memory while its disk is still writing: a majority that is none.',
  },
  'acknowledged-before-written': {
    name: 'A follower acknowledges before its disk has the entries',
    story: 'The leader counts copies that a power failure takes back.',
  },
  'leader-counts-memory': {
    name: 'A leader counts itself before its disk has the entry',
    story: 'Committed with one copy too few on disk: parallel writing done wrong.',
  },
  'commit-unverified': {
    name: 'A follower commits what it has not verified',
    story: 'It moves commitIndex over entries of a deposed leader that stand where others were committed.',
  },
  'no-consistency-check': {
    name: 'The consistency check is left out',
    story: 'New entries are appended behind entries of another leader, which then count as committed.',
  },
  'short-message-cuts-log': {
    name: 'A delayed, shorter message cuts the log',
    story: 'A message that comes twice removes what stood behind it, though that was acknowledged already.',
  },
  'sent-counts-as-stored': {
    name: 'What was sent counts as stored',
    story: 'The leader goes by nextIndex instead of matchIndex, and commits what never arrived.',
  },
  'change-before-own-commit': {
    name: 'The members are changed before the leader committed in its term',
    story: 'The single-server bug of 2015: two changes under way whose majorities do not meet.',
  },
  'second-change-at-once': {
    name: 'A second change begins before the first is committed',
    story: 'Two changes together may leave majorities that do not meet.',
  },
  'removed-leader-counts-itself': {
    name: 'A leader that is being removed counts itself',
    story: 'It is not in the new configuration, and its own copy helps to commit nevertheless.',
  },
  'learners-count': {
    name: 'Learners count for a commit',
    story: 'Entries are committed that only servers without a vote have.',
  },
  'joint-needs-new-majority-only': {
    name: 'A joint configuration goes by its new majority alone',
    story: 'The old majority may elect another leader that knows nothing of it.',
  },
  'several-voters-at-once': {
    name: 'Several voters change in one step',
    story: 'Figure 10: from three to one or five without a joint configuration, with majorities that do not meet.',
  },
  'joint-left-early': {
    name: 'A joint configuration is left before it is committed',
    story: 'The step in between, which keeps both majorities in the decision, does not count any more.',
  },
  'read-before-own-commit': {
    name: 'A new leader reads before it committed in its term',
    story: 'It does not know yet what was committed before it, and answers an older value.',
  },
  'read-without-round': {
    name: 'A read is answered without a round of heartbeats',
    story: 'A deposed leader that has not noticed answers what was true before.',
  },
  'lease-survives-transfer': {
    name: 'The lease goes on while leadership is handed over',
    story: 'The next leader is elected at once, and the old one still answers by its lease.',
  },
  'follower-reads-its-own': {
    name: 'A follower answers reads from its own state',
    story: 'What it has not heard yet is missing from the answer.',
  },
  'read-before-applied': {
    name: 'A read does not wait until its index is applied',
    story: 'The index is right, but the state machine has not come there yet.',
  },
  'retry-executed-twice': {
    name: 'A repeated command is executed twice',
    story: 'The answer was lost, the client asks again, and its append stands there twice.',
  },
  'answered-when-appended': {
    name: 'Clients are answered when the leader has appended',
    story: 'The leader is deposed before anybody else has the entry: an acknowledged write is lost.',
  },
  'persisted-before-fsync': {
    name: 'A write counts as durable before fsync returns',
    story: 'Votes and entries are promised that a crash takes back.',
  },
  'fsync-error-ignored': {
    name: 'An error of fsync is ignored',
    story: 'The node goes on as if the disk had it. It must stop: nothing that follows can be trusted.',
  },
  'damage-cut-off': {
    name: 'Damage in the middle of the log is cut off like a torn tail',
    story: 'A flipped bit makes the node forget entries that it had acknowledged, and it votes as if all were well.',
  },
  'snapshot-index-too-low': {
    name: 'A snapshot names an index before its contents',
    story: 'Its last entry is in the state and applied once more on top of it: a race of snapshot and state machine.',
  },
  'old-snapshot-installed': {
    name: 'A snapshot older than what is committed is installed',
    story: 'A delayed copy of a snapshot turns the state machine back.',
  },
}
