/**
 * `npm run scenarios [-- ID...]`: plays the library, or the named ones, on real processes through the built command line, one after
 * the other. Prints a table; ends with 1 when one does not hold, and says why. Unknown ids end with 2.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt, ensureDependencies, nodeProgram, root } from './setup.mjs'

ensureDependencies()
ensureBuilt()

const listed = await commandLine('scenarios', '--json')
if (listed.status !== 0) {
  console.error(listed.told)
  process.exit(3)
}
const ids = idsIn(JSON.parse(listed.printed))
const wanted = process.argv.slice(2)
const unknown = wanted.filter((id) => !ids.includes(id))
if (unknown.length > 0) {
  console.error(`Not in the library: ${unknown.join(', ')}. There are: ${ids.join(', ')}`)
  process.exit(2)
}

const chosen = wanted.length === 0 ? ids : wanted
const began = performance.now()
const rows = []
for (const id of chosen) {
  const row = await play(id)
  rows.push(row)
  console.error(`${rows.length} of ${chosen.length}: ${id}: ${row.outcome} (${row.seconds} s)`)
}

const bad = rows.filter(({ outcome }) => outcome !== 'holds')
console.log(table(rows))
console.log(
  `\n${rows.length - bad.length} of ${rows.length} hold, in ${((performance.now() - began) / 1000).toFixed(1)} s`,
)
for (const { id, why } of bad) console.log(`\n✗ ${id}\n${why}`)
process.exitCode = bad.length === 0 && rows.length > 0 ? 0 : 1

async function play(id) {
  const since = performance.now()
  const { status, printed, told } = await commandLine('run', id, '--json')
  const seconds = ((performance.now() - since) / 1000).toFixed(1)
  try {
    const { outcome, steps, expectations, verdicts } = JSON.parse(printed)
    const holds = outcome === 'holds' && status === 0
    return {
      id,
      outcome: holds ? outcome : outcome === 'holds' ? `exit ${status}` : outcome,
      seconds,
      steps: String(steps.filter(({ standing }) => standing === 'done').length),
      ruledOut: String(expectations.filter(({ type }) => type === 'never').length),
      invariants: brokenIn(verdicts).join(', ') || (verdicts ? 'hold' : ''),
      linearizable: verdicts?.linearizable ?? '',
      conforms: verdicts?.conformance ? (verdicts.conformance.conforms ? 'yes' : 'no') : '',
      why: holds ? '' : told,
    }
  } catch {
    const nothing = { steps: '', ruledOut: '', invariants: '', linearizable: '', conforms: '' }
    return { id, outcome: `exit ${status}`, seconds, ...nothing, why: told || printed }
  }
}

function brokenIn(verdicts) {
  return (verdicts?.invariants ?? []).filter(({ found }) => found > 0).map((verdict) => verdict.id)
}

function idsIn(library) {
  return (Array.isArray(library) ? library : library.scenarios).map(({ id }) => id)
}

/** Of one command: its exit status, and what it wrote to standard output and standard error. */
function commandLine(...args) {
  return new Promise((resolve) => {
    const child = spawn(nodeProgram(), [join(root, 'out', 'main', 'cli.js'), ...args], { cwd: root })
    const texts = { printed: '', told: '' }
    child.stdout.setEncoding('utf8').on('data', (text) => {
      texts.printed += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      texts.told += text
    })
    child.on('error', (error) => resolve({ status: 3, printed: '', told: error.message }))
    child.on('close', (status) => resolve({ status: status ?? 3, ...texts }))
  })
}

function table(all) {
  const head = ['scenario', 'outcome', 's', 'steps', 'never', 'invariants', 'history', 'conforms']
  const lines = all.map((row) => [
    row.id,
    row.outcome,
    row.seconds,
    row.steps,
    row.ruledOut,
    row.invariants,
    row.linearizable,
    row.conforms,
  ])
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column].length)))
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
