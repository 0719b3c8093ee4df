/** Real clusters for tests: made in a temporary home, observed, and cleaned away with a proof that nothing is left. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { Cluster, ClusterSettings, ClusterStore, EventSink } from '../../main/cluster/api'
import { inspectNode } from '../../main/cluster/inspect'
import { createClusterStore } from '../../main/cluster/store'
import type { HeldRef } from '../../main/node/contract/conditions'
import type { EventKind, ReportedEvent } from '../../main/node/contract/events'
import type { MessageType } from '../../main/raft/types'
import { ensureBuilt } from './build'

/**
 * Asks again and again until the answer is neither undefined, null nor false; fails with `what` after `withinMs`: long, because
 * how long things take on a machine that is busy with others says nothing.
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  withinMs = 60_000,
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = performance.now() + withinMs
  let failure: unknown
  for (;;) {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== null && answer !== false) {
        return answer as Exclude<T, undefined | null | false>
      }
      failure = undefined
    } catch (error) {
      failure = error
    }
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain for: ${what}`, { cause: failure })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Keeps every event, and the latest that tests ask for. */
export class Witness implements EventSink {
  readonly events: ReportedEvent[] = []
  readonly marks = new Map<number, number>()
  readonly pids = new Set<number>()
  readonly #leaders = new Map<number, { readonly leader: number; readonly term: number }>()

  report(events: readonly ReportedEvent[]): void {
    for (const event of events) {
      this.events.push(event)
      if (event.kind === 'process' && event.pid !== 0) this.pids.add(event.pid)
      if (event.kind === 'role' && event.role === 'leader') {
        this.#leaders.set(event.term, { leader: event.node, term: event.term })
      }
    }
  }

  watermark(node: number, t: number): void {
    this.marks.set(node, t)
  }

  /** The leader of the highest term so far. */
  get leader(): { readonly leader: number; readonly term: number } | undefined {
    return this.#leaders.get(Math.max(...this.#leaders.keys()))
  }

  of<K extends EventKind>(kind: K): readonly ReportedEvent<K>[] {
    return this.events.filter((event): event is ReportedEvent<K> & ReportedEvent => event.kind === kind)
  }

  /** What happened to a node's process, in order. */
  processStates(node: number): readonly string[] {
    return this.of('process')
      .filter((event) => event.subject === node)
      .map((event) => event.state)
  }
}

export interface Stage {
  readonly home: string
  readonly store: ClusterStore
  /** Removes the home. */
  clear(): Promise<void>
}

/** A store in a home of its own. */
export async function makeStage(): Promise<Stage> {
  const home = await mkdtemp(join(tmpdir(), 'raft-workbench-test-'))
  const store = await createClusterStore({ home, programs: await ensureBuilt() })
  return { home, store, clear: () => rm(home, { recursive: true, force: true }) }
}

/**
 * For tests in which one node is to lead from beginning to end: a machine that is busy with others, and keeps a heartbeat
 * waiting, brings no election.
 */
export const STEADY = { electionTimeoutMs: 1500 } as const

export interface OpenCluster extends Omit<Stage, 'clear'> {
  readonly cluster: Cluster
  readonly witness: Witness
}

/**
 * A fresh cluster that runs; the last `witnesses` of its nodes are witnesses. When the test is over it is closed, has left
 * nothing, and its home is removed.
 */
export async function openCluster(
  nodes: number,
  settings: Partial<ClusterSettings> = {},
  witnesses = 0,
): Promise<OpenCluster> {
  const { home, store, clear } = await makeStage()
  onTestFinished(clear)
  const witness = new Witness()
  const { name } = await store.create({ nodes, witnesses, settings })
  const cluster = await store.open(name, () => witness)
  const run = runDirectoryOf(cluster.path)
  onTestFinished(async () => {
    await cluster.close()
    expectNothingLeft(cluster.path, witness.pids, run)
  })
  return { home, store, cluster, witness }
}

