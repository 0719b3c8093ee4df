// Structured clone as text. `makeCodec` runs in Node and, by its source text, inside the page: it must stand alone.

export function makeCodec() {
  const ARRAYS = {
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  }

  function toBase64(bytes) {
    let text = ''
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
    return btoa(text)
  }

  function fromBase64(text) {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  }

  /** Anything but an object has no identity: it is written in place. */
  function encodePrimitive(value) {
    if (value === undefined) return ['undefined']
    if (typeof value === 'bigint') return ['bigint', String(value)]
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
      return ['number', Object.is(value, -0) ? '-0' : String(value)]
    }
    return value
  }

  function encode(root) {
    const seen = new Map()
    const write = (value) => {
      if (value === null || typeof value !== 'object') return encodePrimitive(value)
      if (seen.has(value)) return ['seen', seen.get(value)]
      const id = seen.size
      seen.set(value, id)
      if (Array.isArray(value)) return ['array', id, Array.from(value, write)]
      if (value instanceof Date) return ['date', id, value.getTime()]
      if (value instanceof Map) return ['map', id, [...value].map(([key, held]) => [write(key), write(held)])]
      if (value instanceof Set) return ['set', id, [...value].map(write)]
      if (value instanceof ArrayBuffer) return ['buffer', id, toBase64(new Uint8Array(value))]
      if (ArrayBuffer.isView(value)) {
        const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        return ['view', id, value.constructor.name, toBase64(bytes)]
      }
      if (value instanceof Error) return ['error', id, value.name, value.message]
      return ['object', id, Object.entries(value).map(([key, held]) => [key, write(held)])]
    }
    // The real algorithm first: it throws the real DataCloneError for functions, and drops prototypes.
    return JSON.stringify(write(structuredClone(root)))
  }

  function decode(text) {
    const seen = []
    const keep = (id, value) => {
      seen[id] = value
      return value
    }
    const readers = {
      undefined: () => undefined,
      bigint: (digits) => BigInt(digits),
      number: (digits) => Number(digits),
      seen: (id) => seen[id],
      array: (id, items) => {
        const array = keep(id, [])
        for (const item of items) array.push(read(item))
        return array
      },
      date: (id, time) => keep(id, new Date(time)),
      map: (id, pairs) => {
        const map = keep(id, new Map())
        for (const [key, held] of pairs) map.set(read(key), read(held))
        return map
      },
      set: (id, items) => {
        const set = keep(id, new Set())
        for (const item of items) set.add(read(item))
        return set
      },
      buffer: (id, bytes) => keep(id, fromBase64(bytes).buffer),
      view: (id, name, bytes) => {
        const { buffer } = fromBase64(bytes)
        const View = name === 'DataView' ? DataView : (ARRAYS[name] ?? Uint8Array)
        return keep(id, new View(buffer))
      },
      error: (id, name, message) => keep(id, Object.assign(new Error(message), { name })),
      object: (id, pairs) => {
        const object = keep(id, {})
        for (const [key, held] of pairs) object[key] = read(held)
        return object
      },
    }
    const read = (value) => (Array.isArray(value) ? readers[value[0]](...value.slice(1)) : value)
    return read(JSON.parse(text))
  }

  return { encode, decode }
}
