/** The settings of a cluster: what each is for, and what happens without it. */
export const settings = {
  title: 'Settings of {name}',
  text: 'A node takes them on when it next starts.',
  advanced: 'All settings',
  changed: '{n} changed | {n} changed',
  reset: 'Default',
  resetOne: 'Back to the default of {setting}: {value}',
  resetAll: 'All to their defaults',
  defaultIs: 'default {value}',
  on: 'on',
  off: 'off',
  save: 'Save',
  reading: 'Reading the settings…',
  saved: 'Saved. Each node takes the settings on when it next starts.',
  restartNow: 'Restart nodes one by one',
  witnesses: 'Witnesses',
  witnessesHint: 'The last nodes keep only terms and votes, no data. They count for majorities and never lead.',
  priorityOf: 'Priority of {node}',
  units: { ms: 'ms', bytes: 'bytes', entries: 'entries', messages: 'messages', calls: 'calls' },
  commands: {
    configure: 'Settings of cluster {target}…',
    configureOpen: 'Settings of this cluster…',
    save: 'Save the settings',
    restartAll: 'Restart all nodes one by one',
    hunt: 'Bug zoo: see what catches “{target}”',
    huntCorrect: 'Bug zoo: the same run, correct node: “{target}”',
  },
  menu: 'Settings of this cluster…',
  groups: {
    elections: 'Elections',
    replication: 'Replication',
    snapshots: 'Snapshots',
    membership: 'Membership',
    clients: 'Reads and clients',
    recording: 'Recording',
    zoo: 'Bug zoo',
  },
  noBug: 'none: the node as it should be',
  hasBug: 'has a bug on purpose',
  hunt: 'See it caught',
  huntCorrect: 'The same run, correct node',
  hunting: 'A script provokes it now on {cluster}. The verdicts say who catches it.',
  huntingCorrect: 'The same script runs now on {cluster}, whose nodes are correct. The verdicts should stay clean.',
  statusBug: 'bug on purpose: {bug}',
  telemetry: { off: 'off', state: 'state', message: 'messages', entry: 'entries' },
  names: {
    electionTimeoutMs: 'Election timeout',
    heartbeatMs: 'Heartbeat interval',
    preVote: 'Ask before standing (PreVote)',
    checkQuorum: 'Leader checks its majority (CheckQuorum)',
    quiescence: 'Rest when idle (quiescence)',
    disconnectHint: 'A broken connection counts as silence',
    priorities: 'Election priority',
    parallelWrite: 'Leader sends while it writes',
    fastBacktracking: 'Skip conflicts by term',
    maxInFlight: 'Messages under way to a peer',
    maxInFlightBytes: 'Bytes under way to a peer',
    maxBatchBytes: 'Bytes in one message',
    maxUncommittedBytes: 'Bytes that may wait for a majority',
    snapshotEntries: 'Snapshot after so many entries',
    snapshotBytes: 'Snapshot after so many bytes',
    trailingEntries: 'Entries kept behind a snapshot',
    snapshotChunkBytes: 'Chunk of a snapshot',
    catchUpCheck: 'New voters must have caught up',
    maxCatchUpLag: 'Entries a new voter may lack',
    leaseReads: 'Lease reads',
    sessions: 'Client sessions',
    sessionTimeoutMs: 'Session timeout',
    maxWaitingCalls: 'Calls that may wait at a node',
    telemetry: 'What nodes report',
    bug: 'A bug, on purpose',
  },
  about: {
    electionTimeoutMs:
      'A follower that hears nothing for this long, up to twice as long, stands for election. Shorter finds a dead leader sooner; too short deposes a slow one.',
    heartbeatMs: 'How often a leader says that it is there. It has to be well below the election timeout.',
    preVote:
      'A node asks whether it could win before it raises its term. Off: one that was cut off comes back with a higher term and deposes a healthy leader.',
    checkQuorum:
      'A leader that hears no majority steps down, and nobody votes while a leader is heard. Off: a cut-off leader goes on believing, and its clients wait.',
    quiescence:
      'When there is nothing to say, heartbeats and election timers stop until something happens. Off: an idle cluster keeps talking.',
    disconnectHint:
      'When the connection to the leader breaks, a follower stands at once. Off: it waits for its election timer. Has no effect with lease reads, which rest on that wait.',
    priorities:
      'A higher number stands for election earlier and is handed leadership when it has caught up; 0 never leads. All 1: chance decides.',
    parallelWrite:
      'The leader sends entries while its own disk still writes them (dissertation §10.2.1). Off: every entry waits for two disks, one after the other.',
    fastBacktracking:
      'A follower that conflicts names a whole term to skip (§5.3). Off: the leader steps back one entry at a time.',
    maxInFlight:
      'Messages with entries that need no answer before the next is sent. 1: no pipelining, one round trip each.',
    maxInFlightBytes: 'The same in bytes, so that a slow peer does not pile up memory.',
    maxBatchBytes:
      'Entries that wait together travel together, up to here. Smaller than an entry: one entry per message.',
    maxUncommittedBytes:
      'When so much waits for a majority, more writes are refused as busy instead of filling the memory.',
    snapshotEntries:
      'So many applied entries since the last snapshot, and the next is taken and the log shortened. 0: not by this count.',
    snapshotBytes: 'The same by the size of the entries. Both 0: never by itself, and the log grows without end.',
    trailingEntries:
      'Entries that stay in the log for followers that are a little late. 0: whoever is late at all gets the whole snapshot.',
    snapshotChunkBytes: 'A snapshot travels in pieces of this size and goes on where it was interrupted.',
    catchUpCheck:
      'A node becomes a voter only when it has the log. Off: an empty voter can hold up every commitment while it catches up.',
    maxCatchUpLag: 'How many entries it may lack and still count as caught up.',
    leaseReads:
      'The leader answers reads from its clock, without asking anybody (dissertation §6.4.1). Trusts that clocks run equally fast; needs CheckQuorum. Off: such reads ask a majority.',
    sessions:
      'Each command carries a session and a number, and takes effect once however often it is sent. Off: a retried command may take effect twice.',
    sessionTimeoutMs:
      'A session that was not used for so long, in the time of the log, is forgotten on all nodes alike.',
    maxWaitingCalls: 'A node that holds so many unanswered calls refuses more, and says so.',
    telemetry:
      'State: what changed. Messages: and what was sent. Entries: and their data. Off: nothing but starts and trouble; the window then shows little.',
    bug: 'All nodes run with this bug from their next start, to see what catches it. Its data can be lost: never choose one for a cluster that matters.',
  },
}
