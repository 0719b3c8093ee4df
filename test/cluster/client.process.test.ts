import { afterEach, describe, expect, test } from 'vitest'
import type { ClientRequest, Command } from '../../main/node/contract/client'
import { MAX_VALUE_BYTES } from '../../main/node/contract/limits'
import { until } from '../support/cluster'
import { bytes, FakeCluster, notLeader, ok, refused } from './client-nodes'

let cluster: FakeCluster

async function start(options: { nodes?: number; sessions?: boolean } = {}): Promise<FakeCluster> {
  cluster = await FakeCluster.start(options)
  return cluster
}

afterEach(async () => {
  await cluster.clear()
})

const put = (key: string, value: string): Command => ({ op: 'put', key, value: bytes(value) })
const append = (key: string, value: string): Command => ({ op: 'append', key, value: bytes(value) })
const get = (key: string): Command => ({ op: 'get', key })
const sleep = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))

/** For calls of which the answer is to come long before their time is up. */
const PATIENT = { timeoutMs: 60_000 }
/** Much less than that, and much more than finding a leader takes on a machine that is busy with others. */
const SOON_MS = 20_000

/** A node that is silent for so long is not waited for: another is asked as well. */
const SILENT_MS = 150

/** Waits until somebody was asked for this so often. */
const arrived = (op: Command['op'], node: number, times = 1) =>
  until(
    `${op} at node ${node}`,
    () => cluster.requestsAt(node).filter(({ command }) => command.op === op).length >= times,
  )

function opsOf(requests: readonly ClientRequest[]): readonly string[] {
  return requests.map(({ command }) => command.op)
}

/** Everybody's mark stands there once. */
function expectMarks(key: string, count: number): void {
  const marks = cluster
    .value(key)
    .split(' ')
    .filter((mark) => mark !== '')
  expect(marks.sort()).toEqual(Array.from({ length: count }, (_, at) => `m${at}`).sort())
}

function appendMarks(count: number, options = {}) {
  return Promise.all(Array.from({ length: count }, (_, at) => cluster.client.call(append('a', `m${at} `), options)))
}

describe('sessions', () => {
  test('one is opened with the first command that changes something, and its commands are counted', async () => {
    const { client } = await start({ nodes: 1 })
    await client.call(get('a'))
    expect(await client.call(put('a', '1'))).toMatchObject({ outcome: 'ok', from: 1, problem: '' })
    await client.call(append('a', '2'))
    expect(await client.call(get('a'), { consistency: 'log' })).toMatchObject({ outcome: 'ok', value: bytes('12') })
    const { requests } = cluster.node(1)
    expect(opsOf(requests)).toEqual(['get', 'open-session', 'put', 'append', 'get'])
    // The entry that opened it was the second.
    expect(requests.map((request) => request.client)).toEqual([0, 0, 2, 2, 0])
    expect(requests.map(({ sequence }) => sequence)).toEqual([0, 0, 1, 2, 0])
  })

  test('calls at the same time take different sessions, one call at a time in each', async () => {
    await start({ nodes: 1 })
    const used: number[] = []
    cluster.node(1).behaviour = (request) => {
      if (request.client !== 0) used.push(request.client)
      return cluster.execute(request)
    }
    for (let round = 0; round < 5; round++) {
      const results = await Promise.all(Array.from({ length: 20 }, (_, at) => cluster.client.call(put(`${at}`, 'x'))))
      expect(results.every(({ outcome }) => outcome === 'ok')).toBe(true)
      expect(new Set(used.splice(0)).size).toBe(20)
    }
    expect(cluster.requestsAt(1).filter(({ command }) => command.op === 'open-session')).toHaveLength(20)
  })

  test('where they are switched off nobody opens one', async () => {
    const { client } = await start({ nodes: 1, sessions: false })
    await client.call(put('a', '1'))
    await client.call(append('a', '2'))
    expect(cluster.requestsAt(1)).toMatchObject([
      { client: 0, sequence: 0, command: { op: 'put' } },
      { client: 0, sequence: 0, command: { op: 'append' } },
    ])
  })

  test('one that has expired is replaced, and the command takes effect once', async () => {
    const { client } = await start({ nodes: 1 })
    await client.call(put('a', '1'))
    const first = cluster.requestsAt(1).at(-1)!.client
    let expired = 0
    cluster.node(1).behaviour = (request) => {
      if (request.client !== first) return cluster.execute(request)
      expired += 1
      return refused(request, 'session-expired')
    }
    expect(await client.call(append('a', '2'))).toMatchObject({ outcome: 'ok' })
    expect(cluster.value('a')).toBe('12')
    await client.call(append('a', '3'))
    expect(expired).toBe(1)
  })

  test('one that expires after an attempt without an answer leaves the outcome unknown', async () => {
    const { client } = await start({ nodes: 2 })
    await client.call(put('a', '1'))
    // The leader takes it and dies; by the time it is asked again, the session is gone.
    cluster.node(1).behaviour = () => {
      cluster.leader = 2
      void cluster.node(1).kill()
      return undefined
    }
    cluster.node(2).behaviour = (request) =>
      request.client === 0 ? cluster.execute(request) : refused(request, 'session-expired')
    const result = await client.call(append('a', '2'))
    expect(result).toMatchObject({ outcome: 'unknown', problem: 'session-expired' })
    cluster.node(2).behaviour = undefined
    expect(await client.call(append('a', '3'))).toMatchObject({ outcome: 'ok' })
    // Nothing follows an unknown one under its number on the timeline.
    const clients = cluster.events.filter(({ kind }) => kind === 'invoke').map(({ fields }) => fields.client)
    expect(clients).toEqual([1, 1, 2])
  })
})

