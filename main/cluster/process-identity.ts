/**
 * Which process a number means. The operating system reuses process ids, so a pid alone must never be killed or
 * believed later: together with the time at which the process started it names one process for good.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface ProcessIdentity {
  readonly pid: number
  /** Opaque, compared for equality only. Empty where the system tells no start time (Windows): then the pid decides. */
  readonly startTime: string
}

let bootId: string | undefined

/** Ticks since boot mean something within one boot only. */
function currentBoot(): string {
  if (bootId === undefined) {
    try {
      bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)
    } catch {
      bootId = ''
    }
  }
  return bootId
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function linuxStartTime(pid: number): string | null {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return null
  }
  // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const state = fields[0]
  // A zombie has ended; only its parent has not read its status yet.
  if (state === 'Z' || state === 'X') return null
  return `${fields[19]}@${currentBoot()}`
}

function macStartTime(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
    const space = line.indexOf(' ')
    return line === '' || line.startsWith('Z') ? null : line.slice(space + 1).trim()
  } catch {
    return null
  }
}

/** When the process `pid` started; `null` when there is no such process (any more). */
export function startTimeOf(pid: number): string | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null
  switch (process.platform) {
    case 'linux':
      return linuxStartTime(pid)
    case 'darwin':
      return macStartTime(pid)
    default:
      return exists(pid) ? '' : null
  }
}

/** The identity of a living process; one that has already ended gets a start time that no process has. */
export function identify(pid: number): ProcessIdentity {
  return { pid, startTime: startTimeOf(pid) ?? 'ended' }
}

let own: ProcessIdentity | undefined

export function ownIdentity(): ProcessIdentity {
  own ??= identify(process.pid)
  return own
}

export function isAlive(identity: ProcessIdentity): boolean {
  return startTimeOf(identity.pid) === identity.startTime
}

/** SIGKILL, if it is still the same process. Works on a stopped process too. */
export function killProcess(identity: ProcessIdentity): void {
  if (!isAlive(identity)) return
  try {
    process.kill(identity.pid, 'SIGKILL')
  } catch {
    // It ended between the look and the signal.
  }
}
