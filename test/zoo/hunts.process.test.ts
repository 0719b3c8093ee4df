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

/** What catches each of them, by name; of clients' calls that no order explains: the key. The others have longer scripts. */
const QUICK = {
  'vote-not-persisted': 'election-safety',
  'term-without-vote': 'election-safety',
  'vote-not-kept': 'election-safety',
  'step-down-forgets-vote': 'one-vote-per-term',
  'vote-before-disk': 'election-safety',
  'persisted-before-fsync': 'terms-never-go-back',
  'half-is-majority': 'election-safety',
  'new-leader-trims-log': 'leader-completeness',
  'damage-cut-off': 'leader-completeness',
  'heartbeat-acknowledges-memory': 'committed-on-a-majority',
  'acknowledged-before-written': 'committed-on-a-majority',
  'leader-counts-memory': 'committed-on-a-majority',
  'commit-unverified': 'state-machine-safety',
  'no-consistency-check': 'state-machine-safety',
  'sent-counts-as-stored': 'committed-on-a-majority',
  'removed-leader-counts-itself': 'committed-on-a-majority',
  'read-without-round': 'x',
  'answered-when-appended': 'answered-is-committed',
  'follower-reads-its-own': 'x',
  'read-before-applied': 'x',
} as const satisfies Partial<Record<BugId, string>>

/** They wait most of the time. */
const AT_ONCE = 4

const names = Object.keys(QUICK) as (keyof typeof QUICK)[]
const bugs = BUGS.filter(({ id }) => id in QUICK)
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

test.each(names)('%s is caught, and the correct node is not', (name) => {
  const script = bugs.find(({ id }) => id === name)!.script
  expect(results.get(`${script} ${name}`)?.caught.map(({ what }) => what)).toContain(QUICK[name])
  expect(results.get(`${script} `)?.caught).toEqual([])
})
