import { because } from './faults'
import { faultsEn } from './faults-en'
import { playingEn } from './playing-en'
import { refusal } from './refusals'
import { refusals } from './refusals-en'
import { scenariosEn } from './scenarios-en'
import { bytes, lineIn, type Sentences } from './sentences'

/** A client's call that a format cannot tell. */
const UNTOLD = {
  word: (op: string) => `a ${op}`,
  text: (op: string) => `a ${op} of bytes that are no text`,
  nothing: (op: string) => `a ${op} that expects that nothing is there`,
} as const

export const en: Sentences = {
  ...faultsEn,
  ...scenariosEn,
  ...playingEn,
  'node-count': ({ given, min, max }) =>
    `A cluster has ${min} to ${max} nodes, not ${given}. Choose a number in that range.`,
  'cluster-name': ({ given }) =>
    `“${given}” can't be a cluster's name. Use 1 to 64 letters, digits, spaces, dots, dashes or underscores, and begin with a letter or digit.`,
  'cluster-exists': ({ name }) => `A cluster named “${name}” exists already. Open it, or choose another name.`,
  'cluster-unknown': ({ name }) => `There is no cluster named “${name}”. Choose one from the list of clusters.`,
  'cluster-locked': ({ path, pid }) =>
    `The cluster in ${path} is open in another workbench (process ${pid}). Close it there, then open it here.`,
  'cluster-damaged': ({ path, reason }) =>
    `The cluster in ${path} can't be opened${because(reason)}. Its files are left as they are; put the damaged file right or create a new cluster.`,
  'cluster-open': ({ name }) =>
    `The cluster “${name}” is running. Close it first; its data and its recording are kept.`,
  'no-cluster': () => 'No cluster is running. Create one or open one from the list first.',
  'node-unknown': ({ node, known }) => `There is no node ${node} in this cluster. Its nodes are ${known}.`,
  'node-state': ({ node, state, wanted }) =>
    `Node ${node} is ${state}, and this needs it to be ${wanted}. Bring it there first, then try again.`,
  'node-crashed': ({ node, reason }) =>
    `Node ${node} ended by itself${because(reason)}. Its files are kept; start it again, or look at its events on the timeline.`,
  'node-start': ({ node, reason }) =>
    `Node ${node} did not start${because(reason)}. Look at its data directory, then start it again.`,
  'node-timeout': ({ node, millis }) =>
    `Node ${node} did not answer within ${millis} ms. Wait and try again, or kill it and start it from its disk.`,
  'node-busy': ({ node, waiting }) =>
    `Node ${node} has ${waiting === 0 ? 'too many' : waiting} requests waiting and takes no more. Nothing was changed; try again in a moment.`,
  'node-exists': ({ node }) =>
    `There is or was a node ${node} in this cluster, and no number is given twice. Choose another one, or leave it out for the next that is free.`,
  'link-self': ({ node }) => `Node ${node} has no link to itself. Choose two different nodes.`,
  'partition-groups': ({ reason }) =>
    `These groups don't make a partition${because(reason)}. Name each node in one group at most, and use this cluster's nodes.`,
  'not-leader': ({ leader }) =>
    leader === '' || leader === '0'
      ? 'The node that was asked is not the leader and does not know one yet. Try again in a moment.'
      : `The node that was asked is not the leader. Ask node ${leader}.`,
  'no-leader': ({ millis }) =>
    `No leader took the request within ${millis} ms; nothing was changed. Check that a majority of the nodes runs and can talk, then try again.`,
  'call-unknown': ({ millis }) =>
    `There was no answer within ${millis} ms. The request may or may not have taken effect; read the key, or look at the configuration, to find out.`,
  'cluster-busy': ({ bytes: waiting, max }) =>
    waiting === 0
      ? 'Too much waits to be stored by a majority of the nodes. Nothing was changed; try again in a moment, or check that a majority runs.'
      : `${bytes(waiting)} wait to be stored by a majority of the nodes, and at most ${bytes(max)} may. Nothing was changed; try again in a moment, or check that a majority runs.`,
  'session-expired': ({ session }) =>
    `The client's session${session === 0 ? '' : ` ${session}`} has expired in the cluster, so that it can't be told whether the request was executed before. Read the key to find out, then try again: a new session opens by itself.`,
  'key-size': ({ given, max }) => `A key has 1 to ${max} bytes, and this one has ${given}. Choose another key.`,
  'value-size': ({ given, max }) =>
    given === 0
      ? `A value has at most ${bytes(max)}, and this one would have more. Nothing was written; choose a smaller value.`
      : `A value has at most ${bytes(max)}, and this one has ${given} bytes. Nothing was written; choose a smaller value.`,
  'directory-unwritable': ({ path, reason }) =>
    `The directory ${path} can't be written${because(reason)}. Change its permissions, or choose another with --home.`,
  'address-in-use': ({ path, reason }) =>
    `The socket ${path} can't be opened${because(reason)}. Close the program that uses it, then try again.`,
  'socket-path': ({ path, length, max }) =>
    `The socket path ${path} is ${length} bytes long, and the system allows ${max}. Set TMPDIR to a shorter directory and start again.`,
  'port-in-use': ({ port }) =>
    `Port ${port} is in use by another program. Choose another with --port, or leave --port out to get a free one.`,
  'notes-corrupt': ({ path, reason }) =>
    `The notes in ${path} cannot be understood (${reason}). The file is left as it is: correct it, or move it away.`,
  'settings-corrupt': ({ path, reason, kept }) =>
    `The settings in ${path} could not be read${because(reason)}. The defaults are used now, and the file is kept as ${kept}.`,
  'no-recording': () => 'No recording is open. Open one from the list first.',
  'recording-failed': ({ path, reason }) =>
    `The recording ${path} can't be written any further${because(reason)}. The cluster keeps running; make room on the disk, then close and open the cluster to begin a new recording.`,
  'recording-unknown': ({ path }) => `There is no recording at ${path}. Choose one from the list, or check the path.`,
  'recording-foreign': ({ path, reason }) =>
    `${path} is not a recording of Raft Workbench${because(reason)}. Choose a file that ends in .raftrec.`,
  'recording-version': ({ path, given, known }) =>
    `The recording ${path} has format version ${given}, and this program reads up to ${known}. Open it with a newer Raft Workbench.`,
  'recording-truncated': ({ path, offset, events }) =>
    events === 0
      ? `The recording ${path} is cut off at byte ${offset}, before its first event: there is nothing to show. Get another copy of the file.`
      : `The recording ${path} ends in the middle of a block at byte ${offset}. The ${events} events before it are shown; what came later was never written.`,
  'recording-corrupt': ({ path, offset }) =>
    `The recording ${path} is damaged at byte ${offset}: its checksum does not match. The other events stay readable; get another copy of the file for the rest.`,
  'export-failed': ({ path, reason }) =>
    `The export to ${path} failed${because(reason)}. No file was left there; choose another place with enough room and try again.`,
  'export-cancelled': ({ path }) =>
    `The export to ${path} was cancelled, and no file was left there. Start it again when you want it.`,
  'export-whole': ({ format }) =>
    `An export as ${format} shows what every node knew, so it needs the events of all nodes and kinds. Choose a range of time only.`,
  'export-too-long': ({ format, events, max }) =>
    `An export as ${format} holds at most ${max} events, and this would be ${events}. Choose a shorter range.`,
  'history-keys': ({ format, keys }) =>
    `An export as ${format} tells of one key, and there are calls of several here (${keys}). Choose one of them as the key (--key on the command line).`,
  'history-call': ({ format, op, key, event, lack }) =>
    `An export as ${format} has no word for ${UNTOLD[lack](op)} (event ${event}, key ${key}); without it, right answers would look wrong. Choose another key or a range without such calls, or the format jepsen, which has words for all.`,
  'page-read-only': () =>
    'This is an exported page: it shows a recording, and nothing can be changed here. Open the recording in Raft Workbench for that.',
  'import-cancelled': ({ path }) =>
    `Reading ${path} was cancelled, and no recording was made of it. Open it again when you want it.`,
  'import-foreign': ({ path }) =>
    `${path} is of no kind that can be opened here. Choose a recording (.raftrec), JSON Lines of Raft Workbench, a ShiViz log, or a Jepsen history (EDN).`,
  'record-corrupt': ({ file, offset, record, reason }) =>
    `Record ${record} at byte ${offset} of ${file} is damaged${because(reason)}. The node stays out so that nothing acknowledged is lost; rebuild the node from the others while they form a majority, or restore the file.`,
  'snapshot-corrupt': ({ file, offset, reason }) =>
    `The snapshot ${file} is damaged at byte ${offset}${because(reason)}. The node stays out so that nothing acknowledged is lost; rebuild the node from the others while they form a majority, or restore the file.`,
  'fork-refused': ({ reason, index }) =>
    refusal(refusals.fork, reason, index) ??
    `No branch can be made of this moment${because(reason)}. Choose another moment.`,
  'fork-cancelled': () =>
    'Branching off was cancelled, and nothing was kept of the new cluster. Try again when you want it.',
  'change-refused': ({ reason, node }) =>
    refusal(refusals.change, reason, node) ??
    `The membership was not changed${node === 0 ? '' : ` for node ${node}`}${because(reason)}. Look at the configuration that the leader goes by, then try again.`,
  'transfer-refused': ({ reason, node }) =>
    refusal(refusals.transfer, reason, node) ??
    `Leadership was not transferred${node === 0 ? '' : ` to node ${node}`}${because(reason)}. Look at who leads now, then try again.`,
  'snapshot-refused': ({ reason, node }) =>
    refusal(refusals.snapshot, reason, node) ??
    `Node ${node} took no snapshot${because(reason)}. Look at its state, then try again.`,
  'settings-invalid': ({ setting, reason }) =>
    `The setting “${setting}” can't be that${because(reason)}. Nothing was changed; choose another value.`,
  'identity-mismatch': ({ path, found, wanted }) =>
    `The directory ${path} belongs to ${found}, not to ${wanted}. Give each node its own directory back.`,
  'storage-version': ({ path, given, known }) =>
    `${path} has storage format version ${given}, and this program knows ${known}. Open it with a newer Raft Workbench.`,
  'disk-failed': ({ path, operation, reason }) =>
    `The disk failed at ${operation} on ${path}${because(reason)}. The node stopped so as not to trust it; check the disk and its free space, then start the node again.`,
  'frame-malformed': ({ peer, reason }) =>
    `A malformed frame came from ${peer}${because(reason)}. It was dropped with its connection, which is opened again by itself.`,
  usage: ({ reason }) => `${reason} Run with --help to see what is possible.`,
  'bad-input': ({ where, reason }) => {
    const { file, line } = lineIn(where)
    return line === ''
      ? `The input to ${where} is not valid${because(reason)}. Correct it and try again.`
      : `${file === '' ? 'The file' : file} breaks a rule of its format: line ${line} is not valid${because(reason)}. Nothing was made of it; correct that line and try again.`
  },
  'unreadable-file': ({ path, reason }) =>
    `${path} can't be read${because(reason)}. Check that it exists and that you may read it.`,
  internal: ({ reason }) =>
    `Something broke inside the workbench${because(reason)}. Your data is on disk; please report this with the log file.`,
}
