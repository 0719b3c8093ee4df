/** Durable storage of one node: `docs/storage-format.md` is the specification. */
import { dirname, join } from 'node:path'
import { Problem } from '../contract/problem'
import {
  clusterHash,
  emptyLog,
  encodeIdentity,
  IDENTITY_FILE,
  type Identity,
  lastIndexOf,
  liveEntries,
  parseSnapshotName,
  receivedName,
  snapshotName,
} from '../contract/records'
import type { Disk, OpenedDisk, WriteRequest, Written } from './api'
import { endingWith, Fault } from './fault'
import { type Files, realFiles, writeFully, writeWhole } from './files'
import { type LogEnd, LogWriter } from './log-writer'
import { checkIdentity } from './owner'
import { corrupt, type LastSegment, recover } from './recover'
import { type OpenSegment, Segments } from './segments'
import { recoverSnapshots } from './snapshots/recover'
import { giveName } from './snapshots/saving'
import { type FoundSnapshots, SnapshotStore } from './snapshots/store'
import { SPARE_NAME } from './spare'

export type { Identity } from '../contract/records'
export type { Disk, OpenedDisk, SnapshotFiles, WriteRequest, Written } from './api'
export type { Files, OpenFile, OpenMode, ReadableFile } from './files'

/** Segments do not grow beyond this; they are what compaction can let go at a time. */
const DEFAULT_SEGMENT_BYTES = 16 << 20

export interface DiskOptions {
  /** The file system; the real one unless a test has another. */
  readonly files?: Files
  /** A new segment begins before this is passed. */
  readonly segmentBytes?: number
  readonly salt?: () => number
  /** Milliseconds on a clock that does not go back: how long nobody has read of a snapshot. */
  readonly now?: () => number
}

/**
 * Opens a node's directory, or sets up a new one, and brings back what it holds; all of that is durable when this
 * returns. One process at a time: the caller sees to it. Throws Problem 'record-corrupt' or 'snapshot-corrupt' (nothing
 * was changed), 'identity-mismatch', 'storage-version', 'directory-unwritable' or 'disk-failed'.
 */
export async function openDisk(dir: string, identity: Identity, options: DiskOptions = {}): Promise<OpenedDisk> {
  try {
    return await open(dir, identity, options)
  } catch (error) {
    throw asDiskProblem(error, dir)
  }
}

async function open(dir: string, identity: Identity, options: DiskOptions): Promise<OpenedDisk> {
  const fault = new Fault()
  const files = endingWith(fault, options.files ?? realFiles)
  const place = {
    files,
    dir,
    segmentBytes: options.segmentBytes ?? DEFAULT_SEGMENT_BYTES,
    // No secret, and cryptography takes long to load: it only tells bytes of one segment from those of another.
    salt: options.salt ?? (() => Math.floor(Math.random() * 2 ** 32)),
  }
  // Look first: nothing in a directory that is refused may change.
  await files.makeDirectory(dir)
  const names = await files.list(dir)
  const hasIdentity = names.includes(IDENTITY_FILE)
  const identityPath = join(dir, IDENTITY_FILE)
  if (hasIdentity) checkIdentity(identityPath, await files.read(identityPath), identity)
  const found = await recover(files, dir, names, identity)
  if (found === undefined && hasIdentity) {
    throw corrupt(join(dir, '000001.log'), 0, 0, 'the directory has an identity, but its log is gone')
  }
  const snapshots = found === undefined ? undefined : await recoverSnapshots(files, dir, names, identity, found)

  for (const name of names) if (isTemporary(name)) await files.remove(join(dir, name))
  const segments = new Segments(place, found?.segments ?? [])
  const log = found?.log ?? emptyLog()
  const state = { hardState: log.hardState, base: log.base, lastIndex: lastIndexOf(log) }
  const end: LogEnd =
    found === undefined
      ? { ...(await begin(segments, identity, state)), nextSequence: 2, state }
      : { ...(await settle(files, found.last)), nextSequence: found.last.nextSequence, state }
  // Not before the install record is durable: a snapshot proves that the log reached it.
  const adopt = snapshots?.adopt
  if (adopt !== undefined) await giveName(files, join(dir, receivedName(adopt)), join(dir, snapshotName(adopt)))
  await files.syncDirectory(dir)
  await files.syncDirectory(dirname(dir))
  for (const name of [...(found?.leftOver ?? []), ...(snapshots?.leftOver ?? [])]) await files.remove(join(dir, name))
  if (!hasIdentity) await writeWhole(files, identityPath, encodeIdentity(identity))

  const nothing: FoundSnapshots = { newest: undefined, others: [], received: [] }
  const now = options.now ?? (() => performance.now())
  const store: SnapshotStore = new SnapshotStore(
    { files, dir, owner: identity, now },
    snapshots ?? nothing,
    () => writer.settled(),
    fault,
  )
  const writer: LogWriter = new LogWriter(dir, segments, store, end, fault)
  // What a crash kept from being removed.
  segments.drop(log.base.index)
  return {
    disk: new NodeDisk(writer, store),
    restored: {
      hardState: log.hardState,
      base: log.base,
      entries: liveEntries(log),
      ...(snapshots?.newest === undefined ? {} : { snapshot: snapshots.newest }),
    },
    tornBytes: found?.last.tornBytes ?? 0,
  }
}

