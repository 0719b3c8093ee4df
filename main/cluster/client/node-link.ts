/** The client's connection to one node: many requests at a time, each with its reply or none. */
import type { ClientReply, ClientRequest } from '../../node/contract/client'
import { PROTOCOL_VERSION } from '../../node/contract/frames'
import { type Connection, connect, type Outbound } from '../../node/contract/transport'

export type Attempt =
  | { readonly kind: 'reply'; readonly reply: ClientReply }
  /** Sent, and no answer: it may or may not have been proposed. */
  | { readonly kind: 'silent' }
  /** Never sent. */
  | { readonly kind: 'unreachable' }

export interface AttemptLimits {
  /** Milliseconds to wait for a connection. */
  readonly reachMs: number
  /** Milliseconds to wait for the answer. */
  readonly answerMs: number
  readonly signal: AbortSignal
}

const RETRY_MS = 50

export class NodeLink {
  readonly #outbound: Outbound
  #connection: Connection | null = null
  readonly #pending = new Map<number, (attempt: Attempt) => void>()
  readonly #waiting = new Set<() => void>()
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
          for (const go of this.#waiting) go()
        },
        onFrame: (frame) => {
          if (frame.type === 'reply') this.#settle(frame.reply.request, { kind: 'reply', reply: frame.reply })
        },
        onClose: () => {
          this.#connection = null
          for (const request of [...this.#pending.keys()]) this.#settle(request, { kind: 'silent' })
        },
      },
      { retryMs: RETRY_MS },
    )
  }

  async ask(request: Omit<ClientRequest, 'request'>, limits: AttemptLimits): Promise<Attempt> {
    if (!(await this.#reach(limits))) return { kind: 'unreachable' }
    const number = ++this.#requests
    return await new Promise<Attempt>((resolve) => {
      const give = () => this.#settle(number, { kind: 'silent' })
      const timer = setTimeout(give, limits.answerMs)
      limits.signal.addEventListener('abort', give, { once: true })
      this.#pending.set(number, (attempt) => {
        clearTimeout(timer)
        limits.signal.removeEventListener('abort', give)
        resolve(attempt)
      })
      const sent = this.#connection?.send({ type: 'request', request: { ...request, request: number } })
      if (sent !== true) this.#settle(number, { kind: 'unreachable' })
    })
  }

  close(): void {
    this.#outbound.close()
  }

  #settle(request: number, attempt: Attempt): void {
    const resolve = this.#pending.get(request)
    this.#pending.delete(request)
    resolve?.(attempt)
  }

  /** True as soon as there is a connection; false when there is none in time. */
  async #reach({ reachMs, signal }: AttemptLimits): Promise<boolean> {
    if (this.#connection !== null || signal.aborted) return !signal.aborted
    await new Promise<void>((resolve) => {
      const go = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', go)
        this.#waiting.delete(go)
        resolve()
      }
      const timer = setTimeout(go, reachMs)
      signal.addEventListener('abort', go, { once: true })
      this.#waiting.add(go)
    })
    return this.#connection !== null && !signal.aborted
  }
}
