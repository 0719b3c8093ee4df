import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Duplex, Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { ORDERS_FD } from '../../../main/node/contract/breakpoint/orders'
import { EXIT_ORPHANED } from '../../../main/node/supervision'
import { ensureScript } from '../../support/build'
import { until } from '../../support/cluster'

let script: string
let child: ChildProcess
beforeAll(async () => {
  script = await ensureScript('test/node/watch/programs/standing.ts')
})
afterEach(() => {
  child.kill('SIGKILL')
})

async function lineOf(stream: Readable): Promise<unknown> {
  const [line] = (await once(createInterface({ input: stream }), 'line')) as [string]
  return JSON.parse(line)
}

const stands = () => /^State:\s+T/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8'))

/** A process that stands, and our end of its pipe. */
async function standing(): Promise<Duplex> {
  child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] })
  const pipe = child.stdio[ORDERS_FD] as Duplex
  expect(await lineOf(pipe)).toEqual({ type: 'stopped', breakpoint: 3, event: 7, kind: 'role' })
  await until('it stands', stands)
  return pipe
}

test('it stands until it has an order and is woken, and knows for how long', async () => {
  const pipe = await standing()
  const since = performance.now()
  pipe.write('{"type":"step","kind":"sent"}\n')
  await sleep(200)
  // The order alone does not wake it.
  expect(stands()).toBe(true)
  child.kill('SIGCONT')
  const [going, told] = await Promise.all([lineOf(pipe), lineOf(child.stdout!)])
  expect(going).toEqual({ type: 'going' })
  const { order, nanos } = told as { order: unknown; nanos: number }
  expect(order).toEqual({ type: 'step', kind: 'sent' })
  expect(nanos / 1e6).toBeGreaterThan(190)
  expect(nanos / 1e6).toBeLessThan(performance.now() - since + 10_000)
})

test('woken without an order it waits for one', async () => {
  const pipe = await standing()
  child.kill('SIGCONT')
  await until('it is awake', () => !stands())
  await sleep(100)
  expect(child.exitCode).toBeNull()
  pipe.write('{"type":"con')
  await sleep(20)
  pipe.write('tinue"}\n')
  expect(await lineOf(child.stdout!)).toMatchObject({ order: { type: 'continue' } })
})

test('it ends when there is nobody left who could give one', async () => {
  const pipe = await standing()
  pipe.destroy()
  child.kill('SIGCONT')
  const [code] = await once(child, 'exit')
  expect(code).toBe(EXIT_ORPHANED)
})

test('a process that was given no pipe never stands', async () => {
  child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  expect(await lineOf(child.stdout!)).toBe('nobody gives orders')
})
