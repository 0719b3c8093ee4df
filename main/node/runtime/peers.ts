/** The way out to the other nodes: one connection to each, which carries everything this node says to it. */
import type { Hello, MessageFrame } from '../contract/frames'
import type { Launch } from '../contract/launch'
import { MAX_SOCKET_BACKLOG } from '../contract/limits'
import type { Outbound } from '../contract/transport'
import { connect } from '../contract/transport'

/** unreachable: no connection now. overflow: the peer does not read. In both cases Raft sends again (§5.5). */
export type SendResult = 'sent' | 'unreachable' | 'overflow'

/**
 * Between two tries to connect: soon in a small cluster, whose first election waits for it; later in a large one, where
 * everybody tries to reach everybody.
 */
const RETRY_MILLIS_PER_PEER = 5
const MIN_RETRY_MILLIS = 20

export interface PeerWatch {
  /** There is a connection to `node` now. */
  opened(node: number): void
  /** An open connection broke. */
  lost(node: number): void
}

interface Peer {
  readonly address: string
  readonly outbound: Outbound
}

export class Peers {
  readonly #hello: Hello
  readonly #watch: PeerWatch
  readonly #retryMs: number
  readonly #peers = new Map<number, Peer>()

  constructor(launch: Launch, hello: Hello, watch: PeerWatch) {
    this.#hello = hello
    this.#watch = watch
    this.#retryMs = Math.max(MIN_RETRY_MILLIS, RETRY_MILLIS_PER_PEER * launch.peers.length)
    for (const { node, address } of launch.peers) if (node !== launch.node) this.place(node, address)
  }

  /** From now on `node` listens on `address`; null: it is gone for good. */
  place(node: number, address: string | null): void {
    const known = this.#peers.get(node)
    if (known?.address === address) return
    this.#peers.delete(node)
    known?.outbound.close()
    if (address !== null) this.#peers.set(node, { address, outbound: this.#connect(node, address) })
  }

  /** How many of them there is a connection to now. */
  get connections(): number {
    return [...this.#peers.values()].filter(({ outbound }) => outbound.connection !== undefined).length
  }

  send(frame: MessageFrame): SendResult {
    const connection = this.#peers.get(frame.message.to)?.outbound.connection
    if (connection === undefined) return 'unreachable'
    if (connection.backlog > MAX_SOCKET_BACKLOG) return 'overflow'
    return connection.send(frame) ? 'sent' : 'unreachable'
  }

  /** Hands what was sent to the system, before the turn is over. True when it has taken all of it. */
  flush(): boolean {
    let isOut = true
    for (const { outbound } of this.#peers.values()) {
      outbound.connection?.flush()
      if ((outbound.connection?.backlog ?? 0) > 0) isOut = false
    }
    return isOut
  }

  /** Resolves when the system has all that was sent. */
  async drained(): Promise<void> {
    await Promise.all([...this.#peers.values()].map(({ outbound }) => outbound.connection?.drained()))
  }

  close(): void {
    for (const { outbound } of this.#peers.values()) outbound.close()
  }

  #connect(node: number, address: string): Outbound {
    return connect(
      address,
      {
        onOpen: (connection) => {
          connection.send(this.#hello)
          this.#watch.opened(node)
        },
        // Peers answer on their own connection to us.
        onFrame: () => {},
        onClose: () => this.#watch.lost(node),
      },
      { retryMs: this.#retryMs },
    )
  }
}
