/** Which snapshot a node starts from, before anything is changed ("Reading it back" in `docs/storage-format.md`). */
import { join } from 'node:path'
import type { Position, SnapshotMeta } from '../../../raft/types'
import {
  checkSnapshot,
  type Identity,
  lastIndexOf,
  type OpeningSnapshot,
  parseSnapshotName,
  type Replayed,
  receivedName,
  type SnapshotDamage,
  type SnapshotFileName,
  snapshotName,
} from '../../contract/records'
import type { Files } from '../files'
import { checkOwner } from '../owner'
import { type Recovered, corrupt as recordCorrupt } from '../recover'
import { corrupt } from './reading'
import type { FoundSnapshots } from './store'

export interface RecoveredSnapshots extends FoundSnapshots {
  /** The log was made to begin at this received file, which has not got its name yet. */
  readonly adopt: Position | undefined
  /** Names of files that nobody needs. */
  readonly leftOver: readonly string[]
}

/** Throws Problem 'snapshot-corrupt', 'record-corrupt', 'identity-mismatch' or 'storage-version'. */
export async function recoverSnapshots(
  files: Files,
  dir: string,
  names: readonly string[],
  identity: Identity,
  { log, last }: Pick<Recovered, 'log' | 'last'>,
): Promise<RecoveredSnapshots> {
  const found = names.map(parseSnapshotName).filter((name) => name !== undefined)
  found.sort((a, b) => b.index - a.index || b.term - a.term)
  const { installed, base } = log
  const adopt = found.find(
    (one) => one.kind === 'received' && installed !== undefined && isAt(one, installed) && isAt(one, base),
  )
  const candidates = found.filter((one) => one.kind === 'snapshot' || one === adopt)
  const check = (one: SnapshotFileName) => checked(files, join(dir, nameOf(one)), one, identity)

  let newest: SnapshotMeta | undefined
  let firstDamage: { readonly path: string; readonly damage: SnapshotDamage } | undefined
  for (const one of candidates) {
    if (one.index < base.index) break
    const opening = await check(one)
    if (opening.ok) {
      newest = opening.opened.header.meta
      break
    }
    firstDamage ??= { path: join(dir, nameOf(one)), damage: opening.damage }
  }
  if (newest === undefined && base.index > 0) {
    if (firstDamage !== undefined) {
      throw corrupt(firstDamage.path, firstDamage.damage.offset, firstDamage.damage.reason)
    }
    throw corrupt(join(dir, snapshotName(base)), 0, `the log begins after entry ${base.index}, its snapshot is missing`)
  }
  if (newest !== undefined) agree(dir, newest, log, last)

  const received: SnapshotMeta[] = []
  const leftOver: string[] = []
  for (const one of found) {
    if (one.kind !== 'received' || one === adopt) continue
    const opening = one.index > (newest?.index ?? 0) ? await check(one) : undefined
    // A damaged one was nobody's state yet: its leader sends it again.
    if (opening?.ok === true) received.push(opening.opened.header.meta)
    else leftOver.push(receivedName(one))
  }
  const others = candidates.filter((one) => one.kind === 'snapshot' && (newest === undefined || !isAt(one, newest)))
  if (newest === undefined || firstDamage !== undefined) return { newest, others, received, adopt, leftOver }
  return { newest, others: [], received, adopt, leftOver: [...leftOver, ...others.map(snapshotName)] }
}

/** Damage is part of the answer; a stranger's snapshot is thrown. */
async function checked(files: Files, path: string, position: Position, identity: Identity): Promise<OpeningSnapshot> {
  const file = await files.openToRead(path)
  try {
    const opening = await checkSnapshot(file)
    const header = opening.ok ? opening.opened.header : opening.header
    if (header === undefined) return opening
    checkOwner(path, header, identity)
    if (isAt(header.meta, position)) return opening
    const { index, term } = header.meta
    const reason = `it says that it is of entry ${index} of term ${term}`
    return { ok: false, damage: { offset: 0, reason }, header }
  } finally {
    await file.close()
  }
}

/** A snapshot is of an entry that the log has, or of the one before it begins. */
function agree(dir: string, { index, term }: SnapshotMeta, log: Replayed, last: Recovered['last']): void {
  const lastIndex = lastIndexOf(log)
  if (index > lastIndex) {
    const reason = `the log ends at entry ${lastIndex}, but the snapshot of entry ${index} proves that it reached further`
    throw recordCorrupt(last.path, last.end, last.records + 1, reason)
  }
  const stands = index === log.base.index ? log.base.term : log.entries[index - log.first]?.term
  if (stands === term) return
  const path = join(dir, snapshotName({ index, term }))
  throw corrupt(path, 0, `entry ${index} is of term ${stands} in the log`)
}

function nameOf(one: SnapshotFileName): string {
  return one.kind === 'snapshot' ? snapshotName(one) : receivedName(one)
}

function isAt(a: Position, b: Position): boolean {
  return a.index === b.index && a.term === b.term
}
