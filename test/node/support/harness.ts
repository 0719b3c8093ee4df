/** A tiny supervisor for tests of real node processes: bundles the program once, starts nodes, keeps their events. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import type { AdminAction, AdminReply } from '../../../main/node/contract/admin'
import type { ClientReply, ClientRequest, Consistency } from '../../../main/node/contract/client'
import { CUT, NO_CONDITIONS } from '../../../main/node/contract/conditions'
import type { Control } from '../../../main/node/contract/control'
import type { ControlReply } from '../../../main/node/contract/control-conditions'
import type { EventKind, ReportedEvent } from '../../../main/node/contract/events'
import type { Frame } from '../../../main/node/contract/frames'
import { PROTOCOL_VERSION } from '../../../main/node/contract/frames'
import type { Launch } from '../../../main/node/contract/launch'
import { type ClusterSettings, DEFAULT_SETTINGS } from '../../../main/node/contract/settings'
import type { Connection, Listener, Outbound } from '../../../main/node/contract/transport'
import { connect, listen } from '../../../main/node/contract/transport'
import type { Entry } from '../../../main/raft/types'

type Maybe<T> = T | undefined | false | null

export async function until<T>(what: string, get: () => Maybe<T> | Promise<Maybe<T>>, millis = 30_000): Promise<T> {
  const end = Date.now() + millis
  for (;;) {
    const value = await get()
    if (value !== undefined && value !== false && value !== null) return value
    if (Date.now() > end) throw new Error(`never happened: ${what}`)
    await new Promise((wake) => setTimeout(wake, 5))
  }
}

/** Bundles main/node/index.ts into `dir`; returns the program's path. */
export async function bundleNode(dir: string): Promise<string> {
  const root = resolve(import.meta.dirname, '../../..')
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: join(root, 'main/node/index.ts'),
      outDir: dir,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'node.mjs' } },
    },
  })
  return join(dir, 'node.mjs')
}

/** One life of a node process, as its supervisor sees it. */
export interface Life {
  readonly node: number
  readonly child: ChildProcess
  readonly events: ReportedEvent[]
  readonly fatals: Extract<Frame, { type: 'fatal' }>[]
  readonly watermarks: number[]
  /** Answers to controls, with how many events had been heard before. */
  readonly replies: { readonly reply: ControlReply; readonly events: number }[]
  connection: Connection | undefined
  isReady: boolean
  exit: { code: number | null; signal: NodeJS.Signals | null } | undefined
  stderr: string
}

export class Harness {
  readonly dir = mkdtempSync(join(tmpdir(), 'rw-node-'))
  readonly clusterId = 'test-cluster'
  readonly origin = process.hrtime.bigint()
  readonly ids: readonly number[]
  readonly settings: ClusterSettings
  readonly lives: Life[] = []
  program = ''
  #listener: Listener | undefined
  #incarnations = new Map<number, number>()
  readonly #clients: Client[] = []

  constructor(nodes: number, settings: Partial<ClusterSettings> = {}) {
    this.settings = { ...DEFAULT_SETTINGS, ...settings }
    this.ids = Array.from({ length: nodes }, (_, at) => at + 1)
    mkdirSync(join(this.dir, 'run'), { mode: 0o700 })
  }

  address(node: number): string {
    return join(this.dir, 'run', `${node}.sock`)
  }

  dataDir(node: number): string {
    return join(this.dir, `node-${node}`)
  }

