/** `raft-workbench bench`: the benchmarks, which are part of the source tree and not of the product. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Places } from './hosting'
import { EXIT, type Terminal } from './terminal'

/** What it says, and how it describes itself. */
export const BENCH_TEXTS = {
  en: {
    bench: 'the benchmarks, with a table for people or one JSON document (needs the source tree)',
    suites: 'etcd, failover, start, catchup, telemetry, idle, disk or core; all when none is named',
    runs: 'pairs of runs, or runs, of each figure',
    quick: 'short runs and small sizes: to see that it works, not to quote',
    noSources: (folder: string) =>
      `The benchmarks are run from the source tree, and ${folder} is none: clone the repository and run npm run bench there.`,
  },
  zh: {
    bench: '性能测试：输出表格，或一份 JSON 文档（需要源码树）',
    suites: 'etcd、failover、start、catchup、telemetry、idle、disk 或 core；不指定则全部运行',
    runs: '每个数值的测量次数（或成对次数）',
    quick: '短时、小规模运行：只看能否运行，不作引用',
    noSources: (folder: string) =>
      `性能测试要在源码树中运行，而 ${folder} 不是：请克隆仓库，在其中运行 npm run bench。`,
  },
} as const

export interface BenchOptions {
  readonly json: boolean
  readonly quick: boolean
  /** As it was typed: the bench itself says what is wrong with it. */
  readonly runs?: string
}

/** Runs the bench program in the source tree. @returns its exit status */
export async function bench(
  suites: readonly string[],
  { json, quick, runs }: BenchOptions,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  const program = join(places.app, '.ci', 'bench.mjs')
  if (!existsSync(program) || !existsSync(join(places.app, 'test', 'bench'))) {
    terminal.say(BENCH_TEXTS[terminal.language].noSources(places.app))
    return EXIT.usage
  }
  const options = [...(json ? ['--json'] : []), ...(quick ? ['--quick'] : []), ...(runs ? ['--runs', runs] : [])]
  const child = spawn(process.execPath, [program, ...suites, ...options], { stdio: 'inherit' })
  // It ends what it started before it ends itself.
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, pass)
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (status) => resolve(status ?? EXIT.broken))
    })
  } finally {
    for (const signal of signals) process.off(signal, pass)
  }
}
