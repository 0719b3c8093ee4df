import type { ProblemCode, Problems } from '../../node/contract/problem'

/**
 * One language's sentences, one per code: what happened, where, and what to do now. The compiler keeps every catalogue
 * complete.
 */
export type Sentences = { readonly [C in ProblemCode]: (details: Problems[C]) => string }

/** Those about faults, held messages, breakpoints, nemeses and workloads, which stand in a file of their own. */
export type FaultSentences = Pick<
  Sentences,
  | 'fault-invalid'
  | 'fault-unknown'
  | 'preset-impossible'
  | 'held-unknown'
  | 'hold-full'
  | 'message-invalid'
  | 'timer-unset'
  | 'record-unknown'
  | 'breakpoint-invalid'
  | 'breakpoint-limit'
  | 'breakpoint-unknown'
  | 'cluster-stopped'
  | 'not-stopped'
  | 'schedule-lethal'
  | 'nemesis-running'
  | 'workload-limit'
  | 'workload-unknown'
>

/** A byte count as people read it, in binary units: `1 MiB`, `12.5 KiB`, `37 B`. */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const
  let value = count
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[unit]}`
}

/** What `where` says of a file that breaks its format's rules: `a.edn, line 7`, or `line 7` alone. Empty: not said. */
export function lineIn(where: string): { readonly file: string; readonly line: string } {
  const [, file = '', line = ''] = /^(?:(.*), )?line (\d+)$/s.exec(where) ?? []
  return { file, line }
}
