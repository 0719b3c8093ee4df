/** A cluster of etcd servers on loopback, started and ended by the bench. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { Unable } from '../unable'
import { until } from '../until'

/** The same for ours: see `settings` of the suites. */
export const HEARTBEAT_MS = 50
export const ELECTION_MS = 250
const END_WITHIN_MS = 3000

const PLACES = [...(process.env.PATH ?? '').split(':'), '/usr/bin', '/usr/local/bin']

/** The program, and its version. Throws {@link Unable} where there is none. */
export function findEtcd(places: readonly string[] = PLACES): { readonly program: string; readonly version: string } {
  const program = places.map((place) => join(place, 'etcd')).find((path) => existsSync(path))
  if (program === undefined) {
    throw new Unable('etcd is not installed: install it (Debian and Ubuntu, as root: apt-get install etcd-server).')
  }
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return { program, version: /etcd Version: (\S+)/.exec(stdout)?.[1] ?? 'unknown' }
}

const count = z.coerce.number().default(0)
const statusSchema = z.object({
  header: z.object({ member_id: z.string().default('0') }),
  leader: z.string().default('0'),
  raftIndex: count,
  raftAppliedIndex: count,
  raftTerm: count,
})
const rangeSchema = z.object({
  kvs: z.array(z.object({ key: z.string(), mod_revision: z.coerce.number(), value: z.string() })).default([]),
})

export interface EtcdStatus {
  readonly isLeader: boolean
  readonly hasLeader: boolean
  readonly applied: number
  readonly term: number
}

export interface EtcdKey {
  readonly key: string
  readonly revision: number
  readonly value: Uint8Array
}

export interface EtcdOptions {
  readonly directory: string
  readonly nodes: number
  readonly signal: AbortSignal
  /** More command line. */
  readonly flags?: readonly string[]
}

class Member {
  readonly clientPort: number
  readonly peerPort: number
  readonly directory: string
  readonly #command: readonly string[]
  readonly #log: string
  #child: ChildProcess | undefined
  #exited: Promise<void> = Promise.resolve()

  constructor(
    name: string,
    ports: { client: number; peer: number },
    base: string,
    cluster: string,
    flags: readonly string[],
  ) {
    this.clientPort = ports.client
    this.peerPort = ports.peer
    this.directory = join(base, name)
    this.#log = join(base, `${name}.log`)
    const at = (port: number) => `http://127.0.0.1:${port}`
    this.#command = [
      findEtcd().program,
      ...['--name', name, '--data-dir', this.directory],
      ...['--listen-client-urls', at(ports.client), '--advertise-client-urls', at(ports.client)],
      ...['--listen-peer-urls', at(ports.peer), '--initial-advertise-peer-urls', at(ports.peer)],
      ...['--initial-cluster', cluster, '--initial-cluster-state', 'new', '--initial-cluster-token', 'bench'],
      ...['--heartbeat-interval', String(HEARTBEAT_MS), '--election-timeout', String(ELECTION_MS)],
      ...['--quota-backend-bytes', String(8 * 2 ** 30), '--logger', 'zap', '--log-outputs', 'stderr'],
      ...['--log-level', 'error'],
      ...flags,
    ]
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  start(): void {
    // A session of its own keeps Ctrl-C from it: the bench ends it, and when the bench itself is killed, the system does.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...this.#command], {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    })
    child.stderr.pipe(createWriteStream(this.#log, { flags: 'a' }))
    this.#child = child
    this.#exited = new Promise((resolve) => {
      child.once('exit', () => resolve())
      child.once('error', () => resolve())
    })
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#exited
  }

  async end(): Promise<void> {
    if (this.#child?.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGTERM')
    const late = setTimeout(() => this.#child?.kill('SIGKILL'), END_WITHIN_MS)
    await this.#exited
    clearTimeout(late)
  }

  async status(): Promise<EtcdStatus | undefined> {
    const said = await post(this.clientPort, '/v3/maintenance/status', {})
    if (said === undefined) return undefined
    const { header, leader, raftAppliedIndex, raftTerm } = statusSchema.parse(said)
    const hasLeader = leader !== '0'
    return { hasLeader, isLeader: hasLeader && leader === header.member_id, applied: raftAppliedIndex, term: raftTerm }
  }
}

export type EtcdMember = Pick<Member, 'clientPort' | 'directory' | 'pid' | 'start' | 'kill' | 'status'>

export class EtcdCluster {
  readonly members: readonly EtcdMember[]
  readonly #members: readonly Member[]
  readonly #signal: AbortSignal

  private constructor(members: readonly Member[], signal: AbortSignal) {
    this.members = members
    this.#members = members
    this.#signal = signal
  }

  /** Starts all; they look for a leader. */
  static async start({ directory, nodes, signal, flags = [] }: EtcdOptions): Promise<EtcdCluster> {
    signal.throwIfAborted()
    await mkdir(directory, { recursive: true })
    const ports = await freePorts(nodes * 2)
    const port = (at: number) => ports[at] ?? 0
    const names = Array.from({ length: nodes }, (_, i) => `m${i + 1}`)
    const list = names.map((name, i) => `${name}=http://127.0.0.1:${port(2 * i + 1)}`).join(',')
    const members = names.map(
      (name, i) => new Member(name, { client: port(2 * i), peer: port(2 * i + 1) }, directory, list, flags),
    )
    const cluster = new EtcdCluster(members, signal)
    for (const member of members) member.start()
    return cluster
  }

  get pids(): readonly number[] {
    return this.#members.map((member) => member.pid)
  }

  /** Waits until all members that answer, a majority, know one and the same leader. */
  async awaitLeader(): Promise<EtcdMember> {
    return await this.until('a leader of etcd', async () => {
      const all = await Promise.all(this.#members.map((member) => member.status()))
      const term = Math.max(...all.map((status) => status?.term ?? 0))
      const agreed = all.filter((status) => status?.hasLeader && status.term === term)
      if (agreed.length <= all.length / 2) return undefined
      return this.#members.find((_, at) => all[at]?.isLeader && all[at].term === term)
    })
  }

  /** Waits for an answer. */
  async until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
    return await until(what, ask, this.#signal)
  }

  /** Every key that begins with `prefix`, by a read that a majority confirmed. */
  async read(prefix: string): Promise<readonly EtcdKey[]> {
    const end = Buffer.from(prefix)
    end.writeUInt8((end.at(-1) ?? 0) + 1, end.length - 1)
    const question = { key: base64(Buffer.from(prefix)), range_end: base64(end), serializable: false }
    const leader = await this.awaitLeader()
    const said = await post(leader.clientPort, '/v3/kv/range', question)
    if (said === undefined) throw new Error('etcd did not answer the read of what was written')
    return rangeSchema.parse(said).kvs.map(({ key, mod_revision, value }) => ({
      key: Buffer.from(key, 'base64').toString('latin1'),
      revision: mod_revision,
      value: Buffer.from(value, 'base64'),
    }))
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.end()))
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

/** A call of etcd's JSON gateway; undefined while nobody answers, or not with what was asked. */
async function post(port: number, path: string, body: unknown): Promise<unknown> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    })
    return response.ok ? await response.json() : undefined
  } catch {
    return undefined
  }
}

/** Ports that nobody listens on, all held at the same time so that they differ. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address()
            resolve(typeof address === 'object' && address !== null ? address.port : 0)
          })
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
