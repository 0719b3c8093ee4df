/** What the tests of a cluster share: writers that notice a lost or doubled write, damage to a disk, chance with a seed. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { CallResult, Cluster } from '../../main/cluster/api'
import { inspectNode } from '../../main/cluster/inspect'
import type { ReportedEvent } from '../../main/node/contract/events'
import { bytes, until, type Witness } from '../support/cluster'

/** mulberry32: whatever was chosen can be had again. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below)
  }
}

/** The tokens that one writer appended to one key, in order. */
interface Trail {
  readonly key: string
  readonly acknowledged: string[]
  /** Appended last, with an unknown outcome: it may stand there or not. */
  doubtful: string
}

export interface Load {
  /** Acknowledged writes so far. */
  readonly count: number
  /** What was not `ok`: problem codes. */
  readonly troubles: readonly string[]
  /** The longest that one call took, in milliseconds. */
  readonly slowest: number
  readonly keys: readonly string[]
  stop(): Promise<void>
  /** Stops, then reads every key: each acknowledged write stands there once, in order, and nothing else does. */
  verify(): Promise<void>
}

/** Writers that append token after token until they are stopped; each waits for an answer as long as `timeoutMs`. */
export function startLoad(cluster: Cluster, writers = 4, pauseMs = 3, name = 'writer', timeoutMs = 5000): Load {
  const trails: Trail[] = []
  const troubles: string[] = []
  let isOver = false
  let count = 0
  let slowest = 0

  async function write(writer: number): Promise<void> {
    for (let round = 1; !isOver; round++) {
      const trail: Trail = { key: `${name} ${writer}, round ${round}`, acknowledged: [], doubtful: '' }
      trails.push(trail)
      for (let i = 1; !isOver && trail.doubtful === ''; ) {
        const token = `${i};`
        const result = await cluster.call({ op: 'append', key: trail.key, value: bytes(token) }, { timeoutMs })
        note(result)
        if (result.outcome === 'ok') trail.acknowledged.push(token)
        // What certainly failed is written again.
        if (result.outcome === 'ok') i++
        // Nothing can be said of what follows a write in doubt: a new key.
        if (result.outcome === 'unknown') trail.doubtful = token
        await sleep(pauseMs)
      }
    }
  }
  function note({ outcome, problem, millis }: CallResult): void {
    if (outcome === 'ok') count++
    else troubles.push(problem)
    slowest = Math.max(slowest, millis)
  }

  const working = Array.from({ length: writers }, (_, at) => write(at + 1))
  const stop = async () => {
    isOver = true
    await Promise.all(working)
  }
  return {
    get count() {
      return count
    },
    troubles,
    get slowest() {
      return slowest
    },
    get keys() {
      return trails.map(({ key }) => key)
    },
    stop,
    async verify() {
      await stop()
      expect(count).toBeGreaterThan(0)
      for (const { key, acknowledged, doubtful } of trails) {
        const { outcome, value } = await cluster.call({ op: 'get', key }, { timeoutMs: 60_000 })
        const sure = acknowledged.join('')
        expect(outcome, key).toBe('ok')
        expect([sure, sure + doubtful], key).toContain(Buffer.from(value).toString())
      }
    },
  }
}

/**
 * Flips one bit of an entry in the middle of a (stopped) node's log; tells which record of which file that was. The middle of all
 * files: the newest may have just begun, and damage to the very last record is a write that was torn.
 */
export async function flipBit(
  cluster: Cluster,
  node: number,
): Promise<{ readonly file: string; readonly record: number }> {
  const { files } = await inspectNode(cluster.dataDir(node))
  const entries = files
    .filter(({ name }) => name.endsWith('.log'))
    .flatMap(({ name, records }) => records.filter(({ type }) => type === 'entry').map((record) => ({ name, record })))
  const { name, record } = entries[Math.floor(entries.length / 2)]!
  const { offset, bytes: length, number } = record
  const path = join(cluster.dataDir(node), name)
  const content = readFileSync(path)
  const at = offset + Math.floor(length / 2)
  content[at] = content[at]! ^ 4
  writeFileSync(path, content)
  return { file: name, record: number }
}

/** The operations on the timeline, readable. */
export function operations(witness: Witness): readonly string[] {
  return witness.of('operation').map(({ action, type, problem }) => `${type} ${action}${problem && ` ${problem}`}`)
}

/** The newest configuration of which any node told that it is committed. */
export function configurationOf(witness: Witness): ReportedEvent<'configuration'> | undefined {
  return witness
    .of('configuration')
    .filter(({ standing }) => standing === 'committed')
    .sort((a, b) => a.index - b.index)
    .at(-1)
}

/** Waits until the newest committed configuration is this one: events arrive a little after answers. */
export async function awaitConfiguration(witness: Witness, voters: readonly number[], learners = ''): Promise<void> {
  await until(`voters ${voters}, learners ${learners}`, () => {
    const newest = configurationOf(witness)
    return newest?.voters === voters.join() && newest.learners === learners && newest.outgoing === ''
  })
}
