/**
 * `npm test`: sets itself up, then runs every kind of check and counts. Two run at a time, because much of a step
 * is waiting for processes and windows. At the end every test that failed is named (step, file, title, and what it said), so
 * that a log of which only the end is left still tells; the last line is `N passed, N failed`; the exit status is 0 only when
 * nothing failed. `npm test -- unit dom` runs only the named steps.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { constants, setPriority, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { ensureBrowser, ensureBuilt, ensureDependencies, root, toolEnvironment, windows } from './setup.mjs'

const reports = mkdtempSync(join(tmpdir(), 'raft-workbench-test-'))

/**
 * What only computes gives way to what has clusters and windows running beside it: those are about time, and on a small machine
 * would else be judged by how long they wait for a processor.
 */
const COMPUTING = new Set(['unit', 'types', 'lint'])

/** Runs a program and shows its lines with the step's name before them; answers its exit status. */
function show(step, program, args, env = toolEnvironment()) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env, shell: windows, stdio: ['ignore', 'pipe', 'pipe'] })
    if (COMPUTING.has(step)) giveWay(child.pid)
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => console.log(`${step} │ ${line}`))
    }
    child.on('error', (error) => console.log(`${step} │ ${error.message}`))
    child.on('close', (status) => resolve(status ?? 1))
  })
}

function giveWay(pid) {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It could not be started, or has ended: its own event says so. Some systems allow no such thing, and it runs as the others do.
  }
}

/** A command that either holds or does not: one check. */
const single =
  (program, ...args) =>
  async (step) => {
    const status = await show(step, program, args)
    if (status === 0) return { passed: 1, failed: 0, failures: [] }
    const why = `${[program, ...args].join(' ')} ended with ${status}: see its lines above`
    return { passed: 0, failed: 1, failures: [{ file: '', title: '', why }] }
  }

/** A Vitest project; its own report says how many tests passed. A run that dies before reporting is a failure. */
const vitest = (project) => async (step) => {
  const file = join(reports, `${project}.json`)
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const status = await show(step, 'vitest', args)
  return counted(status, () => {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    const failures = report.testResults.flatMap(vitestFailures)
    return { passed: report.numPassedTests, failed: report.numFailedTests + (report.numPendingTests ?? 0), failures }
  })
}

/** A file that could not be loaded, or prepared, says why itself: its tests did not even run. */
function vitestFailures({ name, status, message, assertionResults }) {
  const file = relative(root, name)
  const failed = assertionResults.filter((test) => test.status !== 'passed')
  if (status === 'passed' && failed.length === 0) return []
  if (message && failed.every((test) => test.status !== 'failed')) return [{ file, title: '', why: message }]
  return failed.map((test) => ({ file, title: test.fullName, why: test.failureMessages?.[0] ?? test.status }))
}

const playwright = (project) => async (step) => {
  const file = join(reports, `e2e-${project}.json`)
  const env = toolEnvironment({ PLAYWRIGHT_JSON_OUTPUT_NAME: file })
  const status = await show(
    step,
    'playwright',
    ['test', `--project=${project}`, `--output=test-results/${project}`, '--reporter=list,json'],
    env,
  )
  return counted(status, () => {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    const { expected, unexpected, flaky, skipped } = report.stats
    const broken = report.errors.map((error) => ({ file: '', title: '', why: error.message }))
    const failures = [...report.suites.flatMap((suite) => playwrightFailures(suite)), ...broken]
    // A test that passed only on a second try, or that did not run, has not shown anything.
    return { passed: expected, failed: unexpected + flaky + skipped, failures }
  })
}

function playwrightFailures(suite, titles = []) {
  const own = suite.specs.flatMap(({ file, title, tests }) =>
    tests
      .filter((test) => test.status !== 'expected')
      .map(({ results, status }) => {
        const { message, location } = results.find((result) => result.error)?.error ?? {}
        const place = location === undefined ? file : `${relative(root, location.file)}:${location.line}`
        return { file: place, title: [...titles, title].join(' '), why: message ?? status }
      }),
  )
  // The outermost suite is the file itself.
  const inner = (suite.suites ?? []).flatMap((each) => playwrightFailures(each, [...titles, each.title]))
  return [...own, ...inner]
}

function counted(status, read) {
  let counts
  try {
    counts = read()
  } catch (error) {
    counts = { passed: 0, failed: 1, failures: [{ file: '', title: '', why: `there is no report: ${error.message}` }] }
  }
  if (status === 0 || counts.failed > 0) return counts
  const why = `ended with ${status}, though no test failed`
  return {
    ...counts,
    failed: 1,
    failures: counts.failures.length > 0 ? counts.failures : [{ file: '', title: '', why }],
  }
}

/** Lines of what a failed test said: what was looked for, where, and what was found stand behind the first. */
const TOLD_LINES = 16

/** Where, which test, and what it said. */
function describe(step, { file, title, why }) {
  const [first = '', ...more] = stripVTControlCharacters(why ?? '')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter(Boolean)
  const head = `✗ ${[step, file, title, first].filter(Boolean).join(' │ ')}`
  return [head, ...more.slice(0, TOLD_LINES - 1).map((line) => `    ${line}`)].join('\n')
}

/** The longest first, so that both are busy to the end. */
const STEPS = {
  process: vitest('process'),
  unit: vitest('unit'),
  'e2e-electron': playwright('electron'),
  'e2e-browser': playwright('browser'),
  types: single('vue-tsc', '--noEmit', '-p', 'tsconfig.json'),
  browser: vitest('browser'),
  dom: vitest('dom'),
  lint: single('biome', 'check', '--error-on-warnings'),
}
/** At once: much of a step's time is waiting, for processes, disks and windows. */
const LANES = 2

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in STEPS))
if (unknown.length > 0) {
  console.error(`Unknown step: ${unknown.join(', ')}. Known: ${Object.keys(STEPS).join(', ')}.`)
  process.exit(2)
}

ensureDependencies()
process.env.CHROMIUM = ensureBrowser()
ensureBuilt()

const total = { passed: 0, failed: 0 }
const lines = []
const failed = []

const left = Object.entries(STEPS).filter(([name]) => wanted.length === 0 || wanted.includes(name))

async function runLane() {
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    const [name, step] = next
    console.log(`\n── ${name}`)
    const began = Date.now()
    const counts = await step(name)
    total.passed += counts.passed
    total.failed += counts.failed
    failed.push(...counts.failures.map((failure) => describe(name, failure)))
    const seconds = ((Date.now() - began) / 1000).toFixed(1)
    const mark = counts.failed === 0 ? '✓' : '✗'
    lines.push(`${mark} ${name}: ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`)
    console.log(`\n${lines.at(-1)}\n`)
  }
}

try {
  await Promise.all(Array.from({ length: LANES }, runLane))
} finally {
  rmSync(reports, { recursive: true, force: true })
}
if (failed.length > 0) console.log(`\n── what failed\n${failed.join('\n')}`)
console.log(`\n${lines.join('\n')}\n`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1
