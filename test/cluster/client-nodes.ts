/**
 * Endpoints that speak as nodes do, on real sockets, and do as a test says. They share one log and one state machine, as
 * if replication took no time: what counts here is what the client makes of their answers and their silence.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClusterClient } from '../../main/cluster/client/client'
import { ClusterTime } from '../../main/cluster/time'
import type { AdminReply, AdminRequest } from '../../main/node/contract/admin'
import type { ClientReply, ClientRequest } from '../../main/node/contract/client'
import { encodeCommand } from '../../main/node/contract/command'
import type { EventKind, FieldsOf } from '../../main/node/contract/events'
import type { Connection, Listener } from '../../main/node/contract/transport'
import { listen } from '../../main/node/contract/transport'
import { KeyValueStore } from '../../main/node/kv/store'

const CLUSTER = 'test'

/** Undefined = no answer, ever. */
export type Behaviour = (request: ClientRequest, node: FakeNode) => ClientReply | undefined
export type AdminBehaviour = (request: AdminRequest, node: FakeNode) => AdminReply | 'hang up' | undefined

export const bytes = (text: string) => new Uint8Array(Buffer.from(text))

export function ok(request: ClientRequest, index = 1, found = false, value = ''): ClientReply {
  return { request: request.request, status: 'ok', found, value: bytes(value), index, term: 1 }
}
export function refused(request: ClientRequest, problem: string): ClientReply {
  return { request: request.request, status: 'refused', problem, detail: '{}' }
}
export function notLeader(request: ClientRequest, leader: number): ClientReply {
  return { request: request.request, status: 'not-leader', leader }
}

export class FakeNode {
  readonly id: number
  readonly address: string
  /** Everything that was asked here, in order. */
  readonly requests: ClientRequest[] = []
  /** Instead of what the cluster says. */
  behaviour: Behaviour | undefined
  admin: AdminBehaviour | undefined
  isSilent = false
  /** Nobody has noticed that it is dead. */
  isMissed = false
  readonly #cluster: FakeCluster
  readonly #connections = new Set<Connection>()
  #listener: Listener | undefined

  constructor(cluster: FakeCluster, id: number, address: string) {
    this.#cluster = cluster
    this.id = id
    this.address = address
  }

  get isUp(): boolean {
    return this.#listener !== undefined
  }

  async start(): Promise<void> {
    this.isSilent = false
    this.#listener = await listen(this.address, (connection) => {
      this.#connections.add(connection)
      connection.onClose(() => this.#connections.delete(connection))
      connection.onFrame((frame) => {
        if (frame.type === 'admin') {
          const reply = this.admin?.(frame, this)
          if (reply === 'hang up') connection.close()
          else if (reply !== undefined) connection.send(reply)
        }
        if (frame.type !== 'request') return
        // As the client meant it: what arrived is only a view.
        const { request, client, sequence, command, consistency } = frame.request
        const asked = { request, client, sequence, command, consistency }
        this.requests.push(asked)
        const reply = (this.behaviour ?? this.#cluster.behaviour)(asked, this)
        if (reply !== undefined && !this.isSilent) connection.send({ type: 'reply', reply })
      })
    })
  }

  /** Like SIGKILL: connections break, and nobody listens. */
  async kill(): Promise<void> {
    for (const connection of this.#connections) connection.close()
    await this.#listener?.close()
    this.#listener = undefined
  }
}

export class FakeCluster {
  readonly nodes: readonly FakeNode[]
  readonly client: ClusterClient
  readonly store = new KeyValueStore()
  /** The clock of its time limits. */
  readonly time = new ClusterTime()
  readonly events: { readonly kind: EventKind; readonly fields: Readonly<Record<string, unknown>> }[] = []
  /** Who leads, and whom the others name; 0 = nobody. */
  leader = 1
  #index = 0
  readonly #directory: string

  private constructor(nodes: number, sessions: boolean) {
    this.#directory = mkdtempSync(join(tmpdir(), 'client-'))
    this.nodes = Array.from(
      { length: nodes },
      (_, at) => new FakeNode(this, at + 1, join(this.#directory, `${at + 1}.sock`)),
    )
    this.client = new ClusterClient({
      clusterId: CLUSTER,
      address: (node) => this.node(node).address,
      candidates: () => this.nodes.filter((node) => node.isUp || node.isMissed).map(({ id }) => id),
      reporter: {
        report: <K extends EventKind>(kind: K, fields: FieldsOf<K>) => this.events.push({ kind, fields }),
      },
      sessions,
      now: () => this.time.now(),
    })
  }

  static async start({ nodes = 3, sessions = true } = {}): Promise<FakeCluster> {
    const cluster = new FakeCluster(nodes, sessions)
    await Promise.all(cluster.nodes.map((node) => node.start()))
    return cluster
  }

  node(id: number): FakeNode {
    const node = this.nodes[id - 1]
    if (node === undefined) throw new Error(`no node ${id}`)
    return node
  }

  /** The leader executes, the others name it. */
  readonly behaviour: Behaviour = (request, node) =>
    node.id === this.leader ? this.execute(request) : notLeader(request, this.leader)

  execute(request: ClientRequest): ClientReply {
    const { client, sequence, command } = request
    this.#index += 1
    const data = encodeCommand({ client, sequence, command, time: 1 })
    const outcome = this.store.apply({ index: this.#index, term: 1, type: 'command', data })
    switch (outcome?.kind) {
      case 'done':
        return { ...ok(request, this.#index, outcome.found), value: outcome.value } as ClientReply
      case 'expired':
        return refused(request, 'session-expired')
      default:
        return refused(request, 'bad-input')
    }
  }

  value(key: string): string {
    return Buffer.from(this.store.get(key) ?? []).toString()
  }

  requestsAt(...ids: readonly number[]): readonly ClientRequest[] {
    return ids.flatMap((id) => this.node(id).requests)
  }

  async clear(): Promise<void> {
    this.client.close()
    await Promise.all(this.nodes.map((node) => node.kill()))
    rmSync(this.#directory, { recursive: true })
  }
}
