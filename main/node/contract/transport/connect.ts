/** The side that connects, and connects again when the connection is lost. */
import { IPCModule } from 'node-ipc'
import type { Frame } from '../frames'
import { asProblem, type Problem } from '../problem'
import { endpoint } from './address'
import { type Connection, SocketConnection } from './connection'

const RETRY_MILLIS = 100
/** node-ipc's name for the one connection of a module. */
const ID = 'other'

export interface OutboundHandlers {
  /** Connected; the first thing to send is a hello. */
  onOpen(connection: Connection): void
  onFrame(frame: Frame): void
  /** An open connection was lost. Attempts that fail are not told one by one. */
  onClose(): void
  /** The other side sent something malformed, or an attempt failed; it is tried again. */
  onError?(problem: Problem): void
}

export interface Outbound {
  /** While it is open. */
  readonly connection: Connection | undefined
  /** Hands over what was sent, closes, and never connects again. `onClose` is called when it was open. */
  close(): void
}

/** Keeps a connection to `address` until it is closed. Throws Problem 'socket-path' when no such address can exist. */
export function connect(
  address: string,
  handlers: OutboundHandlers,
  options: { readonly retryMs?: number } = {},
): Outbound {
  const path = endpoint(address)
  const ipc = new IPCModule()
  Object.assign(ipc.config, {
    silent: true,
    parser: 'raw',
    retry: options.retryMs ?? RETRY_MILLIS,
    maxRetries: Number.POSITIVE_INFINITY,
  })
  ipc.connectTo(ID, path)
  const client = ipc.of[ID]
  if (client === undefined) throw new TypeError('node-ipc made no client')

  let current: SocketConnection | undefined
  // Every connect has a socket of its own, and so its own decoder: a half-read frame must not meet the next one.
  client.on('connect', () => {
    const connection = new SocketConnection({
      socket: client.socket,
      write: (chunk) => client.emit(chunk),
      peer: address,
    })
    current = connection
    connection.onFrame((frame) => handlers.onFrame(frame))
    connection.onProblem((problem) => handlers.onError?.(problem))
    connection.onClose(() => {
      current = undefined
      handlers.onClose()
    })
    handlers.onOpen(connection)
  })
  client.on('data', (chunk) => current?.receive(chunk))
  client.on('disconnect', () => current?.closed())
  client.on('error', (error) => handlers.onError?.(asProblem(error)))

  return {
    get connection() {
      return current
    },
    close: () => {
      ipc.config.stopRetrying = true
      if (current === undefined) ipc.disconnect(ID)
      else current.close()
    },
  }
}
