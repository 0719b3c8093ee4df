/** What a running cluster of node processes does besides replicating: snapshots, reads, limits, levels, addresses. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { AdminAction } from '../../main/node/contract/admin'
import type { Consistency } from '../../main/node/contract/client'
import { NO_CONDITIONS } from '../../main/node/contract/conditions'
import type { ReportedEvent } from '../../main/node/contract/events'
import type { ClusterSettings } from '../../main/node/contract/settings'
import { bundleNode, type Client, eventsOf, Harness, type Life, logOf, until } from './support/harness'

let program: string
let bundle: string
let cluster: Harness

beforeAll(async () => {
  bundle = mkdtempSync(join(tmpdir(), 'rw-bundle-'))
  program = await bundleNode(bundle)
})
afterAll(() => rmSync(bundle, { recursive: true, force: true }))
afterEach(() => cluster.close())

async function running(nodes: number, settings: Partial<ClusterSettings> = {}): Promise<number> {
  cluster = new Harness(nodes, settings)
  await cluster.open(program)
  await cluster.startAll()
  return await until('a leader', () => cluster.leader())
}

/** Writes `count` values of `size` bytes, many at a time, to whoever leads. Returns who that was at the end. */
async function fill(count: number, size: number, except: readonly number[] = []): Promise<number> {
  let leader = await until('a leader', () => cluster.leader(except))
  let client = cluster.client(leader)
  for (let next = 0; next < count; ) {
    const keys = Array.from({ length: Math.min(100, count - next) }, (_, at) => `key-${next + at}`)
    const replies = await Promise.all(
      keys.map((key) => client.call({ op: 'put', key, value: Buffer.alloc(size, key) })),
    )
    if (replies.every(({ status }) => status === 'ok')) {
      next += keys.length
      continue
    }
    leader = await until('a leader', () => cluster.leader(except))
    client = cluster.client(leader)
  }
  return leader
}

/** Asks whoever leads until it is done: on a busy machine leadership may move at any time. */
async function administer(action: AdminAction): Promise<void> {
  await until(JSON.stringify(action), async () => {
    const leader = cluster.leader()
    if (leader === undefined) return false
    const { problem, detail } = await cluster.client(leader).admin(action)
    return problem === '' || (problem === 'change-refused' && JSON.parse(detail).reason === 'already-so')
  })
}

const isChunk = ({ message }: ReportedEvent<'sent'>) => message === 'InstallSnapshot'
const snapshots = (life: Life, stage: string) => eventsOf(life, 'snapshot').filter((event) => event.stage === stage)

/** For tests that speak to one leader all the time: it stays when the machine is busy. */
const STEADY = { electionTimeoutMs: 1500, heartbeatMs: 50 }

/** Writes through whoever leads. */
async function put(key: string, value: string): Promise<void> {
  await until(`put ${key}`, async () => {
    const leader = cluster.leader()
    return leader !== undefined && (await cluster.client(leader).put(key, value)).status === 'ok'
  })
}

async function read(client: Client, key: string, consistency: Consistency): Promise<string> {
  const reply = await client.get(key, consistency)
  if (reply.status !== 'ok') return reply.status
  return reply.found ? Buffer.from(reply.value).toString() : 'nothing'
}

