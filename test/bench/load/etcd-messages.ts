/** The two messages of etcd's API that the load needs (`etcdserverpb` in its `rpc.proto`), by hand. */

export const PUT_METHOD = '/etcdserverpb.KV/Put'

const KEY_FIELD = 0x0a
const VALUE_FIELD = 0x12
/** Of a response: its header; of the header: the revision, and the term. */
const HEADER_FIELD = 1
const REVISION_FIELD = 3

/** A PutRequest. Keys are shorter than 128 bytes, values than 16384. */
export function putRequest(key: Uint8Array, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(2 + key.length + 3 + value.length)
  bytes[0] = KEY_FIELD
  bytes[1] = key.length
  bytes.set(key, 2)
  const at = 2 + key.length
  bytes[at] = VALUE_FIELD
  // A varint of two bytes, also where one would do.
  bytes[at + 1] = (value.length & 0x7f) | 0x80
  bytes[at + 2] = value.length >> 7
  bytes.set(value, at + 3)
  return bytes
}

/** The revision at which a PutResponse says that the put was committed; 0 when it does not say. */
export function revisionOf(response: Uint8Array): number {
  const reader = new Fields(response)
  for (let field = reader.next(); field !== undefined; field = reader.next()) {
    if (field.number !== HEADER_FIELD || field.bytes === undefined) continue
    const header = new Fields(field.bytes)
    for (let inner = header.next(); inner !== undefined; inner = header.next()) {
      if (inner.number === REVISION_FIELD) return inner.value
    }
  }
  return 0
}

interface Field {
  readonly number: number
  /** Of a varint. */
  readonly value: number
  readonly bytes: Uint8Array | undefined
}

class Fields {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  next(): Field | undefined {
    if (this.#at >= this.#bytes.length) return undefined
    const key = this.#varint()
    const number = Math.floor(key / 8)
    if (key % 8 === 0) return { number, value: this.#varint(), bytes: undefined }
    if (key % 8 !== 2) throw new Error(`unexpected protobuf wire type ${key % 8}`)
    const length = this.#varint()
    const bytes = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return { number, value: 0, bytes }
  }

  /** Exact up to 53 bits; ids that are longer are not looked at. */
  #varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new Error('a protobuf message ends in the middle')
      value += (byte & 0x7f) * factor
      if (byte < 128) return value
    }
  }
}
