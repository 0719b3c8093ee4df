/**
 * Where the sockets of one running cluster live: a short directory for this user only, outside the cluster's own
 * (a socket path has at most 107 bytes, a home directory may be long). On Windows the addresses are pipe names and the
 * directory only marks the run.
 */
import { chmodSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { MAX_SOCKET_PATH } from '../node/contract/limits'
import { Problem } from '../node/contract/problem'
import { removeDirectory } from './files'
import { cleanUpAfter } from './leftovers'
import { isAlive, ownIdentity } from './process-identity'

z.config({ jitless: true })

const PREFIX = 'rw-'
const PATTERN = /^rw-[A-Za-z0-9]{6}$/
/** The longest name that an address gets. */
const LONGEST = 'n65535'

const ownerSchema = z.object({
  pid: z.number().int(),
  startTime: z.string(),
  cluster: z.string(),
  token: z.string(),
})

export interface RunDirectory {
  readonly path: string
  nodeAddress(node: number): string
  readonly supervisorAddress: string
  remove(): Promise<void>
}

/** Where sockets may live: the user's temporary directory, or `/tmp` when that is too long. */
function socketRoots(): readonly string[] {
  return process.platform === 'win32' ? [tmpdir()] : [...new Set([tmpdir(), '/tmp'])]
}

function chooseRoot(roots: readonly string[]): string {
  const lengthIn = (root: string) => Buffer.byteLength(join(root, `${PREFIX}XXXXXX`, LONGEST))
  if (process.platform === 'win32') return roots[0] ?? tmpdir()
  const root = roots.find((candidate) => lengthIn(candidate) <= MAX_SOCKET_PATH)
  if (root !== undefined) return root
  const path = join(roots[0] ?? tmpdir(), `${PREFIX}XXXXXX`, LONGEST)
  throw new Problem('socket-path', { path, length: Buffer.byteLength(path), max: MAX_SOCKET_PATH })
}

/**
 * Makes the run directory of a cluster whose lock has `token`. Problems: `socket-path` when every root is too long (set
 * TMPDIR to a shorter one), `directory-unwritable`.
 */
export async function makeRunDirectory(
  cluster: string,
  token: string,
  roots: readonly string[] = socketRoots(),
): Promise<RunDirectory> {
  const root = chooseRoot(roots)
  let path: string
  try {
    path = await mkdtemp(join(root, PREFIX))
    chmodSync(path, 0o700)
    writeFileSync(join(path, 'owner'), JSON.stringify({ ...ownIdentity(), cluster, token }))
  } catch (error) {
    throw new Problem('directory-unwritable', { path: root, reason: (error as Error).message }, { cause: error })
  }
  const address = (name: string) =>
    process.platform === 'win32' ? `\\\\.\\pipe\\raft-workbench-${token}-${name}` : join(path, name)
  return {
    path,
    nodeAddress: (node) => address(`n${node}`),
    supervisorAddress: address('s'),
    remove: () => removeDirectory(path),
  }
}

/** Only a directory of this user may tell us what to clean up: `/tmp` is shared. */
function isOurs(path: string): boolean {
  const found = lstatSync(path)
  return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid())
}

function candidates(root: string): readonly string[] {
  try {
    return readdirSync(root).filter((entry) => PATTERN.test(entry))
  } catch {
    return []
  }
}

/** Removes what workbenches that died (together with their wardens) left: processes, run directories, locks. */
export async function sweepRunDirectories(roots: readonly string[] = socketRoots()): Promise<void> {
  for (const root of roots) {
    for (const name of candidates(root)) {
      const path = join(root, name)
      try {
        if (!isOurs(path)) continue
        const owner = ownerSchema.parse(JSON.parse(readFileSync(join(path, 'owner'), 'utf8')))
        if (isAlive(owner)) continue
        await cleanUpAfter(owner.cluster, owner.token)
        await removeDirectory(path)
      } catch {
        // Not ours, or being removed by its warden just now: leave it alone.
      }
    }
  }
}
