/** A real node under conditions of its links and clock: what it is told, what it answers, and what it says of it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { ByteReader } from '../../main/node/contract/bytes'
import { type Conditions, type LinkRules, NO_CONDITIONS } from '../../main/node/contract/conditions'
import type { Control } from '../../main/node/contract/control'
import type { HeldAct } from '../../main/node/contract/control-conditions'
import { readMessage } from '../../main/node/contract/frames/messages'
import { type MessageJson, messageJson } from '../../main/node/contract/message-schema'
import type { ClusterSettings } from '../../main/node/contract/settings'
import { bundleNode, eventsOf, Harness, until } from './support/harness'

const HOLD: LinkRules = { seed: 1, rules: [{ messages: [], action: { type: 'hold' } }] }
const MANUAL: Conditions = { ...NO_CONDITIONS, clock: { mode: 'manual', rate: 1 } }
/** Elections are those of the paper, and only those that are wanted. */
const PLAIN: Partial<ClusterSettings> = { preVote: false, checkQuorum: false, quiescence: false }

let program: string
let bundle: string
let cluster: Harness
let requests = 0

beforeAll(async () => {
  bundle = mkdtempSync(join(tmpdir(), 'rw-bundle-'))
  program = await bundleNode(bundle)
})
afterAll(() => rmSync(bundle, { recursive: true, force: true }))
afterEach(() => cluster.close())

async function started(nodes: number, settings: Partial<ClusterSettings>, conditions = NO_CONDITIONS): Promise<void> {
  cluster = new Harness(nodes, settings)
  await cluster.open(program)
  for (const id of cluster.ids) cluster.start(id, { conditions })
  for (const id of cluster.ids) await until(`node ${id} is ready`, () => cluster.life(id).isReady)
}

type Asking = Extract<Control, { readonly request: number }>
type Question = Asking extends infer One ? (One extends Asking ? Omit<One, 'request'> : never) : never

/** Asks a node, and waits for what it answers. */
async function ask(node: number, question: Question) {
  requests += 1
  const request = requests
  cluster.control(node, { ...question, request } as Control)
  return await until('an answer', () => cluster.life(node).replies.find(({ reply }) => reply.request === request))
}
const held = (node: number, from: number, act: HeldAct) => ask(node, { type: 'held', from, act })

test('in manual time from its launch on a node stands for election only when it is told to', async () => {
  await started(3, { ...PLAIN, telemetry: 'message' }, MANUAL)
  const [clock] = eventsOf(cluster.life(1), 'clock')
  expect(clock).toMatchObject({ mode: 'manual', rate: 1, cause: 'launched' })
  const [timer] = eventsOf(cluster.life(1), 'timer')
  expect(timer).toMatchObject({ deadline: Number.POSITIVE_INFINITY, duration: Number.POSITIVE_INFINITY })
  await sleep(800)
  for (const id of cluster.ids) expect(eventsOf(cluster.life(id), 'role').map(({ role }) => role)).toEqual(['follower'])

  const { reply, events } = await ask(1, { type: 'fire' })
  expect(reply).toMatchObject({ problem: '', detail: '', value: 0 })
  // What it led to is heard before the answer.
  const heard = cluster.life(1).events.slice(0, events)
  expect(heard.filter(({ kind }) => kind === 'clock').at(-1)).toMatchObject({ cause: 'fired', mode: 'manual' })
  expect(heard.filter(({ kind }) => kind === 'role').at(-1)).toMatchObject({ role: 'candidate', term: 1 })
  expect(await until('a leader', () => cluster.leader())).toBe(1)
  // Its heartbeats wait to be fired as well.
  const sent = () =>
    eventsOf(cluster.life(1), 'sent').filter((event) => event.message === 'AppendEntries' && event.peer === 2)
  await until('its first entry is committed', () => eventsOf(cluster.life(1), 'committed').at(-1)?.commitIndex === 1)
  // An answer that comes late may be answered with the next message.
  await until('all have it', () =>
    [2, 3].every(
      (peer) => eventsOf(cluster.life(1), 'progress').findLast((event) => event.peer === peer)?.matchIndex === 1,
    ),
  )
  await sleep(300)
  const before = sent().length
  await sleep(300)
  expect(sent()).toHaveLength(before)
  await ask(1, { type: 'fire' })
  await until('a heartbeat', () => sent().length === before + 1)

  // True time again: everything goes by itself.
  cluster.control(1, { type: 'clock', clock: { mode: 'running', rate: 1 } })
  await until('heartbeats', () => sent().length > before + 4)
  expect(eventsOf(cluster.life(1), 'clock').at(-1)).toMatchObject({ cause: 'set', mode: 'running' })
})