describe('snapshots', () => {
  test('are taken by policy, compact the log, and are what a node starts from', async () => {
    await running(1, { snapshotEntries: 200, trailingEntries: 50, snapshotBytes: 0 })
    await fill(1000, 20)
    const life = cluster.life(1)
    const saved = await until('some snapshots', () => {
      const found = snapshots(life, 'saved')
      return found.length > 1 && found
    })
    expect(saved[0]).toMatchObject({ peer: 1 })
    expect(saved[0]!.index).toBeGreaterThanOrEqual(200)
    const compacted = await until('compaction', () => eventsOf(life, 'compacted').at(-1))
    expect(compacted).toMatchObject({ baseTerm: saved.at(-1)!.term })

    await cluster.kill(1)
    const again = cluster.start(1)
    await until('leads', () => eventsOf(again, 'role').at(-1)?.role === 'leader')
    const [started] = eventsOf(again, 'started')
    expect(started!.snapshotIndex).toBeGreaterThanOrEqual(saved.at(-1)!.index)
    expect(started!.firstIndex).toBeGreaterThan(1)
    expect(eventsOf(again, 'configuration')[0]).toMatchObject({ standing: 'restored', voters: '1' })
    const client = cluster.client(1)
    for (const key of ['key-0', 'key-500', 'key-999']) {
      expect(await read(client, key, 'log')).toBe(Buffer.alloc(20, key).toString())
    }
  })

  test('are taken when somebody asks, if there is anything new', async () => {
    const leader = await running(1)
    const client = cluster.client(leader)
    await client.put('a', '1')
    const reply = await client.admin({ type: 'snapshot' })
    expect(reply).toMatchObject({ problem: '' })
    expect(reply.index).toBeGreaterThanOrEqual(2)
    expect(await client.admin({ type: 'snapshot' })).toMatchObject({ problem: 'snapshot-refused' })
  })

  test('bring up a follower that is too far behind, and go on where they stopped when it is restarted', async () => {
    const settings = { snapshotEntries: 500, trailingEntries: 10, snapshotBytes: 0, snapshotChunkBytes: 4096 }
    const first = await running(3, settings)
    const late = cluster.ids.find((id) => id !== first)!
    await cluster.kill(late)
    // 4 MB of state, in chunks of 4 KiB.
    const leader = await fill(2000, 2048, [late])
    await until('a compacted log', () => (eventsOf(cluster.life(leader), 'compacted').at(-1)?.firstIndex ?? 0) > 500)

    // So slowly that it is killed long before it has all of it.
    const nothing = { dropPercent: 0, delayMs: 0, jitterMs: 0, duplicatePercent: 0, reorderPercent: 0 }
    const slow = { type: 'shape' as const, ...nothing, bytesPerSecond: 400_000 }
    const rules = { seed: 0, rules: [{ messages: ['InstallSnapshot' as const], action: slow }] }
    const links = cluster.ids.filter((from) => from !== late).map((from) => ({ from, rules }))
    const middle = cluster.start(late, { conditions: { ...NO_CONDITIONS, links } })
    await until('half of it', () => (snapshots(middle, 'receiving').at(-1)?.offset ?? 0) > 1 << 20)
    await cluster.kill(late)
    expect(snapshots(middle, 'installed')).toEqual([])
    const reached = snapshots(middle, 'receiving').at(-1)!

    const again = cluster.start(late)
    const begun = await until('it goes on', () => snapshots(again, 'receiving')[0])
    // What was received before the kill counts, unless a newer snapshot is on its way by now.
    if (begun.index === reached.index) expect(begun.offset).toBeGreaterThanOrEqual(reached.offset)
    const installed = await until('installed', () => snapshots(again, 'installed')[0])
    expect(installed.bytes).toBeGreaterThan(2048 * 500)
    await until('applied', () => (eventsOf(again, 'applied').at(-1)?.lastApplied ?? 0) >= 2000)
    const client = cluster.client(late)
    for (const key of ['key-0', 'key-1999']) {
      expect(await read(client, key, 'stale')).toBe(Buffer.alloc(2048, key).toString())
    }
    // Sent chunk by chunk, and every one of them was told by both.
    const told = cluster.lives.flatMap((life) => eventsOf(life, 'sent')).filter(isChunk)
    expect(Math.max(...told.map(({ count }) => count))).toBe(4096)
    expect(told.some(({ ok }) => ok)).toBe(true)

    await cluster.kill(late)
    const last = cluster.start(late)
    await until('ready', () => last.isReady)
    expect(eventsOf(last, 'started')[0]!.snapshotIndex).toBeGreaterThanOrEqual(installed.index)
  })
})

