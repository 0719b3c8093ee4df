/** Export and import by the built command line, on recordings made here. */
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureWholeBuild, root } from '../support/build'
import { until } from '../support/cluster'
import { writeRecording } from '../timeline/support/files'
import { lifeOf } from '../timeline/support/traces'

const HISTORY = [
  '{:process 0, :type :invoke, :f :put, :key "a", :value "1"}',
  '{:process 1, :type :invoke, :f :get, :key "b", :value nil}',
  '{:process 0, :type :ok, :f :put, :key "a", :value "1"}',
  '{:process 1, :type :ok, :f :get, :key "b", :value nil}',
].join('\n')

let program: string
let home: string
let recording: string
const events = lifeOf(50)

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    env: { ...process.env, RAFT_WORKBENCH_HOME: home, LANG: 'en_US.UTF-8', LC_ALL: '', LANGUAGE: '' },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (data) => (out += data))
  child.stderr.on('data', (data) => (err += data))
  const ended = new Promise<{ status: number | null; out: string; err: string }>((resolve) =>
    child.once('close', (status) => resolve({ status, out, err })),
  )
  return { child, ended }
}
const run = (...args: string[]) => start(args).ended

beforeAll(async () => {
  program = join(ensureWholeBuild(), 'main', 'cli.js')
  home = await mkdtemp(join(tmpdir(), 'rw-cli-export-'))
  recording = join(home, 'a.raftrec')
  await writeRecording(recording, events)
}, 180_000)
afterAll(() => rm(home, { recursive: true, force: true }))

describe('export', () => {
  test('of a selection, as rows', async () => {
    const { status, out, err } = await run(
      ...['export', recording, '--format', 'csv', '--out', '-', '--node', '1', '--node', '2'],
      ...['--kind', 'committed', '--kind', 'persisted', '--from', '10us'],
    )
    expect([status, err]).toEqual([0, ''])
    const rows: Record<string, string>[] = parse(out, { columns: true, recordDelimiter: '\r\n' })
    const wanted = events.filter(
      ({ node, kind, t }) => node < 3 && node > 0 && (kind === 'committed' || kind === 'persisted') && t >= 10_000,
    )
    expect(rows.map(({ seq }) => Number(seq))).toEqual(wanted.map(({ seq }) => seq))
  })

  test('as a database, as a page and as a picture', async () => {
    const sqlite = join(home, 'a.sqlite')
    expect(await run('export', recording, '--format', 'sqlite', '--out', sqlite)).toMatchObject({ status: 0, out: '' })
    const database = new DatabaseSync(sqlite, { readOnly: true })
    expect(database.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: events.length })
    database.close()

    const html = join(home, 'a.html')
    const made = await run('export', recording, '--format', 'html', '--out', html, '--theme', 'light', '--lang', 'zh')
    expect(made).toMatchObject({ status: 0, err: `${events.length} events written to ${html}.\n` })
    expect(await readFile(html, 'utf8')).toMatch(/^<!doctype html>/)
    const partly = await run('export', recording, '--format', 'html', '--out', html, '--node', '1')
    expect(partly).toMatchObject({ status: 2, err: expect.stringContaining('all nodes and kinds') })

    const svg = await run('export', recording, '--format', 'svg', '--out', '-', '--width', '900')
    expect(svg).toMatchObject({ status: 0, out: expect.stringMatching(/^(<\?xml[^>]*>\s*)?<svg[^>]*width="900"/) })
  })

  test('says what a format had no word for', async () => {
    const { status, err } = await run('export', recording, '--format', 'jepsen', '--out', join(home, 'a.edn'))
    expect(status).toBe(0)
    expect(err).toMatch(/\d+ events left out: the format has no word for them\./)
  })

  test('of one key, as lines of a Jepsen log; of several, it says which there are', async () => {
    const calls = join(home, 'calls.raftrec')
    await writeFile(join(home, 'calls.edn'), HISTORY)
    expect(await run('import', join(home, 'calls.edn'), '--out', calls)).toMatchObject({ status: 0 })
    const wish = ['export', calls, '--format', 'jepsen-log', '--out', '-']
    expect(await run(...wish)).toMatchObject({ status: 2, out: '', err: expect.stringContaining('(a, b)') })
    expect((await run(...wish, '--key', 'b')).out.split('\n')).toEqual([
      'INFO  jepsen.util - 0\t:invoke\t:read\tnil',
      'INFO  jepsen.util - 0\t:ok\t:read\tnil',
      '',
    ])
    expect(await run('export', calls, '--format', 'csv', '--out', '-', '--key', 'b')).toMatchObject({ status: 2 })
  })

  test('that is stopped by Ctrl+C leaves nothing', async () => {
    const directory = await mkdtemp(join(home, 'stopped-'))
    const long = join(home, 'long.raftrec')
    await writeRecording(long, lifeOf(15_000), {
      blockEvents: 2048,
      rule: { everyEvents: 1 << 20, everyBytes: 1 << 30 },
    })
    const { child, ended } = start(['export', long, '--format', 'csv', '--out', join(directory, 'a.csv')])
    await until('a beginning', async () => (await readdir(directory)).some((name) => name.endsWith('.part')))
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ status: 2, err: expect.stringContaining('was cancelled') })
    expect(await readdir(directory)).toEqual([])
  })
})

