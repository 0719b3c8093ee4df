/**
 * Puts to our cluster over its own client protocol: one connection to each node, and a session for each write under way,
 * so that a write that has to be sent again takes effect once.
 */

import type { ClientReply, ClientRequest } from '../../../main/node/contract/client'
import { PROTOCOL_VERSION } from '../../../main/node/contract/frames'
import { connect, type Outbound } from '../../../main/node/contract/transport'
import type { Target, TargetAddress } from './target'
import { keyOf, valueFor } from './writes'

const RETRY_MS = 20
const OPEN_WITHIN_MS = 10_000

interface Session {
  readonly client: number
  sequence: number
}

interface Call {
  readonly request: Omit<ClientRequest, 'request'>
  answered(reply: ClientReply): void
}

export async function oursTarget({ clusterId, nodes }: Extract<TargetAddress, { system: 'ours' }>): Promise<Target> {
  const calls = new Map<number, Call>()
  const sessions: Session[] = []
  let requests = 0
  let leader = nodes[0]?.id ?? 0

  const links = new Map<number, Outbound>()
  for (const { id, address } of nodes) {
    const link = connect(address, {
      onOpen: (connection) =>
        void connection.send({
          type: 'hello',
          version: PROTOCOL_VERSION,
          clusterId,
          role: 'client',
          node: 0,
          incarnation: 0,
          pid: process.pid,
        }),
      onFrame: (frame) => {
        if (frame.type === 'reply') hear(id, frame.reply)
      },
      onClose: () => {
        if (leader !== id) return
        leader = another(id)
        // What that node did not answer is asked again; its session lets it take effect once.
        for (const number of [...calls.keys()]) send(number)
      },
    })
    links.set(id, link)
  }

  const another = (id: number): number => {
    const at = nodes.findIndex((node) => node.id === id)
    return nodes[(at + 1) % nodes.length]?.id ?? id
  }

  const send = (number: number): void => {
    const call = calls.get(number)
    if (call === undefined) return
    const sent = links.get(leader)?.connection?.send({ type: 'request', request: { ...call.request, request: number } })
    if (sent === true) return
    // Not connected yet, or not running.
    leader = another(leader)
    setTimeout(send, RETRY_MS, number)
  }

  const hear = (from: number, reply: ClientReply): void => {
    const call = calls.get(reply.request)
    if (call === undefined) return
    if (reply.status === 'not-leader') {
      if (leader === from) leader = reply.leader === 0 ? another(from) : reply.leader
      setTimeout(send, reply.leader === 0 ? RETRY_MS : 0, reply.request)
      return
    }
    if (reply.status === 'lost') {
      setTimeout(send, RETRY_MS, reply.request)
      return
    }
    calls.delete(reply.request)
    call.answered(reply)
  }

  const ask = (call: Call): void => {
    const number = ++requests
    calls.set(number, call)
    send(number)
  }

  const openSession = (use: (session: Session | undefined) => void): void =>
    ask({
      request: { client: 0, sequence: 0, command: { op: 'open-session' }, consistency: 'index' },
      answered: (reply) => use(reply.status === 'ok' ? { client: reply.index, sequence: 0 } : undefined),
    })

  const putIn = (session: Session, write: number, done: (position: number) => void): void => {
    const command = { op: 'put', key: keyOf(write), value: valueFor(write) } as const
    ask({
      request: { client: session.client, sequence: ++session.sequence, command, consistency: 'index' },
      answered: (reply) => {
        if (reply.status === 'ok') sessions.push(session)
        done(reply.status === 'ok' ? reply.index : 0)
      },
    })
  }

  // The first session shows that there is a leader, and which one.
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('our cluster did not answer in time')), OPEN_WITHIN_MS)
    openSession((session) => {
      clearTimeout(late)
      if (session === undefined) return reject(new Error('our cluster refused a session'))
      sessions.push(session)
      resolve()
    })
  })

  return {
    put(write, done) {
      const session = sessions.pop()
      if (session !== undefined) putIn(session, write, done)
      else openSession((opened) => (opened === undefined ? done(0) : putIn(opened, write, done)))
    },
    close() {
      for (const link of links.values()) link.close()
    },
  }
}
