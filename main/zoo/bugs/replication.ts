/** Bugs of replication and commitment. */
import { type Bug, expression } from '../bug'

export const replicationBugs: readonly Bug[] = [
  {
    id: 'old-copies-counted',
    source: 'logcabin#44, NATS #7955; §5.4.2, Figure 8',
    places: [expression('raft/commitment.ts', 'core.log.termAt(index) !== core.currentTerm', 'false')],
    script: 'figure-8',
  },
  {
    id: 'heartbeat-acknowledges-memory',
    source: 'yugabyte#32875; §5.3',
    places: [
      expression('raft/following.ts', 'isPrompt ? Math.min(verified, core.disk.durableIndex) : verified', 'verified'),
    ],
    script: 'slow-followers',
  },
  {
    id: 'acknowledged-before-written',
    source: '§5.3, Figure 2',
    places: [expression('raft/following.ts', "isPrompt ? 'now' : 'durable'", "'now'")],
    script: 'slow-followers',
  },
  {
    id: 'leader-counts-memory',
    source: 'etcd#14370; D 10.2.1',
    places: [expression('raft/commitment.ts', 'core.disk.durableIndex', 'core.log.lastIndex')],
    script: 'slow-leader',
  },
  {
    id: 'commit-unverified',
    source: 'copycat#265; §5.3',
    places: [
      expression(
        'raft/following.ts',
        'Math.min(request.leaderCommit, Math.max(verified, base.index))',
        'Math.min(request.leaderCommit, core.log.lastIndex)',
      ),
    ],
    script: 'heartbeat-over-conflict',
  },
  {
    id: 'no-consistency-check',
    source: '§5.3',
    places: [
      expression(
        'raft/following.ts',
        '!isCovered && !core.log.matches(request.prevLogIndex, request.prevLogTerm)',
        'false',
      ),
    ],
    script: 'conflict-behind',
  },
  {
    id: 'short-message-cuts-log',
    source: '§5.3',
    places: [
      expression(
        'raft/following.ts',
        'entries.findIndex((entry) => entry.index > base.index && !core.log.matches(entry.index, entry.term))',
        'entries.findIndex((entry) => entry.index > core.commitIndex)',
      ),
    ],
    script: 'message-again',
  },
  {
    id: 'sent-counts-as-stored',
    source: '§5.3, Figure 2',
    places: [
      expression(
        'raft/commitment.ts',
        'core.progress.get(voter)?.matchIndex ?? 0',
        '(core.progress.get(voter)?.nextIndex ?? 1) - 1',
      ),
    ],
    script: 'leader-cut-off',
  },
]
