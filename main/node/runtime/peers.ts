/** The way out to the other nodes: one connection to each, which carries everything this node says to it. */
import type { Hello, MessageFrame } from '../contract/frames'
import type { Launch } from '../contract/launch'
import { MAX_SOCKET_BACKLOG } from '../contract/limits'
import type { Outbound } from '../contract/transport'
import { connect } from '../contract/transport'

/** unreachable: no connection now. overflow: the peer does not read. In both cases Raft sends again (§5.5). */
export type SendResult = 'sent' | 'unreachable' | 'overflow'

const RETRY_MILLIS = 50

export class Peers {
  readonly #outbound = new Map<number, Outbound>()

  constructor(launch: Launch, hello: Hello) {
    for (const { node, address } of launch.peers) {
      if (node === launch.node) continue
      const outbound = connect(
        address,
        {
          onOpen: (connection) => connection.send(hello),
          // Peers answer on their own connection to us.
          onFrame: () => {},
          onClose: () => {},
        },
        { retryMs: RETRY_MILLIS },
      )
      this.#outbound.set(node, outbound)
    }
  }

  send(frame: MessageFrame): SendResult {
    const connection = this.#outbound.get(frame.message.to)?.connection
    if (connection === undefined) return 'unreachable'
    if (connection.backlog > MAX_SOCKET_BACKLOG) return 'overflow'
    return connection.send(frame) ? 'sent' : 'unreachable'
  }

  close(): void {
    for (const outbound of this.#outbound.values()) outbound.close()
  }
}
