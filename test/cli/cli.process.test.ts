/** The built command line, as a person runs it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, open as openFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureWholeBuild } from '../support/build'
import { until } from '../support/cluster'

let program: string
let home: string

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

function start(
  args: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ended>; said(): string } {
  const child = spawn(process.execPath, [program, ...args], {
    env: {
      ...process.env,
      LANG: 'C',
      LC_ALL: '',
      LANGUAGE: '',
      DISPLAY: '',
      WAYLAND_DISPLAY: '',
      RAFT_WORKBENCH_HOME: home,
      ...env,
    },
  })
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk) => {
    out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    err += chunk
  })
  return {
    child,
    said: () => out,
    ended: new Promise((resolve) => child.once('close', (status) => resolve({ status, out, err }))),
  }
}
const run = (...args: string[]) => start(args).ended
const inChinese = (...args: string[]) => start(args, { LANG: 'zh_CN.UTF-8' }).ended

let recording: string
let dataDir: string

/** Serves a cluster, looks at it with a plain HTTP client, and stops it by Ctrl-C. */
beforeAll(async () => {
  program = join(ensureWholeBuild(), 'main', 'cli.js')
  home = await mkdtemp(join(tmpdir(), 'rw-cli-'))
  const { child, ended, said } = start(['serve', '--port', '0', '--nodes', '3'])
  const address = await until('an address', () => /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(said())?.[0])
  expect((await fetch(address)).status).toBe(200)
  dataDir = join(home, 'clusters', 'cluster-1', 'nodes', 'n1')
  await until('a log with the first no-op', async () => {
    const { out } = await run('inspect', dataDir, '--json')
    return JSON.parse(out || '{}').lastIndex >= 1
  })
  child.kill('SIGINT')
  expect((await ended).status).toBe(0)
  const recordings = join(home, 'clusters', 'cluster-1', 'recordings')
  recording = join(recordings, (await readdir(recordings))[0] ?? '')
}, 120_000)
afterAll(() => rm(home, { recursive: true, force: true }))

describe('usage', () => {
  test('--help lists what there is', async () => {
    const { status, out } = await run('--help')
    expect(status).toBe(0)
    for (const name of [
      'open',
      'serve',
      'export',
      'import',
      'state',
      'check',
      'fork',
      'inspect',
      'bench',
      'reliability',
      'run',
      'scenarios',
      'zoo',
    ])
      expect(out).toContain(`\n  ${name} `)
    expect((await inChinese('export', '--help')).out).toContain('每行一个 JSON 事件')
  })

  test('--version', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(await run('--version')).toEqual({ status: 0, out: `${version}\n`, err: '' })
  })

  test.each([
    [[]],
    [['nonsense']],
    [['serve', '--port', 'x']],
    [['serve', '--port', '70000']],
    [['serve', '--nodes', '0']],
    [['serve', '--nodes', '52']],
    [['serve', '--colour']],
    [['serve', '--nodes', '3', '--set', 'preVotes=false']],
    [['serve', '--set', 'preVote=false']],
    [['serve', '--nodes', '3', '--witnesses', '3']],
    [['state', 'a.raftrec']],
    [['state', 'a.raftrec', '--at', '1s']],
    [['export', 'a.raftrec']],
    [['export', 'a.raftrec', '--format', 'parquet', '--out', '-']],
    [['export', 'a.raftrec', '--format', 'jsonl', '--out', '-', '--from', 'soon']],
    [['export', 'a.raftrec', '--format', 'jsonl', '--out', '-', '--kind', 'nonsense']],
    [['export', 'a.raftrec', '--format', 'svg', '--out', '-', '--width', '7']],
    [['import', 'a.jsonl']],
    [['inspect']],
    [['inspect', '/does/not/exist']],
  ])('%j is refused with a sentence and status 2', async (args) => {
    const { status, out, err } = await run(...args)
    expect([status, out]).toEqual([2, ''])
    expect(err.trim().length).toBeGreaterThan(20)
    expect(err).not.toMatch(/\n\s+at |Error:/)
  })

  test("in the person's language", async () => {
    expect((await inChinese('inspect', '/does/not/exist')).err).toContain('无法读取 /does/not/exist')
    const own = await mkdtemp(join(tmpdir(), 'rw-cli-zh-'))
    const settings = { version: 1, language: 'zh', theme: 'dark', lastCluster: '' }
    await writeFile(join(own, 'settings.json'), JSON.stringify(settings))
    const { err } = await run('serve', '--nodes', '99', '--home', own)
    expect(err).toContain('不能是 99')
    await rm(own, { recursive: true, force: true })
  })

  test('a port that is taken', async () => {
    const blocker = createServer()
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
    const { port } = blocker.address() as { port: number }
    const { status, err } = await run('serve', '--port', String(port))
    expect(status).toBe(2)
    expect(err).toContain(`Port ${port} is in use`)
    await new Promise((resolve) => blocker.close(resolve))
  })

  test('a home that cannot be one', async () => {
    const { status, err } = await run('serve', '--port', '0', '--home', program)
    expect(status).toBe(2)
    expect(err).toContain(program)
  })
})

