/**
 * The register of what a running cluster has outside its own memory: child processes and the run directory. It is the
 * file `running` in the cluster's directory, one JSON value per line, appended in the moment a child is spawned, so
 * that whoever comes after a killed workbench (its warden, or the next workbench) can end what it left.
 */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { removeDirectory } from './files'
import { inheritLock } from './lock'
import { identify, isAlive, killProcess, type ProcessIdentity } from './process-identity'

z.config({ jitless: true })

const lineSchema = z.union([
  z.object({ runDirectory: z.string().min(1) }),
  z.object({ pid: z.number().int().min(2), startTime: z.string() }),
])

const registerPath = (cluster: string) => join(cluster, 'running')

/** Starts a fresh register. Only the holder of the cluster's lock may. */
export function beginRegister(cluster: string, runDirectory: string): void {
  writeFileSync(registerPath(cluster), `${JSON.stringify({ runDirectory })}\n`)
}

/** Notes a child right after it was spawned. (Between the two it ends by itself when the workbench goes.) */
export function registerProcess(cluster: string, pid: number): ProcessIdentity {
  const identity = identify(pid)
  appendFileSync(registerPath(cluster), `${JSON.stringify(identity)}\n`)
  return identity
}

export function endRegister(cluster: string): void {
  rmSync(registerPath(cluster), { force: true })
}

interface Register {
  readonly runDirectories: readonly string[]
  readonly processes: readonly ProcessIdentity[]
}

function readRegister(cluster: string): Register {
  const runDirectories: string[] = []
  const processes: ProcessIdentity[] = []
  let text = ''
  try {
    text = readFileSync(registerPath(cluster), 'utf8')
  } catch {
    // No register: nothing was running.
  }
  for (const line of text.split('\n')) {
    const parsed = lineSchema.safeParse(tryJson(line))
    // The last line may be torn; its process has noticed the end of its workbench itself.
    if (!parsed.success) continue
    if ('pid' in parsed.data) processes.push(parsed.data)
    else runDirectories.push(parsed.data.runDirectory)
  }
  return { runDirectories, processes }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** SIGKILLs the processes, stopped ones included, and waits until the system has buried them (at most 5 s). */
async function endProcesses(processes: readonly ProcessIdentity[]): Promise<void> {
  for (const identity of processes) killProcess(identity)
  const deadline = performance.now() + 5000
  while (processes.some(isAlive) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Ends everything that the register of a dead workbench names. Only the holder of the cluster's lock may. */
export async function endLeftovers(cluster: string): Promise<void> {
  const { processes, runDirectories } = readRegister(cluster)
  await endProcesses(processes)
  for (const directory of runDirectories) await removeDirectory(directory)
  endRegister(cluster)
}

/** After the death of the workbench that held the lock with `token`: end what it left, then unlock. */
export async function cleanUpAfter(cluster: string, token: string): Promise<void> {
  const lock = await inheritLock(cluster, token)
  // Somebody opened the cluster already, and has ended the leftovers first.
  if (lock === null) return
  await endLeftovers(cluster)
  lock.release()
}
