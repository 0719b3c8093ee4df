/**
 * What crosses to a tab, as JSON text. A deadline that never comes is Infinity, for which JSON has no word: it is written as
 * a number that is too large for a double, which every reader of JSON takes for Infinity again.
 */
import { randomUUID } from 'node:crypto'

export function frameText(frame: unknown): string {
  if (!holdsInfinity(frame)) return JSON.stringify(frame)
  return JSON.stringify(frame, marked).replaceAll(`"${MARK}"`, '1e999')
}

/** Nobody else's text. */
const MARK = `infinity ${randomUUID()}`

function marked(_: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? MARK : value
}

/** Looking is much cheaper than writing by way of a function, and there hardly ever is one. */
function holdsInfinity(value: unknown): boolean {
  if (value === Number.POSITIVE_INFINITY) return true
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(holdsInfinity)
  for (const name in value) if (holdsInfinity((value as Record<string, unknown>)[name])) return true
  return false
}
