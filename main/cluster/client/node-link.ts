/** The client's connection to one node: many requests at a time, each with its reply or none. */
import type { AdminAction, AdminReply } from '../../node/contract/admin'
import type { ClientReply, ClientRequest } from '../../node/contract/client'
import { type Frame, PROTOCOL_VERSION } from '../../node/contract/frames'
import { type Connection, connect, type Outbound } from '../../node/contract/transport'

export type Attempt<R> =
  | { readonly kind: 'reply'; readonly reply: R }
  /** Sent, and the connection broke before an answer: it may or may not have been proposed. */
  | { readonly kind: 'broken' }
  /** Never sent. */
  | { readonly kind: 'unreachable' }
type Settle<R> = (attempt: Attempt<R>) => void

const RETRY_MS = 50

export class NodeLink {
  readonly #outbound: Outbound
  #connection: Connection | undefined
  /** The first attempt to connect is under way: what is asked waits for how it ends. */
  #isNew = true
  #unsent: Frame[] = []
  readonly #calls = new Map<number, Settle<ClientReply>>()
  readonly #admins = new Map<number, Settle<AdminReply>>()
  #requests = 0

  constructor(address: string, clusterId: string) {
    this.#outbound = connect(
      address,
      {
        onOpen: (connection) => {
          const role = 'client'
          const version = PROTOCOL_VERSION
          connection.send({ type: 'hello', version, clusterId, role, node: 0, incarnation: 0, pid: process.pid })
          this.#connection = connection
          this.#isNew = false
          for (const frame of this.#unsent) connection.send(frame)
          this.#unsent = []
        },
        onFrame: (frame) => {
          if (frame.type === 'reply') settle(this.#calls, frame.reply)
          else if (frame.type === 'admin-reply') settle(this.#admins, frame)
        },
        onClose: () => {
          this.#connection = undefined
          this.#giveUp({ kind: 'broken' })
        },
        onError: () => {
          // An open connection that fails is closed right after.
          if (this.#connection === undefined) this.#giveUp({ kind: 'unreachable' })
        },
      },
      { retryMs: RETRY_MS },
    )
  }

  /** The last attempt to connect failed, or the connection was lost. It is tried again all the time. */
  get isDown(): boolean {
    return this.#connection === undefined && !this.#isNew
  }

  get isIdle(): boolean {
    return this.#calls.size === 0 && this.#admins.size === 0
  }

  /** Returns the number by which {@link forget} knows it; 0 = there is no connection, and `done` is not called. */
  ask(request: Omit<ClientRequest, 'request'>, done: Settle<ClientReply>): number {
    const { client, sequence, command, consistency } = request
    return this.#ask(this.#calls, done, (number) => ({
      type: 'request',
      request: { request: number, client, sequence, command, consistency },
    }))
  }

  /** Like {@link ask}. */
  administer(action: AdminAction, done: Settle<AdminReply>): number {
    return this.#ask(this.#admins, done, (request) => ({ type: 'admin', request, action }))
  }

  /** Nobody waits for that answer any more. */
  forget(number: number): void {
    this.#calls.delete(number)
    this.#admins.delete(number)
  }

  /** What waits for an answer ends as broken or unreachable. */
  close(): void {
    this.#outbound.close()
    this.#giveUp({ kind: 'unreachable' })
  }

  #ask<R>(waiting: Map<number, Settle<R>>, done: Settle<R>, frameOf: (number: number) => Frame): number {
    if (this.isDown) return 0
    const number = ++this.#requests
    const frame = frameOf(number)
    if (this.#connection === undefined) this.#unsent.push(frame)
    else if (!this.#connection.send(frame)) return 0
    waiting.set(number, done)
    return number
  }

  #giveUp(attempt: Attempt<never>): void {
    this.#isNew = false
    this.#unsent = []
    const waiting = [...this.#calls.values(), ...this.#admins.values()]
    this.#calls.clear()
    this.#admins.clear()
    for (const done of waiting) done(attempt)
  }
}

function settle<R extends { readonly request: number }>(waiting: Map<number, Settle<R>>, reply: R): void {
  const done = waiting.get(reply.request)
  waiting.delete(reply.request)
  done?.({ kind: 'reply', reply })
}
