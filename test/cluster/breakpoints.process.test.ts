import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Stopped } from '../../main/cluster/api'
import type { EventKind, ReportedEvent } from '../../main/node/contract/events'
import { awaitLeader, isRunning, logOf, type OpenCluster, openCluster, put, until } from '../support/cluster'

let open: OpenCluster

/** Such a stop, longer than any timeout, would bring an election for sure. */
const PATIENT = { electionTimeoutMs: 700 }
const STOP_MS = 1600
const STOPS = 2
/** A step that comes takes no longer, on any machine. */
const LONG_MS = 20_000
/** What steps pass over. */
const BESIDES: ReadonlySet<EventKind> = new Set<EventKind>(['breakpoint', 'clock', 'timer', 'stats', 'sessions'])

/** The present process of a node. */
function pidOf(node: number): number {
  return open.witness.of('process').findLast(({ subject, pid }) => subject === node && pid !== 0)?.pid ?? 0
}

/** Does the process stand (T in its status)? */
function stands(node: number): boolean {
  return /^State:\s+T/m.test(readFileSync(`/proc/${pidOf(node)}/status`, 'utf8'))
}

const allStand = () => open.cluster.nodeIds.every(stands)
const noneStands = () => !open.cluster.nodeIds.some(stands)
const stopped = () => until('a stop', () => open.cluster.stopped)
const eventsOf = (node: number) => open.witness.events.filter((event) => event.node === node)

/** How long the cluster stood between these times, in nanoseconds. */
function stoodBetween(from: number, to: number): number {
  let sum = 0
  let since: number | undefined
  for (const { action, t } of open.witness.of('stop')) {
    if (action === 'stopped') since ??= t
    if (action !== 'continued' || since === undefined) continue
    sum += Math.max(0, Math.min(to, t) - Math.max(from, since))
    since = undefined
  }
  return since === undefined ? sum : sum + Math.max(0, to - Math.max(from, since))
}

/**
 * Who stood for election, unless a leader told it to, although it had not waited its whole timeout since it last heard of one, stops left
 * out. On a busy machine one may wait so long in vain: that is no fault of the stop.
 */
function hasty(): readonly ReportedEvent<'role'>[] {
  const timeout = open.cluster.settings.electionTimeoutMs * 1e6
  const stood = open.witness.of('role').filter(({ role }) => role === 'candidate' || role === 'pre-candidate')
  return stood.filter(({ node, n, t, reason }) => {
    const before = eventsOf(node).filter((event) => event.n < n)
    const heard = before.findLast((event) => event.kind === 'received' && event.message === 'AppendEntries')
    if (reason === 'told-by-leader' || heard === undefined) return false
    return t - heard.t - stoodBetween(heard.t, t) < timeout * 0.9
  })
}
const termNow = () => open.witness.leader?.term ?? 0

/** The event at which a node stands, once it has been heard of. */
async function eventOf({ node, event }: Stopped): Promise<ReportedEvent> {
  return await until(`event ${event} of n${node}`, () => eventsOf(node).findLast(({ n }) => n === event))
}

/** Lets the cluster go on, past whatever it stops at, until this is done. */
async function past<T>(work: Promise<T>): Promise<T> {
  let isDone = false
  const done = () => {
    isDone = true
  }
  work.then(done, done)
  await until('the end of it', async () => {
    if (open.cluster.stopped !== undefined) await open.cluster.continue()
    return isDone
  })
  return await work
}

/** Asks for another leader until the cluster stands: one that is asked may refuse, as nobody leads at that moment. */
async function transferUntilStopped(): Promise<void> {
  const { cluster } = open
  let isAsked = false
  await until('a stop at an election', () => {
    if (cluster.stopped !== undefined) return true
    if (isAsked) return false
    isAsked = true
    const answered = () => {
      isAsked = false
    }
    cluster.transferLeadership().then(answered, answered)
    return false
  })
}

