/** What `JSON.parse` passes over: a name that an object has twice, of which it would keep the last. */
import { isObject } from '../export/values'

/** Strings, and what tells where an object begins, goes on and ends. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g

/**
 * The first name that an object of a JSON text has more than once; undefined: none has.
 * @param value what `JSON.parse` made of `text`
 */
export function twiceNamed(text: string, value: unknown): string | undefined {
  // Names are followed by a colon: when there are no more of those than names that were kept, all were.
  return pairsIn(text) <= namesIn(value) ? undefined : searched(text)
}

/** A quote and a colon also stand within strings: there may be fewer names than this, never more. */
function pairsIn(text: string): number {
  let count = 0
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    let before = at - 1
    while (/\s/.test(text[before] ?? '')) before--
    if (text[before] === '"') count++
  }
  return count
}

/** Of a value and all in it, however deep. */
function namesIn(value: unknown): number {
  let count = 0
  const left = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (isObject(next)) count += Object.keys(next).length
    if (typeof next === 'object' && next !== null) for (const item of Object.values(next)) left.push(item)
  }
  return count
}

function searched(text: string): string | undefined {
  const objects: Set<string>[] = []
  /** The last string: a name, when a colon follows. */
  let last = ''
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') objects.push(new Set())
    else if (token === '[') objects.push(NO_OBJECT)
    else if (token === '}' || token === ']') objects.pop()
    else if (token === ':') {
      const names = objects.at(-1)
      const name = String(JSON.parse(last))
      if (names?.has(name)) return name
      names?.add(name)
    } else if (token !== ',') last = token
  }
  return undefined
}

/** Lists have no names. */
const NO_OBJECT: Set<string> = new Set()
