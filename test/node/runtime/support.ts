import type { ClientReply } from '../../../main/node/contract/client'
import type { Frame } from '../../../main/node/contract/frames'
import type { Connection } from '../../../main/node/contract/transport'
import { Call } from '../../../main/node/runtime/call'
import type { Entry, Message } from '../../../main/raft/types'

/** A client's connection that keeps what it is told. */
export function listening() {
  const replies: ClientReply[] = []
  const state = { isClosed: false }
  const connection = {
    send: (frame: Frame) => {
      if (frame.type === 'reply') replies.push(frame.reply)
      return true
    },
    close: () => {
      state.isClosed = true
    },
  } as unknown as Connection
  const call = (request: number, key = 'k', client = 1) =>
    new Call(connection, {
      request,
      client,
      sequence: 1,
      command: { op: 'get', key },
      consistency: 'log',
    })
  return { replies, state, call }
}

/** A client's command in the log. */
export const entry = (index: number, term: number, data: Uint8Array = new Uint8Array()): Entry => ({
  index,
  term,
  type: 'command',
  data,
})

/** A leader's empty AppendEntries. */
export const heartbeat = (from: number, to: number): Message => ({
  type: 'AppendEntries',
  from,
  to,
  term: 1,
  prevLogIndex: 0,
  prevLogTerm: 0,
  entries: [],
  leaderCommit: 0,
  round: 0,
  quiesce: false,
})