describe('finding the leader', () => {
  test('a redirect is followed, and remembered', async () => {
    const { client } = await start({ nodes: 5 })
    cluster.leader = 4
    expect(await client.call(put('a', '1'))).toMatchObject({ outcome: 'ok', from: 4 })
    const before = cluster.requestsAt(1, 2, 3, 5).length
    expect(before).toBeLessThanOrEqual(1)
    const began = performance.now()
    await appendMarks(20)
    // On a busy machine its leader may seem silent now and then, and another is asked meanwhile.
    const silences = (performance.now() - began) / SILENT_MS
    expect(cluster.requestsAt(1, 2, 3, 5).length).toBeLessThan(before + 5 + silences)
  })

  test('while there is none, the nodes are asked again, and not flooded', async () => {
    await start()
    cluster.leader = 0
    const started = performance.now()
    const calls = appendMarks(100, PATIENT)
    await sleep(300)
    await until('they ask again', () => cluster.requestsAt(1, 2, 3).length > 1)
    const asked = cluster.requestsAt(1, 2, 3).length
    // One of the hundred asks, every ten milliseconds.
    expect(asked).toBeLessThan((performance.now() - started) / 8 + 3)
    cluster.leader = 2
    const began = performance.now()
    expect((await calls).every(({ outcome }) => outcome === 'ok')).toBe(true)
    expect(performance.now() - began).toBeLessThan(SOON_MS)
    expectMarks('a', 100)
  })

  test('when none is found in time the call has failed, and the command was never sent', async () => {
    const { client } = await start()
    cluster.leader = 0
    const result = await client.call(put('a', '1'), { timeoutMs: 200 })
    expect(result).toMatchObject({ outcome: 'failed', problem: 'no-leader' })
    expect(result.millis).toBeGreaterThanOrEqual(195)
    expect(opsOf(cluster.requestsAt(1, 2, 3))).not.toContain('put')
  })

  test('an entry that was replaced is proposed again', async () => {
    const { client } = await start({ nodes: 2 })
    let lost = 0
    cluster.node(1).behaviour = (request) => {
      if (request.command.op !== 'put' || ++lost > 1) return cluster.behaviour(request, cluster.node(1))
      cluster.leader = 2
      return { request: request.request, status: 'lost' }
    }
    expect(await client.call(put('a', '1'))).toMatchObject({ outcome: 'ok', from: 2 })
  })
})

