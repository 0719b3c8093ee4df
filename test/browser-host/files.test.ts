/** Files in and out of a browser tab: uploads and downloads over HTTP, with a real workbench behind and no cluster. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join, sep } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type BrowserHost, startBrowserHost } from '../../main/browser'
import { exportJsonl, openRecording } from '../../main/timeline'
import { createWorkbench, type Workbench } from '../../main/workbench'
import type { CallInput, CallName, CallOutput, RecordingInfo, TaskView, UploadAnswer } from '../../preload/contract'
import { MAX_UPLOAD_BYTES } from '../../preload/contract'
import { until } from '../support/cluster'
import { writeRecording } from '../timeline/support/files'
import { lifeOf } from '../timeline/support/traces'

let home: string
let host: BrowserHost
let workbench: Workbench
let cookie: string
let tasks: readonly TaskView[]

interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The connection was cut before the end. */
  readonly cut: boolean
}

function ask(
  path: string,
  headers: Record<string, string> = {},
  { method = 'GET', body }: { readonly method?: string; readonly body?: string | Uint8Array } = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: host.port, path, method, headers }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('error', () => undefined)
      response.on('close', () => {
        const { statusCode = 0, headers: told, complete } = response
        resolve({ status: statusCode, headers: told, body: Buffer.concat(pieces), cut: !complete })
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

async function call<C extends CallName>(name: C, input: CallInput<C>): Promise<CallOutput<C>> {
  const answer = await workbench.call(name, input)
  if (!answer.ok) throw new Error(answer.problem.message)
  return answer.value as CallOutput<C>
}

const origin = () => `http://127.0.0.1:${host.port}`
const ours = () => ({ cookie, origin: origin(), 'sec-fetch-site': 'same-origin' })
async function upload(name: string, body: string | Uint8Array): Promise<UploadAnswer> {
  const answered = await ask(`/uploads?name=${encodeURIComponent(name)}`, ours(), { method: 'POST', body })
  expect(answered.status).toBe(200)
  return JSON.parse(answered.body.toString()) as UploadAnswer
}
const imports = () => readdir(join(home, 'imports')).catch(() => [])

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rw-files-'))
  const pages = join(home, 'pages')
  await mkdir(pages)
  await writeFile(join(pages, 'index.html'), '<html></html>')
  host = await startBrowserHost({ pages, port: 0, language: 'en', log: () => undefined })
  const programs = { node: '/nowhere', warden: '/nowhere', recorder: '/nowhere', judge: '/nowhere' }
  workbench = await createWorkbench({ home, host: host.services, programs, version: '1' })
  workbench.subscribe('tasks', (value) => {
    tasks = value
  })
  host.attach(workbench)
  const address = new URL(host.address)
  const { headers } = await ask(address.pathname + address.search)
  cookie = String(headers['set-cookie']?.[0]?.split(';')[0])
})
afterEach(async () => {
  await workbench.close()
  await host.close()
  await rm(home, { recursive: true, force: true })
})

async function recordingOf(rounds: number): Promise<string> {
  const path = join(home, `life-${rounds}.raftrec`)
  await writeRecording(path, lifeOf(rounds), { blockEvents: 1024, rule: { everyEvents: 1 << 20, everyBytes: 1 << 30 } })
  return path
}

async function linesOf(path: string): Promise<string> {
  const source = await openRecording(path)
  let text = ''
  await exportJsonl(source, {}, async (chunk) => {
    text += chunk
  })
  await source.close()
  return text
}