describe('reads', () => {
  test('of every consistency on leader and followers; only those through the log add an entry', async () => {
    await running(3, { ...STEADY, leaseReads: true })
    const clients = cluster.ids.map((id) => cluster.client(id))
    await put('a', 'first')
    for (const consistency of ['log', 'index', 'lease', 'stale'] as const) {
      await until(`${consistency} from somebody`, async () => {
        for (const client of clients) if ((await read(client, 'a', consistency)) === 'first') return true
        return false
      })
    }
    for (let i = 0; i < 20; i++) {
      const value = String(i)
      await put('a', value)
      for (const client of clients) {
        const got = await until('an answer', async () => {
          const answer = await read(client, 'a', 'index')
          return answer !== 'not-leader' && answer
        })
        expect(got).toBe(value)
      }
    }
    const leader = await until('a leader', () => cluster.leader())
    const commands = () => logOf(cluster.life(leader)).filter(({ type }) => type === 'command').length
    // Twenty-one puts, and one read through the log.
    await until('all is told', () => commands() >= 22)
    expect(commands()).toBe(22)
    const follower = cluster.ids.find((id) => id !== leader)!
    expect(await cluster.client(follower).get('a', 'log')).toMatchObject({ status: 'not-leader' })
    const reads = cluster.ids.flatMap((id) => eventsOf(cluster.life(id), 'read').map(({ stage }) => stage))
    expect(new Set(reads)).toEqual(new Set(['asked', 'confirmed']))
  })

  test('by index wait for a majority; stale ones do not', async () => {
    const leader = await running(3, { ...STEADY, checkQuorum: false })
    const client = cluster.client(leader)
    await client.put('a', '1')
    for (const from of cluster.ids) if (from !== leader) cluster.cut(from, leader)
    let isAnswered = false
    const waiting = read(client, 'a', 'index').then((value) => {
      isAnswered = true
      return value
    })
    expect(await read(client, 'a', 'stale')).toBe('1')
    await until('it asks again and again', () => eventsOf(cluster.life(leader), 'dropped').length > 10)
    expect(isAnswered).toBe(false)
    for (const from of cluster.ids) if (from !== leader) cluster.cut(from, leader, false)
    // Either it still leads and answers, or somebody else does and it says so.
    expect(['1', 'not-leader']).toContain(await waiting)
  })
})

describe('limits', () => {
  test('more calls than may wait are refused, and the others are answered', async () => {
    const leader = await running(1, { maxWaitingCalls: 50 })
    const client = cluster.client(leader)
    const replies = await Promise.all(Array.from({ length: 500 }, (_, at) => client.put(`k${at}`, 'v')))
    const refused = replies.filter((reply) => reply.status === 'refused' && reply.problem === 'node-busy')
    expect(replies.filter(({ status }) => status === 'ok').length).toBeGreaterThanOrEqual(50)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.length + replies.filter(({ status }) => status === 'ok').length).toBe(500)
    expect(await client.put('after', 'v')).toMatchObject({ status: 'ok' })
  })

  test('more bytes than may wait for a majority are refused', async () => {
    const leader = await running(3, { ...STEADY, maxUncommittedBytes: 4096, checkQuorum: false })
    const client = cluster.client(leader)
    await client.put('a', '1')
    for (const from of cluster.ids) if (from !== leader) cluster.cut(from, leader)
    const waiting = Array.from({ length: 8 }, (_, at) => client.put(`k${at}`, 'x'.repeat(1000)))
    const busy = (await Promise.race(waiting)) as { status: string; problem: string; detail: string }
    expect(busy).toMatchObject({ status: 'refused', problem: 'cluster-busy' })
    expect(JSON.parse(busy.detail)).toMatchObject({ max: 4096 })
    for (const from of cluster.ids) if (from !== leader) cluster.cut(from, leader, false)
  })
})