/** The run directory of a running cluster. */
export function runDirectoryOf(clusterPath: string): string {
  const [first] = readFileSync(join(clusterPath, 'running'), 'utf8').split('\n')
  return (JSON.parse(first ?? '') as { runDirectory: string }).runDirectory
}

/** Is there a process, be it stopped? A zombie has ended. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  if (process.platform !== 'linux') return true
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

function expectNothingLeft(clusterPath: string, pids: Iterable<number>, runDirectory: string): void {
  expect([...pids].filter(isRunning), 'processes that are left').toEqual([])
  expect(existsSync(runDirectory), 'the run directory is left').toBe(false)
  const left = readdirSync(clusterPath).filter((name) => name.startsWith('lock') || name === 'running')
  expect(left, 'lock files that are left').toEqual([])
}

/** Waits until a leader has answered a read through its log; returns its id. */
export async function awaitLeader(cluster: Cluster): Promise<number> {
  return await until('a leader that answers', async () => {
    const get = { op: 'get', key: 'who leads?' } as const
    const result = await cluster.call(get, { timeoutMs: 2000, consistency: 'log' })
    return result.outcome === 'ok' && result.from
  })
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

export async function put(cluster: Cluster, key: string, value: string, timeoutMs = 30_000): Promise<void> {
  const result = await cluster.call({ op: 'put', key, value: bytes(value) }, { timeoutMs })
  expect(result, `put ${key}`).toMatchObject({ outcome: 'ok' })
}

/** A node's log as its files hold it, one line per entry. */
export async function logOf(cluster: Cluster, node: number): Promise<readonly string[]> {
  const { entries } = await inspectNode(cluster.dataDir(node))
  return entries.map((entry) => `${entry.index}/${entry.term} ${Buffer.from(entry.data).toString('base64')}`)
}

/** Logs may begin at different indexes, and must end at the same one; returns what all of them have. */
function commonEnd(logs: readonly (readonly string[])[]): readonly string[] | undefined {
  const [first, ...others] = logs
  const shared = Math.min(...logs.map((log) => log.length))
  const tail = first?.slice(-shared)
  const isSame = others.every((log) => log.slice(-shared).join('\n') === tail?.join('\n'))
  return shared > 0 && isSame ? tail : undefined
}

/** Waits until the files of these nodes hold one and the same log, except for what snapshots replaced; returns it. */
export async function awaitEqualLogs(cluster: Cluster, nodes = cluster.nodeIds): Promise<readonly string[]> {
  return await until(`equal logs on ${nodes.join(', ')}`, async () =>
    commonEnd(await Promise.all(nodes.map((node) => logOf(cluster, node)))),
  )
}

/** Each beginning and end of a fault, as "begin kill 1". */
export function faultsOf(witness: Witness): readonly string[] {
  return witness.of('fault').map(({ action, type, id }) => `${action} ${type} ${id}`)
}

export interface HeldMessage extends HeldRef {
  readonly message: MessageType
}

/** What nodes hold now, by what they told: link after link, each in its order. */
export function heldBy(witness: Witness): readonly HeldMessage[] {
  const links = new Map<string, HeldMessage[]>()
  for (const event of witness.events) {
    if (event.kind === 'started') for (const list of links.values()) remove(list, ({ to }) => to === event.node)
    if (event.kind !== 'held' && event.kind !== 'released' && event.kind !== 'moved') continue
    const key = `${event.peer}>${event.node}`
    const list = links.get(key) ?? []
    links.set(key, list)
    const before = list.find(({ id }) => id === event.id)
    remove(list, ({ id }) => id === event.id)
    if (event.kind === 'held') {
      list.splice(event.place, 0, { from: event.peer, to: event.node, id: event.id, message: event.message })
    }
    if (event.kind === 'moved' && before !== undefined) list.splice(event.place, 0, before)
  }
  return [...links.values()].flat()
}

function remove<T>(from: T[], which: (one: T) => boolean): void {
  for (let at = from.length - 1; at >= 0; at--) if (which(from[at] as T)) from.splice(at, 1)
}