/** Stops the next leader at the event by which it becomes one. */
async function stopAtElection(): Promise<Stopped> {
  const { cluster } = open
  await awaitLeader(cluster)
  cluster.setBreakpoint(`role = leader and term >= ${termNow() + 1}`)
  await transferUntilStopped()
  return await stopped()
}

describe('at a breakpoint', () => {
  test('the node stands before anything is written or sent, and the others soon after', async () => {
    open = await openCluster(3, PATIENT)
    const { cluster, witness } = open
    await awaitLeader(cluster)
    await put(cluster, 'k', 'v')
    const { id } = cluster.setBreakpoint('any: role = leader and term >= 2')
    await transferUntilStopped()
    const hit = await stopped()
    expect(hit).toMatchObject({ breakpoint: id, kind: 'role' })
    await until('all stand', allStand)
    const role = await eventOf(hit)
    expect(role).toMatchObject({ kind: 'role', role: 'leader' })
    const { term } = role as ReportedEvent<'role'>
    expect(term).toBeGreaterThanOrEqual(2)

    // It stays so: nothing of the new leader's term is on its disk, and nobody has heard of it.
    await sleep(300)
    const last = await until('what it tells last', () => {
      const event = eventsOf(hit.node).at(-1)
      return event?.kind === 'breakpoint' && event
    })
    expect(last).toMatchObject({ breakpoint: id, event: hit.event, by: 'role' })
    expect(witness.of('sent').some((event) => event.message === 'AppendEntries' && event.term === term)).toBe(false)
    const log = await logOf(cluster, hit.node)
    expect(log.some((entry) => entry.split(' ')[0]?.endsWith(`/${term}`))).toBe(false)

    // Another election would stop it again.
    cluster.removeBreakpoint(id)
    await cluster.continue()
    await put(cluster, 'k', 'w')
    await until('its log has grown', async () => `${await logOf(cluster, hit.node)}` !== `${log}`)
    expect(noneStands()).toBe(true)
    // No election but the one that was asked for, and those for want of a heartbeat.
    expect(witness.of('role').filter((event) => event.term === term && event.role === 'leader')).toEqual([role])
    expect(hasty()).toEqual([])

    // How long the others went on: milliseconds where nobody else computes, and nowhere as long as a timer would take.
    const breakpoint = cluster.setBreakpoint('applied')
    const delays: number[] = []
    for (let at = 0; at < 5; at += 1) {
      const call = put(cluster, `key ${at}`, 'v')
      const { node, event } = await stopped()
      const struck = await until('its breakpoint', () =>
        witness.of('breakpoint').find((one) => one.node === node && one.event === event),
      )
      delays.push((witness.of('stop').findLast(({ action }) => action === 'stopped')!.t - struck.t) / 1e6)
      await past(call)
    }
    cluster.removeBreakpoint(breakpoint.id)
    await past(put(cluster, 'k', 'x'))
    expect(Math.min(...delays)).toBeLessThan(PATIENT.electionTimeoutMs)
  })

  test('of what the level of telemetry leaves out, the event is told all the same', async () => {
    open = await openCluster(3, { telemetry: 'state' })
    await awaitLeader(open.cluster)
    const { id } = open.cluster.setBreakpoint('received.message = AppendEntries')
    const hit = await stopped()
    expect(await eventOf(hit)).toMatchObject({ kind: 'received', message: 'AppendEntries' })
    open.cluster.removeBreakpoint(id)
    await open.cluster.continue()
    await put(open.cluster, 'k', 'v')
  })

  test('a node that starts stands where it was told to, and is ready when it goes on', async () => {
    open = await openCluster(3)
    const { cluster } = open
    await awaitLeader(cluster)
    await cluster.stop(2)
    // It never stands for election: who gives that up becomes a follower.
    cluster.setClock(2, { mode: 'manual', rate: 1 })
    const { id } = cluster.setBreakpoint('n2: node started or role = follower')
    const start = cluster.start(2)
    expect(await stopped()).toMatchObject({ node: 2, breakpoint: id, kind: 'started', event: 1 })
    await until('all stand', allStand)
    expect(cluster.standing(2)).toBe('starting')
    await cluster.continue()
    await start
    // A follower is what it was when it began: that is not becoming one.
    await put(cluster, 'k', 'v')
    expect(cluster.stopped).toBeUndefined()
  })
})

