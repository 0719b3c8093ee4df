/**
 * One workbench per cluster directory. The lock is the file `lock`; it names its holder, so that a lock left by a
 * killed process can be told from a living one.
 *
 * Taking over a stale lock must not race with others who see the same stale lock. Each lock carries a random token;
 * who wants to replace the lock with token T first creates `lock.T`, exclusively, as its own claim; then looks again
 * whether T still is the lock, and only then renames its claim over it. Two can't hold `lock.T` at once, and a claim
 * made after the lock has changed hands is found out by the second look. A claim whose maker died is itself a stale
 * lock, replaced in the same way: the chain `lock` → `lock.T` → `lock.T'` … always has one living end.
 */
import { createHash } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Problem } from '../node/contract/problem'
import { codeOf, randomToken } from './files'
import { isAlive, ownIdentity } from './process-identity'

z.config({ jitless: true })

const holderSchema = z.object({
  pid: z.number().int(),
  startTime: z.string(),
  token: z.string().regex(/^[\w-]+$/),
  /** A warden holds the lock for a moment while it cleans up after a killed workbench. */
  role: z.enum(['workbench', 'warden']),
})
export type LockHolder = Readonly<z.infer<typeof holderSchema>>

export interface Lock {
  readonly token: string
  /** Unlocks; does nothing when the lock is no longer ours. */
  release(): void
}

const lockPath = (directory: string) => join(directory, 'lock')
const claimPath = (directory: string, token: string) => join(directory, `lock.${token}`)

/** The holder in a lock file; `null` without a file. A damaged file is a stale lock with a token of its own. */
function read(path: string): LockHolder | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  try {
    return holderSchema.parse(JSON.parse(text))
  } catch {
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 16)
    return { pid: 0, startTime: '', token: `damaged-${digest}`, role: 'workbench' }
  }
}

/** Follows the claims from the lock to the last one. */
function chain(directory: string): readonly LockHolder[] {
  const found: LockHolder[] = []
  let next = read(lockPath(directory))
  while (next !== null && !found.some((holder) => holder.token === next?.token)) {
    found.push(next)
    next = read(claimPath(directory, next.token))
  }
  return found
}

/** Creates a file with its content in one step, or returns false when it exists. */
function createWhole(directory: string, path: string, holder: LockHolder): boolean {
  const temporary = join(directory, `lock-${holder.token}.tmp`)
  try {
    writeFileSync(temporary, JSON.stringify(holder), { flag: 'wx' })
    linkSync(temporary, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw new Problem('directory-unwritable', { path: directory, reason: (error as Error).message }, { cause: error })
  } finally {
    rmSync(temporary, { force: true })
  }
}

function sameChain(one: readonly LockHolder[], other: readonly LockHolder[]): boolean {
  return one.length === other.length && one.every((holder, at) => holder.token === other[at]?.token)
}

function held(directory: string, token: string): Lock {
  return {
    token,
    release() {
      if (read(lockPath(directory))?.token === token) rmSync(lockPath(directory), { force: true })
    },
  }
}

/** One attempt: the lock, or who holds it, or `retry` when it changed hands meanwhile. */
function attempt(directory: string, role: LockHolder['role'], expected?: string): Lock | LockHolder | 'retry' {
  const mine: LockHolder = { ...ownIdentity(), token: randomToken(), role }
  const holders = chain(directory)
  const last = holders.at(-1)
  if (last === undefined) {
    return createWhole(directory, lockPath(directory), mine) ? held(directory, mine.token) : 'retry'
  }
  if (isAlive(last)) return last
  if (expected !== undefined && holders[0]?.token !== expected) return last

  const claim = claimPath(directory, last.token)
  if (!createWhole(directory, claim, mine)) return 'retry'
  // The second look. Our own claim now ends the chain; before it, nothing may have changed.
  if (!sameChain(chain(directory), [...holders, mine])) {
    rmSync(claim, { force: true })
    return 'retry'
  }
  renameSync(claim, lockPath(directory))
  for (const { token } of holders) rmSync(claimPath(directory, token), { force: true })
  return held(directory, mine.token)
}

const ATTEMPTS = 100

function settle(directory: string, role: LockHolder['role'], expected?: string): Lock | LockHolder {
  for (let count = 0; count < ATTEMPTS; count++) {
    const outcome = attempt(directory, role, expected)
    if (outcome !== 'retry') return outcome
  }
  throw new Problem('cluster-locked', { path: directory, pid: 0 })
}

/**
 * Locks a cluster directory for this process. A stale lock is taken over; a warden that is just cleaning up is waited
 * for, up to `patienceMs`. Problems: `cluster-locked`, `directory-unwritable`.
 */
export async function acquireLock(directory: string, patienceMs = 5000): Promise<Lock> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const outcome = settle(directory, 'workbench')
    if ('release' in outcome) return outcome
    if (outcome.role === 'workbench' || performance.now() > deadline) {
      throw new Problem('cluster-locked', { path: directory, pid: outcome.pid })
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/**
 * For a warden: takes the lock over from the dead holder with this token; `null` when it is anybody else's by now. The pipes of a
 * process that is killed close a moment before the system says that it has ended: so a living holder is waited for, up to `patienceMs`.
 */
export async function inheritLock(directory: string, token: string, patienceMs = 1000): Promise<Lock | null> {
  const deadline = performance.now() + patienceMs
  while (read(lockPath(directory))?.token === token) {
    const outcome = settle(directory, 'warden', token)
    if ('release' in outcome) return outcome
    if (outcome.token !== token || performance.now() > deadline) return null
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return null
}

/** The living workbench that has the directory open; 0 = nobody. */
export function lockedBy(directory: string): number {
  const last = chain(directory).at(-1)
  return last !== undefined && last.role === 'workbench' && isAlive(last) ? last.pid : 0
}
