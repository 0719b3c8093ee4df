/**
 * etcd-io/raft's trace for validation by its TLA+ specification: one line an event, with the node's state after it. What has
 * no word there (pre-votes, transfers, reads, chunks of a snapshot but the last) is left out and counted.
 */
import type { TimelineEvent } from '../../../node/contract/events'
import type { TimelineSource } from '../../api'
import type { Exported, Exporter, ExportWish, Write } from '../exporter'
import { chooser, rangeOf } from '../select'
import { messageKey, Recent, Tally, TextOut, walk } from '../walk'
import { sentMessage, type TraceMessage } from './messages'
import { type TraceNodeState, TraceNodes } from './nodes'

export const etcdExporter: Exporter = {
  format: 'etcd',
  extension: 'ndjson',
  mediaType: 'application/x-ndjson',
  write: writeEtcd,
}

async function writeEtcd(source: TimelineSource, wish: ExportWish, write: Write): Promise<Exported> {
  const out = new TextOut(write)
  const tally = new Tally()
  const isChosen = chooser(wish.selection)
  const [first] = await source.events(rangeOf(wish.selection), 1)
  const nodes = new TraceNodes()
  if (first !== undefined && first.seq > 0) nodes.seed(await source.stateAt(first.seq, wish.signal))
  const trace = new Trace(nodes)
  await walk(source, wish, out, (event) => {
    const isWritten = isChosen(event)
    const lines = trace.take(event, isWritten)
    if (!isWritten) return
    if (typeof lines === 'string') return tally.leave(lines)
    for (const line of lines) out.add(`${line}\n`)
    tally.events++
  })
  await out.flush(true)
  return tally.exported
}

/** Lines of one event; none where it only changes the state that later lines tell. */
type Lines = readonly string[] | 'unpaired' | 'no-such-event'

class Trace {
  readonly #nodes: TraceNodes
  /** What each message said: its receipt has to tell it again. */
  readonly #sent = new Recent<string, TraceMessage | undefined>()

  constructor(nodes: TraceNodes) {
    this.#nodes = nodes
  }

  /** Also of an event that is not written: the state goes on, but nobody in the trace sends its message. */
  take(event: TimelineEvent, isWritten: boolean): Lines {
    const node = this.#nodes.of(event.node)
    switch (event.kind) {
      case 'started':
        node.start(event)
        return [lineOf('InitState', node)]
      case 'role':
        node.become(event)
        if (event.role === 'pre-candidate') return 'no-such-event'
        return [lineOf(ROLE_NAMES[event.role], node)]
      case 'hardState':
        node.term = event.currentTerm
        node.vote = event.votedFor
        return []
      case 'appended':
        return this.#appended(node, event)
      case 'truncated':
        node.lastIndex = event.fromIndex - 1
        return []
      case 'committed':
        node.commit = event.commitIndex
        // Only who counts commits; the others learn of it in a message.
        return event.by === 'counted' ? [lineOf('Commit', node)] : []
      case 'persisted':
        return [lineOf('Ready', node)]
      case 'snapshot':
        if (event.stage !== 'installed') return 'no-such-event'
        node.commit = Math.max(node.commit, event.index)
        if (!event.keepsLog) node.lastIndex = event.index
        return []
      case 'configuration':
        return this.#configuration(node, event)
      case 'sent': {
        const message = sentMessage(event)
        if (isWritten) this.#sent.set(messageKey(event.node, event.peer, event.id), message)
        return message === undefined ? 'no-such-event' : [lineOf(`Send${message.event}`, node, { msg: message.body })]
      }
      case 'copied': {
        const original = messageKey(event.peer, event.node, event.id)
        const copy = messageKey(event.peer, event.node, event.copy)
        if (this.#sent.has(original)) this.#sent.set(copy, this.#sent.get(original))
        return 'no-such-event'
      }
      case 'received':
        return this.#received(node, event)
      case 'dropped':
        this.#sent.take(messageKey(event.sender, event.receiver, event.id))
        return 'no-such-event'
      default:
        return 'no-such-event'
    }
  }

  /** A leader's own entries are proposals; a follower's come with the message before. */
  #appended(node: TraceNodeState, event: TimelineEvent<'appended'>): Lines {
    const lines: string[] = []
    const configurations = new Set(event.entries.filter(({ type }) => type === 'config').map(({ index }) => index))
    for (let index = event.firstIndex; index < event.firstIndex + event.count; index++) {
      node.lastIndex = index
      if (node.role === 'StateLeader' && !configurations.has(index)) lines.push(lineOf('Replicate', node))
    }
    return lines
  }

  #configuration(node: TraceNodeState, event: TimelineEvent<'configuration'>): Lines {
    const before = node.configuration
    const changes = node.configure(event)
    switch (event.standing) {
      case 'appended': {
        if (node.role !== 'StateLeader' || changes.length === 0 || event.index === 0) return []
        // A proposal is traced while the old configuration still counts.
        return [lineOf('ChangeConf', { ...node.view, conf: before }, { prop: { cc: { changes } } })]
      }
      case 'committed':
        if (event.index === 0) return []
        return [lineOf('ApplyConfChange', node, { prop: { cc: { newconf: node.configuration[0] } } })]
      case 'rolled-back':
      case 'restored':
        return []
    }
  }

  #received(node: TraceNodeState, event: TimelineEvent<'received'>): Lines {
    const key = messageKey(event.peer, event.node, event.id)
    const isKnown = this.#sent.has(key)
    const message = this.#sent.take(key)
    if (!isKnown) return 'unpaired'
    return message === undefined ? 'no-such-event' : [lineOf(`Receive${message.event}`, node, { msg: message.body })]
  }
}

const ROLE_NAMES = {
  follower: 'BecomeFollower',
  learner: 'BecomeFollower',
  candidate: 'BecomeCandidate',
  leader: 'BecomeLeader',
} as const

type View = TraceNodeState['view']

function lineOf(name: string, of: TraceNodeState | View, more: Readonly<Record<string, unknown>> = {}): string {
  const { nid, state, role, log, conf } = 'view' in of ? of.view : of
  return JSON.stringify({ tag: 'trace', event: { name, nid, state, role, log, conf, ...more } })
}
