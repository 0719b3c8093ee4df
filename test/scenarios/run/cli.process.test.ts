/** The command `run`: what it says and how it ends, on real clusters without a window. */
import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { run } from '../../../main/cli/program'
import { createTerminal } from '../../../main/cli/terminal'
import { readRecordingInfo } from '../../../main/timeline'
import { ensureBuilt } from '../../support/build'
import { until } from '../../support/cluster'
import { join, tempDir } from '../../timeline/support/files'

/** Begins a command; `err` grows while it runs. */
async function begin(language: 'en' | 'zh', ...args: readonly string[]) {
  const streams = { out: new PassThrough(), err: new PassThrough() }
  const text = { out: '', err: '' }
  for (const name of ['out', 'err'] as const) {
    streams[name].on('data', (chunk) => {
      text[name] += chunk
    })
  }
  const places = { version: '0', programs: await ensureBuilt() } as unknown as Parameters<typeof run>[1]
  const status = run(['run', ...args], places, createTerminal(language, streams.out, streams.err))
  return { text, status }
}

async function cli(language: 'en' | 'zh', ...args: readonly string[]) {
  const { text, status } = await begin(language, ...args)
  return { status: await status, ...text }
}

const HEAD = `
scenario: 1
id: a-test
title: { en: A test, zh: 一个测试 }
about: { en: About it., zh: 说明。 }
tags: [election]
cluster: { nodes: 1 }
`

async function file(text: string): Promise<string> {
  const path = join(await tempDir(), 'a-test.yaml')
  await writeFile(path, HEAD + text)
  return path
}

/** Only this test's: others play scenarios at the same time. */
beforeEach(async () => {
  vi.stubEnv('TMPDIR', await tempDir())
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const stagesLeft = () => readdirSync(tmpdir()).filter((name) => name.startsWith('raft-workbench-scenario-'))

describe('raft-workbench run', () => {
  test('what holds: 0, each step with its narration, verdicts, the recording, and nothing else is left', async () => {
    const path = await file(`
steps:
  - wait: { leader: { is: 1 } }
    say: { en: Node 1 leads alone., zh: 节点 1 独自领导。 }
  - put: { key: x, value: '1' }
expect:
  - that: { committed: { index: 3 } }
never:
  - that: { leader: { term: '>= 2' } }
`)
    const out = join(await tempDir(), 'kept.raftrec')
    const page = join(await tempDir(), 'report.html')
    const more = ['--out', out, '--seed', '7', '--level', 'entry', '--report', page]
    const { status, out: printed, err } = await cli('en', path, ...more)
    expect(status, err + printed).toBe(0)
    expect(err).toContain('A test (1 nodes, seed 7)')
    expect(err).toContain('1/2 Wait until n1 leads\n    Node 1 leads alone.')
    expect(err).toContain('2/2 A client writes x = “1”')
    expect(printed).toContain('✓ expected: somebody knows entry 3 to be committed')
    expect(printed).toContain('✓ never: there is a leader in a term that is at least 2')
    expect(printed).toContain('✓ all 11 invariants hold')
    expect(printed).toContain('✓ the clients’ calls are linearizable')
    expect((await readRecordingInfo(out)).complete).toBe(true)
    const report = await readFile(page, 'utf8')
    expect(report).toContain('somebody knows entry 3 to be committed')
    expect(report).toContain('--seed 7')
    expect(stagesLeft()).toEqual([])
  })

  test('what does not: 1, the line of the step, what was expected and what there was; as data and in Chinese', async () => {
    const path = await file(`
steps:
  - wait: { leader: {} }
  - expect: { node: { is: 1, role: follower } }
  - put: { key: x, value: '1' }
`)
    const { status, out, err } = await cli('zh', path, '--json')
    expect(status).toBe(1)
    expect(err).toContain('✗（第 11 行）：期望：n1 是跟随者。实际：n1 是领导人。')
    const result = JSON.parse(out)
    expect(result).toMatchObject({ outcome: 'failed', problem: null })
    expect(result.steps.map(({ standing }: { standing: string }) => standing)).toEqual(['done', 'failed', 'left-out'])
    expect(result.steps[1].problem.code).toBe('scenario-unmet')
  })

  test('what cannot be played: 2, and where it is wrong', async () => {
    const wrong = await cli('en', await file('steps:\n  - kil: 1\n'))
    expect(wrong.status).toBe(2)
    expect(wrong.err).toMatch(/a-test\.yaml:9:5 /)
    expect((await cli('en', 'no-such-scenario')).err).toContain('There is no scenario no-such-scenario')
    const missing = await cli('en', '/nowhere/at-all.yaml')
    expect(missing).toMatchObject({ status: 2, out: '' })
    const path = await file('steps:\n  - note: true\n    say: { en: a, zh: b }\n')
    expect((await cli('en', path, '--seed', '-1')).status).toBe(2)
    expect((await cli('en', path, '--nodes', '99')).status).toBe(2)
    const badSetting = await file('steps:\n  - say: { en: a, zh: b }\n')
    expect((await cli('en', badSetting, '--out', '/nowhere/at/all.raftrec')).status).toBe(2)
  })

  test('Ctrl-C ends it in the middle of a step, and leaves nothing', async () => {
    const path = await file('steps:\n  - wait: { leader: {} }\n  - sleep: 5m\nlimit: 10m\n')
    const { text, status } = await begin('en', path)
    await until('the long step', () => text.err.includes('2/2 Let 5 min pass'))
    process.emit('SIGINT')
    expect(await status).toBe(1)
    expect(text.out).toContain('Stopped after')
    expect(stagesLeft()).toEqual([])
  })
})