describe('steps', () => {
  test('from event to event of one node, the others stand', async () => {
    open = await openCluster(3)
    const { cluster } = open
    const { node, event } = await stopAtElection()
    const others = cluster.nodeIds.filter((id) => id !== node)
    let last = event
    const kinds: EventKind[] = []
    for (let at = 0; at < 6; at += 1) {
      const step = await cluster.step(node, undefined, LONG_MS)
      expect(step).toMatchObject({ node, breakpoint: 0 })
      const reached = await eventOf(step!)
      kinds.push(reached.kind)
      // Nothing happened in between but that it stood, and what it tells of that and of itself.
      const between = eventsOf(node).filter(({ n }) => n > last && n < reached.n)
      expect(between.map(({ kind }) => kind).filter((kind) => !BESIDES.has(kind))).toEqual([])
      last = reached.n
      expect(cluster.stopped).toEqual(step)
      await until('all stand', allStand)
    }
    // A leader appends its first entry before it tells anybody.
    expect(kinds).toContain('appended')
    expect(kinds.indexOf('sent')).not.toBe(0)

    const sent = await cluster.step(node, 'sent', LONG_MS)
    expect(await eventOf(sent!)).toMatchObject({ kind: 'sent', message: 'AppendEntries' })
    // One that hit nothing steps as well, from wherever it was.
    const other = await cluster.step(others[0]!, undefined, LONG_MS)
    expect(other).toMatchObject({ node: others[0], breakpoint: 0 })
    expect(cluster.stopped).toEqual(other)
    await until('all stand', allStand)

    // Another election would stop it again.
    for (const { id } of cluster.breakpoints) cluster.removeBreakpoint(id)
    await cluster.continue()
    await put(cluster, 'k', 'v')
    expect(cluster.stopped).toBeUndefined()
  })

  test('to something that does not come: the node stands again after a while, and looks for it no more', async () => {
    open = await openCluster(3)
    const { cluster, witness } = open
    await awaitLeader(cluster)
    await cluster.halt()
    await until('all stand', allStand)
    expect(await cluster.step(1, 'truncated', 100)).toBeUndefined()
    expect(await cluster.step(2, 'compacted', 50)).toBeUndefined()
    await until('all stand', allStand)
    expect(witness.of('stop').map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      'stopped 0',
      'stepping 1',
      'stopped 1',
      'stepping 2',
      'stopped 2',
    ])
    await cluster.continue()
    await put(cluster, 'k', 'v')
    await sleep(200)
    expect(cluster.stopped).toBeUndefined()
  })

  test('are refused while the cluster goes on', async () => {
    open = await openCluster(1)
    await expect(open.cluster.step(1)).rejects.toMatchObject({ code: 'not-stopped' })
    await expect(open.cluster.continue()).rejects.toMatchObject({ code: 'not-stopped' })
  })
})

test('hundreds of stops and steps under load: every node goes on each time', { timeout: 300_000 }, async () => {
  open = await openCluster(3)
  const { cluster, witness } = open
  await awaitLeader(cluster)
  const { id } = cluster.setBreakpoint('received or committed')
  let isOver = false
  const load = Promise.all(
    [1, 2, 3, 4].map(async (client) => {
      for (let at = 0; !isOver; at += 1) await put(cluster, `c${client}`, `${at}`, 60_000)
    }),
  )
  for (let at = 0; at < 200; at += 1) {
    const { node } = await until('a stop', () => cluster.stopped)
    // At once, before the node has come to stand.
    if (at % 4 === 0) expect(await cluster.step(node, undefined, LONG_MS)).toBeDefined()
    if (at % 10 === 1) await cluster.step(cluster.nodeIds.find((other) => other !== node)!, undefined, 20)
    await cluster.continue()
  }
  isOver = true
  cluster.removeBreakpoint(id)
  await past(load)
  await put(cluster, 'k', 'v')
  expect(noneStands()).toBe(true)
  const began = witness.of('stop').filter(({ action }) => action === 'continued')
  expect(began.length).toBeGreaterThanOrEqual(200)
})