describe('a leader that is gone', () => {
  test('dead, with calls in flight: all have their answer within a second, and took effect once', async () => {
    await start({ nodes: 5 })
    await appendMarks(100)
    await cluster.client.call({ op: 'delete', key: 'a' })
    // It executes the first half of them without a word, and never sees the others as far as anybody knows.
    let taken = 0
    cluster.node(1).behaviour = (request) => {
      if (++taken <= 50) cluster.execute(request)
      return undefined
    }
    const calls = appendMarks(100, PATIENT)
    await until('it has taken all of them', () => taken >= 100)
    await cluster.node(1).kill()
    // The others still name the dead one, then nobody, then the new one.
    await sleep(150)
    cluster.leader = 0
    await sleep(200)
    cluster.leader = 3
    const elected = performance.now()
    const results = await calls
    expect(results.every(({ outcome, from }) => outcome === 'ok' && from === 3)).toBe(true)
    // A few milliseconds where nothing else runs.
    expect(performance.now() - elected).toBeLessThan(SOON_MS)
    expectMarks('a', 100)
  })

  test('silent, with calls in flight: the same', async () => {
    await start({ nodes: 5 })
    await appendMarks(100)
    await cluster.client.call({ op: 'delete', key: 'a' })
    cluster.node(1).isSilent = true
    const calls = appendMarks(100, PATIENT)
    await sleep(400)
    cluster.leader = 3
    cluster.node(1).behaviour = () => undefined
    const elected = performance.now()
    const results = await calls
    expect(results.every(({ outcome, from }) => outcome === 'ok' && from === 3)).toBe(true)
    expect(performance.now() - elected).toBeLessThan(SOON_MS)
    expectMarks('a', 100)
    // Calls that come later go straight to the new one, unless that seems silent on a busy machine.
    const before = cluster.requestsAt(1).length
    const began = performance.now()
    for (let times = 0; times < 10; times++) await cluster.client.call(put('b', '1'))
    const silences = (performance.now() - began) / SILENT_MS
    expect(cluster.requestsAt(1).length).toBeLessThan(before + 5 + silences)
  })

  test('cut off with a follower that still believes in it: the majority’s leader is found', async () => {
    const { client } = await start({ nodes: 5 })
    await client.call(put('a', '1'))
    // 1 leads 2; the others have elected 4.
    cluster.node(1).behaviour = () => undefined
    cluster.node(2).behaviour = (request) => notLeader(request, 1)
    cluster.leader = 4
    const result = await client.call(append('a', '2'), PATIENT)
    expect(result).toMatchObject({ outcome: 'ok', from: 4 })
    expect(result.millis).toBeLessThan(SOON_MS)
    expect(cluster.value('a')).toBe('12')
  })

  test('only slow: nothing is proposed twice', async () => {
    await start()
    await appendMarks(20)
    const before = cluster.requestsAt(1).length
    const { client } = cluster
    cluster.node(1).isSilent = true
    const calls = appendMarks(20)
    await arrived('append', 1, 40)
    await sleep(500)
    expect(cluster.requestsAt(1)).toHaveLength(before + 20)
    // It answers somebody: it is alive.
    cluster.node(1).isSilent = false
    await client.call(put('b', '1'))
    cluster.client.close()
    expect((await calls).every(({ outcome, problem }) => outcome === 'unknown' && problem === 'call-unknown')).toBe(
      true,
    )
    expect(cluster.requestsAt(1).filter(({ command }) => command.op === 'append')).toHaveLength(40)
  })

  test('restarted at once: it is found again', async () => {
    const { client } = await start({ nodes: 1 })
    await client.call(put('a', '1'))
    await cluster.node(1).kill()
    const call = client.call(append('a', '2'))
    await sleep(100)
    await cluster.node(1).start()
    expect(await call).toMatchObject({ outcome: 'ok' })
    expect(cluster.value('a')).toBe('12')
  })

  test('for good, with a command on its way: the outcome is unknown', async () => {
    const { client } = await start({ nodes: 2 })
    await client.call(put('a', '1'))
    cluster.node(1).behaviour = () => undefined
    cluster.node(2).behaviour = (request) => notLeader(request, 0)
    const call = client.call(append('a', '2'), { timeoutMs: 1500 })
    await arrived('append', 1)
    await cluster.node(1).kill()
    expect(await call).toMatchObject({ outcome: 'unknown', problem: 'call-unknown', from: 0, index: 0 })
  })

  test('for good, with a read on its way: the read has failed, it changed nothing', async () => {
    const { client } = await start({ nodes: 1 })
    cluster.node(1).isSilent = true
    for (const consistency of ['log', 'index', 'lease', 'stale'] as const) {
      const result = await client.call(get('a'), { timeoutMs: 50, consistency })
      expect(result).toMatchObject({ outcome: 'failed', problem: 'no-leader' })
    }
  })
})

