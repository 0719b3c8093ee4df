import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ClusterStore, EventSink } from '../../main/cluster/api'
import { acquireLock } from '../../main/cluster/lock'
import { makeRunDirectory, sweepRunDirectories } from '../../main/cluster/run-directory'
import { createClusterStore } from '../../main/cluster/store'
import { MAX_SOCKET_PATH } from '../../main/node/contract/limits'
import type { ProblemCode } from '../../main/node/contract/problem'
import { DEFAULT_SETTINGS } from '../../main/node/contract/settings'

let home: string
let store: ClusterStore

const programs = { node: '/nowhere/node.cjs', warden: '/nowhere/warden.js' }
const problem = (code: ProblemCode) => expect.objectContaining({ name: 'Problem', code })
const deaf = (): EventSink => ({ report: () => undefined, watermark: () => undefined })

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'raft-workbench-test-'))
  store = await createClusterStore({ home, programs })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

describe('creating clusters', () => {
  test('gives default names in turn, and lists them', async () => {
    await store.create({ nodes: 3 })
    await store.create({ nodes: 5, name: '实验' })
    const third = await store.create({ nodes: 1 })
    expect(third).toMatchObject({ name: 'cluster-2', nodes: 1, recordings: 0, lockedBy: 0 })
    expect((await store.list()).map(({ name, nodes }) => [name, nodes])).toEqual([
      ['cluster-1', 3],
      ['cluster-2', 1],
      ['实验', 5],
    ])
  })

  test.each([0, 52, 2.5, Number.NaN, -1])('refuses %s nodes', async (nodes) => {
    await expect(store.create({ nodes })).rejects.toThrow(problem('node-count'))
    expect(await store.list()).toEqual([])
  })

  test.each([3, -1, 0.5])('refuses %s witnesses among 3 nodes', async (witnesses) => {
    await expect(store.create({ nodes: 3, witnesses })).rejects.toThrow(problem('bad-input'))
    expect(await store.list()).toEqual([])
  })

  test('refuses a name that is taken, and leaves the one that has it as it is', async () => {
    const first = await store.create({ nodes: 3, name: 'same' })
    await expect(store.create({ nodes: 5, name: 'same' })).rejects.toThrow(problem('cluster-exists'))
    expect(await store.list()).toEqual([first])
    expect(readdirSync(join(home, 'clusters'))).toEqual(['same'])
  })

  test('refuses a name that leads elsewhere', async () => {
    await expect(store.create({ nodes: 3, name: '../elsewhere' })).rejects.toThrow(problem('cluster-name'))
    await expect(store.open('../elsewhere', deaf)).rejects.toThrow(problem('cluster-name'))
    await expect(store.delete('..')).rejects.toThrow(problem('cluster-name'))
  })

  test('a home that is no directory is unwritable', async () => {
    const file = join(home, 'file')
    writeFileSync(file, '')
    await expect(createClusterStore({ home: join(file, 'home'), programs })).rejects.toThrow(
      problem('directory-unwritable'),
    )
  })

  test('a home that disappears under an open store is unwritable', async () => {
    rmSync(join(home, 'clusters'), { recursive: true })
    writeFileSync(join(home, 'clusters'), '')
    await expect(store.create({ nodes: 3, name: 'any' })).rejects.toThrow(problem('directory-unwritable'))
  })
})

