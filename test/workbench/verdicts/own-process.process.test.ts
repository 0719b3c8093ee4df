/** The judge in its own process: it reads files by itself, follows one that grows, and its death is a verdict that failed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import type { TimelineEvent } from '../../../main/node/contract/events'
import { createFile } from '../../../main/timeline/recorder/write-loop'
import { makeEventBlock, RecordingWriter } from '../../../main/timeline/recording/writer'
import { Judge } from '../../../main/workbench/verdicts/live/judge'
import { processPort } from '../../../main/workbench/verdicts/live/ports'
import type { VerdictsView } from '../../../preload/contract'
import { Story } from '../../checks/support/story'
import { ensureBuilt, ensureScript } from '../../support/build'
import { until } from '../../support/cluster'
import { HEADER, join, opened, overwrite, tempDir, writeFile, writeRecording } from '../../timeline/support/files'
import { judged } from './support'

let program: string
beforeAll(async () => {
  program = (await ensureBuilt()).judge
})

const TWO_LEADERS = Story.begin().elect(1, 4).elect(2, 4)

async function recorded(events: readonly TimelineEvent[]): Promise<string> {
  const path = join(await tempDir(), 'told.raftrec')
  await writeRecording(path, events)
  return path
}

/** A judge with this program as its process, over the file; what it tells last is its `view`. */
async function judgeOf(path: string, own = program): Promise<Judge> {
  const source = await opened(path)
  return new Judge({
    timeline: () => source,
    tell: () => undefined,
    port: (start) => processPort(own, start),
    isAsked: () => false,
    problemView: (thrown) => {
      const message = String(thrown)
      return { code: 'internal', details: {}, message, sentences: { en: message, zh: message } }
    },
  })
}

/** A program in place of the judge's. */
async function programOf(code: string): Promise<string> {
  const path = join(await tempDir(), 'program.mjs')
  await writeFile(path, code)
  return path
}
const TOUCH = `
import { writeFileSync } from 'node:fs'
writeFileSync(JSON.parse(process.argv[2]).path + '.begun', '')
`

const state = (judge: Judge, wanted: VerdictsView['state']) =>
  until(wanted, () => (judge.view?.state === wanted ? judge.view : undefined))

test('a recording is judged as in the same process, and again', async () => {
  const { judge: inThisProcess, until: told } = judged(TWO_LEADERS)
  inThisProcess.begin('recording')
  const expected = await told(({ state }) => state === 'done')
  const judge = await judgeOf(await recorded(TWO_LEADERS.events))
  judge.begin('recording')
  expect(await state(judge, 'done')).toEqual(expected)
  judge.begin('recording')
  expect(judge.view).toMatchObject({ state: 'judging', judged: 0 })
  expect(await state(judge, 'done')).toEqual(expected)
  await judge.close()
})

test('a live recording is followed as it grows, beyond its end, until the judge is closed', async () => {
  const path = join(await tempDir(), 'live.raftrec')
  const writer = await RecordingWriter.create(await createFile(path), HEADER)
  const story = Story.begin()
  let written = 0
  const write = async () => {
    const [first, ...rest] = story.events.slice(written)
    if (first !== undefined) writer.append(makeEventBlock([first, ...rest]))
    await writer.flush(() => undefined)
    written = story.events.length
  }
  const judge = await judgeOf(path)
  judge.begin('live')
  expect(await state(judge, 'following')).toMatchObject({ judged: 0, checks: [] })
  const holds = () => judge.view?.checks.find(({ id }) => id === 'election-safety')?.standing
  story.elect(1, 4)
  await write()
  await until('the first leader', () => judge.view?.judged === written && holds() === 'holds')
  story.elect(2, 4)
  await write()
  await until('the second leader', () => judge.view?.judged === written && holds() === 'broken')
  const [finding] = judge.view?.checks.find(({ id }) => id === 'election-safety')?.findings ?? []
  expect(finding?.sentence.en).toBe('Node 1 and node 2 both became leader in term 4.')
  story.tell(1, 'stats')
  await write()
  await writer.finish(() => undefined)
  await writer.close()
  await until('the end', () => judge.view?.judged === written)
  expect(judge.view).toMatchObject({ source: 'live', state: 'following', problem: null })
  judge.stop()
  expect(judge.view).toMatchObject({ state: 'stopped', judged: written })
  expect(holds()).toBe('broken')
  await judge.close()
})

test('what cannot be read says why: a damaged block, a file that is gone', async () => {
  const path = await recorded(TWO_LEADERS.events)
  const judge = await judgeOf(path)
  // Within the first block of events, behind the header of the file and its own.
  await overwrite(path, 200, new Uint8Array(8).fill(255))
  judge.begin('recording')
  expect((await state(judge, 'failed')).problem?.message).toContain('recording-corrupt')
  await rm(path)
  judge.begin('recording')
  expect((await state(judge, 'failed')).problem?.message).toContain('recording-unknown')
  await judge.close()
})

test.each([
  ['ends', 'process.exit(7)', '(7)'],
  ['throws', `setTimeout(() => { throw new Error('broken within') }, 5)`, 'broken within'],
  ['is no program', 'const', 'Unexpected end of input'],
])('a process that %s is a verdict that failed, and judging can begin again', async (_, code, reason) => {
  const judge = await judgeOf(await recorded(TWO_LEADERS.events), await programOf(code))
  judge.begin('recording')
  expect((await state(judge, 'failed')).problem?.message).toContain(reason)
  judge.begin('recording')
  expect(judge.view).toMatchObject({ state: 'judging', problem: null })
  await state(judge, 'failed')
  await judge.close()
  expect(judge.view).toBeNull()
})

test('a process that cannot be started at all is a verdict that failed', async () => {
  const judge = await judgeOf(await recorded(TWO_LEADERS.events), 'judge.js')
  judge.begin('recording')
  expect((await state(judge, 'failed')).problem?.message).toContain('Cannot find module')
  await judge.close()
})

test('a process that hears nothing ends when the judge is closed', async () => {
  const path = await recorded(TWO_LEADERS.events)
  const judge = await judgeOf(path, await programOf(`${TOUCH} for (;;);`))
  judge.begin('recording')
  await until('the process', () => existsSync(`${path}.begun`))
  await judge.close()
})

test('a process that nobody ended keeps no process alive', async () => {
  const script = await ensureScript('test/workbench/verdicts/unclosed.ts')
  const child = spawn(process.execPath, [script, program, await recorded(TWO_LEADERS.events)], { stdio: 'inherit' })
  expect(await once(child, 'exit')).toEqual([0, null])
})