describe('back-pressure', () => {
  test.each(['cluster-busy', 'node-busy'])('%s: it waits a little and asks again', async (problem) => {
    const { client } = await start({ nodes: 1 })
    let times = 0
    cluster.node(1).behaviour = (request) =>
      request.command.op === 'append' && ++times <= 4 ? refused(request, problem) : cluster.execute(request)
    const result = await client.call(append('a', '1'))
    expect(result).toMatchObject({ outcome: 'ok' })
    // At least half of 5, 10, 20 and 40 ms.
    expect(result.millis).toBeGreaterThan(35)
    expect(times).toBe(5)
    expect(cluster.value('a')).toBe('1')
  })

  test('busy until time is up: the call has failed, and says why', async () => {
    const { client } = await start({ nodes: 1 })
    let times = 0
    cluster.node(1).behaviour = (request) => {
      if (request.command.op === 'open-session') return cluster.execute(request)
      times += 1
      return refused(request, 'cluster-busy')
    }
    // Where the time runs out while a request is under way, nobody knows: on a busy machine that may be so now and then.
    const results = []
    for (let tries = 1; tries <= 10 && results.at(-1)?.outcome !== 'failed'; tries++) {
      times = 0
      results.push(await client.call(put('a', '1'), { timeoutMs: 300 }))
      expect(times).toBeLessThan(12)
    }
    expect(results.at(-1)).toMatchObject({ outcome: 'failed', problem: 'cluster-busy' })
  })
})

describe('reads', () => {
  test('they say how consistent they are to be; index by default, and rather from the leader', async () => {
    const { client } = await start()
    await client.call(put('a', '1'))
    const before = cluster.requestsAt(1).length
    await client.call(get('a'))
    await client.call(get('a'), { consistency: 'lease' })
    await client.call(get('a'), { consistency: 'log' })
    const asked = cluster.requestsAt(1).slice(before)
    expect(asked.map(({ consistency }) => consistency)).toEqual(['index', 'lease', 'log'])
    expect(asked.every(({ client, sequence }) => client === 0 && sequence === 0)).toBe(true)
  })

  test('any node may answer an index read; a lease read goes on to the leader', async () => {
    await start()
    for (const node of cluster.nodes) {
      node.behaviour = (request) =>
        request.consistency === 'index' ? ok(request, 7, true, 'x') : cluster.behaviour(request, node)
    }
    cluster.leader = 3
    const { client } = cluster
    const from = new Set<number>()
    for (let times = 0; times < 3; times++) {
      const result = await client.call(get('a'))
      expect(result).toMatchObject({ outcome: 'ok', found: true, index: 7 })
      from.add(result.from)
    }
    // Who answers a read need not lead: nobody is taken for the leader.
    expect(from.size).toBe(3)
    expect(await client.call(get('a'), { consistency: 'lease' })).toMatchObject({ outcome: 'ok', from: 3 })
  })

  test('stale reads go to all nodes in turn', async () => {
    await start()
    for (const node of cluster.nodes) node.behaviour = (request) => ok(request)
    const from = new Set<number>()
    for (let times = 0; times < 6; times++) {
      from.add((await cluster.client.call(get('a'), { consistency: 'stale' })).from)
    }
    expect(from).toEqual(new Set([1, 2, 3]))
  })

  test('a node that is silent is not waited for: another one answers', async () => {
    await start()
    for (const node of cluster.nodes) node.behaviour = (request) => ok(request)
    for (const node of cluster.nodes) {
      node.isSilent = true
      const result = await cluster.client.call(get('a'), PATIENT)
      expect(result).toMatchObject({ outcome: 'ok' })
      expect(result.millis).toBeLessThan(SOON_MS)
      node.isSilent = false
    }
  })
})

