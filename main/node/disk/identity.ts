/** `identity.json`: whose directory this is. */
import { z } from 'zod'
import { Problem } from '../contract/problem'
import { clusterHash, type SegmentHeader, STORAGE_VERSION } from '../contract/records'
import { type Files, writeWhole } from './files'

z.config({ jitless: true })

export interface Identity {
  readonly clusterId: string
  readonly node: number
}

export const IDENTITY_FILE = 'identity.json'

const anyVersion = z.object({ format: z.number() })
const identitySchema = z.object({
  format: z.literal(STORAGE_VERSION),
  clusterId: z.string().min(1),
  node: z.number().int().min(1).max(65535),
})

const spell = (identity: Identity) => `node ${identity.node} of cluster ${identity.clusterId}`

/** Throws Problem 'identity-mismatch' or 'storage-version' unless `text` says that the directory is `wanted`'s. */
export function checkIdentity(path: string, text: string, wanted: Identity): void {
  const mismatch = (found: string) => new Problem('identity-mismatch', { path, found, wanted: spell(wanted) })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw mismatch('a file that is not JSON')
  }
  const version = anyVersion.safeParse(json)
  if (version.success) checkVersion(path, version.data.format)
  const found = identitySchema.safeParse(json)
  if (!found.success) throw mismatch('a file that names no node')
  const { clusterId, node } = found.data
  if (clusterId !== wanted.clusterId || node !== wanted.node) throw mismatch(spell(found.data))
}

/** The same for the owner that a segment's header names. */
export function checkOwner(path: string, header: SegmentHeader, wanted: Identity): void {
  checkVersion(path, header.version)
  if (header.node === wanted.node && header.clusterHash === clusterHash(wanted.clusterId)) return
  const cluster =
    header.clusterHash === clusterHash(wanted.clusterId) ? `cluster ${wanted.clusterId}` : 'another cluster'
  throw new Problem('identity-mismatch', { path, found: `node ${header.node} of ${cluster}`, wanted: spell(wanted) })
}

function checkVersion(path: string, given: number): void {
  if (given !== STORAGE_VERSION) throw new Problem('storage-version', { path, given, known: STORAGE_VERSION })
}

export async function writeIdentity(files: Files, path: string, identity: Identity): Promise<void> {
  const text = `${JSON.stringify({ format: STORAGE_VERSION, clusterId: identity.clusterId, node: identity.node })}\n`
  const file = await writeWhole(files, path, new TextEncoder().encode(text))
  await file.close()
}