class NodeDisk implements Disk {
  readonly snapshots: SnapshotStore
  readonly #log: LogWriter
  #closing: Promise<void> | undefined

  constructor(log: LogWriter, snapshots: SnapshotStore) {
    this.#log = log
    this.snapshots = snapshots
  }

  write(request: WriteRequest): Promise<Written> {
    return this.#log.write(request)
  }

  close(): Promise<void> {
    // A snapshot that is being saved waits for the log.
    this.#closing ??= this.snapshots.close().then(() => this.#log.close())
    return this.#closing
  }
}

function begin(segments: Segments, identity: Identity, state: LogEnd['state']): Promise<OpenSegment> {
  const header = { node: identity.node, segment: 1, clusterHash: clusterHash(identity.clusterId), firstSequence: 1 }
  return segments.next(header, state)
}

/**
 * Cuts a torn tail and makes sure that the rest is durable. The last write may be in the page cache only, and after a
 * failed sync the kernel may call it clean though the disk never took it: so it is written again before the sync.
 */
async function settle(files: Files, last: LastSegment): Promise<OpenSegment> {
  const file = await files.open(last.path, 'open')
  try {
    if (last.tornBytes > 0) await file.truncate(last.end)
    await writeFully(file, last.lastWrite.bytes, last.lastWrite.offset)
    await file.sync()
  } finally {
    await file.close()
  }
  return { file: await files.open(last.path, 'through'), header: last.header, position: last.end }
}

/** A file that was never given its name. */
function isTemporary(name: string): boolean {
  if (name === SPARE_NAME) return true
  if (!name.endsWith('.tmp')) return false
  const whole = name.slice(0, -'.tmp'.length)
  return whole === IDENTITY_FILE || parseSnapshotName(whole)?.kind === 'snapshot'
}

const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENOENT', 'ENAMETOOLONG'])

function asDiskProblem(error: unknown, path: string): Problem {
  const isFailure = error instanceof Problem && error.code === 'disk-failed'
  if (error instanceof Problem && !isFailure) return error
  const original = isFailure ? error.cause : error
  const reason = original instanceof Error ? original.message : String(original)
  const code = original instanceof Error && 'code' in original && typeof original.code === 'string' ? original.code : ''
  if (UNWRITABLE.has(code)) return new Problem('directory-unwritable', { path, reason }, { cause: original })
  return isFailure ? error : new Problem('disk-failed', { path, operation: 'open', reason }, { cause: error })
}
