import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acquireLock, inheritLock, lockedBy } from '../../main/cluster/lock'
import { identify, isAlive, killProcess, ownIdentity, startTimeOf } from '../../main/cluster/process-identity'
import { ensureScript } from '../support/build'

let directory: string
const children: ChildProcess[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'raft-workbench-test-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

const locked = (pid: number) => expect.objectContaining({ code: 'cluster-locked', details: { path: directory, pid } })
const lockFile = () => join(directory, 'lock')
const leaveStaleLock = (token: string) =>
  writeFileSync(lockFile(), JSON.stringify({ pid: process.pid, startTime: 'before us', token, role: 'workbench' }))

interface Contender {
  readonly child: ChildProcess
  readonly answers: Interface
  say(line: string): Promise<string>
}

function contend(script: string): Contender {
  const child = spawn(process.execPath, [script, directory], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const answers = createInterface({ input: child.stdout! })
  return {
    child,
    answers,
    async say(line) {
      const answer = once(answers, 'line')
      child.stdin!.write(`${line}\n`)
      return ((await answer) as [string])[0]
    },
  }
}

describe('process identity', () => {
  test('this process lives, and its pid with another start time does not', () => {
    expect(isAlive(ownIdentity())).toBe(true)
    expect(isAlive({ pid: process.pid, startTime: 'another' })).toBe(false)
  })

  test('a killed child is gone, and so is one that nobody has waited for', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    const identity = identify(child.pid!)
    expect(isAlive(identity)).toBe(true)
    killProcess({ ...identity, startTime: 'another' })
    expect(isAlive(identity)).toBe(true)
    killProcess(identity)
    await once(child, 'exit')
    expect(startTimeOf(child.pid!)).toBeNull()
    expect(startTimeOf(0)).toBeNull()
  })
})

describe('the lock of a cluster directory', () => {
  test('is held by one, says by whom, and is free after its release', async () => {
    const lock = await acquireLock(directory)
    expect(lockedBy(directory)).toBe(process.pid)
    await expect(acquireLock(directory)).rejects.toThrow(locked(process.pid))
    lock.release()
    expect(lockedBy(directory)).toBe(0)
    ;(await acquireLock(directory)).release()
    expect(readdirSync(directory)).toEqual([])
  })

  test('of a dead process is taken over: its pid lives again with another start time', async () => {
    leaveStaleLock('old')
    expect(lockedBy(directory)).toBe(0)
    const lock = await acquireLock(directory)
    expect(readdirSync(directory)).toEqual(['lock'])
    lock.release()
  })

  test('that cannot be read is stale', async () => {
    writeFileSync(lockFile(), 'not a lock')
    const lock = await acquireLock(directory)
    expect(lockedBy(directory)).toBe(process.pid)
    lock.release()
  })

  test('a claim whose maker died is itself taken over', async () => {
    leaveStaleLock('first')
    const dead = { pid: process.pid, startTime: 'before us', token: 'second', role: 'workbench' }
    writeFileSync(join(directory, 'lock.first'), JSON.stringify(dead))
    const lock = await acquireLock(directory)
    expect(readdirSync(directory)).toEqual(['lock'])
    lock.release()
  })

  test('a claim whose maker lives holds the lock', async () => {
    leaveStaleLock('first')
    writeFileSync(
      join(directory, 'lock.first'),
      JSON.stringify({ ...ownIdentity(), token: 'second', role: 'workbench' }),
    )
    await expect(acquireLock(directory)).rejects.toThrow(locked(process.pid))
  })

  test('a release after somebody else took over does not unlock them', async () => {
    const lock = await acquireLock(directory)
    leaveStaleLock('theirs')
    lock.release()
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ token: 'theirs' })
  })

  test('a warden inherits the lock of its dead workbench only', async () => {
    leaveStaleLock('mine')
    expect(await inheritLock(directory, 'other')).toBeNull()
    const lock = await inheritLock(directory, 'mine')
    expect(lock).not.toBeNull()
    // While it cleans up, it is not a workbench that has the cluster open; who comes now waits for it.
    expect(lockedBy(directory)).toBe(0)
    const next = acquireLock(directory)
    setTimeout(() => lock?.release(), 100)
    ;(await next).release()
  })

  test('a warden waits for a workbench that is just dying, and takes nothing from one that lives', async () => {
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' })
    children.push(holder)
    const mine = { ...identify(holder.pid!), token: 'mine', role: 'workbench' }
    writeFileSync(join(directory, 'lock'), JSON.stringify(mine))
    expect(await inheritLock(directory, 'mine', 50)).toBeNull()
    expect(lockedBy(directory)).toBe(holder.pid)
    const inherited = inheritLock(directory, 'mine', 60_000)
    holder.kill('SIGKILL')
    const lock = await inherited
    expect(lock).not.toBeNull()
    lock?.release()
  })

  test('has exactly one winner, however many processes take over a stale lock at once', async () => {
    const script = await ensureScript('test/cluster/programs/contender.ts')
    const contenders = Array.from({ length: 6 }, () => contend(script))
    for (let round = 0; round < 40; round++) {
      leaveStaleLock(`round-${round}`)
      const answers = await Promise.all(contenders.map((contender) => contender.say('try')))
      expect(answers.filter((answer) => answer === 'won')).toHaveLength(1)
      expect(contenders.map(({ child }) => child.pid)).toContain(lockedBy(directory))
      await Promise.all(contenders.map((contender) => contender.say('release')))
      expect(readdirSync(directory)).toEqual([])
    }
  })
})
