/** Bugs of linearizable reads and of handing over leadership (§8; dissertation §3.10, §6.4). */
import {
  handOverPastLeases,
  leaseDuringTransfer,
  leaseEndsInTime,
  promiseToALease,
  readByALonelyLeader,
  readContextOfAnotherLife,
  roundBeforeTheRead,
  transferBehind,
} from './directed'
import type { Mutant } from './mutant'

const reading = { thinkMean: 5, clients: 4, nemesisMean: 60 } as const

export const readMutants: readonly Mutant[] = [
  {
    name: 'a read is answered before the leader committed in its term',
    bug: 6,
    about: 'etcd#7331; §8',
    edits: [{ file: 'reads.ts', find: 'const isKnown = core.hasCommittedInTerm', put: 'const isKnown = true' }],
    wishes: reading,
    seed: 2,
  },
  {
    name: 'read contexts begin anew in each life',
    bug: 7,
    about: 'etcd#20418; dissertation §6.4',
    edits: [
      {
        file: 'reads.ts',
        find: 'reads.context = Math.floor(core.config.random() * 2 ** 32) * 2 ** 20',
        put: 'reads.context = 1',
      },
    ],
    directed: readContextOfAnotherLife,
  },
  {
    name: 'reads that a follower forwarded outlive their leader',
    bug: 7,
    about: 'etcd#20418; dissertation §6.4',
    edits: [{ file: 'relinquish.ts', find: '  reads.forwarded.clear()\n', put: '' }],
    wishes: reading,
    seed: 2,
  },
  {
    name: 'a read is answered without a round of heartbeats',
    about: '§8; dissertation §6.4',
    edits: [{ file: 'reads.ts', find: "if (isKnown && by === 'lease' && holdsLease(core))", put: 'if (isKnown)' }],
    directed: readByALonelyLeader,
  },
  {
    name: 'a read is confirmed by a round that began before it',
    about: 'dissertation §6.4',
    edits: [
      {
        file: 'reads.ts',
        find: 'index: isKnown ? core.commitIndex : undefined, round: undefined }',
        put: 'index: isKnown ? core.commitIndex : undefined, round: isKnown ? core.reads.round : undefined }',
      },
    ],
    directed: roundBeforeTheRead,
  },
  {
    name: 'the lease goes on while leadership is handed over',
    bug: 8,
    about: 'tikv#1593, raft-rs#234; dissertation §6.4.1',
    edits: [{ file: 'transfer.ts', find: 'core.reads.leaseIsVoid = true', put: '' }],
    directed: leaseDuringTransfer,
  },
  {
    name: 'a lease lasts longer than the promise that it rests on',
    about: 'dissertation §6.4.1',
    edits: [{ file: 'reads.ts', find: 'export const LEASE_FRACTION = 0.75', put: 'export const LEASE_FRACTION = 30' }],
    directed: leaseEndsInTime,
  },
  {
    name: 'a restarted node does not keep what it promised to a lease',
    about: 'dissertation §6.4.1',
    edits: [
      { file: 'core.ts', find: 'config.leaseReads ? now : Number.NEGATIVE_INFINITY', put: 'Number.NEGATIVE_INFINITY' },
    ],
    directed: promiseToALease,
  },
  {
    name: 'a hand-over does not get past the leases of the others',
    bug: 9,
    about: 'canonical/raft#203; dissertation §3.10, §4.2.3',
    edits: [{ file: 'election.ts', find: '|| request.transfer ||', put: '||' }],
    directed: handOverPastLeases,
  },
  {
    name: 'leadership is handed over before the target has caught up',
    bug: 10,
    about: 'redpanda#2606; dissertation §3.10',
    edits: [
      {
        file: 'transfer.ts',
        find: '  if (core.progress.get(transfer.target)?.matchIndex !== core.log.lastIndex) return\n',
        put: '',
      },
    ],
    directed: transferBehind,
  },
]
