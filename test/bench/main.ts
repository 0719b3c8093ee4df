/** The bench: `npm run bench -- [SUITE...] [--json] [--runs N] [--quick]`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Options, parseOptions } from './options'
import { renderResult } from './report'
import type { Programs, Stage, Suite, SuiteResult } from './stage'
import { catchUpSuite } from './suites/catchup'
import { coreSuite } from './suites/core'
import { diskSuite } from './suites/disk'
import { etcdSuite } from './suites/etcd'
import { failoverSuite } from './suites/failover'
import { idleSuite } from './suites/idle'
import { startSuite } from './suites/start'
import { telemetrySuite } from './suites/telemetry'
import { Failed, Unable } from './unable'

const SUITES: readonly Suite[] = [
  etcdSuite,
  failoverSuite,
  startSuite,
  catchUpSuite,
  telemetrySuite,
  idleSuite,
  diskSuite,
  coreSuite,
]

const EXIT = { ok: 0, failed: 1, usage: 2, broken: 3, interrupted: 130 } as const

function programs(): Programs {
  const [built = ''] = process.argv.slice(2)
  const own = (name: string) => join(import.meta.dirname, `${name}.js`)
  const theirs = (name: string) => join(built, `${name}.js`)
  return {
    node: theirs('node'),
    warden: theirs('warden'),
    recorder: theirs('recorder'),
    driver: own('driver'),
    idleServer: own('idle-server'),
  }
}

async function runSuites(options: Options, signal: AbortSignal): Promise<readonly SuiteResult[]> {
  const base = await mkdtemp(join(tmpdir(), 'raft-workbench-bench-'))
  const stage: Omit<Stage, 'runs'> = {
    programs: programs(),
    quick: options.quick,
    signal,
    directory: () => mkdtemp(join(base, 'd')),
    discard: (directory) => rm(directory, { recursive: true, force: true }),
    say,
  }
  const results: SuiteResult[] = []
  try {
    for (const suite of SUITES.filter(({ name }) => options.suites.includes(name))) {
      const result = await suite.run({ ...stage, runs: options.runs ?? (options.quick ? 1 : suite.runs) })
      results.push(result)
      process.stderr.write(`\n${renderResult(result)}\n\n`)
    }
  } finally {
    await rm(base, { recursive: true, force: true })
  }
  return results
}

function say(text: string): void {
  process.stderr.write(`· ${text}\n`)
}

async function main(): Promise<number> {
  let options: Options
  try {
    options = parseOptions(
      process.argv.slice(3),
      SUITES.map(({ name }) => name),
    )
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    return EXIT.usage
  }
  const interruption = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      say('ending: closing what was started')
      interruption.abort(new Error(`ended by ${name}`))
    })
  }
  try {
    const results = await runSuites(options, interruption.signal)
    const [only] = results
    const document = results.length === 1 ? { ...only, tables: undefined } : { suites: results.map(withoutTables) }
    if (options.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
    return EXIT.ok
  } catch (error) {
    if (interruption.signal.aborted) return EXIT.interrupted
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    if (error instanceof Unable) return EXIT.usage
    if (error instanceof Failed) return EXIT.failed
    if (error instanceof Error) process.stderr.write(`${error.stack}\n`)
    return EXIT.broken
  }
}

function withoutTables(result: SuiteResult): object {
  const { tables: _, ...rest } = result
  return rest
}

process.exit(await main())
