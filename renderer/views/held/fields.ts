/** A message's fields as they are shown and edited: flat ones as text fields, lists and objects as JSON. Pure. */
import type { MessageJson } from '../../../preload/contract'

/** Who speaks to whom of what cannot be changed. */
const FIXED: readonly string[] = ['type', 'from', 'to']

export type FieldKind = 'number' | 'flag' | 'json'
export interface Field {
  readonly name: string
  readonly kind: FieldKind
  /** As it is written into a text field; a flag's is `true` or `false`. */
  readonly text: string
}

const kindOf = (value: unknown): FieldKind =>
  typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'flag' : 'json'

/** What can be changed, in the order of the message. */
export function fieldsOf(message: MessageJson): readonly Field[] {
  return Object.entries(message).flatMap(([name, value]) => {
    if (FIXED.includes(name)) return []
    const kind = kindOf(value)
    return [{ name, kind, text: kind === 'json' ? JSON.stringify(value, null, 1) : String(value) }]
  })
}

/** Why a text is not a value of this kind: `number`, or what JSON says. Undefined when it is one. */
export function problemOf(kind: FieldKind, text: string): { readonly json: string } | 'number' | undefined {
  if (kind === 'number') return /^\d+$/.test(text.trim()) && Number.isSafeInteger(Number(text)) ? undefined : 'number'
  if (kind === 'flag') return undefined
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return { json: error instanceof Error ? error.message : String(error) }
  }
}

function readValue(kind: FieldKind, text: string): unknown {
  if (kind === 'number') return Number(text)
  return kind === 'flag' ? text === 'true' : (JSON.parse(text) as unknown)
}

/** The message with these texts in place of its own; every text must be without a problem. */
export function withTexts(message: MessageJson, texts: Readonly<Record<string, string>>): unknown {
  const changed = fieldsOf(message).map(({ name, kind, text }) => [name, readValue(kind, texts[name] ?? text)] as const)
  return { ...message, ...Object.fromEntries(changed) }
}

/** One row of a hex dump: where it begins, and its bytes in pairs of digits. */
export interface HexRow {
  readonly offset: string
  readonly bytes: readonly string[]
}

export function hexRows(hex: string, width: number): readonly HexRow[] {
  const bytes = hex.match(/../g) ?? []
  const rows: HexRow[] = []
  const digits = bytes.length > 256 ? 4 : 2
  for (let at = 0; at < bytes.length; at += width) {
    rows.push({ offset: at.toString(16).padStart(digits, '0'), bytes: bytes.slice(at, at + width) })
  }
  return rows
}
