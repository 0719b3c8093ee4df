/** A kill -9 storm: 200 random kills over all nodes while writing; every acknowledged write is there at the end. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { Cluster } from '../../main/cluster/api'
import { inspectNode } from '../../main/cluster/inspect'
import { decodeCommand } from '../../main/node/contract/command'
import { awaitEqualLogs, awaitLeader, bytes, type OpenCluster, openCluster, put } from '../support/cluster'

const KILLS = 200
const WRITERS = 4
const SEED = 20_250

let open: OpenCluster | undefined

afterEach(async () => {
  await open?.clear()
  open = undefined
})

/** mulberry32: the storm's choices can be had again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below)
  }
}

/** Writes new keys until told to end; keeps what was acknowledged. */
async function write(cluster: Cluster, writer: number, acknowledged: Map<string, string>, isOver: () => boolean) {
  for (let i = 0; !isOver(); i++) {
    const key = `writer ${writer}, ${i}`
    const value = `${writer * 1_000_000 + i}`
    const { outcome } = await cluster.call({ op: 'put', key, value: bytes(value) }, { timeoutMs: 5000 })
    if (outcome === 'ok') acknowledged.set(key, value)
    await sleep(10)
  }
}

/** Kills a random living node again and again; mostly one or two are down, now and then more, or all of them. */
async function rage(cluster: Cluster, random: (below: number) => number): Promise<Map<number, number>> {
  const kills = new Map<number, number>()
  const returning = new Set<Promise<void>>()
  let down = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const dice = random(20)
    const tolerated = dice === 0 ? 5 : dice < 6 ? 3 : 2
    while (down >= tolerated) await Promise.race(returning)
    const living = cluster.nodeIds.filter((node) => ['running', 'starting'].includes(cluster.standing(node)))
    const victim = living[random(living.length)]
    if (victim === undefined) {
      await Promise.race(returning)
      kill--
      continue
    }
    down++
    kills.set(victim, (kills.get(victim) ?? 0) + 1)
    await cluster.kill(victim)
    const back = sleep(random(200))
      .then(() => cluster.start(victim))
      // It may have been killed again while it was starting.
      .catch((error: unknown) => expect(error).toMatchObject({ code: 'node-start' }))
      .finally(() => {
        down--
        returning.delete(back)
      })
    returning.add(back)
    await sleep(random(150))
  }
  await Promise.all(returning)
  return kills
}

test('every acknowledged write survives 200 kills', { timeout: 240_000 }, async () => {
  open = await openCluster(5)
  const { cluster } = open
  await awaitLeader(cluster)
  const acknowledged = new Map<string, string>()
  let isOver = false
  const writers = Array.from({ length: WRITERS }, (_, at) => write(cluster, at + 1, acknowledged, () => isOver))
  const kills = await rage(cluster, randomFrom(SEED))
  isOver = true
  await Promise.all(writers)

  for (const node of cluster.nodeIds) if (cluster.standing(node) !== 'running') await cluster.start(node)
  await put(cluster, 'the end', 'of the storm')
  await awaitEqualLogs(cluster)
  expect([...kills.values()].reduce((sum, count) => sum + count, 0)).toBe(KILLS)
  expect([...kills.keys()].sort()).toEqual([1, 2, 3, 4, 5])
  expect(acknowledged.size).toBeGreaterThan(KILLS)

  // The files hold each of them, in the end in this state…
  const { entries } = await inspectNode(cluster.dataDir(1))
  const held = new Map<string, string>()
  for (const entry of entries.filter(({ type }) => type === 'command')) {
    const { command } = decodeCommand(entry.data)
    if (command.op === 'put') held.set(command.key, Buffer.from(command.value).toString())
  }
  const lost = [...acknowledged].filter(([key, value]) => held.get(key) !== value)
  expect(lost).toEqual([])
  // …and the cluster answers with them.
  const random = randomFrom(SEED + 1)
  const all = [...acknowledged]
  for (let sample = 0; sample < 50; sample++) {
    const [key, value] = all[random(all.length)]!
    expect(await cluster.call({ op: 'get', key })).toMatchObject({ outcome: 'ok', found: true, value: bytes(value) })
  }
})
