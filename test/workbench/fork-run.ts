/** A recorded run with everything in it that a branch has to get right, and what must be true of a branch of any of its moments. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createClusterStore } from '../../main/cluster'
import type { Cluster, ClusterSettings, ClusterStore } from '../../main/cluster/api'
import { NodeLink } from '../../main/cluster/client/node-link'
import { inspectNode, type NodeInspection } from '../../main/cluster/inspect'
import type { ClientReply, ClientRequest } from '../../main/node/contract/client'
import { decodeCommand } from '../../main/node/contract/command'
import type { TimelineEvent } from '../../main/node/contract/events'
import { dataOf, openSnapshot, snapshotName } from '../../main/node/contract/records'
import { KeyValueStore } from '../../main/node/kv/store'
import type { Entry } from '../../main/raft/types'
import { openRecording, type TimelineSource } from '../../main/timeline'
import type { ClusterState } from '../../main/timeline/state'
import { forkMoment, type MadeFork } from '../../main/workbench/forking'
import { type LiveCluster, openLive } from '../../main/workbench/live/cluster'
import { randomFrom, startLoad } from '../cluster/support'
import { ensureBuilt } from '../support/build'
import { awaitLeader, runDirectoryOf, until, Witness } from '../support/cluster'

export interface Desk {
  readonly home: string
  readonly store: ClusterStore
  /** Opens a cluster of this home, recorded as the workbench records it. */
  open(name: string): Promise<LiveCluster>
  clear(): Promise<void>
}

