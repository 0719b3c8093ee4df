/** Held messages as a window gets them: a line each, and one with everything that is in it. */
import { HEX_BYTES, type HeldDetail, type HeldView } from '../../../preload/contract'
import { ByteReader } from '../../node/contract/bytes'
import { readMessage } from '../../node/contract/frames/messages'
import { messageJson } from '../../node/contract/message-schema'
import type { Message } from '../../raft/types'
import type { HeldMessage, NodeState } from '../../timeline/state'

/** The first `most` messages that these nodes hold; node after node, link after link, each in its order. */
export function heldViews(nodes: readonly NodeState[], most: number): readonly HeldView[] {
  const views: HeldView[] = []
  for (const { id, held } of nodes) {
    for (const one of held.slice(0, most - views.length)) views.push(heldView(id, one))
  }
  return views
}

/** What is held does not change: its line is made once, however often it is looked at. */
const LINES = new WeakMap<HeldMessage, HeldView>()

function heldView(node: number, held: HeldMessage): HeldView {
  const known = LINES.get(held)
  if (known !== undefined && known.to === node) return known
  const { peer, id, copyOf, message, term, since, bytes } = held
  const inside = decoded(bytes)
  const gist = inside === undefined ? [] : gistOf(inside)
  const view: HeldView = { from: peer, to: node, id, copyOf, message, term, since, bytes: bytes.length, gist }
  LINES.set(held, view)
  return view
}

export function heldDetail(node: number, held: HeldMessage): HeldDetail {
  const inside = decoded(held.bytes)
  return {
    held: heldView(node, held),
    message: inside === undefined ? null : messageJson(inside),
    hex: Buffer.from(held.bytes.subarray(0, HEX_BYTES)).toString('hex'),
  }
}

/** Undefined when this version cannot read it: it may come from a foreign, damaged or newer recording. */
function decoded(bytes: Uint8Array): Message | undefined {
  try {
    return readMessage(new ByteReader(Buffer.from(bytes), 'held'), 'held').message
  } catch {
    return undefined
  }
}

type Gist = HeldView['gist']

/** What tells one message of its type from another. Named as in raft/types.ts; of lists and data their size. */
function gistOf(message: Message): Gist {
  switch (message.type) {
    case 'RequestVote':
      return [...lastLog(message), ...(message.transfer ? ([['transfer', true]] as const) : [])]
    case 'RequestPreVote':
      return lastLog(message)
    case 'RequestVoteReply':
    case 'RequestPreVoteReply':
      return [['voteGranted', message.voteGranted]]
    case 'AppendEntries':
      return [
        ['prevLogIndex', message.prevLogIndex],
        ['prevLogTerm', message.prevLogTerm],
        ['entries', message.entries.length],
        ['leaderCommit', message.leaderCommit],
      ]
    case 'AppendEntriesReply':
      return message.success
        ? [
            ['success', true],
            ['matchIndex', message.matchIndex],
          ]
        : [
            ['success', false],
            ['conflictIndex', message.conflictIndex],
            ['conflictTerm', message.conflictTerm],
          ]
    case 'InstallSnapshot':
      return [
        ['index', message.snapshot.index],
        ['offset', message.offset],
        ['data', message.data.length],
        ['done', message.done],
      ]
    case 'InstallSnapshotReply':
      return [
        ['index', message.index],
        ['offset', message.offset],
        ['installed', message.installed],
      ]
    case 'TimeoutNow':
      return []
    case 'ReadIndex':
      return [['context', message.context]]
    case 'ReadIndexReply':
      return [
        ['context', message.context],
        ['index', message.index],
      ]
  }
}

function lastLog({ lastLogIndex, lastLogTerm }: { readonly lastLogIndex: number; readonly lastLogTerm: number }): Gist {
  return [
    ['lastLogIndex', lastLogIndex],
    ['lastLogTerm', lastLogTerm],
  ]
}
