/** The bench: `npm run bench -- [SUITE...] [--json] [--runs N] [--quick]`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Options, parseOptions } from './options'
import { renderResult } from './report'
import type { Programs, Stage, Suite, SuiteResult } from './stage'
import { catchUpSuite } from './suites/catchup'
import { conformanceSuite } from './suites/conformance'
import { coreSuite } from './suites/core'
import { diskSuite } from './suites/disk'
import { etcdSuite } from './suites/etcd'
import { failoverSuite } from './suites/failover'
import { forkSuite } from './suites/fork'
import { idleSuite } from './suites/idle'
import { linearizabilitySuite } from './suites/linearizability'
import { linkSuite } from './suites/link'
import { startSuite } from './suites/start'
import { telemetrySuite } from './suites/telemetry'
import { timelineSuite } from './suites/timeline'
import { Failed, Unable } from './unable'

const SUITES: readonly Suite[] = [
  etcdSuite,
  failoverSuite,
  startSuite,
  catchUpSuite,
  telemetrySuite,
  linkSuite,
  idleSuite,
  diskSuite,
  coreSuite,
  timelineSuite,
  conformanceSuite,
  linearizabilitySuite,
  forkSuite,
]

const EXIT = { ok: 0, failed: 1, usage: 2, broken: 3, interrupted: 130 } as const

function programs(): Programs {
  const [built = ''] = process.argv.slice(2)
  const own = (name: string) => join(import.meta.dirname, `${name}.js`)
  const theirs = (name: string) => join(built, `${name}.js`)
  return {
    built,
    node: join(built, 'node.cjs'),
    warden: theirs('warden'),
    recorder: theirs('recorder'),
    driver: own('driver'),
    idleServer: own('idle-server'),
  }
}

/** A suite that did not come to a result. */
interface Trouble {
  readonly suite: string
  readonly error: string
  readonly status: number
}

type Outcome = { readonly result: SuiteResult } | { readonly trouble: Trouble }

/** Every suite, one after the other; one that fails does not keep the others from running. */
async function runSuites(options: Options, signal: AbortSignal): Promise<readonly Outcome[]> {
  const base = await mkdtemp(join(tmpdir(), 'raft-workbench-bench-'))
  const stage: Omit<Stage, 'runs'> = {
    programs: programs(),
    quick: options.quick,
    signal,
    directory: () => mkdtemp(join(base, 'd')),
    discard: (directory) => rm(directory, { recursive: true, force: true }),
    say,
  }
  const outcomes: Outcome[] = []
  try {
    for (const suite of SUITES.filter(({ name }) => options.suites.includes(name))) {
      signal.throwIfAborted()
      const runs = options.runs ?? (options.quick ? 1 : suite.runs)
      try {
        const result = await suite.run({ ...stage, runs })
        outcomes.push({ result })
        process.stderr.write(`\n${renderResult(result)}\n\n`)
      } catch (error) {
        signal.throwIfAborted()
        const trouble = troubleOf(suite.name, error)
        outcomes.push({ trouble })
        process.stderr.write(`${suite.name}: ${trouble.error}\n`)
      }
    }
  } finally {
    await rm(base, { recursive: true, force: true })
  }
  return outcomes
}

function troubleOf(suite: string, error: unknown): Trouble {
  const expected = error instanceof Unable || error instanceof Failed
  const status = error instanceof Unable ? EXIT.usage : error instanceof Failed ? EXIT.failed : EXIT.broken
  if (!(error instanceof Error)) return { suite, error: String(error), status }
  return { suite, error: expected ? error.message : (error.stack ?? error.message), status }
}

/** One suite alone is its own document. */
function documentOf(outcomes: readonly Outcome[]): object {
  const all = outcomes.map((outcome) => {
    if ('trouble' in outcome) return { suite: outcome.trouble.suite, error: outcome.trouble.error }
    const { tables: _, ...result } = outcome.result
    return result
  })
  const [only] = all
  return all.length === 1 && only !== undefined ? only : { suites: all }
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
      if (!interruption.signal.aborted) say('ending: closing what was started')
      interruption.abort(new Error(`ended by ${name}`))
    })
  }
  try {
    const outcomes = await runSuites(options, interruption.signal)
    if (options.json) process.stdout.write(`${JSON.stringify(documentOf(outcomes), null, 2)}\n`)
    return Math.max(...outcomes.map((outcome) => ('trouble' in outcome ? outcome.trouble.status : EXIT.ok)))
  } catch (error) {
    if (interruption.signal.aborted) return EXIT.interrupted
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
    return EXIT.broken
  }
}

process.exit(await main())