describe('inspect', () => {
  test('prints each record and what they amount to', async () => {
    const { status, out, err } = await run('inspect', dataDir)
    expect([status, err]).toEqual([0, ''])
    const [heading, ...rows] = out.split('\n')
    expect(heading?.split(/\s{2,}/)).toEqual([
      'file',
      'record',
      'offset',
      'bytes',
      'type',
      'term',
      'index',
      'CRC-32C',
      'standing',
      'detail',
    ])
    expect(rows[0]).toMatch(/^000001\.log\s+0\s+0\s+\d+\s+segment\s+[0-9a-f]{8}\s+ok/)
    expect(out).toMatch(/\sentry\s+\d+\s+1\s+[0-9a-f]{8}\s+ok\s+no-op/)
    expect(out).toMatch(/currentTerm {2}\d+\n {2}votedFor {5}\S+\n {2}log {10}\d+ entries, 1 to \d+/)
    const table = rows.slice(0, rows.indexOf(''))
    const column = heading?.indexOf('standing') ?? 0
    for (const row of table) expect(row.slice(column, column + 2)).toBe('ok')
  })

  test('--json prints one document with the same', async () => {
    const { status, out, err } = await run('inspect', dataDir, '--json')
    const document = JSON.parse(out)
    expect([status, err, document.standing, document.findings]).toEqual([0, '', 'ok', []])
    const records = document.files.flatMap((file: { records: unknown[] }) => file.records)
    for (const { storedCrc, computedCrc } of records) expect(storedCrc).toBe(computedCrc)
  })

  test('a torn tail is said, and is no damage; a flipped bit is, with status 1', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'rw-cli-node-'))
    for (const name of ['000001.log', 'identity.json']) {
      await writeFile(join(copy, name), await readFile(join(dataDir, name)))
    }
    const log = join(copy, '000001.log')
    // A segment is filled with zeros in advance: a write that was torn ends within its last record.
    const { records } = JSON.parse((await run('inspect', copy, '--json')).out).files[0]
    const last = records.at(-1)
    await truncate(log, last.offset + last.bytes - 3)
    const torn = await run('inspect', copy)
    expect(torn.status).toBe(0)
    expect(torn.out).toContain('torn')
    expect(torn.err).toMatch(/000001\.log ends in \d+ bytes/)

    const file = await openFile(log, 'r+')
    await file.write(Uint8Array.of(0xff), 0, 1, 80)
    await file.close()
    const corrupt = await run('inspect', copy)
    expect(corrupt.status).toBe(1)
    expect(corrupt.out).toContain('corrupt')
    expect(corrupt.err).toMatch(/damaged/)
    await rm(copy, { recursive: true, force: true })
  })
})

