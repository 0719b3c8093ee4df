/** Bugs of membership changes. */
import { type Bug, expression, statement } from '../bug'

export const membershipBugs: readonly Bug[] = [
  {
    id: 'change-before-own-commit',
    source: 'raft-dev 2015; D 4.1',
    places: [statement('raft/changes.ts', "if (!core.hasCommittedInTerm) return 'no-commit-in-term'", '')],
    script: 'two-changes-apart',
  },
  {
    id: 'second-change-at-once',
    source: '§6',
    places: [
      expression(
        'raft/changes.ts',
        "core.configurations.latest.index > core.commitIndex ? 'change-in-progress' : undefined",
        'undefined',
      ),
    ],
    script: 'two-changes-at-once',
  },
  {
    id: 'removed-leader-counts-itself',
    source: 'raft-rs#584; §6',
    places: [
      expression(
        'raft/commitment.ts',
        'core.configuration',
        '{ ...core.configuration, voters: [...new Set([...core.configuration.voters, core.id])] }',
      ),
    ],
    script: 'leader-removes-itself',
  },
  {
    id: 'learners-count',
    source: '§6; D 4.2.1',
    places: [
      expression(
        'raft/commitment.ts',
        'core.configuration',
        '{ ...core.configuration, voters: [...core.configuration.voters, ...core.configuration.learners] }',
      ),
    ],
    script: 'leader-with-learners',
  },
  {
    id: 'joint-needs-new-majority-only',
    source: '§6, Figure 11',
    places: [
      expression(
        'raft/quorum.ts',
        'outgoing.length === 0 ? incoming : Math.min(incoming, reachedByMajority(outgoing, reached))',
        'incoming',
      ),
    ],
    script: 'new-half-only',
  },
  {
    id: 'several-voters-at-once',
    source: '§6, Figure 10',
    places: [expression('raft/configuration.ts', 'moved <= 1', 'true')],
    script: 'new-half-only',
  },
  {
    id: 'joint-left-early',
    source: '§6',
    places: [
      statement(
        'raft/changes.ts',
        'if (index > core.commitIndex) return',
        'if (index > core.commitIndex && !isJoint(configuration)) return',
      ),
    ],
    script: 'commit-before-joint',
  },
]
