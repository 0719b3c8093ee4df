/** The program as people start it. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ensureWholeBuild, root } from '../support/build'

const run = (...args: readonly string[]) => {
  ensureWholeBuild()
  return spawnSync(process.execPath, [join(root, '.ci', 'bench.mjs'), ...args], { encoding: 'utf8', timeout: 100_000 })
}

test('one suite as JSON: one document on standard output, the table beside it', () => {
  const { status, stdout, stderr } = run('core', '--quick', '--json')
  expect(stderr).toContain('Three cores in one process')
  expect(status).toBe(0)
  const { suite, rows } = JSON.parse(stdout) as { suite: string; rows: Record<string, unknown>[] }
  expect(suite).toBe('core')
  const { stepsPerSecond } = rows[0] as { stepsPerSecond: { median: number; min: number; max: number } }
  // How many is for `npm run bench` to say, on a machine that does nothing else.
  expect(stepsPerSecond.median).toBeGreaterThan(0)
  expect(stepsPerSecond.min).toBeLessThanOrEqual(stepsPerSecond.median)
  expect(stepsPerSecond.max).toBeGreaterThanOrEqual(stepsPerSecond.median)
})

test('a suite that does not exist is refused, with the names of those that do', () => {
  const { status, stdout, stderr } = run('speed')
  expect(status).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain('There is no suite speed. Known: etcd, failover, start')
})
