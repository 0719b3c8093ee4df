/**
 * `npm test`: sets itself up, then runs every kind of check and counts. Two run at a time, because much of a step
 * is waiting for processes and windows. The last line is `N passed, N failed`; the exit status is 0
 * only when nothing failed. `npm test -- unit dom` runs only the named steps.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ensureBrowser, ensureBuilt, ensureDependencies, root, toolEnvironment, windows } from './setup.mjs'

const reports = mkdtempSync(join(tmpdir(), 'raft-workbench-test-'))

/** Runs a program and shows its lines with the step's name before them; answers its exit status. */
function show(step, program, args, env = toolEnvironment()) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env, shell: windows, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => console.log(`${step} │ ${line}`))
    }
    child.on('error', (error) => console.log(`${step} │ ${error.message}`))
    child.on('close', (status) => resolve(status ?? 1))
  })
}

/** A command that either holds or does not: one check. */
const single =
  (program, ...args) =>
  async (step) => {
    const status = await show(step, program, args)
    return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 }
  }

/** A Vitest project; its own report says how many tests passed. A run that dies before reporting is a failure. */
const vitest = (project) => async (step) => {
  const file = join(reports, `${project}.json`)
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const status = await show(step, 'vitest', args)
  return counted(status, () => {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    return { passed: report.numPassedTests, failed: report.numFailedTests + (report.numPendingTests ?? 0) }
  })
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
    const { expected, unexpected, flaky, skipped } = JSON.parse(readFileSync(file, 'utf8')).stats
    // A test that passed only on a second try, or that did not run, has not shown anything.
    return { passed: expected, failed: unexpected + flaky + skipped }
  })
}

function counted(status, read) {
  let counts
  try {
    counts = read()
  } catch {
    counts = { passed: 0, failed: 1 }
  }
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

/** The longest first, so that both are busy to the end. */
const STEPS = {
  unit: vitest('unit'),
  process: vitest('process'),
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

const left = Object.entries(STEPS).filter(([name]) => wanted.length === 0 || wanted.includes(name))

async function runLane() {
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    const [name, step] = next
    console.log(`\n── ${name}`)
    const began = Date.now()
    const { passed, failed } = await step(name)
    total.passed += passed
    total.failed += failed
    const seconds = ((Date.now() - began) / 1000).toFixed(1)
    lines.push(`${failed === 0 ? '✓' : '✗'} ${name}: ${passed} passed, ${failed} failed, ${seconds} s`)
    console.log(`\n${lines.at(-1)}\n`)
  }
}

try {
  await Promise.all(Array.from({ length: LANES }, runLane))
} finally {
  rmSync(reports, { recursive: true, force: true })
}
console.log(`\n${lines.join('\n')}\n`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1