export async function makeDesk(): Promise<Desk> {
  const programs = await ensureBuilt()
  const home = await mkdtemp(join(tmpdir(), 'raft-workbench-fork-'))
  const store = await createClusterStore({ home, programs })
  const live: LiveCluster[] = []
  return {
    home,
    store,
    async open(name) {
      const summary = (await store.list()).find((one) => one.name === name)
      if (summary === undefined) throw new Error(`no cluster ${name}`)
      const opened = await openLive({
        store,
        summary,
        worker: programs.recorder,
        report: (problem) => {
          throw problem
        },
        progress: () => undefined,
        signal: new AbortController().signal,
      })
      live.push(opened)
      return opened
    },
    async clear() {
      for (const one of live) await one.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

export const EVENTFUL: Partial<ClusterSettings> = {
  electionTimeoutMs: 150,
  heartbeatMs: 30,
  snapshotEntries: 60,
  trailingEntries: 15,
  snapshotChunkBytes: 512,
  maxCatchUpLag: 20,
}

/** Crashes, a cut-off leader whose entries are truncated, snapshots taken and sent, members that come and go. */
export async function eventfulRun(desk: Desk, seed: number): Promise<string> {
  const below = randomFrom(seed)
  const { name } = await desk.store.create({ name: 'parent', nodes: 3, settings: EVENTFUL })
  const live = await desk.open(name)
  const { cluster } = live
  let load = startLoad(cluster, 3, 2)
  const leader = () => awaitLeader(cluster)
  const more = async (writes: number) => {
    const from = load.count
    await until(`${writes} more writes`, () => load.count >= from + writes, 30_000)
  }
  const others = (node: number) => [...cluster.nodeIds].filter((id) => id !== node)
  const back = async (node: number) => {
    if (cluster.standing(node) !== 'running') await cluster.start(node)
  }
  await more(20)

  const killed = await leader()
  await cluster.kill(killed)
  await more(90)
  await back(killed)
  await more(10)

  // A leader alone: what it appends meanwhile is truncated when it comes back. Nobody else writes, or the others would have compacted
  // their logs, and it would get a snapshot instead. It may have stepped down before it was asked: then once more.
  const earlier = load
  await earlier.stop()
  let isTruncated = false
  const stop = live.recorder.onOrdered((events) => {
    isTruncated ||= events.some(({ kind }) => kind === 'truncated')
  })
  for (let round = 0; round < 10 && !isTruncated; round++) {
    const alone = await leader()
    cluster.partition([[alone], others(alone)])
    await cluster.inForce()
    await Promise.all(
      [1, 2, 3].map((at) =>
        cluster.call({ op: 'put', key: `lost ${at}`, value: Buffer.from('!') }, { via: alone, timeoutMs: 400 }),
      ),
    )
    await cluster.call({ op: 'put', key: 'kept', value: Buffer.from('!') }, { timeoutMs: 30_000 })
    cluster.partition([])
    for (const from of cluster.nodeIds) for (const to of cluster.nodeIds) if (from !== to) cluster.heal(from, to)
    await cluster.call({ op: 'put', key: 'whole again', value: Buffer.from('!') }, { timeoutMs: 30_000 })
    const last = () => [...live.recorder.state.nodes.values()].map(({ commitIndex }) => commitIndex)
    await until('all have the same', () => new Set(last()).size === 1, 30_000)
  }
  load = startLoad(cluster, 3, 2, 'later writer')
  stop()

  const added = await cluster.add('voter')
  await more(20)
  const paused = others(await leader())[below(2)] ?? 1
  await cluster.pause(paused)
  await more(15)
  await cluster.resume(paused)
  const gone = await leader()
  await cluster.kill(gone)
  await cluster.kill(others(gone)[0] ?? 1).catch(() => undefined)
  await back(gone)
  await back(others(gone)[0] ?? 1)
  await more(80)
  await cluster.remove(others(await leader()).find((id) => id !== added) ?? 1)
  await more(30)
  await earlier.verify()
  await load.verify()
  const path = live.recording
  await live.close()
  return path
}

/** What is known of a run when it is over: the one log of which every committed prefix is a part. */
export interface Run {
  readonly source: TimelineSource
  readonly events: readonly TimelineEvent[]
  /** By index. */
  readonly log: ReadonlyMap<number, Entry>
}

export async function runOf(path: string): Promise<Run> {
  const source = await openRecording(path)
  const events: TimelineEvent[] = []
  for await (const batch of source.scan({})) events.push(...batch)
  // Independently of the code under test: what each node appended, and which of it it then said was committed.
  const logs = new Map<number, Map<number, Entry>>()
  const log = new Map<number, Entry>()
  for (const event of events) {
    const own = logs.get(event.node) ?? new Map<number, Entry>()
    logs.set(event.node, own)
    const cut = (from: number) => {
      for (const index of own.keys()) if (index >= from) own.delete(index)
    }
    if (event.kind === 'started') own.clear()
    if (event.kind === 'truncated') cut(event.fromIndex)
    if (event.kind === 'snapshot' && event.stage === 'installed' && !event.keepsLog) own.clear()
    if (event.kind === 'appended') {
      cut(event.firstIndex)
      for (const entry of event.entries) own.set(entry.index, entry)
    }
    if (event.kind !== 'committed') continue
    for (const [index, entry] of own) {
      if (index > event.commitIndex) continue
      const known = log.get(index)
      if (known === undefined) log.set(index, entry)
      else expect(known.term).toBe(entry.term)
    }
  }
  return { source, events, log }
}

export function plain({ index, term, type, data }: Entry) {
  return { index, term, type, data: Buffer.from(data).toString('base64') }
}

/** Every file of the fork checks out, and holds what the moment says and nothing else. */
export async function checkFiles(run: Run, made: MadeFork): Promise<readonly NodeInspection[]> {
  const { image, state, path } = made
  const found: NodeInspection[] = []
  for (const { node, disk, role } of image.nodes) {
    if (disk === undefined) continue
    const directory = join(path, 'nodes', `n${node}`)
    const inspection = await inspectNode(directory)
    found.push(inspection)
    expect(inspection.findings, `node ${node}`).toEqual([])
    expect(inspection.standing).toBe('ok')
    expect(inspection.identity).toEqual({ clusterId: made.id, node })
    for (const file of inspection.files) for (const { standing } of file.records) expect(standing).toBe('ok')
    const told = state.nodes.get(node)
    if (told === undefined) throw new Error(`node ${node} is not part of the moment`)
    const before = [...told.log]
      .filter(({ index }) => index <= Math.max(told.durableIndex, told.firstIndex - 1))
      .map((entry) => (entry.type === 'command' && entry.data.length === 0 ? known(run, entry) : entry))
    const entries = inspection.entries.map(plain)
    if (image.completed.includes(node)) {
      // More than it told, and all of that committed.
      for (const entry of inspection.entries.slice(before.length))
        expect(plain(entry)).toEqual(plain(run.log.get(entry.index)!))
    } else {
      expect(entries, `the log of node ${node}`).toEqual(before.map(plain))
      expect(inspection).toMatchObject({ currentTerm: told.durableTerm, votedFor: told.durableVote })
    }
    expect(inspection.base).toEqual({ index: told.firstIndex - 1, term: told.baseTerm })
    expect(inspection.snapshot && { index: inspection.snapshot.index, term: inspection.snapshot.term }).toEqual(
      told.snapshot && { index: told.snapshot.index, term: told.snapshot.term },
    )
    if (inspection.snapshot !== undefined && role !== 'witness') {
      expect(await contentOf(join(directory, snapshotName(inspection.snapshot)))).toEqual(
        applied(run, inspection.snapshot.index),
      )
    }
  }
  expectCommitted(run, made, found)
  return found
}

/** What a majority holds is at least what was known to be committed, and it is the committed log. */
function expectCommitted(run: Run, { image, state }: MadeFork, found: readonly NodeInspection[]): void {
  const { committed } = image
  const term = run.log.get(committed)?.term
  const holding = found.filter(
    ({ base, entries }) =>
      base.index >= committed || entries.some((entry) => entry.index === committed && entry.term === term),
  )
  const voters = newestVoters(state)
  const ids = holding.map(({ identity }) => identity?.node ?? 0).filter((id) => voters.includes(id))
  if (committed > 0)
    expect(ids.length, `entry ${committed} on a majority of ${voters}`).toBeGreaterThan(voters.length / 2)
  for (const { entries } of found) {
    for (const entry of entries.filter(({ index }) => index <= committed)) {
      const known = run.log.get(entry.index)
      // A node that was cut off may hold others, which will be truncated; a majority holds these.
      if (known !== undefined && holding.some(({ entries: all }) => all === entries))
        expect(plain(entry)).toEqual(plain(known))
    }
  }
}

/** An entry whose data this node's events left out, as the whole run tells it. */
function known({ log }: Run, entry: Entry): Entry {
  const same = log.get(entry.index)
  return same?.term === entry.term ? same : entry
}

function newestVoters(state: ClusterState): readonly number[] {
  const [newest] = [...state.nodes.values()]
    .filter(({ configuration, process }) => configuration !== undefined && process.standing !== 'removed')
    .sort((a, b) => b.configurationIndex - a.configurationIndex)
  return newest?.configuration?.voters ?? []
}

async function contentOf(path: string): Promise<string> {
  const { open } = await import('node:fs/promises')
  const file = await open(path, 'r')
  try {
    const source = {
      size: async () => (await file.stat()).size,
      read: async (position: number, length: number) => {
        const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, position)
        return buffer.subarray(0, bytesRead)
      },
    }
    const opening = await openSnapshot(source)
    if (!opening.ok) throw new Error(opening.damage.reason)
    const chunks: Uint8Array[] = []
    for await (const chunk of dataOf(source, opening.opened)) chunks.push(chunk)
    return Buffer.concat(chunks).toString('base64')
  } finally {
    await file.close()
  }
}

function applied({ log }: Run, index: number): string {
  const store = new KeyValueStore()
  for (let at = 1; at <= index; at++) store.apply(log.get(at)!)
  return Buffer.concat([...store.snapshot()]).toString('base64')
}

/**
 * Starts the fork: it elects a leader, has the committed prefix and nothing in its place, answers what is asked again as it was
 * answered before, and takes writes.
 */
export async function checkAlive(desk: Desk, run: Run, made: MadeFork): Promise<void> {
  const cluster = await desk.store.open(made.name, () => new Witness())
  try {
    const leader = await awaitLeader(cluster)
    const { committed } = made.image
    const { entries, base } = await inspectNode(cluster.dataDir(leader))
    for (const entry of entries.filter(({ index }) => index <= committed)) {
      expect(plain(entry)).toEqual(plain(run.log.get(entry.index)!))
    }
    expect(base.index + entries.length).toBeGreaterThanOrEqual(committed)
    // The leader's whole log is committed by now.
    const last = lastOfItsSession(entries)
    if (last !== undefined) await askAgain(cluster, made.id, last)
    const value = Buffer.from('on it goes')
    expect(await cluster.call({ op: 'put', key: 'after', value })).toMatchObject({ outcome: 'ok' })
    expect(await cluster.call({ op: 'get', key: 'after' })).toMatchObject({
      outcome: 'ok',
      value: new Uint8Array(value),
    })
  } finally {
    await cluster.close()
  }
}

/** An append after which its session did nothing else (of its last command alone a session keeps the answer), nor anybody to its key. */
function lastOfItsSession(entries: readonly Entry[]): Entry | undefined {
  const later = new Set<number | string>()
  return entries.findLast(({ type, data }) => {
    if (type !== 'command') return false
    const { client, command } = decodeCommand(data)
    const key = 'key' in command ? command.key : ''
    const isLast = client !== 0 && !later.has(client) && !later.has(key)
    later.add(client).add(key)
    return isLast && command.op === 'append'
  })
}

/** The last append of a session, asked again with its number: answered, and not appended twice. */
async function askAgain(cluster: Cluster, id: string, entry: Entry): Promise<void> {
  const { client, sequence, command } = decodeCommand(entry.data)
  if (!('key' in command) || !('value' in command)) throw new Error('not an append')
  const read = async () => Buffer.from((await cluster.call({ op: 'get', key: command.key })).value).toString()
  const before = await read()
  expect(before.endsWith(Buffer.from(command.value).toString())).toBe(true)
  await until('an answer', async () => {
    const replies = []
    for (const node of cluster.nodeIds) {
      const reply = await ask(cluster, id, node, { client, sequence, command })
      if (reply?.status === 'ok') return true
      replies.push(reply)
    }
    throw new Error(JSON.stringify(replies))
  })
  expect(await read()).toBe(before)
}

async function ask(
  cluster: Cluster,
  id: string,
  node: number,
  request: Pick<ClientRequest, 'client' | 'sequence' | 'command'>,
): Promise<ClientReply | undefined> {
  const link = new NodeLink(join(runDirectoryOf(cluster.path), `n${node}`), id)
  try {
    return await new Promise((resolve) => {
      link.ask({ ...request, consistency: 'log' }, (attempt) =>
        resolve(attempt.kind === 'reply' ? attempt.reply : undefined),
      )
    })
  } finally {
    link.close()
  }
}

export function forkAt(desk: Desk, run: Run, seq: number, name?: string): Promise<MadeFork> {
  return forkMoment(run.source, { seq }, { home: desk.home, name, signal: new AbortController().signal })
}