test('a jump ahead passes the deadline; one back lets the clock stand; both are told with the timer', async () => {
  await started(1, { ...PLAIN, electionTimeoutMs: 30_000 })
  const one = cluster.life(1)
  expect(eventsOf(one, 'clock')).toEqual([])
  await ask(1, { type: 'jump', millis: -5000 })
  const timers = eventsOf(one, 'timer')
  expect(timers.at(-1)!.deadline - timers[0]!.deadline).toBeCloseTo(5000e6, -7)
  expect(eventsOf(one, 'clock')).toMatchObject([{ cause: 'jumped', mode: 'running' }])
  expect(eventsOf(one, 'clock')[0]!.skew).toBeCloseTo(-5000e6, -7)
  expect(eventsOf(one, 'role').at(-1)).toMatchObject({ role: 'follower' })
  await ask(1, { type: 'jump', millis: 100_000 })
  expect(await until('it leads', () => cluster.leader())).toBe(1)
})

test('what is held is looked at, edited and let go; what is refused changes nothing', async () => {
  const everything: Conditions = { ...MANUAL, links: [1, 2].map((from) => ({ from, rules: HOLD })) }
  await started(2, { ...PLAIN, telemetry: 'entry' }, everything)
  await ask(1, { type: 'fire' })
  const two = cluster.life(2)
  const [vote] = await until('a vote is asked for', () => {
    const found = eventsOf(two, 'held')
    return found.length > 0 && found
  })
  const read = readMessage(new ByteReader(vote!.bytes), '')
  expect(read).toMatchObject({ id: vote!.id, message: { type: 'RequestVote', from: 1, to: 2, term: 1 } })

  const unknown = await held(2, 1, { type: 'release', id: 12345 })
  expect(unknown.reply).toMatchObject({ problem: 'held-unknown', value: 0 })
  expect(JSON.parse(unknown.reply.detail)).toEqual({ link: 'n1→n2', id: 12345 })
  const nonsense = { ...messageJson(read.message), to: 1 } as MessageJson
  expect((await held(2, 1, { type: 'edit', id: vote!.id, message: nonsense })).reply.problem).toBe('message-invalid')
  expect(eventsOf(two, 'released')).toEqual([])

  const copied = await held(2, 1, { type: 'duplicate', id: vote!.id })
  expect(copied.reply.value).toBeLessThan(0)
  // Its answer names the message that was sent, whichever copy it answers.
  await held(2, 1, { type: 'release', id: copied.reply.value })
  const [answer] = await until('an answer', () => {
    const found = eventsOf(two, 'sent')
    return found.length > 0 && found
  })
  expect(answer).toMatchObject({ message: 'RequestVoteReply', inReplyTo: vote!.id, ok: true })
  expect(eventsOf(two, 'received')).toMatchObject([{ peer: 1, id: copied.reply.value, message: 'RequestVote' }])
  expect((await held(2, 1, { type: 'drop', id: vote!.id })).reply.value).toBe(1)

  // The leader's entry, with other content: only the follower can tell what is in it.
  await until('the vote is back', () => eventsOf(cluster.life(1), 'held').length === 1)
  await held(1, 2, { type: 'release-all' })
  const append = await until('its first entry', () =>
    eventsOf(two, 'held').find((event) => event.message === 'AppendEntries'),
  )
  const message = messageJson(readMessage(new ByteReader(append.bytes), '').message)
  if (message.type !== 'AppendEntries') throw new Error('not an AppendEntries')
  const entries = message.entries.map((entry) => ({
    ...entry,
    type: 'noop' as const,
    data: Buffer.from('edited').toString('base64'),
  }))
  await held(2, 1, { type: 'edit', id: append.id, message: { ...message, entries } })
  const appended = await until('it is in the log', () => eventsOf(two, 'appended').at(-1))
  expect(appended.entries.map(({ data }) => Buffer.from(data).toString())).toEqual(['edited'])
  const released = eventsOf(two, 'released').at(-1)!
  expect(released).toMatchObject({ id: append.id, how: 'edited' })
  expect(readMessage(new ByteReader(released.bytes), '').message).toMatchObject({ entries: [{ index: 1, term: 1 }] })
})