describe('operators', () => {
  test('hand leadership over and change who belongs to the cluster; what cannot be is refused with its reason', async () => {
    const leader = await running(3, STEADY)
    const follower = cluster.ids.find((id) => id !== leader)!
    const client = cluster.client(leader)
    await client.put('a', '1')
    expect(await cluster.client(follower).admin({ type: 'transfer', target: leader })).toMatchObject({
      problem: 'not-leader',
      leader,
    })
    const unknown = await client.admin({ type: 'transfer', target: 99 })
    expect(unknown).toMatchObject({ problem: 'transfer-refused' })
    expect(JSON.parse(unknown.detail)).toMatchObject({ reason: 'unknown-node' })
    expect(await client.admin({ type: 'transfer', target: follower })).toMatchObject({ problem: '' })
    await until('it leads', () => cluster.leader() === follower)

    const now = cluster.client(follower)
    await until('it has committed', async () => (await now.put('a', '2')).status === 'ok')
    const third = cluster.ids.find((id) => id !== leader && id !== follower)!
    const removed = await now.admin({ type: 'change', changes: [{ node: third, role: 'removed' }], mode: 'auto' })
    expect(removed).toMatchObject({ problem: '' })
    expect(removed.index).toBeGreaterThan(2)
    const again = await now.admin({ type: 'change', changes: [{ node: third, role: 'removed' }], mode: 'auto' })
    expect(again).toMatchObject({ problem: 'change-refused' })
    expect(JSON.parse(again.detail)).toEqual({ reason: 'unknown-node', node: third })
    const voters = [leader, follower].sort((a, b) => a - b).join(',')
    await until('it is told', () => {
      const { voters: told, standing } = eventsOf(cluster.life(follower), 'configuration').at(-1)!
      return told === voters && standing === 'committed'
    })
  })

  test('add a node that nobody knew: its address first, then its vote', async () => {
    await running(3)
    for (let i = 0; i < 20; i++) await put(`k${i}`, String(i))
    for (const id of cluster.ids) cluster.control(id, { type: 'address', node: 4, address: cluster.address(4) })
    const peers = [...cluster.ids, 4].map((id) => ({ node: id, address: cluster.address(id) }))
    const added = cluster.start(4, { peers, firstVoters: [] })
    await until('ready', () => added.isReady)
    expect(eventsOf(added, 'role')[0]).toMatchObject({ role: 'learner' })
    await administer({ type: 'change', changes: [{ node: 4, role: 'learner' }], mode: 'auto' })
    await until('it has the log', () => (eventsOf(added, 'applied').at(-1)?.lastApplied ?? 0) >= 20)
    await administer({ type: 'change', changes: [{ node: 4, role: 'voter' }], mode: 'auto' })
    // On a busy machine it may have to find out who leads.
    const found = await until('an answer', async () => {
      const answer = await read(cluster.client(4), 'k19', 'index')
      return answer !== 'not-leader' && answer
    })
    expect(found).toBe('19')

    // It moves to another address; nobody else has to be restarted for that.
    await cluster.kill(4)
    const address = join(cluster.dir, 'run', 'moved.sock')
    for (const id of cluster.ids) cluster.control(id, { type: 'address', node: 4, address })
    const moved = cluster.start(4, { peers: peers.map((peer) => (peer.node === 4 ? { node: 4, address } : peer)) })
    await until('heard again', () => eventsOf(moved, 'leader').length > 0)
    expect(readdirSync(join(cluster.dir, 'run'))).toContain('moved.sock')
  })
})

test('a quiet cluster falls silent and wakes for a client', async () => {
  await running(3, { quiescence: true })
  await put('a', '1')
  await until('silence', () =>
    cluster.ids.every((id) => eventsOf(cluster.life(id), 'remark').at(-1)?.name === 'quiesced'),
  )
  const leader = await until('a leader', () => cluster.leader())
  const sent = eventsOf(cluster.life(leader), 'sent').length
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(eventsOf(cluster.life(leader), 'sent').length).toBe(sent)
  await put('a', '2')
  await cluster.kill(leader)
  await until('another one leads', () => cluster.leader([leader]))
})

test.each(['off', 'state', 'message', 'entry'] as const)(
  'at level %s the cluster says what it should',
  async (level) => {
    cluster = new Harness(3, { telemetry: level })
    await cluster.open(program)
    await cluster.startAll()
    await until('somebody takes it', async () => {
      for (const id of cluster.ids) if ((await cluster.client(id).put('a', 'told')).status === 'ok') return true
      return false
    })
    const lives = cluster.ids.map((id) => cluster.life(id))
    await cluster.told()
    const kinds = new Set(lives.flatMap((life) => life.events.map(({ kind }) => kind)))
    expect(kinds.has('started')).toBe(true)
    expect([kinds.has('appended'), kinds.has('configuration')]).toEqual([level !== 'off', level !== 'off'])
    expect([kinds.has('sent'), kinds.has('progress')]).toEqual(
      level === 'message' || level === 'entry' ? [true, true] : [false, false],
    )
    const appended = lives.flatMap((life) => eventsOf(life, 'appended'))
    expect(appended.some(({ entries }) => entries.some(({ type }) => type === 'command'))).toBe(level === 'entry')
    if (level !== 'off') expect(appended.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(30)
  },
)
