import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ensureBuilt, ensureScript } from '../support/build'
import { isRunning, makeStage, runDirectoryOf, type Stage, until } from '../support/cluster'
import { isUp, wardensOf } from './wardens'

/** Its folder is the temporary one of its workbench, too: others who open clusters sweep what dead workbenches left in the common one. */
let stage: Stage
let workbench: ChildProcess
let answers: Interface
/** Two clusters of one workbench. */
const paths = { one: '', two: '' }
const stopped: number[] = []

beforeEach(async () => {
  const { node, warden } = await ensureBuilt()
  const script = await ensureScript('test/cluster/programs/several.ts')
  stage = await makeStage()
  for (const name of ['one', 'two'] as const) paths[name] = (await stage.store.create({ name, nodes: 1 })).path
  workbench = spawn(process.execPath, [script, stage.home, node, warden], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: stage.home },
  })
  answers = createInterface({ input: workbench.stdout! })
})
afterEach(async () => {
  workbench.kill('SIGKILL')
  for (const pid of stopped.splice(0)) if (isRunning(pid)) process.kill(pid, 'SIGCONT')
  await until('the locks are gone', () => !Object.values(paths).some((path) => existsSync(join(path, 'lock'))))
  await stage.clear()
})

/** The processes of a cluster that it opens. */
async function say(line: string): Promise<readonly number[]> {
  const answer = once(answers, 'line')
  workbench.stdin!.write(`${line}\n`)
  return JSON.parse(((await answer) as [string])[0]) as number[]
}

interface Opened {
  readonly path: string
  readonly pids: readonly number[]
  readonly runDirectory: string
}

async function open(name: keyof typeof paths): Promise<Opened> {
  const pids = await say(`open ${name}`)
  expect(pids).toHaveLength(1)
  return { path: paths[name], pids, runDirectory: runDirectoryOf(paths[name]) }
}

function stop(warden: number): void {
  stopped.push(warden)
  process.kill(warden, 'SIGSTOP')
}

/** The only one. */
function itsWarden(): number {
  const wardens = wardensOf(workbench.pid!)
  expect(wardens).toHaveLength(1)
  return wardens[0]!
}

async function expectGone(warden: number, ...opened: readonly Opened[]): Promise<void> {
  const pids = [...opened.flatMap((one) => one.pids), warden]
  await until('no process is left', () => !pids.some(isRunning))
  for (const { path, runDirectory } of opened) {
    expect(existsSync(runDirectory)).toBe(false)
    expect(readdirSync(path).sort()).toEqual(['cluster.json', 'nodes', 'recordings'])
  }
}

test('with nothing to watch it ends with a workbench that is killed', async () => {
  const one = await open('one')
  await say('close one')
  const warden = itsWarden()
  workbench.kill('SIGKILL')
  await expectGone(warden, one)
})

test('one warden watches all clusters of a workbench, and cleans up after each', async () => {
  const one = await open('one')
  const warden = itsWarden()
  const two = await open('two')
  expect(itsWarden()).toBe(warden)
  await say('pause two')
  workbench.kill('SIGKILL')
  await expectGone(warden, one, two)
})

test('one that replaces it is told of all of them, those that were put away left out', async () => {
  const one = await open('one')
  await say('close one')
  const again = await open('one')
  const two = await open('two')
  await say('pause one')
  await say('pause two')
  const first = itsWarden()
  process.kill(first, 'SIGKILL')
  await until('another warden', () => wardensOf(workbench.pid!).some((pid) => pid !== first))
  const second = itsWarden()
  // It is a process before it is told anything.
  await until('it is up', () => isUp(second))
  workbench.kill('SIGKILL')
  await expectGone(second, one, again, two)
})

test('a cluster that cannot be cleaned up keeps no other waiting', async () => {
  const one = await open('one')
  const two = await open('two')
  await say('pause two')
  const warden = itsWarden()
  // No lock can be read where a directory stands.
  rmSync(join(one.path, 'lock'))
  mkdirSync(join(one.path, 'lock'))
  workbench.kill('SIGKILL')
  await expectGone(warden, two)
  rmdirSync(join(one.path, 'lock'))
})

test('stays for the next cluster, keeps nobody from ending, and ends with its workbench', async () => {
  await open('one')
  const warden = itsWarden()
  await say('close one')
  const again = await open('one')
  expect(itsWarden()).toBe(warden)
  await say('close one')
  expect(isRunning(warden)).toBe(true)
  workbench.stdin!.end()
  const [status] = (await once(workbench, 'exit')) as [number]
  expect(status).toBe(0)
  await expectGone(warden, again)
})

test('a workbench that ends without closing is cleaned up after', async () => {
  const one = await open('one')
  await say('pause one')
  const warden = itsWarden()
  workbench.stdin!.write('exit\n')
  await once(workbench, 'exit')
  await expectGone(warden, one)
})

test('one that was stopped is replaced with the next cluster', async () => {
  const one = await open('one')
  await say('pause one')
  const first = itsWarden()
  stop(first)
  const two = await open('two')
  const warden = itsWarden()
  expect(warden).not.toBe(first)
  expect(isRunning(first)).toBe(false)
  workbench.kill('SIGKILL')
  await expectGone(warden, one, two)
})

test('one that was stopped does not outlive a workbench that closed its clusters', async () => {
  const one = await open('one')
  await say('close one')
  const warden = itsWarden()
  stop(warden)
  workbench.stdin!.end()
  await once(workbench, 'exit')
  await expectGone(warden, one)
})
