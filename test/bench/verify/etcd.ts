/**
 * Every put that etcd answered must be there when a quorum is asked: for each key the newest revision is at least that
 * of the last answer, and the value is the one which that revision put.
 */
import { keyOf, writeOf } from '../load/writes'
import type { EtcdCluster } from '../systems/etcd'
import { Failed } from '../unable'

/** Returns how many writes were found; throws {@link Failed}. */
export async function verifyEtcd(cluster: EtcdCluster, acknowledged: ReadonlyMap<number, number>): Promise<number> {
  const newest = new Map((await cluster.read('bench/')).map((entry) => [entry.key, entry]))
  for (const [write, revision] of acknowledged) {
    const entry = newest.get(keyOf(write))
    if (entry === undefined) throw new Failed(`etcd: write ${write} was answered, but its key is not there`)
    if (entry.revision < revision) {
      throw new Failed(`etcd: write ${write} was answered at revision ${revision}, its key is at ${entry.revision}`)
    }
    if (entry.revision === revision && writeOf(entry.value) !== write) {
      throw new Failed(`etcd: revision ${revision} was answered for write ${write}, and holds another value`)
    }
  }
  return acknowledged.size
}