  async open(program: string): Promise<void> {
    this.program = program
    this.#listener = await listen(this.#supervisor, (connection) => {
      let life: Life | undefined
      connection.onFrame((frame) => {
        if (frame.type === 'hello') {
          life = this.lives.find(({ child }) => child.pid === frame.pid)
          if (life) life.connection = connection
        } else if (frame.type === 'events') {
          life?.events.push(...frame.events)
          life?.watermarks.push(frame.upTo)
        } else if (frame.type === 'ready' && life) life.isReady = true
        else if (frame.type === 'control-reply') life?.replies.push({ reply: frame, events: life.events.length })
        else if (frame.type === 'fatal') life?.fatals.push(frame)
      })
    })
  }

  get #supervisor(): string {
    return join(this.dir, 'run', 'up.sock')
  }

  start(node: number, changes: Partial<Launch> = {}): Life {
    const incarnation = this.#incarnations.get(node) ?? 0
    this.#incarnations.set(node, incarnation + 1)
    const launch: Launch = {
      clusterId: this.clusterId,
      node,
      peers: this.ids.map((id) => ({ node: id, address: this.address(id) })),
      firstVoters: [...this.ids],
      firstWitnesses: [],
      supervisor: this.#supervisor,
      dataDir: this.dataDir(node),
      incarnation,
      origin: String(this.origin),
      settings: this.settings,
      conditions: NO_CONDITIONS,
      ...changes,
    }
    const child = spawn(process.execPath, [this.program, JSON.stringify(launch)], { stdio: ['ignore', 'pipe', 'pipe'] })
    const life: Life = {
      node,
      child,
      events: [],
      fatals: [],
      watermarks: [],
      replies: [],
      connection: undefined,
      isReady: false,
      exit: undefined,
      stderr: '',
    }
    child.stderr.on('data', (chunk) => {
      life.stderr += chunk
    })
    child.on('exit', (code, signal) => {
      life.exit = { code, signal }
    })
    this.lives.push(life)
    return life
  }

  async startAll(): Promise<void> {
    const lives = this.ids.map((id) => this.start(id))
    for (const life of lives) await until(`node ${life.node} is ready`, () => life.isReady)
  }

  /** The present life of a node. */
  life(node: number): Life {
    return this.lives.findLast((life) => life.node === node)!
  }

  control(node: number, control: Control): void {
    this.life(node).connection?.send({ type: 'control', control })
  }

  /** Whether `node` hears `from` from now on. */
  cut(from: number, node: number, isCut = true): void {
    this.control(node, { type: 'link', from, rules: { seed: 0, rules: isCut ? [CUT] : [] } })
  }

  async kill(node: number): Promise<void> {
    const life = this.life(node)
    life.child.kill('SIGKILL')
    await until(`node ${node} is dead`, () => life.exit)
  }

  /** Waits until everything is told that has happened by now at the nodes that live: an answer may be here before it. */
  async told(): Promise<void> {
    const now = Number(process.hrtime.bigint() - this.origin)
    const lives = this.ids.map((id) => this.life(id)).filter(({ exit }) => exit === undefined)
    await until('everything is told', () => lives.every(({ watermarks }) => (watermarks.at(-1) ?? 0) >= now))
  }

  /** The one living node whose last role is leader, of the highest term; not one of `except`. */
  leader(except: readonly number[] = []): number | undefined {
    const leaders = this.ids
      .filter((id) => !except.includes(id))
      .map((id) => this.life(id))
      .filter((life) => life.exit === undefined)
      .flatMap((life) => eventsOf(life, 'role').slice(-1))
      .filter((event) => event.role === 'leader')
      .sort((a, b) => b.term - a.term)
    return leaders[0]?.node
  }

  client(node: number): Client {
    const client = new Client(this.address(node), this.clusterId)
    this.#clients.push(client)
    return client
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close()
    for (const { child, exit } of this.lives) if (exit === undefined) child.kill('SIGKILL')
    for (const life of this.lives) await until('all are dead', () => life.exit)
    await this.#listener?.close()
    rmSync(this.dir, { recursive: true, force: true })
  }
}

export function eventsOf<K extends EventKind>(life: Life, kind: K): ReportedEvent<K>[] {
  return life.events.filter((event) => event.kind === kind) as unknown as ReportedEvent<K>[]
}