describe('import', () => {
  test('gives back what was exported, byte for byte', async () => {
    const lines = join(home, 'a.jsonl')
    await run('export', recording, '--format', 'jsonl', '--out', lines)
    const again = join(home, 'again.raftrec')
    expect(await run('import', lines, '--out', again)).toMatchObject({
      status: 0,
      err: `Recording of ${events.length} events written to ${again}.\n`,
    })
    expect((await run('export', again, '--format', 'jsonl', '--out', '-')).out).toBe(await readFile(lines, 'utf8'))
    expect((await run('import', lines, '--out', again)).status).toBe(2)
  })

  test('of a ShiViz log and of a Jepsen history', async () => {
    const log = join(home, 'a.log')
    expect((await run('export', recording, '--format', 'shiviz', '--out', log)).status).toBe(0)
    const shiviz = await run('import', log, '--out', join(home, 'shiviz.raftrec'))
    expect(shiviz).toMatchObject({ status: 0, err: expect.stringMatching(/^Recording of \d+ events/) })
    const history = join(home, 'h.edn')
    await writeFile(
      history,
      '{:process 0, :type :invoke, :f :read, :value nil, :time 1, :index 0}\n{:process 0, :type :ok, :f :read, :value 3, :time 2, :index 1}\n',
    )
    expect(await run('import', history, '--out', join(home, 'h.raftrec'))).toMatchObject({ status: 0 })
  })

  test('of a file that breaks the rules says which line and which rule, and leaves nothing', async () => {
    const lines = (await run('export', recording, '--format', 'jsonl', '--out', '-')).out.split('\n')
    lines[4] = lines[4]?.replace('"kind":"', '"kind":"un') ?? ''
    const bad = join(home, 'bad.jsonl')
    await writeFile(bad, lines.join('\n'))
    const out = join(home, 'bad.raftrec')
    const { status, err } = await run('import', bad, '--out', out)
    expect(status).toBe(2)
    expect(err).toMatch(/line 5 is not valid.*kind: "un\w+" is none that is known/)
    const other = join(home, 'other.bin')
    await writeFile(other, Buffer.from([0, 1, 2, 3]))
    expect(await run('import', other, '--out', out)).toMatchObject({
      status: 2,
      err: expect.stringContaining('is of no kind that can be opened here'),
    })
    expect((await run('import', join(home, 'none'), '--out', out)).status).toBe(2)
    expect((await readdir(home)).filter((name) => name.startsWith('bad.raftrec'))).toEqual([])
  })
})
