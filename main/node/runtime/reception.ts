/** The way in: connections of peers and clients, who must say who they are before anything else. */
import type { AdminRequest } from '../contract/admin'
import type { ClientRequest } from '../contract/client'
import type { Frame, Hello, MessageFrame } from '../contract/frames'
import { PROTOCOL_VERSION } from '../contract/frames'
import type { Launch } from '../contract/launch'
import { Problem } from '../contract/problem'
import type { Connection, Listener } from '../contract/transport'
import { listen } from '../contract/transport'

export interface Arrivals {
  message(frame: MessageFrame): void
  request(connection: Connection, request: ClientRequest): void
  admin(connection: Connection, request: AdminRequest): void
  /** Somebody broke the protocol; the connection is closed. */
  broken(problem: Problem<'frame-malformed'>): void
}

export interface Reception {
  /** Lets everybody in who has connected so far, and who connects from now on. */
  admit(arrivals: Arrivals): void
  /** Whether `node` is a peer from now on. */
  place(node: number, isPeer: boolean): void
  /** Reads nothing until it is called with false. */
  pause(isPaused: boolean): void
  close(): Promise<void>
}

/**
 * Listens on the node's own address; whoever connects waits until `admit`. Throws Problem 'address-in-use',
 * 'socket-path' or 'directory-unwritable'.
 */
export async function receive(launch: Launch): Promise<Reception> {
  const address = launch.peers.find(({ node }) => node === launch.node)?.address
  if (address === undefined) {
    throw new Problem('bad-input', { where: 'launch', reason: `node ${launch.node} is not among the peers` })
  }
  const peers = new Set(launch.peers.map(({ node }) => node).filter((node) => node !== launch.node))
  const connections = new Set<Connection>()
  let admitted: Arrivals | undefined
  let isPaused = true
  const listener: Listener = await listen(address, (connection) => {
    connections.add(connection)
    connection.onClose(() => connections.delete(connection))
    if (isPaused) connection.pause(true)
    if (admitted !== undefined) greet(connection, launch, peers, admitted)
  })
  const pause = (paused: boolean) => {
    isPaused = paused
    for (const connection of connections) connection.pause(paused)
  }
  return {
    admit: (arrivals) => {
      admitted = arrivals
      for (const connection of connections) greet(connection, launch, peers, arrivals)
      pause(false)
    },
    place: (node, isPeer) => {
      if (isPeer && node !== launch.node) peers.add(node)
      else peers.delete(node)
    },
    pause,
    close: () => listener.close(),
  }
}

function greet(connection: Connection, launch: Launch, peers: ReadonlySet<number>, arrivals: Arrivals): void {
  let hello: Hello | undefined
  const reject = (reason: string) => {
    arrivals.broken(new Problem('frame-malformed', { peer: nameOf(hello), reason }))
    connection.close()
  }
  connection.onProblem(({ details, message }) => {
    const reason = 'reason' in details ? details.reason : message
    arrivals.broken(new Problem('frame-malformed', { peer: nameOf(hello), reason }))
  })
  connection.onFrame((frame) => {
    if (hello === undefined) {
      const wrong = reasonAgainst(frame, launch, peers)
      if (wrong !== undefined) reject(wrong)
      else if (frame.type === 'hello') hello = frame
    } else if (hello.role === 'peer' && frame.type === 'message') {
      const { from, to } = frame.message
      if (from !== hello.node || to !== launch.node) reject(`a message from ${from} to ${to}`)
      else arrivals.message(frame)
    } else if (hello.role === 'client' && frame.type === 'request') {
      arrivals.request(connection, frame.request)
    } else if (hello.role === 'client' && frame.type === 'admin') {
      arrivals.admin(connection, frame)
    } else {
      reject(`a ${frame.type} frame from a ${hello.role}`)
    }
  })
}

/** Why this cannot be the first frame here; undefined when it can. */
function reasonAgainst(frame: Frame, { clusterId }: Launch, peers: ReadonlySet<number>): string | undefined {
  if (frame.type !== 'hello') return `a ${frame.type} frame before the hello`
  if (frame.version !== PROTOCOL_VERSION) return `protocol version ${frame.version} instead of ${PROTOCOL_VERSION}`
  if (frame.clusterId !== clusterId) return `cluster ${frame.clusterId} instead of ${clusterId}`
  if (frame.role === 'telemetry') return 'a node receives no telemetry'
  return frame.role === 'peer' && !peers.has(frame.node) ? `node ${frame.node} is no peer` : undefined
}

function nameOf(hello: Hello | undefined): string {
  if (hello === undefined) return 'unknown'
  return hello.role === 'peer' ? `node ${hello.node}` : hello.role
}
