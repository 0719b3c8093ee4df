/**
 * `npm run sim -- --seeds 100000 [--first N] [--jobs 2]`: the simulator (`test/sim`) over as many seeds as asked, on
 * several cores. `--seed N` runs that one and tells what it was made of. Ends with 1 at the first seed that fails, after
 * printing what broke, the command that shows it again, and the last of what happened.
 */
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import './typescript.mjs'

/** Seeds that a worker takes at a time. */
const LOT = 25

if (isMainThread) await main()
else await work()

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      first: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '2' },
      seed: { type: 'string' },
    },
  })
  const wanted = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]))
  for (const [name, value] of Object.entries(wanted)) {
    if (!Number.isSafeInteger(value) || value < (name === 'first' || name === 'seed' ? 0 : 1)) {
      console.error(`--${name} must be a number`)
      process.exit(2)
    }
  }
  if (wanted.seed !== undefined) await single(wanted.seed)
  else await many(wanted)
}

async function single(seed) {
  const { simulate } = await import('../test/sim/simulation.ts')
  try {
    console.log(await simulate(seed))
  } catch (failure) {
    console.error(failure.message)
    process.exitCode = 1
  }
}

async function many({ seeds, first, jobs }) {
  const began = performance.now()
  const end = first + seeds
  const total = { done: 0, steps: 0, committed: 0, acknowledged: 0, elections: 0, crashes: 0, changes: 0, installs: 0 }
  let next = first
  let shown = began
  const tell = () => {
    const seconds = (performance.now() - began) / 1000
    const rate = Math.round(total.steps / seconds).toLocaleString('en')
    const { done, committed, elections, crashes, changes, installs } = total
    const made = `${committed} commits, ${elections} elections, ${crashes} crashes, ${changes} changes, ${installs} installs`
    console.log(`${done} of ${seeds} seeds in ${seconds.toFixed(1)} s · ${rate} steps/s · ${made}`)
  }
  const failure = await Promise.race(
    Array.from({ length: jobs }, () => {
      const worker = new Worker(new URL(import.meta.url), { workerData: {} })
      const give = () => {
        if (next >= end) return worker.postMessage(undefined)
        worker.postMessage({ from: next, to: Math.min(next + LOT, end) })
        next += LOT
      }
      return new Promise((resolve, reject) => {
        worker.on('error', reject)
        worker.on('message', (message) => {
          if (message.failure) return resolve(message)
          for (const result of message.results ?? []) {
            total.done += 1
            for (const name of Object.keys(total)) total[name] += result[name] ?? 0
          }
          if (performance.now() - shown > 2000) {
            shown = performance.now()
            tell()
          }
          if (total.done === seeds) resolve(undefined)
          else give()
        })
      })
    }),
  )
  tell()
  if (failure) console.error(`\n${failure.failure}`)
  process.exit(failure ? 1 : 0)
}

async function work() {
  const { simulate } = await import('../test/sim/simulation.ts')
  parentPort.on('message', async (lot) => {
    if (!lot) return parentPort.close()
    const results = []
    try {
      for (let seed = lot.from; seed < lot.to; seed += 1) results.push(await simulate(seed))
      parentPort.postMessage({ results })
    } catch (failure) {
      parentPort.postMessage({ failure: failure.message })
    }
  })
  parentPort.postMessage({ ready: workerData })
}
