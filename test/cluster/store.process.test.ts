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

let home: string
let store: ClusterStore

const programs = { node: '/nowhere/node.js', warden: '/nowhere/warden.js' }
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

describe('damaged and foreign directories', () => {
  const damages: readonly (readonly [string, (text: string) => string])[] = [
    ['cut in the middle', (text) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['of another format', () => '{"format":"else"}'],
    ['of a later version', (text) => text.replace('"version": 1', '"version": 2')],
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