describe('a stop takes no time', () => {
  test('after seconds by command nobody holds an election because of it', async () => {
    open = await openCluster(5, PATIENT)
    const { cluster, witness } = open
    await awaitLeader(cluster)
    await put(cluster, 'k', 'v')
    for (let at = 0; at < STOPS; at += 1) {
      await cluster.halt()
      await until('all stand', allStand)
      await sleep(STOP_MS)
      await cluster.continue()
      await put(cluster, 'k', `v${at}`)
      await sleep(500)
      expect(hasty()).toEqual([])
    }
    const stops = witness.of('stop').filter(({ action }) => action === 'continued')
    expect(stoodBetween(0, stops.at(-1)!.t) / 1e6).toBeGreaterThan(STOPS * STOP_MS * 0.99)
  })

  test('nor after a breakpoint, in the node that hit included', async () => {
    open = await openCluster(3, PATIENT)
    const { cluster } = open
    await awaitLeader(cluster)
    // Of whoever leads.
    const { id } = cluster.setBreakpoint('entry committed')
    for (let at = 0; at < STOPS; at += 1) {
      const call = put(cluster, 'k', `v${at}`)
      await stopped()
      await sleep(STOP_MS)
      await past(call)
    }
    cluster.removeBreakpoint(id)
    await past(put(cluster, 'k', 'w'))
    await sleep(500)
    expect(hasty()).toEqual([])
  })
})

describe('while the cluster is stopped', () => {
  test('a node can be killed, the one that hit too, and be started: it stands with the others', async () => {
    open = await openCluster(3)
    const { cluster } = open
    const { node } = await stopAtElection()
    const pid = pidOf(node)
    await cluster.kill(node)
    expect(isRunning(pid)).toBe(false)
    const others = cluster.nodeIds.filter((id) => id !== node)
    await until('the others stand', () => others.every(stands))
    await expect(cluster.step(node)).rejects.toMatchObject({ code: 'node-state' })
    await cluster.start(node)
    await until('it stands', () => stands(node))
    await expect(cluster.stop(node)).rejects.toMatchObject({ code: 'cluster-stopped' })
    for (const { id } of cluster.breakpoints) cluster.removeBreakpoint(id)
    await cluster.continue()
    await put(cluster, 'k', 'v')
    expect(noneStands()).toBe(true)
  })

  test('one that was paused before stays so', async () => {
    open = await openCluster(3)
    const { cluster } = open
    const leader = await awaitLeader(cluster)
    const paused = cluster.nodeIds.find((node) => node !== leader)!
    await cluster.pause(paused)
    await cluster.halt()
    await cluster.continue()
    await put(cluster, 'k', 'v')
    expect(stands(paused)).toBe(true)
    await cluster.resume(paused)
    expect(stands(paused)).toBe(false)
  })

  test('a breakpoint that was taken away does not hold the node that had hit it once more', async () => {
    open = await openCluster(3)
    const { cluster } = open
    await awaitLeader(cluster)
    const { id } = cluster.setBreakpoint('sent')
    await stopped()
    cluster.removeBreakpoint(id)
    await cluster.continue()
    await put(cluster, 'k', 'v')
    expect(cluster.stopped).toBeUndefined()
  })

  test('closing it leaves nothing', async () => {
    open = await openCluster(3)
    await stopAtElection()
    await until('all stand', allStand)
    const since = performance.now()
    await open.cluster.close()
    // Each node has its time to end; a machine may be slow. What must not be is waiting for one that stands.
    expect(performance.now() - since).toBeLessThan(20_000)
  })
})
