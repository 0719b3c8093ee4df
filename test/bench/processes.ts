/** What a process has used so far, as the system counts it (Linux: /proc). */
import { readFileSync } from 'node:fs'

/** Of `/proc/PID/stat`: ticks of 10 ms, whatever the kernel's own. */
const TICK_MICROS = 10_000
/** After the name: state is field 3; utime and stime are 14 and 15. */
const UTIME = 14 - 3

/** Microseconds on a processor, of all threads. */
export function cpuMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[UTIME]) + Number(fields[UTIME + 1])) * TICK_MICROS
}

export function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuMicros(pid), 0)
}

export interface Memory {
  readonly rssBytes: number
  /** Shared pages count for a share. */
  readonly pssBytes: number
}

export function memoryOf(pids: readonly number[]): Memory {
  let [rssBytes, pssBytes] = [0, 0]
  for (const pid of pids) {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')
    rssBytes += kilobytes(rollup, 'Rss')
    pssBytes += kilobytes(rollup, 'Pss')
  }
  return { rssBytes, pssBytes }
}

/** Bytes that the process caused to be sent to the disk. */
export function writtenBytes(pid: number): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1] ?? 0)
}

function kilobytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024
}