/**
 * The log in memory as the events of one life tell it, from the first entry that it still has. What a follower leaves to its
 * leader to tell is looked for among `tellers`.
 */
export function logOf(life: Life, tellers: readonly Life[] = [life]): Entry[] {
  let log: Entry[] = []
  const told = new Map<string, Entry>()
  for (const teller of tellers) {
    for (const { entries } of eventsOf(teller, 'appended')) {
      for (const entry of entries) told.set(`${entry.index} of ${entry.term}`, entry)
    }
  }
  for (const event of life.events) {
    if (event.kind === 'appended') log.push(...wholeEntries(event, told))
    else if (event.kind === 'truncated') log = log.filter(({ index }) => index < event.fromIndex)
    else if (event.kind === 'compacted') log = log.filter(({ index }) => index >= event.firstIndex)
    else if (event.kind === 'snapshot' && event.stage === 'installed') {
      log = event.keepsLog ? log.filter(({ index }) => index > event.index) : []
    }
  }
  return log
}

function wholeEntries(
  { entries, count, firstIndex, term }: ReportedEvent<'appended'>,
  told: ReadonlyMap<string, Entry>,
): readonly Entry[] {
  if (entries.length === count) return entries
  return Array.from({ length: count }, (_, at) => told.get(`${firstIndex + at} of ${term}`)).filter(
    (entry) => entry !== undefined,
  )
}

export const brief = (log: readonly Entry[]) =>
  log.map(({ index, term, type, data }) => `${index}:${term}:${type}:${Buffer.from(data).toString('hex')}`)

type Asked = Pick<ClientRequest, 'client' | 'sequence'> & { readonly consistency?: Consistency }

export class Client {
  readonly #outbound: Outbound
  readonly #waiting = new Map<number, (reply: ClientReply) => void>()
  readonly #waitingAdmin = new Map<number, (reply: AdminReply) => void>()
  #requests = 0

  constructor(address: string, clusterId: string) {
    this.#outbound = connect(
      address,
      {
        onOpen: (connection) =>
          connection.send({
            type: 'hello',
            version: PROTOCOL_VERSION,
            clusterId,
            role: 'client',
            node: 0,
            incarnation: 0,
            pid: process.pid,
          }),
        onFrame: (frame) => {
          if (frame.type === 'reply') {
            this.#waiting.get(frame.reply.request)?.(frame.reply)
            this.#waiting.delete(frame.reply.request)
          } else if (frame.type === 'admin-reply') {
            this.#waitingAdmin.get(frame.request)?.(frame)
            this.#waitingAdmin.delete(frame.request)
          }
        },
        onClose: () => {},
      },
      { retryMs: 20 },
    )
  }

  /** Without `asked`: outside any session, through the log. */
  async call(command: ClientRequest['command'], asked: Asked = { client: 0, sequence: 0 }): Promise<ClientReply> {
    const connection = await this.#connected()
    return await new Promise((resolve) => {
      this.#requests += 1
      this.#waiting.set(this.#requests, resolve)
      const { client, sequence, consistency = 'log' } = asked
      connection.send({ type: 'request', request: { request: this.#requests, client, sequence, command, consistency } })
    })
  }

  async admin(action: AdminAction): Promise<AdminReply> {
    const connection = await this.#connected()
    return await new Promise((resolve) => {
      this.#requests += 1
      this.#waitingAdmin.set(this.#requests, resolve)
      connection.send({ type: 'admin', request: this.#requests, action })
    })
  }

  put(key: string, value: string): Promise<ClientReply> {
    return this.call({ op: 'put', key, value: Buffer.from(value) })
  }

  get(key: string, consistency: Consistency = 'log'): Promise<ClientReply> {
    return this.call({ op: 'get', key }, { client: 0, sequence: 0, consistency })
  }

  close(): void {
    this.#outbound.close()
  }

  async #connected(): Promise<Connection> {
    return await until('the client is connected', () => this.#outbound.connection)
  }
}
