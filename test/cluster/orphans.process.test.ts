import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type BuiltPrograms, ensureBuilt, ensureScript } from '../support/build'
import { isRunning, makeStage, put, runDirectoryOf, type Stage, until, Witness } from '../support/cluster'
import { isUp, wardensOf } from './wardens'

let stage: Stage
let programs: BuiltPrograms
let script: string
let path: string
let name: string
const started: ChildProcess[] = []

beforeEach(async () => {
  programs = await ensureBuilt()
  script = await ensureScript('test/cluster/programs/workbench.ts')
  stage = await makeStage()
  ;({ name, path } = await stage.store.create({ nodes: 3 }))
})
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  await until('the lock is gone', () => !existsSync(join(path, 'lock')))
  await stage.clear()
})

interface Opened {
  readonly child: ChildProcess
  readonly pids: readonly number[]
  readonly runDirectory: string
  readonly warden: number
}

/** Another process that opens the cluster; what it prints first. */
async function spawnWorkbench(
  wish?: number | 'add' | 'stop',
): Promise<{ readonly child: ChildProcess; readonly line: string }> {
  const args = [script, stage.home, name, programs.node, programs.warden]
  if (wish !== undefined) args.push(String(wish))
  // Others who open clusters sweep what dead workbenches left in the common temporary folder; here only its warden is to.
  const env = { ...process.env, TMPDIR: stage.home }
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env })
  started.push(child)
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string]
  return { child, line }
}

/** With a node that is paused, one more that is added, or all of them at a breakpoint. */
async function openElsewhere(wish?: number | 'add' | 'stop'): Promise<Opened> {
  const { child, line } = await spawnWorkbench(wish)
  const { pids } = JSON.parse(line) as { pids: number[] }
  expect(pids).toHaveLength(wish === 'add' ? 4 : 3)
  const warden = await until('its warden', () => wardensOf(child.pid!)[0])
  return { child, pids, runDirectory: runDirectoryOf(path), warden }
}

async function expectGone({ pids, runDirectory, warden }: Opened): Promise<void> {
  await until('everything is gone', () => ![...pids, warden].some(isRunning) && !existsSync(runDirectory))
  expect(readdirSync(path).sort()).toEqual(['cluster.json', 'nodes', 'recordings'])
}

describe('after the workbench is killed (SIGKILL)', () => {
  test('no process, a paused one included, no socket and no lock is left', async () => {
    const opened = await openElsewhere(2)
    expect(readdirSync(opened.runDirectory).sort()).toEqual(['n1', 'n2', 'n3', 'owner', 's'])
    expect(opened.pids.every(isRunning)).toBe(true)
    opened.child.kill('SIGKILL')
    await expectGone(opened)
  })

  test('nor of a cluster that stands at a breakpoint, or closes there', async () => {
    const opened = await openElsewhere('stop')
    opened.child.kill('SIGKILL')
    await expectGone(opened)
    const second = await openElsewhere('stop')
    second.child.kill('SIGTERM')
    await once(second.child, 'exit')
    await expectGone(second)
  })

  test('nor of a node that was added while it ran', async () => {
    const opened = await openElsewhere('add')
    expect(readdirSync(opened.runDirectory).sort()).toEqual(['n1', 'n2', 'n3', 'n4', 'owner', 's'])
    opened.child.kill('SIGKILL')
    await expectGone(opened)
    const cluster = await stage.store.open(name, () => new Witness())
    expect(cluster.nodeIds).toEqual([1, 2, 3, 4])
    await put(cluster, 'k', 'v')
    await cluster.close()
  })

  test('also when the whole group of the terminal is killed, or interrupted', async () => {
    const opened = await openElsewhere(1)
    for (const pid of [...opened.pids, opened.warden]) {
      // Field 5 of stat: its process group is not ours, nor that of the workbench.
      const group = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[2])
      expect(group).toBe(pid)
    }
    process.kill(opened.warden, 'SIGINT')
    process.kill(opened.warden, 'SIGTERM')
    process.kill(opened.warden, 'SIGHUP')
    opened.child.kill('SIGKILL')
    await expectGone(opened)
  })

  test('a warden that died before was replaced', async () => {
    const opened = await openElsewhere(3)
    process.kill(opened.warden, 'SIGKILL')
    const second = await until('another warden', () => {
      const [found] = wardensOf(opened.child.pid!)
      return found !== undefined && found !== opened.warden && found
    })
    await until('it is up', () => isUp(second))
    opened.child.kill('SIGKILL')
    await expectGone({ ...opened, warden: second })
  })

  test('with its warden: the next workbench ends what is left, and opens the cluster', async () => {
    const opened = await openElsewhere(2)
    process.kill(opened.warden, 'SIGSTOP')
    opened.child.kill('SIGKILL')
    process.kill(opened.warden, 'SIGKILL')
    await until('the workbench is gone', () => !isRunning(opened.child.pid!))
    expect(isRunning(opened.pids[1]!)).toBe(true)
    const cluster = await stage.store.open(name, () => new Witness())
    expect(opened.pids.filter(isRunning)).toEqual([])
    expect(existsSync(opened.runDirectory)).toBe(false)
    await put(cluster, 'k', 'v')
    await cluster.close()
  })

  test('right away another one can open the cluster', async () => {
    const opened = await openElsewhere(2)
    opened.child.kill('SIGKILL')
    await until('the workbench is gone', () => !isRunning(opened.child.pid!))
    const cluster = await stage.store.open(name, () => new Witness())
    expect(opened.pids.filter(isRunning)).toEqual([])
    await put(cluster, 'k', 'v')
    await cluster.close()
    await expectGone(opened)
  })
})

test('a second workbench is told who has the cluster open', async () => {
  const cluster = await stage.store.open(name, () => new Witness())
  const { line } = await spawnWorkbench()
  expect(JSON.parse(line)).toEqual({ code: 'cluster-locked', details: { path, pid: process.pid } })
  expect(await stage.store.list()).toMatchObject([{ name, lockedBy: process.pid }])
  // It did not disturb the first one.
  await put(cluster, 'k', 'v')
  await cluster.close()
})

test('a normal quit leaves nothing', async () => {
  const opened = await openElsewhere(2)
  opened.child.kill('SIGTERM')
  const [status] = (await once(opened.child, 'exit')) as [number]
  expect(status).toBe(0)
  await expectGone(opened)
})