describe('export', () => {
  test('to standard output and to a file gives the same', async () => {
    const printed = await run('export', recording, '--format', 'jsonl', '--out', '-')
    expect([printed.status, printed.err]).toEqual([0, ''])
    const out = join(home, 'all.jsonl')
    const saved = await run('export', recording, '--format', 'jsonl', '--out', out)
    expect([saved.status, saved.out]).toEqual([0, ''])
    expect(saved.err).toMatch(/^\d+ events written to /)
    expect(await readFile(out, 'utf8')).toBe(printed.out)
    const [header, ...events] = printed.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(header).toMatchObject({ format: 'raft-workbench-timeline', clusterName: 'cluster-1' })
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at))
  })

  test('--from and --to cut a window of time', async () => {
    const timesOf = (out: string) =>
      out
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => JSON.parse(line).t as number)
    const all = timesOf((await run('export', recording, '--format', 'jsonl', '--out', '-')).out)
    const end = Math.max(...all)
    // From the middle on, in milliseconds, up to the last event, in nanoseconds.
    const from = Math.floor(end / 2e6)
    const cut = ['--from', `${from}ms`, '--to', String(end)]
    const times = timesOf((await run('export', recording, '--format', 'jsonl', '--out', '-', ...cut)).out)
    expect(times).toEqual(all.filter((t) => t >= from * 1e6 && t < end))
    expect(times.length).toBeGreaterThan(0)
    expect(times.length).toBeLessThan(all.length)
  })

  test('a recording that is none: status 2; a place that cannot be written: status 3, and no file', async () => {
    expect(await run('export', join(home, 'no.raftrec'), '--format', 'jsonl', '--out', '-')).toMatchObject({
      status: 2,
      err: expect.stringContaining('There is no recording'),
    })
    expect(await run('export', program, '--format', 'jsonl', '--out', '-')).toMatchObject({
      status: 2,
      err: expect.stringContaining('is not a recording'),
    })
    const out = join(home, 'no', 'such', 'place.jsonl')
    expect((await run('export', recording, '--format', 'jsonl', '--out', out)).status).toBe(3)
    expect(existsSync(join(home, 'no'))).toBe(false)
  })

  test('a reader that has seen enough ends it quietly', async () => {
    const { child, ended } = start(['export', recording, '--format', 'jsonl', '--out', '-'])
    child.stdout?.destroy()
    expect(await ended).toMatchObject({ status: 0, err: '' })
  })
})

describe('state', () => {
  test('shows every node at a moment, and before it', async () => {
    const { status, out, err } = await run('state', recording, '--at', '60m')
    expect([status, err]).toEqual([0, ''])
    const [title, , heading, ...rows] = out.trimEnd().split('\n')
    expect(title).toMatch(/^cluster-1 at [\d.]+ s, after \d+ events$/)
    expect(heading).toMatch(
      /^node +process +role +term +vote +leader +log +on disk +committed +applied +snapshot +members$/,
    )
    expect(rows.map((row) => row.trim().split(/ +/)[0])).toEqual(['1', '2', '3'])
    for (const row of rows) expect(row).toContain('voters 1 2 3')
    expect((await run('state', recording, '--at', '0')).out).not.toContain('leader 1')
    expect((await inChinese('state', recording, '--at', '60m')).out).toContain('投票者 1 2 3')
  })

  test('--json prints one document; --node has the whole log', async () => {
    const all = await run('state', recording, '--at', '60m', '--json')
    expect([all.status, all.err]).toEqual([0, ''])
    const document = JSON.parse(all.out)
    expect(document).toMatchObject({ recording, at: 3600e9, cluster: 'cluster-1', operations: [] })
    expect(document.nodes.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3])
    const [first] = JSON.parse((await run('state', recording, '--at', '60m', '--node', '1', '--json')).out).nodes
    expect(first.log.entries[0]).toMatchObject({ index: 1, type: 'noop' })
    expect(first.log.entries.at(-1).index).toBe(first.log.lastIndex)
    expect((await run('state', recording, '--at', '60m', '--node', '1')).out).toMatch(/\n +1 +\d+ +noop\n/)
    const none = await run('state', recording, '--at', '60m', '--node', '9')
    expect(none.status).toBe(2)
    expect(none.err).toContain('There is no node 9 in this cluster. Its nodes are 1, 2, 3.')
  })
})