describe('settings', () => {
  const invalid = (setting: string) =>
    expect.objectContaining({ code: 'settings-invalid', details: { setting, reason: expect.stringMatching(/./) } })

  test('are the defaults, with timings for the size of the cluster, unless given', async () => {
    const timingsOf = async (nodes: number) => {
      const { name } = await store.create({ nodes })
      const { electionTimeoutMs, heartbeatMs } = await store.settings(name)
      return [electionTimeoutMs, heartbeatMs]
    }
    expect(await timingsOf(5)).toEqual([250, 50])
    expect(await timingsOf(15)).toEqual([500, 100])
    expect(await timingsOf(51)).toEqual([1500, 300])
    const { name } = await store.create({ nodes: 15, settings: { heartbeatMs: 20, preVote: false } })
    expect(await store.settings(name)).toEqual({
      ...DEFAULT_SETTINGS,
      electionTimeoutMs: 500,
      heartbeatMs: 20,
      preVote: false,
    })
  })

  const wrong: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['snapshotChunkBytes', { snapshotChunkBytes: 255 }],
    ['telemetry', { telemetry: 'everything' }],
    ['preVote', { preVote: 'yes' }],
    ['colour', { colour: 'red' }],
    ['heartbeatMs', { heartbeatMs: 250 }],
    ['leaseReads', { leaseReads: true, checkQuorum: false }],
    ['priorities.4', { priorities: { 2: 5, 4: 1 } }],
    ['priorities', { priorities: { 1: 0, 2: 0 } }],
    ['priorities.x', { priorities: { x: 1 } }],
    ['priorities.2', { priorities: { 2: 101 } }],
  ]
  test.each(wrong)('a wrong %s is refused by its name, and changes nothing', async (setting, changes) => {
    // Node 3 is a witness and can't lead.
    const { name, path } = await store.create({ nodes: 3, witnesses: 1, settings: { telemetry: 'state' } })
    const before = readFileSync(join(path, 'cluster.json'), 'utf8')
    await expect(store.configure(name, changes)).rejects.toThrow(invalid(setting))
    await expect(store.create({ nodes: 3, witnesses: 1, settings: changes })).rejects.toThrow(invalid(setting))
    expect(readFileSync(join(path, 'cluster.json'), 'utf8')).toBe(before)
    expect(await store.list()).toHaveLength(1)
  })

  test('change one at a time, and stay', async () => {
    const { name, path } = await store.create({ nodes: 3 })
    expect(await store.configure(name, { priorities: { 2: 5 } })).toEqual({ ...DEFAULT_SETTINGS, priorities: { 2: 5 } })
    await store.configure(name, { quiescence: true })
    const again = await createClusterStore({ home, programs })
    expect(await again.settings(name)).toEqual({ ...DEFAULT_SETTINGS, priorities: { 2: 5 }, quiescence: true })
    expect(readdirSync(path).sort()).toEqual(['cluster.json', 'nodes', 'recordings'])
    await expect(store.configure('nobody', {})).rejects.toThrow(problem('cluster-unknown'))
    const lock = await acquireLock(path)
    await expect(store.configure(name, { quiescence: false })).rejects.toThrow(problem('cluster-locked'))
    lock.release()
  })

  test('of a file from before there were so many have their defaults; its nodes are first voters', async () => {
    const { name, path } = await store.create({ nodes: 3 })
    const { id } = JSON.parse(readFileSync(join(path, 'cluster.json'), 'utf8')) as { id: string }
    const old = {
      format: 'raft-workbench-cluster',
      version: 1,
      id,
      created: '2025-01-01T00:00:00.000Z',
      settings: { electionTimeoutMs: 300, heartbeatMs: 60 },
      nodes: [1, 2, 3].map((node) => ({ id: node, starts: 7, removed: node === 2 })),
    }
    writeFileSync(join(path, 'cluster.json'), JSON.stringify(old))
    expect(await store.settings(name)).toEqual({ ...DEFAULT_SETTINGS, electionTimeoutMs: 300, heartbeatMs: 60 })
    expect(await store.list()).toMatchObject([{ name, id, nodes: 2 }])
    await store.configure(name, { heartbeatMs: 70 })
    expect(JSON.parse(readFileSync(join(path, 'cluster.json'), 'utf8'))).toMatchObject({
      version: 2,
      first: { voters: [1, 2, 3], witnesses: [] },
      settings: { electionTimeoutMs: 300, heartbeatMs: 70, preVote: true },
      nodes: [1, 2, 3].map((node) => ({ id: node, starts: 7, removed: node === 2, joined: false, role: 'voter' })),
    })
  })
})

