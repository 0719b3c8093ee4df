/** The command's door: what it takes and what it says. */
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { parseMinutes, parseSeeds } from '../../main/cli/commands/reliability'
import { run } from '../../main/cli/program'
import { createTerminal } from '../../main/cli/terminal'
import { RELIABILITY_TEXTS } from '../../main/cli/texts/reliability'
import type { Finding, ReliabilityResult } from '../../main/workbench/headless'

const texts = RELIABILITY_TEXTS.en
const places = {
  ...{ app: '/nowhere', cli: '/nowhere/cli.js', pages: '/nowhere', version: '0' },
  programs: { node: '/nowhere', warden: '/nowhere', recorder: '/nowhere', judge: '/nowhere' },
}

async function command(...args: string[]) {
  let said = ''
  const sink = new Writable({
    write: (chunk, _, done) => {
      said += chunk
      done()
    },
  })
  const status = await run(['reliability', ...args], places, createTerminal('en', sink, sink))
  return { status, said }
}

test('minutes and seeds', () => {
  expect(parseMinutes('0.5', texts)).toBe(0.5)
  expect(parseMinutes('60', texts)).toBe(60)
  for (const given of ['0', '-1', 'x', '', '1e3', '1441']) expect(() => parseMinutes(given, texts)).toThrow('usage')
  expect(parseSeeds('3', texts)).toEqual([3])
  expect(parseSeeds('1, 2,4294967295', texts)).toEqual([1, 2, 0xffff_ffff])
  for (const given of ['', '1,', 'a', '-1', '1.5', '4294967296'])
    expect(() => parseSeeds(given, texts)).toThrow('usage')
})

test.each([
  [['--minutes', 'long'], 'long'],
  [['--seeds', '1;2'], '1;2'],
  [['--nodes', '2'], '2'],
  [['--nodes', '52'], '52'],
  [['--weather', 'bad'], 'weather'],
])('%j is refused with status 2, and says why', async (args, word) => {
  const { status, said } = await command(...args)
  expect(status).toBe(2)
  expect(said).toContain(word)
})

const finding: readonly Finding[] = [
  { kind: 'history', key: 'load/1/2', detail: 'x' },
  { kind: 'two-leaders', term: 3, nodes: [1, 2] },
  { kind: 'committed', index: 7, detail: 'x' },
  { kind: 'files', nodes: [1, 2], detail: 'x' },
  { kind: 'states', node: 4, key: 'load/1/2' },
  { kind: 'not-healed', detail: 'x' },
  { kind: 'recording', detail: 'x' },
  { kind: 'processes', count: 6, most: 5 },
  { kind: 'left-over', pids: [99] },
  { kind: 'memory', node: 0, bytes: 2 << 30, most: 1 << 30 },
]

const memory = { early: 1 << 20, late: 2 << 20, max: 3 << 20 }
const result = (findings: readonly Finding[]): ReliabilityResult => ({
  ...{ holds: findings.length === 0, interrupted: false, minutes: 1, nodes: 5 },
  rounds: [
    {
      ...{
        seed: 8,
        nodes: 5,
        durationMs: 60_000,
        findings,
        faults: { kill: 2 },
        operations: { rebuild: 1 },
        workloads: [],
      },
      nemesis: { outcome: 'done', taken: 10, skipped: { 'no-leader': 1 } },
      history: [{ calls: 9, acknowledged: 5, reads: 3, failed: 1, unknown: 0, keys: 2, undecided: 1 }],
      recording: { events: 100, bytes: 1 << 20, terms: 2, elections: 2, committed: 9, acknowledged: 5 },
      resources: { nodes: memory, host: memory, processes: 5, starts: 7 },
      ...(findings.length > 0 && { kept: '/tmp/kept' }),
    },
  ],
})

test.each(['en', 'zh'] as const)('the report tells every figure and every finding (%s)', (language) => {
  const { report } = RELIABILITY_TEXTS[language]
  const bad = report(result(finding)).join('\n')
  expect(bad.match(/✗/g)).toHaveLength(finding.length)
  expect(bad).toContain('/tmp/kept')
  const good = report(result([])).join('\n')
  expect(good).not.toContain('✗')
  expect(good).toContain('kill 2')
  expect(good).toContain('rebuild 1')
  expect(good).not.toBe(bad)
})
