import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect as netConnect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ClientReply, ClientRequest } from '../../main/node/contract/client'
import { CUT, NO_CONDITIONS } from '../../main/node/contract/conditions'
import { encodeFrame, PROTOCOL_VERSION } from '../../main/node/contract/frames'
import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from '../../main/node/contract/limits'
import type { ClusterSettings } from '../../main/node/contract/settings'
import { listen } from '../../main/node/contract/transport'
import type { HardState } from '../../main/raft/types'
import { brief, bundleNode, type Client, eventsOf, Harness, logOf, until } from './support/harness'

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

interface Asking {
  /** Nodes that are dead or cut off. */
  readonly except?: readonly number[]
  readonly session?: { client: number; sequence: number }
}

/** What the leader answers, whoever that is: on a busy machine leadership may move at any time. */
async function ask(command: ClientRequest['command'], { except = [], session }: Asking = {}): Promise<ClientReply> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const leader = await until('a leader', () => cluster.leader(except))
    const reply = await client(leader).call(command, session)
    if (reply.status !== 'not-leader' && reply.status !== 'lost') return reply
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nobody takes ${JSON.stringify(command)}`)
}

async function put(key: string, value: string | Uint8Array, asking?: Asking): Promise<void> {
  const reply = await ask({ op: 'put', key, value: Buffer.from(value) }, asking)
  expect(reply).toMatchObject({ status: 'ok' })
}

/** Undefined when there is none. */
async function get(key: string): Promise<string | undefined> {
  const reply = await ask({ op: 'get', key })
  if (reply.status !== 'ok') throw new Error(`get ${key}: ${reply.status}`)
  return reply.found ? Buffer.from(reply.value).toString() : undefined
}

const clients = new Map<string, Client>()
function client(node: number): Client {
  const name = `${cluster.dir}/${node}`
  const known = clients.get(name) ?? cluster.client(node)
  clients.set(name, known)
  return known
}

async function sameLogs(ids: readonly number[] = cluster.ids): Promise<string[]> {
  return await until('the logs are equal', () => {
    const [first, ...others] = ids.map((id) => brief(logOf(cluster.life(id), cluster.lives)))
    return first !== undefined && others.every((log) => log.join() === first.join()) ? first : undefined
  })
}

const pick = ({ currentTerm, votedFor }: HardState) => ({ currentTerm, votedFor })

describe('a node process', () => {
  test('three of them elect a leader, take writes, and tell everything in order', async () => {
    await running(3)
    expect(await get('a')).toBeUndefined()
    await put('a', '1')
    expect(await get('a')).toBe('1')
    expect(await ask({ op: 'delete', key: 'a' })).toMatchObject({ status: 'ok', found: true })
    expect(await get('a')).toBeUndefined()
    await sameLogs()

    for (let named = false; !named; ) {
      const leader = await until('a leader', () => cluster.leader())
      const follower = cluster.ids.find((id) => id !== leader)!
      const reply = await client(follower).put('b', '2')
      named = reply.status === 'not-leader' && reply.leader === leader
    }

    for (const id of cluster.ids) {
      const { events, watermarks } = cluster.life(id)
      expect(events[0]).toMatchObject({ kind: 'started', lastIndex: 0, tornBytes: 0 })
      expect(events.map(({ n }) => n)).toEqual(events.map((_, at) => at + 1))
      expect(events.every((event, at) => at === 0 || event.t >= events[at - 1]!.t)).toBe(true)
      expect(watermarks.every((mark, at) => at === 0 || mark >= watermarks[at - 1]!)).toBe(true)
    }
  })

  test('every message received was sent before, and an answer names its question', async () => {
    await running(3)
    await put('a', '1')
    await sameLogs()
    const lives = cluster.ids.map((id) => cluster.life(id))
    const sent = new Map(lives.flatMap((life) => eventsOf(life, 'sent')).map((e) => [`${e.node}/${e.id}`, e]))
    const received = lives.flatMap((life) => eventsOf(life, 'received'))
    expect(received.length).toBeGreaterThan(5)
    // The last ones may still be on their way to us.
    const early = received.filter((event) => event.t < Math.min(...lives.map((life) => life.watermarks.at(-1)!)))
    for (const event of early) {
      const origin = sent.get(`${event.peer}/${event.id}`)!
      expect(origin).toMatchObject({ peer: event.node, message: event.message, term: event.term })
      expect(origin.t).toBeLessThanOrEqual(event.t)
      if (!event.message.endsWith('Reply')) continue
      const question = sent.get(`${event.node}/${origin.inReplyTo}`)
      expect(`${question?.message}Reply`).toBe(event.message)
    }
  })

  test('a killed follower comes back with its log from disk and catches up', async () => {
    const leader = await running(3)
    await put('a', '1')
    const follower = cluster.ids.find((id) => id !== leader)!
    await sameLogs()
    const persisted = () => eventsOf(cluster.life(follower), 'persisted')
    await until('its disk has them', () => persisted().some(({ lastIndex }) => lastIndex >= 2))
    await cluster.kill(follower)
    await put('b', '2')
    const again = cluster.start(follower)
    await until('ready', () => again.isReady)
    const [started] = eventsOf(again, 'started')
    expect(started).toMatchObject({ incarnation: 1, pid: again.child.pid, firstIndex: 1 })
    expect(started!.lastIndex).toBeGreaterThanOrEqual(2)
    expect(eventsOf(again, 'persisted')[0]).toMatchObject({ lastIndex: started!.lastIndex, bytes: 0 })
    await sameLogs()
    await cluster.told()
    const dead = eventsOf(cluster.life(leader), 'dropped').filter((event) => event.receiver === follower)
    expect(dead[0]).toMatchObject({ sender: leader, reason: 'unreachable' })
  })

  test('a killed leader is replaced, and every acknowledged write survives', async () => {
    const leader = await running(3)
    for (let i = 0; i < 20; i++) await put(`key-${i}`, `value-${i}`)
    await cluster.kill(leader)
    await put('after', 'x', { except: [leader] })
    for (let i = 0; i < 20; i++) expect(await get(`key-${i}`)).toBe(`value-${i}`)
    cluster.start(leader)
    await until('ready', () => cluster.life(leader).isReady)
    await put('last', 'y')
    await sameLogs()
  })

  test('a session executes a repeated command once', async () => {
    await running(3)
    await put('a', '1')
    const opened = await ask({ op: 'open-session' })
    const session = { client: opened.status === 'ok' ? opened.index : 0, sequence: 1 }
    expect(session.client).toBeGreaterThan(0)
    expect(await ask({ op: 'delete', key: 'a' }, { session })).toMatchObject({ status: 'ok', found: true })
    await put('a', '2')
    expect(await ask({ op: 'delete', key: 'a' }, { session })).toMatchObject({ status: 'ok', found: true })
    expect(await get('a')).toBe('2')
    const leader = await until('it is told', () => cluster.leader())
    await until('it is told', () => eventsOf(cluster.life(leader), 'sessions').at(-1)?.open === 1)
    expect(await ask({ op: 'close-session' }, { session })).toMatchObject({ status: 'ok', found: true })
    expect(await ask({ op: 'delete', key: 'a' }, { session })).toMatchObject({ problem: 'session-expired' })
    expect(await get('a')).toBe('2')
  })

  test('what is too large is refused and the connection lives on', async () => {
    const leader = await running(1)
    const big = await client(leader).call({ op: 'put', key: 'k', value: new Uint8Array(MAX_VALUE_BYTES + 1) })
    expect(big).toMatchObject({ status: 'refused', problem: 'value-size' })
    expect(big.status === 'refused' && JSON.parse(big.detail)).toEqual({
      given: MAX_VALUE_BYTES + 1,
      max: MAX_VALUE_BYTES,
    })
    expect(await client(leader).get('k'.repeat(MAX_KEY_BYTES + 1))).toMatchObject({ problem: 'key-size' })
    const largest = new Uint8Array(MAX_VALUE_BYTES).fill(7)
    expect(await client(leader).call({ op: 'put', key: 'k', value: largest })).toMatchObject({ status: 'ok' })
    const read = await client(leader).get('k')
    expect(read.status === 'ok' && Buffer.compare(read.value, largest)).toBe(0)
  })

  test('the largest value reaches every log', async () => {
    await running(3)
    for (let i = 0; i < 5; i++) await put(`k${i}`, new Uint8Array(MAX_VALUE_BYTES).fill(i))
    await until('every log has them', async () => (await sameLogs()).length >= 6)
  })

  test('garbage on its socket does not hurt it, and is reported', async () => {
    const leader = await running(3)
    const hello = {
      type: 'hello',
      version: PROTOCOL_VERSION,
      clusterId: cluster.clusterId,
      role: 'peer',
      node: leader === 1 ? 2 : 1,
      incarnation: 0,
      pid: 1,
    } as const
    const message = Buffer.from(
      encodeFrame({
        type: 'message',
        id: 1,
        inReplyTo: 0,
        sentAt: 0,
        message: {
          type: 'RequestVoteReply',
          from: cluster.ids.find((id) => id !== leader && id !== hello.node) ?? 0,
          to: leader,
          term: 99,
          voteGranted: true,
        },
      }),
    )
    const attempts: Buffer[] = [
      Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
      Buffer.from(encodeFrame({ ...hello, clusterId: 'another' })),
      Buffer.from(encodeFrame({ ...hello, version: 99 })),
      Buffer.from(encodeFrame({ type: 'ready' })),
      Buffer.concat([encodeFrame(hello), encodeFrame({ type: 'ready' })]),
      Buffer.concat([encodeFrame(hello), message]),
      Buffer.concat([encodeFrame(hello), message.subarray(0, 20), Buffer.alloc(100, 0xff)]),
    ]
    for (const bytes of attempts) {
      let isClosed = false
      const socket = netConnect(cluster.address(leader))
      socket.on('error', () => {})
      socket.on('close', () => {
        isClosed = true
      })
      socket.write(bytes)
      // The last attempt claims more bytes than it sends; only its end makes the node look at it.
      if (bytes === attempts.at(-1)) socket.end(Buffer.alloc(9 << 20, 0xff))
      await until('thrown out', () => isClosed)
    }
    const troubles = await until('reported', () => {
      const found = eventsOf(cluster.life(leader), 'trouble')
      return found.length >= attempts.length && found
    })
    expect(new Set(troubles.map((event) => event.problem))).toEqual(new Set(['frame-malformed']))
    expect(cluster.life(leader).exit).toBeUndefined()
    await put('still', 'alive')
    const terms = eventsOf(cluster.life(leader), 'role').map(({ term }) => term)
    expect(Math.max(...terms)).toBeLessThan(99)
  })

  test('a blocked link is blocked one way, is reported, and heals', async () => {
    const leader = await running(3)
    const [deaf, other] = cluster.ids.filter((id) => id !== leader) as [number, number]
    for (const from of [leader, other]) cluster.cut(from, deaf)
    // It asks, and nobody who hears the leader says yes.
    await until('it asks for votes', () => eventsOf(cluster.life(deaf), 'role').at(-1)?.role === 'pre-candidate')
    const drops = await until('drops', () => {
      const found = eventsOf(cluster.life(deaf), 'dropped').filter((event) => event.reason === 'blocked')
      return found.length > 3 && found
    })
    expect(drops[0]).toMatchObject({ receiver: deaf })
    await put('while', 'deaf', { except: [deaf] })
    for (const from of [leader, other]) cluster.cut(from, deaf, false)
    await put('after', 'healing')
    await sameLogs()
  })

  test('links that are blocked at the launch are blocked from the first message on', async () => {
    cluster = new Harness(2)
    await cluster.open(program)
    const without = (from: number) => ({ ...NO_CONDITIONS, links: [{ from, rules: { seed: 0, rules: [CUT] } }] })
    cluster.start(1, { conditions: without(2) })
    cluster.start(2, { conditions: without(1) })
    const one = cluster.life(1)
    await until('drops', () =>
      eventsOf(one, 'dropped').some(({ reason, sender }) => reason === 'blocked' && sender === 2),
    )
    expect(eventsOf(one, 'received')).toEqual([])
    expect(cluster.leader()).toBeUndefined()
  })

  test('stop finishes what is under way and ends with 0', async () => {
    const leader = await running(1)
    await client(leader).put('a', '1')
    const life = cluster.life(leader)
    await cluster.told()
    const before = logOf(life, cluster.lives)
    cluster.control(leader, { type: 'stop' })
    await until('exit', () => life.exit)
    expect(life.exit).toEqual({ code: 0, signal: null })
    expect(life.stderr).toBe('')
    expect(readdirSync(join(cluster.dir, 'run'))).not.toContain('1.sock')
    const again = cluster.start(leader)
    await until('ready', () => again.isReady)
    const [started] = eventsOf(again, 'started')
    expect(started).toMatchObject({ lastIndex: before.length, tornBytes: 0 })
    expect(started).toMatchObject(pick(eventsOf(life, 'hardState').at(-1)!))
    expect(brief(logOf(again, cluster.lives)).slice(0, before.length)).toEqual(brief(before))
    again.child.kill('SIGTERM')
    await until('exit', () => again.exit)
    expect(again.exit).toEqual({ code: 0, signal: null })
  })

  test('a snapshot that becomes durable while the node ends is told', async () => {
    const node = await running(1, { snapshotEntries: 3, trailingEntries: 1 })
    const life = cluster.life(node)
    const calls = client(node)
    for (let at = 0; at < 40; at++) await calls.put(`k${at}`, 'v'.repeat(200))
    cluster.control(node, { type: 'stop' })
    await until('exit', () => life.exit)
    const told = eventsOf(life, 'snapshot').findLast(({ stage }) => stage === 'saved')
    const again = cluster.start(node)
    await until('ready', () => again.isReady)
    expect(eventsOf(again, 'started')[0]?.snapshotIndex).toBe(told?.index)
  })

  test('freeze and thaw do what SIGSTOP and SIGCONT do', async () => {
    const leader = await running(3)
    cluster.control(leader, { type: 'freeze' })
    await put('without', 'it', { except: [leader] })
    const frozen = cluster.life(leader)
    const events = frozen.events.length
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(frozen.events.length).toBe(events)
    cluster.control(leader, { type: 'thaw' })
    await until('it follows', () => eventsOf(frozen, 'role').at(-1)?.role === 'follower')
    await sameLogs()
  })

  test('it says that it lives while nothing happens', async () => {
    cluster = new Harness(2)
    await cluster.open(program)
    const life = cluster.start(1, { settings: { ...cluster.settings, electionTimeoutMs: 60_000 } })
    await until('ready', () => life.isReady)
    const marks = life.watermarks.length
    const events = life.events.length
    await until('watermarks', () => life.watermarks.length > marks + 5)
    // Once a second it tells how it is.
    const others = life.events.slice(events).filter(({ kind }) => kind !== 'stats')
    expect(others.length).toBeLessThan(3)
    await until('stats', () => eventsOf(life, 'stats')[0])
    expect(eventsOf(life, 'stats')[0]!.rss).toBeGreaterThan(1e7)
  })

  test('Ctrl-C is not for it, and it ends when its supervisor is gone', async () => {
    const leader = await running(1)
    const life = cluster.life(leader)
    life.child.kill('SIGINT')
    life.child.kill('SIGHUP')
    expect(await client(leader).put('a', '1')).toMatchObject({ status: 'ok' })
    expect(life.exit).toBeUndefined()
    life.connection?.close()
    await until('exit', () => life.exit)
    expect(life.exit).toEqual({ code: 71, signal: null })
  })

  test('it refuses a directory of another cluster, says why, and ends with 70', async () => {
    const leader = await running(1)
    await cluster.kill(leader)
    const life = cluster.start(1, { clusterId: 'another' })
    await until('exit', () => life.exit)
    expect(life.exit).toEqual({ code: 70, signal: null })
    expect(life.fatals[0]).toMatchObject({ problem: 'identity-mismatch' })
    expect(eventsOf(life, 'trouble')[0]).toMatchObject({ problem: 'identity-mismatch' })
    expect(life.stderr.trim().split('\n')).toHaveLength(1)
  })

  test('it refuses a corrupt log and an address that is taken', async () => {
    cluster = new Harness(1)
    await cluster.open(program)
    const squatter = await listen(cluster.address(1), () => {})
    const taken = cluster.start(1)
    await until('exit', () => taken.exit)
    await squatter.close()
    expect(taken.fatals[0]).toMatchObject({ problem: 'address-in-use' })

    const first = cluster.start(1)
    await until('leads', () => eventsOf(first, 'role').at(-1)?.role === 'leader')
    await cluster.client(1).put('a', '1')
    await cluster.kill(1)
    const log = readdirSync(cluster.dataDir(1)).find((name) => name.endsWith('.log'))!
    writeFileSync(join(cluster.dataDir(1), log), 'not a log')
    chmodSync(join(cluster.dataDir(1), log), 0o600)
    const corrupt = cluster.start(1)
    await until('exit', () => corrupt.exit)
    expect(corrupt.exit).toEqual({ code: 70, signal: null })
    expect(corrupt.fatals[0]).toMatchObject({ problem: 'record-corrupt' })
  })

  test('without a launch it says so', async () => {
    cluster = new Harness(1)
    for (const argument of ['', '{', '{"node":1}']) {
      const ended = spawnSync(process.execPath, [program, argument], { encoding: 'utf8' })
      expect(ended.status).toBe(70)
      expect(ended.stderr).toMatch(/^node: the launch argument cannot be used: .+\n$/)
    }
  })
})
