/** Wardens, as the system tells of them. */
import { readFileSync } from 'node:fs'

/** The wardens among the children of a process, by their program. */
export function wardensOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
  return children.filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('warden.js'))
}

/** It is up when it catches SIGHUP (the lowest bit of the mask), as only its own code does. */
export function isUp(warden: number): boolean {
  return /^SigCgt:.*[13579bdf]$/m.test(readFileSync(`/proc/${warden}/status`, 'utf8'))
}