describe('serve with settings and witnesses', () => {
  test('starts a cluster that has them', async () => {
    const own = await mkdtemp(join(tmpdir(), 'rw-cli-set-'))
    const settings = ['--set', 'preVote=false', '--set', 'electionTimeoutMs=400']
    const { child, ended, said } = start(['serve', '--port', '0', '--nodes', '3', '--witnesses', '1', ...settings], {
      RAFT_WORKBENCH_HOME: own,
    })
    await until('an address', () => /\?token=/.test(said()))
    const file = join(own, 'clusters', 'cluster-1', 'cluster.json')
    await until('the cluster runs', () => existsSync(join(own, 'clusters', 'cluster-1', 'running')))
    child.kill('SIGINT')
    expect((await ended).status).toBe(0)
    const cluster = JSON.parse(await readFile(file, 'utf8'))
    expect(cluster.settings).toMatchObject({ preVote: false, electionTimeoutMs: 400, checkQuorum: true })
    expect(cluster.first).toEqual({ voters: [1, 2, 3], witnesses: [3] })
    await rm(own, { recursive: true, force: true })
  })
})

describe('fork', () => {
  test('makes a cluster of a moment that `serve --home` starts; its files check out', async () => {
    const own = join(await mkdtemp(join(tmpdir(), 'rw-cli-fork-')), 'new')
    const fork = ['fork', recording, '--out', own]
    const { status, out } = await run(...fork, '--at', '10m', '--json')
    expect(status).toBe(0)
    const made = JSON.parse(out)
    expect(made).toMatchObject({ home: own, name: 'cluster-1-fork', origin: { recording, clusterName: 'cluster-1' } })
    expect(made.nodes.map(({ node }: { node: number }) => node)).toEqual([1, 2, 3])
    for (const { directory, lastIndex } of made.nodes) {
      const inspected = JSON.parse((await run('inspect', directory, '--json')).out)
      expect(inspected).toMatchObject({ lastIndex, standing: 'ok' })
    }
    const said = await inChinese(...fork, '--at', '10m', '--name', '另一个')
    expect(said).toMatchObject({ status: 0, err: '' })
    expect(said.out).toContain('集群“另一个”')
    expect((await readdir(join(own, 'clusters'))).sort()).toEqual(['cluster-1-fork', '另一个'])

    const served = start(['serve', '--port', '0', '--nodes', '3', '--home', own])
    const running = await until('a cluster runs', async () => {
      const names = await readdir(join(own, 'clusters'))
      return names.find((name) => existsSync(join(own, 'clusters', name, 'running')))
    })
    expect(['cluster-1-fork', '另一个']).toContain(running)
    served.child.kill('SIGINT')
    expect((await served.ended).status).toBe(0)
    await rm(join(own, '..'), { recursive: true, force: true })
  })

  test('what cannot be forked is said in words, status 2, and nothing is left', async () => {
    const own = await mkdtemp(join(tmpdir(), 'rw-cli-fork-'))
    const early = await run('fork', recording, '--at', '0', '--out', own)
    expect(early).toMatchObject({ status: 2, out: '' })
    expect(early.err).toContain('No branch can be made of this moment')
    expect((await run('fork', join(own, 'none.raftrec'), '--at', '1s', '--out', own)).status).toBe(2)
    expect((await run('fork', recording, '--at', '10m', '--out', own, '--name', 'a/b')).status).toBe(2)
    expect((await run('fork', recording, '--at', 'soon', '--out', own)).status).toBe(2)
    expect((await run('fork', recording, '--at', '1s')).status).toBe(2)
    expect(await readdir(own, { recursive: true })).toEqual(['clusters'])
    await rm(own, { recursive: true, force: true })
  })
})

describe('open', () => {
  test('without a display says why and prints the address; it opens the last cluster', async () => {
    const { child, ended, said } = start(['open', '--port', '0'])
    await until('an address', () => /\?token=/.test(said()))
    await until('the cluster runs', () => existsSync(join(home, 'clusters', 'cluster-1', 'running')))
    child.kill('SIGTERM')
    const { status, err, out } = await ended
    expect(status).toBe(0)
    expect(err).toContain('there is no display')
    expect(out.trim().split('\n')).toHaveLength(1)
    expect(await readdir(join(home, 'clusters'))).toEqual(['cluster-1'])
  })
})
