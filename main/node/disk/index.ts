/** Durable storage of one node: `docs/storage-format.md` is the specification. */
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { Restored } from '../../raft/types'
import { Problem } from '../contract/problem'
import { clusterHash, emptyLog, encodeIdentity, IDENTITY_FILE, type Identity, segmentNumber } from '../contract/records'
import { type Files, realFiles, writeFully, writeWhole } from './files'
import { createSegment, type Disk, type LogEnd, LogWriter } from './log-writer'
import { checkIdentity } from './owner'
import { corrupt, type LastSegment, recover } from './recover'

export type { Identity } from '../contract/records'
export type { Files, OpenFile } from './files'
export type { Disk, WriteRequest, Written } from './log-writer'

export const DEFAULT_SEGMENT_BYTES = 64 << 20

export interface DiskOptions {
  /** The file system; the real one unless a test has another. */
  readonly files?: Files
  /** A new segment begins before this is passed. */
  readonly segmentBytes?: number
  readonly salt?: () => number
}

export interface OpenedDisk {
  readonly disk: Disk
  readonly restored: Restored
  /** Bytes of a torn last write that were cut away; 0 = a clean end. */
  readonly tornBytes: number
}

/**
 * Opens a node's directory, or sets up a new one, and brings back what it holds; all of that is durable when this
 * returns. One process at a time: the caller sees to it. Throws Problem 'record-corrupt' (nothing was changed),
 * 'identity-mismatch', 'storage-version', 'directory-unwritable' or 'disk-failed'.
 */
export async function openDisk(dir: string, identity: Identity, options: DiskOptions = {}): Promise<OpenedDisk> {
  const settings = {
    files: options.files ?? realFiles,
    dir,
    segmentBytes: options.segmentBytes ?? DEFAULT_SEGMENT_BYTES,
    salt: options.salt ?? (() => randomBytes(4).readUInt32LE()),
  }
  const { files } = settings
  try {
    await files.makeDirectory(dir)
    const names = await files.list(dir)
    const hasIdentity = names.includes(IDENTITY_FILE)
    const identityPath = join(dir, IDENTITY_FILE)
    if (hasIdentity) checkIdentity(identityPath, await files.read(identityPath), identity)
    const found = await recover(files, dir, identity)
    if (found === undefined && hasIdentity) {
      throw corrupt(join(dir, '000001.log'), 0, 0, 'the directory has an identity, but its log is gone')
    }
    for (const name of names) if (isLeftover(name)) await files.remove(join(dir, name))

    const log = found?.log ?? emptyLog()
    const end =
      found === undefined
        ? await begin(settings, identity)
        : { ...(await settle(files, found.last)), nextSequence: found.last.nextSequence }
    await files.syncDirectory(dir)
    await files.syncDirectory(dirname(dir))
    if (!hasIdentity) await (await writeWhole(files, identityPath, encodeIdentity(identity))).close()
    const { hardState, entries } = log
    const disk = new LogWriter(settings, { ...end, hardState, lastIndex: entries.length })
    return { disk, restored: { hardState, entries }, tornBytes: found?.last.tornBytes ?? 0 }
  } catch (error) {
    throw asDiskProblem(error, dir)
  }
}

type Place = Pick<LogEnd, 'file' | 'header' | 'position' | 'nextSequence'>

async function begin(settings: { files: Files; dir: string; salt: () => number }, identity: Identity): Promise<Place> {
  const header = {
    node: identity.node,
    segment: 1,
    clusterHash: clusterHash(identity.clusterId),
    salt: settings.salt(),
    firstSequence: 1,
  }
  const made = await createSegment(settings, header, emptyLog().hardState)
  return { ...made, nextSequence: header.firstSequence + 1 }
}

/**
 * Cuts a torn tail and makes sure that the rest is durable. The last write may be in the page cache only, and after a
 * failed sync the kernel may call it clean though the disk never took it: so it is written again before the sync.
 */
async function settle(files: Files, last: LastSegment): Promise<Omit<Place, 'nextSequence'>> {
  const file = await files.open(last.path, 'open')
  try {
    if (last.tornBytes > 0) await file.truncate(last.end)
    await writeFully(file, last.lastWrite.bytes, last.lastWrite.offset)
    await file.sync()
    return { file, header: last.header, position: last.end }
  } catch (error) {
    await file.close().catch(() => undefined)
    throw error
  }
}

/** A file that was never given its name. */
function isLeftover(name: string): boolean {
  if (!name.endsWith('.tmp')) return false
  const whole = name.slice(0, -'.tmp'.length)
  return whole === IDENTITY_FILE || segmentNumber(whole) !== undefined
}

const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENOENT', 'ENAMETOOLONG'])

function asDiskProblem(error: unknown, path: string): Problem {
  if (error instanceof Problem) return error
  const reason = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (UNWRITABLE.has(code)) return new Problem('directory-unwritable', { path, reason }, { cause: error })
  return new Problem('disk-failed', { path, operation: 'open', reason }, { cause: error })
}