describe('via one node', () => {
  test('one that does not lead: the call has failed at once, and nobody else was asked to do it', async () => {
    const { client } = await start()
    expect(await client.call(put('a', '1'), { via: 2 })).toMatchObject({
      outcome: 'failed',
      problem: 'not-leader',
      from: 2,
    })
    expect(cluster.requestsAt(1, 3)).toHaveLength(0)
    await client.call(put('a', '1'))
    expect(await client.call(put('a', '2'), { via: 2 })).toMatchObject({
      outcome: 'failed',
      problem: 'not-leader',
      from: 2,
    })
    expect(cluster.value('a')).toBe('1')
  })

  test('a stale leader is asked once, and its silence leaves the outcome unknown', async () => {
    const { client } = await start()
    await client.call(put('a', '1'))
    cluster.node(1).behaviour = () => undefined
    cluster.leader = 2
    const before = cluster.requestsAt(1).length
    const result = await client.call(put('a', '2'), { via: 1, timeoutMs: 1500 })
    expect(result).toMatchObject({ outcome: 'unknown', problem: 'call-unknown' })
    expect(cluster.requestsAt(1)).toHaveLength(before + 1)
    expect(cluster.requestsAt(2, 3).filter(({ command }) => command.op === 'put')).toHaveLength(0)
  })

  test('a stale leader takes the command although no session was open yet: the others open one', async () => {
    const { client } = await start()
    cluster.node(1).behaviour = () => undefined
    cluster.leader = 2
    const result = await client.call(put('a', '2'), { via: 1, timeoutMs: 1500 })
    expect(result).toMatchObject({ outcome: 'unknown' })
    expect(opsOf(cluster.requestsAt(1))).toEqual(['open-session', 'put'])
  })

  test('a follower answers a read', async () => {
    const { client } = await start()
    cluster.node(3).behaviour = (request) => ok(request, 5, true, 'x')
    expect(await client.call(get('a'), { via: 3 })).toMatchObject({ outcome: 'ok', from: 3, index: 5 })
    expect(cluster.requestsAt(1, 2)).toHaveLength(0)
  })

  test('one that dies meanwhile ends the call', async () => {
    const { client } = await start()
    await client.call(put('a', '1'))
    cluster.node(1).behaviour = () => undefined
    const call = client.call(put('a', '2'), { via: 1, ...PATIENT })
    await arrived('put', 1, 2)
    const killed = performance.now()
    await cluster.node(1).kill()
    expect(await call).toMatchObject({ outcome: 'unknown' })
    expect(performance.now() - killed).toBeLessThan(SOON_MS)
    expect(await client.call(put('a', '2'), { via: 1 })).toMatchObject({ outcome: 'failed', problem: 'node-state' })
  })

  test('one that cannot be reached: the command was never sent', async () => {
    const { client } = await start()
    await client.call(put('a', '1'))
    cluster.node(2).isMissed = true
    await cluster.node(2).kill()
    const result = await client.call(put('a', '2'), { via: 2, timeoutMs: 200 })
    expect(result).toMatchObject({ outcome: 'failed', problem: 'no-leader' })
    const late = client.call(put('a', '2'), { via: 2 })
    await cluster.node(2).start()
    cluster.leader = 2
    expect(await late).toMatchObject({ outcome: 'ok', from: 2 })
  })

  test('a busy one is asked again', async () => {
    const { client } = await start()
    let times = 0
    cluster.node(1).behaviour = (request) =>
      request.command.op === 'get' && ++times < 3 ? refused(request, 'node-busy') : ok(request)
    expect(await client.call(get('a'), { via: 1 })).toMatchObject({ outcome: 'ok' })
    expect(times).toBe(3)
  })
})

