/** Values as EDN. */

export type EdnKeyword = { readonly keyword: string }
export type EdnValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | EdnKeyword
  | readonly EdnValue[]
  | ReadonlyMap<string, EdnValue>

export const keyword = (name: string): EdnKeyword => ({ keyword: name })

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** Other control characters stand for themselves in EDN's strings, but a line of a history is one line. */
function stringToEdn(text: string): string {
  const escaped = text.replace(
    /["\\\p{Cc}\u2028\u2029]/gu,
    (char) => ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `"${escaped}"`
}

/** What may stand in a keyword; anything else becomes a dash. */
const keywordToEdn = (name: string): string => `:${name.replace(/[^A-Za-z0-9*+!_?<>=.-]/g, '-') || '-'}`

export function toEdn(value: EdnValue): string {
  if (value === null) return 'nil'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'nil'
  if (typeof value === 'string') return stringToEdn(value)
  if (value instanceof Uint8Array) return `#raft/base64 ${stringToEdn(Buffer.from(value).toString('base64'))}`
  if (value instanceof Map) {
    const pairs = Array.from(
      value as ReadonlyMap<string, EdnValue>,
      ([key, one]) => `${keywordToEdn(key)} ${toEdn(one)}`,
    )
    return `{${pairs.join(', ')}}`
  }
  if (Array.isArray(value)) return `[${(value as readonly EdnValue[]).map(toEdn).join(' ')}]`
  return keywordToEdn((value as EdnKeyword).keyword)
}

/** The details of a fault: what its JSON says, or, where it is none, the text. */
export function ednOfDetail(detail: string): EdnValue {
  try {
    return ednOfJson(JSON.parse(detail))
  } catch {
    return detail
  }
}

/** A parsed JSON value; its objects become maps with keywords. */
function ednOfJson(value: unknown): EdnValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') {
    return value
  }
  if (Array.isArray(value)) return value.map(ednOfJson)
  if (typeof value !== 'object') return null
  return new Map(Object.entries(value).map(([key, one]) => [key, ednOfJson(one)]))
}
