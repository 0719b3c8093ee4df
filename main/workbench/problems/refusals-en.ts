import type { Refusals } from './refusals'

const the = (node: string): string => (node === '' ? 'that node' : `node ${node}`)
const The = (node: string): string => (node === '' ? 'That node' : `Node ${node}`)

export const refusals: Refusals = {
  change: {
    'not-leader': () =>
      'The membership was not changed: the node that was asked does not lead any more, and only a leader can. Try again in a moment.',
    'change-in-progress': () =>
      'The membership was not changed: an earlier change is not finished. Wait until its configuration is committed, then try again.',
    'no-commit-in-term': () =>
      'The membership was not changed: the leader is new and has committed nothing in its term yet. Try again in a moment.',
    transferring: () =>
      'The membership was not changed: the leader is handing over its leadership. Try again when the new leader is there.',
    'unknown-node': (node) => `The membership was not changed: ${the(node)} is not in it. Choose one of its members.`,
    'duplicate-node': (node) =>
      `The membership was not changed: ${the(node)} is named more than once. Name each node once.`,
    'already-so': (node) =>
      node === ''
        ? 'The membership was not changed: it is like this already. Choose another node or another role.'
        : `The membership was not changed: node ${node} has this role already. Choose another node or another role.`,
    'too-many-changes': () =>
      'The membership was not changed: a single-server change moves one vote at most, and this one moves more. Change one node at a time, or use joint consensus.',
    'no-voters': () =>
      'The membership was not changed: no voter that can lead would be left. Keep at least one voter that is no witness.',
    'witness-fixed': (node) =>
      `The membership was not changed: a witness holds no data, so ${the(node)} can neither become one nor stop being one. Remove it first, then add it in its new role.`,
    'not-caught-up': (node) =>
      `The membership was not changed: ${the(node)} lacks too much of the log to vote, and commits would have to wait for it. Let it learn until it has caught up, then make it a voter.`,
    'would-lose-majority': () =>
      'The membership was not changed: too few of the new voters can be reached now, and nothing could be committed any more. Start or reconnect them first, or choose other nodes.',
    'leadership-lost': () =>
      'The leader was replaced while it changed the membership; the change may or may not take effect. Look at the configuration that the new leader goes by, and ask again if it is the old one.',
  },
  transfer: {
    'not-leader': () =>
      'Leadership was not transferred: the node that was asked does not lead any more. Try again in a moment.',
    'unknown-node': (node) =>
      `Leadership was not transferred: ${the(node)} is not a member of the cluster. Choose one of its voters.`,
    'already-leader': (node) =>
      `Leadership was not transferred: ${the(node)} is the leader already. Choose another voter.`,
    'not-a-voter': (node) =>
      `Leadership was not transferred: ${the(node)} has no vote and can't lead. Make it a voter first, or choose another node.`,
    witness: (node) =>
      `Leadership was not transferred: ${the(node)} is a witness, holds no data and never leads. Choose a voter that has data.`,
    'target-unreachable': (node) =>
      node === ''
        ? 'Leadership was not transferred: no other voter that could lead has been heard lately. Start or reconnect one, then try again.'
        : `Leadership was not transferred: the leader has not heard of node ${node} lately. Start or reconnect it, or choose another node.`,
    'target-behind': (node) =>
      `Leadership was not transferred: ${the(node)} lacks too much of the log. Wait until it has caught up, or choose another node.`,
    transferring: () => 'Leadership is being handed over already. Wait until that has ended, then try again.',
    'timed-out': (node) =>
      `${The(node)} did not take over in time, and the old leader leads on. Check that it runs and can talk to the others, then try again.`,
    'leadership-lost': () =>
      'The leader was replaced while it handed over. Look at who leads now, and ask again if it should be another node.',
  },
  fork: {
    level: (index) =>
      `No branch can be made of this moment: ${index === '' ? 'entries of the log were' : `entry ${index} was`} recorded without data. Record with the telemetry level “entry” (in the cluster's settings), and branch off from that recording.`,
    early: () =>
      'No branch can be made of this moment: no node had told what its disk holds yet. Choose a moment after the first node has started; timelines that were imported from other systems have none.',
    beginning: (index) =>
      `No branch can be made of this moment: what the snapshots held follows from entries up to ${index === '' ? 'there' : index}, and they came before this recording began. It would need the folder “….begin” beside the recording, where the snapshots are that its nodes began with; or branch off from the recording before it.`,
    differs: (index) =>
      `No branch can be made of this moment: the snapshot of entry ${index} that follows from the recording is not as large as the node's was. The recording lacks something; choose an earlier moment.`,
  },
  snapshot: {
    'nothing-new': (node) =>
      `${The(node)} took no snapshot: it has applied nothing since the last one. Write something first.`,
    'under-way': (node) => `${The(node)} is taking a snapshot already. Wait until that is on its disk.`,
  },
}
