/**
 * The keys and their values, in buckets by a hash of the key. Buckets make a snapshot of a large store cheap in three
 * ways: taking one only marks them (whoever then writes to a bucket that is still to be read copies that one first, a
 * few hundred references), each is sorted by itself when it is read, so that the order does not depend on history, and
 * neither takes long at a time.
 */

/** A million keys are about 250 in each. */
const BUCKETS = 4096

interface Bucket {
  /** They are never changed in place. */
  readonly values: Map<string, Uint8Array>
  /** Snapshots that have yet to read it. */
  readers: number
}

/** FNV-1a over UTF-16 units. The order of a snapshot follows from it. */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  return (hash ^ (hash >>> 16)) & (BUCKETS - 1)
}

export class Pairs {
  /** Filled: making them one by one takes a quarter of a millisecond for each store. */
  readonly #buckets = new Array<Bucket | undefined>(BUCKETS).fill(undefined)
  #size = 0

  get size(): number {
    return this.#size
  }

  get(key: string): Uint8Array | undefined {
    return this.#buckets[bucketOf(key)]?.values.get(key)
  }

  /** Keeps `value` itself. Whether the key is new. */
  set(key: string, value: Uint8Array): boolean {
    const values = this.#writable(bucketOf(key))
    const before = values.size
    values.set(key, value)
    const isNew = values.size > before
    if (isNew) this.#size += 1
    return isNew
  }

  /** Whether it was there. */
  delete(key: string): boolean {
    const at = bucketOf(key)
    if (this.#buckets[at]?.values.has(key) !== true) return false
    this.#writable(at).delete(key)
    this.#size -= 1
    return true
  }

  /** All pairs as of now, in an order that depends on nothing but them. To be iterated once, at leisure. */
  frozen(): Iterable<readonly [string, Uint8Array]> {
    const buckets = this.#buckets.filter((bucket) => bucket !== undefined)
    for (const bucket of buckets) bucket.readers += 1
    return read(buckets)
  }

  #writable(at: number): Map<string, Uint8Array> {
    const bucket = this.#buckets[at]
    if (bucket?.readers === 0) return bucket.values
    const values = new Map(bucket?.values)
    this.#buckets[at] = { values, readers: 0 }
    return values
  }
}

function* read(buckets: readonly Bucket[]): Generator<readonly [string, Uint8Array]> {
  for (const bucket of buckets) {
    const pairs = [...bucket.values]
    bucket.readers -= 1
    yield* pairs.sort(([one], [other]) => (one < other ? -1 : 1))
  }
}
