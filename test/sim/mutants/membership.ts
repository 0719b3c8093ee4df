/** Bugs of membership changes (§6; dissertation §4). */
import { configurationReplaced, jointElection, twoConfigurationsCutOff, voteWithoutItsDisk } from './directed'
import type { Mutant } from './mutant'

const changing = { operatorMean: 40, spares: 2, firstVoters: 3 } as const

export const membershipMutants: readonly Mutant[] = [
  {
    name: 'the configuration is changed before the leader committed in its term',
    bug: 1,
    about: 'raft-dev 2015; dissertation §4.1, correction',
    edits: [{ file: 'changes.ts', find: "if (!core.hasCommittedInTerm) return 'no-commit-in-term'", put: '' }],
    wishes: changing,
    seed: 2,
  },
  {
    name: 'a second change begins before the first is committed',
    about: '§6',
    edits: [
      {
        file: 'changes.ts',
        find: "core.configurations.latest.index > core.commitIndex ? 'change-in-progress'",
        put: "core.commitIndex < 0 ? 'change-in-progress'",
      },
    ],
    wishes: changing,
    seed: 1,
  },
  {
    name: 'the configuration is not rolled back with the log',
    bug: 17,
    about: 'scylladb#30936, canonical/raft#250; §6',
    edits: [{ file: 'core.ts', find: 'if (this.configurations.truncate(from)) this', put: 'if (from < 0) this' }],
    wishes: changing,
    seed: 20,
  },
  {
    name: 'only the latest of several configurations is rolled back',
    bug: 17,
    about: 'scylladb#30936, canonical/raft#250; §6',
    edits: [
      {
        file: 'configurations.ts',
        find: 'const kept = later.filter(({ index }) => index < from)',
        put: 'const kept = (later.at(-1)?.index ?? 0) < from ? later : later.slice(0, -1)',
      },
    ],
    directed: twoConfigurationsCutOff,
  },
  {
    name: 'a removed leader leads on',
    bug: 18,
    about: 'etcd-io/raft#77, #79; §6',
    edits: [{ file: 'changes.ts', find: 'if (!core.isVoter) resign(core)', put: '' }],
    wishes: changing,
    seed: 3,
  },
  {
    name: 'a removed leader counts itself',
    bug: 18,
    about: 'raft-rs#584; §6',
    edits: [
      {
        file: 'commitment.ts',
        find: 'agreed(core.configuration, (voter) =>',
        put: 'agreed({ ...core.configuration, voters: [...new Set([...core.configuration.voters, core.id])] }, (voter) =>',
      },
    ],
    wishes: changing,
    seed: 4,
  },
  {
    name: 'learners count for a commit',
    about: '§6; dissertation §4.2.1',
    edits: [
      {
        file: 'commitment.ts',
        find: 'agreed(core.configuration, (voter) =>',
        put: 'agreed({ ...core.configuration, voters: [...core.configuration.voters, ...core.configuration.learners] }, (voter) =>',
      },
    ],
    wishes: changing,
    seed: 3,
  },
  {
    name: 'a joint configuration commits with its new majority alone',
    about: '§6',
    edits: [
      {
        file: 'quorum.ts',
        find: 'outgoing.length === 0 ? incoming : Math.min(incoming, reachedByMajority(outgoing, reached))',
        put: 'outgoing.length === 0 ? incoming : Math.max(incoming, reachedByMajority(voters, reached))',
      },
    ],
    wishes: changing,
    seed: 20,
  },
  {
    name: 'a joint configuration elects with its new majority alone',
    about: '§6',
    edits: [
      {
        file: 'quorum.ts',
        find: 'if (outgoing.length === 0) return incoming\n  const old',
        put: 'if (outgoing.length >= 0) return incoming\n  const old',
      },
    ],
    directed: jointElection,
  },
  {
    name: 'a joint configuration is left before it is committed',
    about: '§6',
    edits: [
      {
        file: 'changes.ts',
        find: '  if (index > core.commitIndex) return\n',
        put: '  if (index > core.commitIndex && !isJoint(configuration)) return\n',
      },
    ],
    wishes: changing,
    seed: 4,
  },
  {
    name: 'a joint configuration is never left',
    about: '§6',
    edits: [
      {
        file: 'changes.ts',
        find: '  if (isJoint(configuration)) {\n    const final',
        put: '  if (isJoint(configuration)) {\n    if (index > 0) return\n    const final',
      },
    ],
    wishes: changing,
    seed: 1,
  },
  {
    name: 'a learner that becomes a voter does not notice',
    about: '§6',
    edits: [{ file: 'following.ts', find: 'if (core.configurations.latest !== before) reconsiderRole(core)', put: '' }],
    wishes: changing,
    seed: 1,
  },
  {
    name: 'a replaced configuration at the same index is taken for the same',
    about: '§6',
    edits: [
      {
        file: 'following.ts',
        find: 'core.configurations.latest !== before',
        put: 'core.configurations.latest.index !== before.index',
      },
    ],
    directed: configurationReplaced,
  },
  {
    name: 'learners get a witness’s entries',
    about: 'witnesses',
    edits: [
      {
        file: 'sending.ts',
        find: 'entries: isWitness(core.configuration, progress.peer) ?',
        put: 'entries: !core.configuration.voters.includes(progress.peer) || isWitness(core.configuration, progress.peer) ?',
      },
    ],
    wishes: changing,
    seed: 3,
  },
  {
    name: 'a member that lost its disk votes before its log is back',
    about: 'paper §5.2, Figure 2; dissertation §11.2',
    edits: [
      {
        file: 'eligibility.ts',
        find: 'core.log.lastIndex < (core.config.joinsAfter?.index ?? 0)',
        put: 'core.log.lastIndex < 0',
      },
    ],
    directed: voteWithoutItsDisk,
  },
]
