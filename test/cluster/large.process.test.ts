import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type LinkAction, type LinkRule, MAX_LINK_RULES } from '../../main/node/contract/conditions'
import { MESSAGE_TYPES } from '../../main/node/contract/events'
import { awaitLeader, openCluster, put, runDirectoryOf } from '../support/cluster'

/** A rule that lets pass what it is about. */
const PASS: LinkAction = {
  type: 'shape',
  dropPercent: 0,
  delayMs: 0,
  jitterMs: 0,
  duplicatePercent: 0,
  reorderPercent: 0,
  bytesPerSecond: 0,
}

test('51 nodes start, elect a leader, and take a write', { timeout: 240_000 }, async () => {
  const { cluster } = await openCluster(51)
  expect(cluster.nodeIds).toHaveLength(51)
  expect(cluster.nodeIds.map((node) => cluster.standing(node))).toEqual(cluster.nodeIds.map(() => 'running'))
  await awaitLeader(cluster)
  await put(cluster, 'k', 'v', 30_000)

  // More rules of links than an argument of a program may hold: the node is started with them all the same.
  const last = cluster.nodeIds.at(-1)!
  const into = cluster.nodeIds.filter((node) => node !== last).map((from) => ({ from, to: last }))
  const rules = MESSAGE_TYPES.concat(MESSAGE_TYPES)
    .slice(0, MAX_LINK_RULES)
    .map((type): LinkRule => ({ messages: [type, ...MESSAGE_TYPES.filter((other) => other !== type)], action: PASS }))
  expect(JSON.stringify(into.map(() => rules)).length).toBeGreaterThan(128 << 10)
  const fault = cluster.condition(into, rules, 7)
  await cluster.restart(last)
  expect(cluster.standing(last)).toBe('running')
  expect(cluster.rulesOf(1, last).rules).toHaveLength(MAX_LINK_RULES)
  expect(readdirSync(runDirectoryOf(cluster.path)).filter((name) => name.startsWith('launch'))).toEqual([])
  await cluster.endFault(fault)
})
