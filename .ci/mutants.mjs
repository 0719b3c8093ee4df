/**
 * `npm run test:mutants [-- --jobs 2] [-- PART OF A NAME]`: puts each deliberate bug of `test/sim/mutants` into a copy of
 * the core and looks for who finds it. Prints a table; ends with 1 when a bug survives, or does not fit the core any more.
 */
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import './typescript.mjs'

const { mutants } = await import('../test/sim/mutants/index.ts')

if (isMainThread) await main()
else await work()

async function main() {
  const { values, positionals } = parseArgs({
    options: { jobs: { type: 'string', default: '2' } },
    allowPositionals: true,
  })
  const part = positionals.join(' ')
  const wanted = mutants.flatMap(({ name }, at) => (name.includes(part) ? [at] : []))
  const rows = new Map()
  const began = performance.now()
  let next = 0
  const jobs = Array.from({ length: Math.min(Number(values.jobs), wanted.length) }, async () => {
    const worker = new Worker(new URL(import.meta.url))
    for (;;) {
      const at = wanted[next++]
      if (at === undefined) break
      worker.postMessage(at)
      const row = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
      worker.removeAllListeners('error')
      rows.set(at, row)
      console.error(
        `${rows.size} of ${wanted.length}: ${mutants[at].name}: ${row.problem ?? row.killedBy ?? 'SURVIVES'}`,
      )
    }
    await worker.terminate()
  })
  await Promise.all(jobs)

  const bad = wanted.filter((at) => !rows.get(at).killedBy)
  console.log(table(wanted.map((at) => line(mutants[at], rows.get(at)))))
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`\n${wanted.length - bad.length} of ${wanted.length} found, in ${seconds} s`)
  for (const at of bad) console.log(`✗ ${mutants[at].name}: ${rows.get(at).problem ?? 'nobody found it'}`)
  process.exitCode = bad.length === 0 ? 0 : 1
}

function line({ bug, about, name }, { killedBy, seed, seeds, reason, problem }) {
  const found = killedBy === 'simulator' ? `seed ${seed} (${seeds} tried)` : ''
  return [bug ? String(bug) : '', about, name, killedBy ?? 'SURVIVES', found, (problem ?? reason).slice(0, 60)]
}

function table(lines) {
  const rows = [['bug', 'about', 'what was put in', 'found by', 'seed', 'as'], ...lines]
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

async function work() {
  const { judge } = await import('../test/sim/mutants/judge.ts')
  parentPort.on('message', async (at) => {
    try {
      const { killedBy, seed, seeds, reason } = await judge(mutants[at])
      parentPort.postMessage({ killedBy, seed, seeds, reason })
    } catch (error) {
      parentPort.postMessage({ seed: 0, seeds: 0, reason: '', problem: error.message.split('\n')[0] })
    }
  })
}
