/** The side that is connected to. */
import { chmodSync, mkdirSync, statSync } from 'node:fs'
import type { Socket } from 'node:net'
import { connect as netConnect } from 'node:net'
import { dirname, sep } from 'node:path'
import type { IpcServer } from 'node-ipc'
import { IPCModule } from 'node-ipc'
import { MAX_SOCKET_BACKLOG } from '../limits'
import { Problem } from '../problem'
import { endpoint, isPipe, netPath } from './address'
import { type Connection, SocketConnection } from './connection'

const MAX_CONNECTIONS = 1000

export interface Listener {
  /** Closes every connection and removes the socket file. */
  close(): Promise<void>
}

/**
 * Listens on `address`, whose directory is made (0700) when it is missing. A socket file that a dead process left behind
 * is replaced; one that answers is not. Throws Problem 'socket-path', 'address-in-use' or 'directory-unwritable'.
 */
export async function listen(address: string, onConnection: (connection: Connection) => void): Promise<Listener> {
  const path = endpoint(address)
  if (!isPipe) makeDirectory(dirname(path))
  if (await answers(address)) throw new Problem('address-in-use', { path: address, reason: 'another process listens' })

  // One module per endpoint: `serve` of a second would overwrite the first one's server.
  const ipc = new IPCModule()
  Object.assign(ipc.config, { silent: true, parser: 'raw', maxConnections: MAX_CONNECTIONS })
  // node-ipc looks after the mode of its root: let it, when the directory is ours alone and never when it is shared.
  if (!isPipe && isPrivate(dirname(path))) ipc.config.socketRoot = dirname(path) + sep
  await start(ipc, path)

  const { server } = ipc
  const connections = new Set<SocketConnection>()
  server.on('connect', (socket: Socket) => {
    const connection = new SocketConnection({
      socket,
      write: (chunk) => server.emit(socket, chunk),
      peer: '',
      pauseAbove: MAX_SOCKET_BACKLOG,
    })
    connections.add(connection)
    connection.onClose(() => connections.delete(connection))
    socket.on('data', (chunk: Buffer) => connection.receive(chunk))
    socket.on('close', () => connection.closed())
    onConnection(connection)
  })

  let closing: Promise<void> | undefined
  return {
    close: () => {
      closing ??= stop(server, connections)
      return closing
    },
  }
}

async function start(ipc: IPCModule, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(listenProblem(path, error))
    ipc.serve(path, resolve)
    ipc.server.on('error', fail)
    try {
      ipc.server.start()
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)))
    }
  })
  if (!isPipe) chmodSync(path, 0o600)
}

function listenProblem(path: string, { code, message }: NodeJS.ErrnoException): Problem {
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOSPC') {
    return new Problem('directory-unwritable', { path: dirname(path), reason: message })
  }
  return new Problem('address-in-use', { path, reason: message })
}

async function stop(server: IpcServer, connections: ReadonlySet<SocketConnection>): Promise<void> {
  await Promise.race([
    Promise.all([...connections].map((connection) => connection.drained())),
    new Promise<void>((resolve) => setTimeout(resolve, 200).unref()),
  ])
  await new Promise<void>((resolve) => {
    server.server.once('close', resolve)
    server.stop()
  })
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Problem('directory-unwritable', { path: directory, reason })
  }
}

/** Nobody else can write there; /tmp, for one, is not private, and its mode is not ours to change. */
function isPrivate(directory: string): boolean {
  return (statSync(directory).mode & 0o1022) === 0
}

/** Whether a living process listens there. */
async function answers(address: string): Promise<boolean> {
  return await new Promise<boolean>((resolve) => {
    const socket = netConnect({ path: netPath(address) })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
