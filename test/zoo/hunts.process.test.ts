/**
 * The quicker half of the hunts, on real processes: each bug is caught, and the correct node gives no alarm in the same run.
 * `raft-workbench zoo` does all of them.
 */
import { beforeAll, expect, test } from 'vitest'
import type { BugId } from '../../main/node/contract/bugs'
import { BUGS } from '../../main/zoo/bugs'
import { type HuntResult, hunt } from '../../main/zoo/hunt'
import type { ScriptId } from '../../main/zoo/hunts'
import { type BuiltPrograms, ensureBuilt } from '../support/build'

/** The others have longer scripts. */
const QUICK = [
  'vote-not-persisted',
  'term-without-vote',
  'vote-not-kept',
  'step-down-forgets-vote',
  'vote-before-disk',
  'persisted-before-fsync',
  'half-is-majority',
  'new-leader-trims-log',
  'damage-cut-off',
  'heartbeat-acknowledges-memory',
  'acknowledged-before-written',
  'leader-counts-memory',
  'commit-unverified',
  'no-consistency-check',
  'sent-counts-as-stored',
  'removed-leader-counts-itself',
  'read-without-round',
  'answered-when-appended',
  'follower-reads-its-own',
  'read-before-applied',
] as const satisfies readonly BugId[]

/** They wait most of the time. */
const AT_ONCE = 4

const bugs = BUGS.filter(({ id }) => (QUICK as readonly BugId[]).includes(id))
const results = new Map<string, HuntResult>()

beforeAll(async () => {
  const programs: BuiltPrograms = await ensureBuilt()
  const { signal } = new AbortController()
  const wanted: { readonly script: ScriptId; readonly bug: BugId | '' }[] = [
    ...bugs.map(({ id, script }) => ({ script, bug: id })),
    ...[...new Set(bugs.map(({ script }) => script))].map((script) => ({ script, bug: '' as const })),
  ]
  const lane = async () => {
    for (let next = wanted.shift(); next !== undefined; next = wanted.shift()) {
      results.set(`${next.script} ${next.bug}`, await hunt({ ...next, seed: 1, programs, signal }))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}, 300_000)

test.each(QUICK)('%s is caught, and the correct node is not', (name) => {
  const script = bugs.find(({ id }) => id === name)!.script
  expect(results.get(`${script} ${name}`)?.caught.length).toBeGreaterThan(0)
  expect(results.get(`${script} `)?.caught).toEqual([])
})