describe('what a call reports', () => {
  test('invoke and answer stand on the timeline, with all that was asked', async () => {
    const { client } = await start({ nodes: 1 })
    await client.call({ op: 'cas', key: 'a', expected: null, value: bytes('1') })
    await client.call({ op: 'cas', key: 'a', expected: bytes('1'), value: bytes('2') }, { via: 1 })
    await client.call(get('a'), { consistency: 'log' })
    expect(cluster.events).toMatchObject([
      {
        kind: 'invoke',
        fields: { call: 1, client: 1, op: 'cas', key: 'a', via: 0, hasExpected: false, consistency: 'log' },
      },
      { kind: 'answer', fields: { call: 1, outcome: 'ok', found: true, from: 1, problem: '' } },
      { kind: 'invoke', fields: { call: 2, via: 1, expected: bytes('1'), hasExpected: true, value: bytes('2') } },
      { kind: 'answer', fields: { call: 2, outcome: 'ok', found: true } },
      { kind: 'invoke', fields: { call: 3, op: 'get', consistency: 'log', value: bytes('') } },
      { kind: 'answer', fields: { call: 3, found: true, value: bytes('2') } },
    ])
  })

  test('what is too large is refused before anything happens', async () => {
    const { client } = await start({ nodes: 1 })
    const large = new Uint8Array(MAX_VALUE_BYTES + 1)
    await expect(client.call({ op: 'append', key: 'a', value: large })).rejects.toMatchObject({ code: 'value-size' })
    await expect(client.call(get(''))).rejects.toMatchObject({ code: 'key-size' })
    expect(cluster.events).toHaveLength(0)
  })

  test('what the node refuses is said', async () => {
    const { client } = await start({ nodes: 1 })
    cluster.node(1).behaviour = (request) =>
      request.command.op === 'append' ? refused(request, 'value-size') : cluster.execute(request)
    expect(await client.call(append('a', '1'))).toMatchObject({ outcome: 'failed', problem: 'value-size', from: 1 })
  })

  test('an aborted call ends at once', async () => {
    const { client } = await start({ nodes: 1 })
    await client.call(put('a', '1'))
    cluster.node(1).isSilent = true
    const stop = new AbortController()
    const [write, read] = [
      client.call(put('a', '2'), { signal: stop.signal }),
      client.call(get('a'), { signal: stop.signal }),
    ]
    await arrived('put', 1, 2)
    await arrived('get', 1)
    stop.abort()
    expect(await write).toMatchObject({ outcome: 'unknown' })
    expect(await read).toMatchObject({ outcome: 'failed' })
    expect(await client.call(put('a', '3'), { signal: stop.signal })).toMatchObject({ outcome: 'failed' })
  })

  test('closing the client ends its calls', async () => {
    const { client } = await start({ nodes: 1 })
    await client.call(put('a', '1'))
    cluster.node(1).isSilent = true
    const call = client.call(put('a', '2'))
    await arrived('put', 1, 2)
    client.close()
    expect(await call).toMatchObject({ outcome: 'unknown' })
    expect(await client.call(get('a'))).toMatchObject({ outcome: 'failed', problem: 'no-leader' })
  })
})