test('controls that come while it reads its disk wait, and are answered in their order', async () => {
  cluster = new Harness(1, PLAIN)
  await cluster.open(program)
  const life = cluster.start(1, { conditions: MANUAL })
  await until('it is connected', () => life.connection)
  cluster.control(1, { type: 'jump', request: 1, millis: 5 })
  cluster.control(1, { type: 'held', request: 2, from: 2, act: { type: 'release-all' } })
  cluster.control(1, { type: 'fire', request: 3 })
  await until('three answers', () => life.replies.length === 3)
  expect(life.replies.map(({ reply }) => [reply.request, reply.problem])).toEqual([
    [1, ''],
    [2, ''],
    [3, ''],
  ])
  expect(await until('it leads', () => cluster.leader())).toBe(1)
})

test('a node without a deadline has nothing to fire', async () => {
  await started(2, { quiescence: true })
  await until('a leader', () => cluster.leader())
  const quiet = await until('all is quiet', () =>
    cluster.ids.find((id) => eventsOf(cluster.life(id), 'remark').at(-1)?.name === 'quiesced'),
  )
  const { reply } = await ask(quiet, { type: 'fire' })
  expect(reply).toMatchObject({ problem: 'timer-unset', detail: JSON.stringify({ node: String(quiet) }) })
})

test('a stop of all takes no time: nobody stands for election, and their clocks say for how long', async () => {
  // Busy ones: a stop meets them anywhere in their loop.
  await started(3, { electionTimeoutMs: 2000, heartbeatMs: 5, quiescence: false })
  const knows = (id: number) => {
    const leader = cluster.leader()
    // Who stood for election hears of another leader as its own change of role.
    const told = cluster.life(id).events.findLast(({ kind }) => kind === 'leader' || kind === 'role')
    return id === leader || (told !== undefined && 'leader' in told && told.leader === leader)
  }
  await until('all have heard of their leader', () => cluster.leader() !== undefined && cluster.ids.every(knows))
  const roles = () => cluster.ids.flatMap((id) => eventsOf(cluster.life(id), 'role')).length
  const client = cluster.client(cluster.leader()!)
  let isBusy = true
  const writers = Array.from({ length: 8 }, async () => {
    while (isBusy) await Promise.race([client.put('k', 'v'), sleep(1000)])
  })
  const before = roles()
  for (let round = 0; round < 2; round++) {
    for (const id of cluster.ids) cluster.life(id).child.kill('SIGSTOP')
    const begun = process.hrtime.bigint()
    // Longer than any election timeout.
    await sleep(4200)
    const nanos = Number(process.hrtime.bigint() - begun)
    for (const id of cluster.ids) cluster.control(id, { type: 'slept', nanos })
    await sleep(20)
    for (const id of cluster.ids) cluster.life(id).child.kill('SIGCONT')
    await sleep(200)
  }
  isBusy = false
  await Promise.all(writers)
  expect(roles()).toBe(before)
  for (const id of cluster.ids) {
    const told = eventsOf(cluster.life(id), 'clock')
    expect(told.map(({ cause }) => cause)).toEqual(['slept', 'slept'])
    expect(told.at(-1)!.skew).toBeLessThan(-8.3e9)
  }
})