describe('an upload', () => {
  test('is taken from our own page only', async () => {
    const post = (headers: Record<string, string>) =>
      ask('/uploads?name=a.jsonl', headers, { method: 'POST', body: 'x' })
    expect((await post({ origin: origin() })).status).toBe(403)
    expect((await post({ cookie })).status).toBe(403)
    expect((await post({ cookie, origin: 'http://evil.example' })).status).toBe(403)
    expect((await post({ ...ours(), 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await post({ ...ours(), host: 'evil.example' })).status).toBe(421)
    expect((await ask('/elsewhere', ours(), { method: 'POST', body: 'x' })).status).toBe(405)
    expect((await ask('/uploads?name=a.jsonl', ours())).status).toBe(404)
    expect(await imports()).toEqual([])
  })

  test('of a recording is kept as it is, under a name that leads nowhere else, and can be opened', async () => {
    const path = await recordingOf(20)
    const bytes = await readFile(path)
    const answer = await upload('../../my life é.raftrec', bytes)
    if (!answer.ok) throw new Error(answer.problem.message)
    expect(basename(answer.path)).toBe('my life é.raftrec')
    expect(answer.path.startsWith(join(home, 'imports') + sep)).toBe(true)
    expect(await readFile(answer.path)).toEqual(bytes)
    const info: RecordingInfo = await call('recordings.open', { path: answer.path })
    expect(info.events).toBe(lifeOf(20).length)
    expect(await call('files.recent', {})).toMatchObject([{ path: answer.path, name: 'my life é.raftrec' }])
    await rm(answer.path)
    expect(await call('files.recent', {})).toEqual([])
  })

  test('of JSON Lines becomes a recording that says the same', async () => {
    const path = await recordingOf(20)
    const text = await linesOf(path)
    const answer = await upload('a.jsonl', text)
    if (!answer.ok) throw new Error(answer.problem.message)
    expect(await linesOf(answer.path)).toBe(text)
    expect(await imports()).toHaveLength(1)
    expect(tasks.at(-1)).toMatchObject({ kind: 'import', what: 'a.jsonl', state: 'done' })
    // The same file by its path, as Electron opens it.
    const lines = join(home, 'b.jsonl')
    await writeFile(lines, text)
    expect(await call('recordings.open', { path: lines })).toMatchObject({ events: lifeOf(20).length })
    expect(await imports()).toHaveLength(2)
  })

  test('that breaks the rules says which line, and leaves nothing', async () => {
    const lines = (await linesOf(await recordingOf(5))).split('\n')
    lines[3] = '{"seq":'
    const broken = await upload('a.jsonl', lines.join('\n'))
    expect(broken).toMatchObject({ ok: false, problem: { code: 'bad-input', details: { where: 'a.jsonl, line 4' } } })
    expect(await upload('b.bin', Uint8Array.of(0, 1, 2))).toMatchObject({
      ok: false,
      problem: { code: 'import-foreign' },
    })
    const large = { ...ours(), 'content-length': String(MAX_UPLOAD_BYTES + 1) }
    const refused = await ask('/uploads?name=c', large, { method: 'POST' })
    expect(JSON.parse(refused.body.toString())).toMatchObject({ ok: false, problem: { code: 'bad-input' } })
    expect(await imports()).toEqual([])
  })
})

test('an upload that is cancelled in the middle leaves nothing', async () => {
  const asked = request({
    host: '127.0.0.1',
    port: host.port,
    path: '/uploads?name=slow.jsonl',
    method: 'POST',
    headers: { ...ours(), 'content-length': '1000' },
  })
  const answered = new Promise<string>((resolve, reject) => {
    asked.on('error', reject)
    asked.on('response', async (response) => {
      const pieces: Buffer[] = []
      for await (const piece of response) pieces.push(piece)
      resolve(Buffer.concat(pieces).toString())
    })
  })
  asked.write('x'.repeat(400))
  const running = await until('its beginning', () =>
    tasks.find(({ state, done }) => state === 'running' && done === 400),
  )
  expect(running).toMatchObject({ kind: 'import', what: 'slow.jsonl', total: 1000 })
  await call('tasks.cancel', { task: running.id })
  expect(JSON.parse(await answered)).toMatchObject({ ok: false, problem: { code: 'import-cancelled' } })
  expect(tasks.at(-1)?.state).toBe('cancelled')
  expect(await imports()).toEqual([])
  asked.destroy()
})

describe('a download', () => {
  test('carries bytes as they are, and is a task that ends', async () => {
    await call('recordings.open', { path: await recordingOf(30) })
    const offered = await call('timeline.export', { source: 'recording', format: 'sqlite' })
    if (offered.kind !== 'download') throw new Error(offered.kind)
    expect(offered.name).toMatch(/^demo-.*\.sqlite$/)
    const { status, headers, body } = await ask(offered.url, { cookie })
    expect([status, headers['content-type']]).toEqual([200, 'application/vnd.sqlite3'])
    expect(body.subarray(0, 15).toString()).toBe('SQLite format 3')
    expect(tasks.at(-1)).toMatchObject({ kind: 'export', what: offered.name, state: 'done', done: lifeOf(30).length })
  })

  test('that is cancelled in the middle is cut, so that the browser keeps nothing', async () => {
    await call('recordings.open', { path: await recordingOf(5_000) })
    const offered = await call('timeline.export', { source: 'recording', format: 'jsonl' })
    if (offered.kind !== 'download') throw new Error(offered.kind)
    const fetched = ask(offered.url, { cookie }).catch((trouble: Error) => trouble)
    const running = await until('progress', () => tasks.find(({ state, done }) => state === 'running' && done > 0))
    expect(running.total).toBe(lifeOf(5_000).length)
    await call('tasks.cancel', { task: running.id })
    const ended = await fetched
    expect(ended instanceof Error || ended.cut).toBe(true)
    expect(tasks.at(-1)).toMatchObject({ id: running.id, state: 'cancelled' })
  })
})
