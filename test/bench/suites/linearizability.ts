/** Histories of 100,000 calls, judged as `raft-workbench check` judges them: a process of its own, from its start to the verdict. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type KeyValueCall, linearizableHistory, type Wish } from '../../checks/support/histories'
import { figure, spread } from '../report'
import type { Stage, Suite } from '../stage'
import { spreadOf } from '../statistics'

const CALLS = 100_000
const SEED = 11
const WANTED_SECONDS = 10
const WANTED_MEBIBYTES = 1024
const POLL_MS = 20

interface Case {
  readonly name: string
  readonly wish: Required<Pick<Wish, 'clients' | 'keys' | 'unknown'>>
  /** One read answered with what an earlier one has found. */
  readonly isStale: boolean
}

const CASES: readonly Case[] = [
  { name: 'right', wish: { clients: 20, keys: 100, unknown: 0.02 }, isStale: false },
  { name: 'one stale read', wish: { clients: 20, keys: 100, unknown: 0.02 }, isStale: true },
  { name: '50 clients', wish: { clients: 50, keys: 50, unknown: 0.02 }, isStale: false },
]

interface Measured {
  readonly seconds: number
  readonly bytes: number
}

export const linearizabilitySuite: Suite = {
  name: 'linearizability',
  runs: 3,
  async run(stage) {
    const calls = stage.quick ? CALLS / 10 : CALLS
    const rows = []
    for (const one of CASES) {
      const file = join(await stage.directory(), 'history.edn')
      const made = linearizableHistory(SEED, { ...one.wish, calls })
      await writeFile(file, ednOf(one.isStale ? withStaleRead(made) : made))
      const times: Measured[] = []
      for (let run = 0; run < stage.runs; run++) {
        stage.say(`linearizability, ${one.name}: ${run + 1} of ${stage.runs}`)
        times.push(await judge(stage, file, one.isStale ? 1 : 0))
      }
      rows.push({
        what: one.name,
        seconds: spreadOf(times.map(({ seconds }) => seconds)),
        mebibytes: spreadOf(times.map(({ bytes }) => bytes / 2 ** 20)),
        ...one.wish,
      })
    }
    return {
      suite: 'linearizability',
      conditions: { calls, cases: CASES },
      rows,
      targets: rows.flatMap(({ what, seconds, mebibytes }) => [
        {
          name: `${what}: seconds`,
          wanted: `≤ ${WANTED_SECONDS}`,
          got: seconds.median,
          met: seconds.median <= WANTED_SECONDS,
        },
        {
          name: `${what}: MiB at most`,
          wanted: `≤ ${WANTED_MEBIBYTES}`,
          got: mebibytes.max,
          met: mebibytes.max <= WANTED_MEBIBYTES,
        },
      ]),
      tables: [
        {
          title: `Linearizability: ${figure(calls)} calls of a key-value store`,
          columns: ['', 'clients', 'keys', 'no answer', 'seconds', 'MiB at most'],
          rows: rows.map(({ what, seconds, mebibytes, clients, keys, unknown }) => [
            what,
            figure(clients),
            figure(keys),
            `${unknown * 100} %`,
            spread(seconds),
            spread(mebibytes),
          ]),
          notes: [
            'put, get, cas, delete and append in equal parts; clients call in rounds, and all calls of a round overlap.',
            'Time is from the start of the process to its end; memory the most that it had resident (VmHWM).',
          ],
        },
      ],
    }
  },
}

/** @throws when it ends otherwise than `status`, so that a figure is never one of a wrong verdict */
async function judge(stage: Stage, file: string, status: number): Promise<Measured> {
  const began = performance.now()
  const child = spawn(process.execPath, [join(stage.programs.built, 'cli.js'), 'check', file, '--json'], {
    stdio: ['ignore', 'ignore', 'ignore'],
    signal: stage.signal,
  })
  let bytes = 0
  const look = setInterval(() => {
    bytes = Math.max(bytes, mostResident(child.pid ?? 0))
  }, POLL_MS)
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    if (code !== status) throw new Error(`check ended with ${code}, not with ${status}`)
    return { seconds: (performance.now() - began) / 1_000, bytes }
  } finally {
    clearInterval(look)
  }
}

/** Bytes; 0 when the process is not there any more. */
function mostResident(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** One read, of a key that was changed meanwhile, finds what another one found long before. */
function withStaleRead(history: readonly KeyValueCall[]): readonly KeyValueCall[] {
  const isRead = ({ input, output }: KeyValueCall) => input.op === 'get' && typeof output?.value === 'string'
  const late = history.findIndex((call, place) => place > history.length * 0.7 && isRead(call))
  const key = history[late]?.input.key
  const old = history.findLast(
    (call, place) => place < late - history.length / 10 && isRead(call) && call.input.key === key,
  )
  if (old === undefined) throw new Error('no such read')
  return history.map((call, place) => (place === late ? { ...call, output: old.output } : call))
}

/** In the words of Jepsen's histories. A cas that found something else says so. */
function ednOf(history: readonly KeyValueCall[]): string {
  const text = (value: string | null | undefined): string => (typeof value === 'string' ? `"${value}"` : 'nil')
  const lines = history.flatMap(({ process, input, output, from, to }) => {
    const asked =
      input.op === 'cas'
        ? `[${text(input.expected)} ${text(input.value)}]`
        : 'value' in input
          ? text(input.value)
          : 'nil'
    const line = (type: string, value: string, more = '') =>
      `{:process ${process}, :type :${type}, :f :${input.op}, :key "${input.key}", :value ${value}${more}}\n`
    const call = { at: from, line: line('invoke', asked) }
    if (output === undefined) return [call]
    const isMismatch = input.op === 'cas' && output.done === false
    const answer = isMismatch
      ? line('fail', asked, ', :error :mismatch')
      : line('ok', input.op === 'get' ? text(output.value) : asked)
    return [call, { at: to, line: answer }]
  })
  return lines
    .sort((a, b) => a.at - b.at)
    .map(({ line }) => line)
    .join('')
}
