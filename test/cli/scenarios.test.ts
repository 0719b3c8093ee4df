/** The command `scenarios`. */
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { run } from '../../main/cli/program'
import { createTerminal } from '../../main/cli/terminal'
import { readScenario } from '../../main/scenarios/language/parse'
import { library } from '../../main/scenarios/library'
import { Story } from '../checks/support/story'
import { join, readFile, tempDir, writeRecording } from '../timeline/support/files'

async function cli(language: 'en' | 'zh', ...args: readonly string[]) {
  const streams = { out: new PassThrough(), err: new PassThrough() }
  const places = { version: '0', programs: {} } as unknown as Parameters<typeof run>[1]
  const status = await run(args, places, createTerminal(language, streams.out, streams.err))
  return { status, out: String(streams.out.read() ?? ''), err: String(streams.err.read() ?? '') }
}

test('every scenario of the library is listed with its title, in both languages', async () => {
  const [en, zh] = [await cli('en', 'scenarios'), await cli('zh', 'scenarios')]
  expect([en.status, zh.status]).toEqual([0, 0])
  expect(en.err).toMatch(new RegExp(`^${library().length} scenarios\\.`))
  expect(zh.err).toContain(`共 ${library().length} 个场景`)
  for (const { id, scenario } of library()) {
    expect(en.out).toMatch(new RegExp(`^${id} `, 'm'))
    expect(en.out).toContain(scenario.title.en)
    expect(zh.out).toContain(scenario.title.zh)
  }
})

test('as JSON: one document', async () => {
  const { status, out, err } = await cli('en', 'scenarios', '--json')
  expect({ status, err }).toEqual({ status: 0, err: '' })
  const rows = JSON.parse(out) as readonly { readonly id: string; readonly steps: number }[]
  expect(rows.map(({ id }) => id)).toEqual(library().map(({ id }) => id))
  for (const { steps } of rows) expect(steps).toBeGreaterThan(0)
})

test('the schema is printed for editors', async () => {
  const { status, out } = await cli('en', 'scenarios', '--schema')
  expect(status).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' })
})

test('a recording becomes a scenario: into a file that was not there, or printed', async () => {
  const directory = await tempDir()
  const recording = join(directory, 'by hand.raftrec')
  const story = Story.begin()
    .elect(1, 1)
    .tell(0, 'fault', { action: 'begin', id: 1, type: 'pause', detail: '{"nodes":[2]}' })
  for (const node of [1, 2, 3]) story.tell(0, 'process', { subject: node, state: 'ready', incarnation: 1 })
  await writeRecording(recording, story.events)
  const out = join(directory, 'My lesson.yaml')
  expect(await cli('en', 'scenarios', '--from', recording, '--out', out)).toMatchObject({ status: 0, out: '' })
  const text = String(await readFile(out))
  expect(text).toContain('id: my-lesson')
  expect(text).toContain('- pause: 2')
  expect(readScenario(text).ok).toBe(true)
  const again = await cli('zh', 'scenarios', '--from', recording, '--out', out)
  expect(again).toMatchObject({ status: 2 })
  expect(again.err).toContain('已存在')
  const printed = await cli('en', 'scenarios', '--from', recording)
  expect(printed.out).toBe(text.replace('my-lesson', 'by-hand'))
  expect(await cli('en', 'scenarios', '--from', join(directory, 'none.raftrec'))).toMatchObject({ status: 2 })
})
