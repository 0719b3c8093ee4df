/** Whose directory this is, and whether that is who opens it. */
import { Problem } from '../contract/problem'
import { clusterHash, type Identity, readIdentity, type SegmentHeader, STORAGE_VERSION } from '../contract/records'

const spell = (identity: Identity) => `node ${identity.node} of cluster ${identity.clusterId}`

/** Throws Problem 'identity-mismatch' or 'storage-version' unless `bytes` say that the directory is `wanted`'s. */
export function checkIdentity(path: string, bytes: Uint8Array, wanted: Identity): void {
  const mismatch = (found: string) => new Problem('identity-mismatch', { path, found, wanted: spell(wanted) })
  const read = readIdentity(bytes)
  switch (read.kind) {
    case 'unreadable':
      throw mismatch(read.reason)
    case 'other-version':
      throw foreign(path, read.version)
    case 'known':
      if (spell(read.identity) !== spell(wanted)) throw mismatch(spell(read.identity))
  }
}

/** What the header of a segment or of a snapshot says of its owner. */
type Owner = Pick<SegmentHeader, 'version' | 'node' | 'clusterHash'>

/** The same for the owner that such a header names. */
export function checkOwner(path: string, header: Owner, wanted: Identity): void {
  if (header.version !== STORAGE_VERSION) throw foreign(path, header.version)
  const sameCluster = header.clusterHash === clusterHash(wanted.clusterId)
  if (header.node === wanted.node && sameCluster) return
  const found = `node ${header.node} of ${sameCluster ? `cluster ${wanted.clusterId}` : 'another cluster'}`
  throw new Problem('identity-mismatch', { path, found, wanted: spell(wanted) })
}

function foreign(path: string, given: number): Problem {
  return new Problem('storage-version', { path, given, known: STORAGE_VERSION })
}