describe('damaged and foreign directories', () => {
  const damages: readonly (readonly [string, (text: string) => string])[] = [
    ['cut in the middle', (text) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['of another format', () => '{"format":"else"}'],
    ['of a later version', (text) => text.replace(/"version": \d+/, '"version": 99')],
    ['with a setting out of range', (text) => text.replace(/"snapshotEntries": \d+/, '"snapshotEntries": -1')],
    ['with one node twice', (text) => text.replace('"id": 2', '"id": 1')],
    ['without nodes', (text) => text.replace(/"nodes": \[.*\]/s, '"nodes": []')],
  ]

  test.each(damages)('a cluster.json %s is reported, listed, and never overwritten', async (_, damage) => {
    const { name, path } = await store.create({ nodes: 3 })
    const file = join(path, 'cluster.json')
    const damaged = damage(readFileSync(file, 'utf8'))
    writeFileSync(file, damaged)
    await expect(store.open(name, deaf)).rejects.toThrow(problem('cluster-damaged'))
    await expect(store.create({ nodes: 3, name })).rejects.toThrow(problem('cluster-exists'))
    expect(await store.list()).toMatchObject([{ name, id: '', nodes: 0, damaged: expect.stringMatching(/./) }])
    expect(readFileSync(file, 'utf8')).toBe(damaged)
    expect(readdirSync(path)).not.toContain('lock')
  })

  test('a directory without cluster.json is no cluster', async () => {
    mkdirSync(join(home, 'clusters', 'foreign'))
    expect(await store.list()).toEqual([])
    await expect(store.open('foreign', deaf)).rejects.toThrow(problem('cluster-unknown'))
    await expect(store.open('missing', deaf)).rejects.toThrow(problem('cluster-unknown'))
  })

  test('what a crash in the middle of making or deleting left is swept, but not work in progress', async () => {
    const old = join(home, 'clusters', '.trash-old')
    mkdirSync(old)
    mkdirSync(join(home, 'clusters', '.new-fresh'))
    const longAgo = new Date(Date.now() - 2 * 3600_000)
    utimesSync(old, longAgo, longAgo)
    await createClusterStore({ home, programs })
    expect(readdirSync(join(home, 'clusters'))).toEqual(['.new-fresh'])
  })
})

describe('deleting clusters', () => {
  test('removes every file', async () => {
    const { name } = await store.create({ nodes: 3 })
    await store.delete(name)
    expect(readdirSync(join(home, 'clusters'))).toEqual([])
    await expect(store.delete(name)).rejects.toThrow(problem('cluster-unknown'))
  })

  test('refuses one that is open', async () => {
    const { name, path } = await store.create({ nodes: 3 })
    const lock = await acquireLock(path)
    expect(await store.list()).toMatchObject([{ name, lockedBy: process.pid }])
    await expect(store.delete(name)).rejects.toThrow(problem('cluster-locked'))
    await expect(store.open(name, deaf)).rejects.toThrow(problem('cluster-locked'))
    lock.release()
    await store.delete(name)
  })
})

describe('run directories', () => {
  const longRoot = () => {
    const path = join(home, 'x'.repeat(MAX_SOCKET_PATH))
    mkdirSync(path)
    return path
  }

  test('a temporary directory with a long path is passed over for a short one', async () => {
    const run = await makeRunDirectory(home, 'token', [longRoot(), tmpdir()])
    expect(Buffer.byteLength(run.nodeAddress(65535))).toBeLessThanOrEqual(MAX_SOCKET_PATH)
    await run.remove()
    expect(readdirSync(tmpdir()).map((name) => join(tmpdir(), name))).not.toContain(run.path)
  })

  test('when every path is too long, the problem says how long', async () => {
    const root = longRoot()
    await expect(makeRunDirectory(home, 'token', [root])).rejects.toThrow(
      expect.objectContaining({ code: 'socket-path', details: expect.objectContaining({ max: MAX_SOCKET_PATH }) }),
    )
    expect(readdirSync(root)).toEqual([])
  })

  test('those of dead workbenches are swept; those of living ones and of strangers are not', async () => {
    const living = await makeRunDirectory(home, 'token', [home])
    const dead = join(home, 'rw-dead00')
    mkdirSync(dead)
    writeFileSync(
      join(dead, 'owner'),
      JSON.stringify({ pid: process.pid, startTime: 'before us', cluster: join(home, 'clusters', 'gone'), token: 't' }),
    )
    mkdirSync(join(home, 'rw-strang'))
    await sweepRunDirectories([home])
    expect(readdirSync(home).sort()).toEqual(['clusters', living.path.slice(home.length + 1), 'rw-strang'].sort())
  })
})

test('a program that is not there: no node starts, and nothing is left', async () => {
  const { name, path } = await store.create({ nodes: 3 })
  // Run directories go there, and nobody else's do.
  vi.stubEnv('TMPDIR', home)
  await expect(store.open(name, deaf)).rejects.toThrow(problem('node-start'))
  vi.unstubAllEnvs()
  expect(readdirSync(path).sort()).toEqual(['cluster.json', 'nodes', 'recordings'])
  expect(readdirSync(home)).toEqual(['clusters'])
})
