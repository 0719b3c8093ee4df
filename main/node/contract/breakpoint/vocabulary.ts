/** What the language knows by name: states, the fields of events, and what each can be compared with. */
import { EVENT_FIELDS, type FieldType, ROLES } from '../events'
import {
  ALIASES,
  BREAKPOINT_KINDS,
  type BreakpointKind,
  type Comparator,
  STATE_NAMES,
  STATE_SYNONYMS,
  type StateName,
} from './types'

/** `node`: a number that names one, 0 = none. `word`: any one. `list`: cannot be compared. */
export type ValueType = 'number' | 'node' | 'flag' | 'word' | 'list' | readonly string[]

const NODES = new Set(['peer', 'leader', 'votedFor', 'sender', 'receiver', 'target'])
/** Texts that hold lists or JSON. */
const LISTS = new Set(['voters', 'outgoing', 'learners', 'learnersNext', 'witnesses', 'detail'])

export function stateNamed(name: string): StateName | undefined {
  return (
    STATE_NAMES.find((state) => state === name) ??
    (Object.hasOwn(STATE_SYNONYMS, name) ? STATE_SYNONYMS[name] : undefined)
  )
}

export function stateType(name: StateName): ValueType {
  switch (name) {
    case 'role':
      return ROLES
    case 'quiescent':
      return 'flag'
    case 'votedFor':
    case 'leader':
      return 'node'
    default:
      return 'number'
  }
}

export function kindNamed(name: string): BreakpointKind | undefined {
  return BREAKPOINT_KINDS.find((kind) => kind === name)
}

export function fieldsOf(kind: BreakpointKind): readonly string[] {
  return Object.keys(EVENT_FIELDS[kind].fields)
}

/** Those that can be compared. */
export function comparableFields(kind: BreakpointKind): readonly string[] {
  return fieldsOf(kind).filter((field) => fieldType(kind, field) !== 'list')
}

/** `field` is one of {@link fieldsOf} the kind. */
export function fieldType(kind: BreakpointKind, field: string): ValueType {
  const fields: Readonly<Record<string, FieldType>> = EVENT_FIELDS[kind].fields
  const type = fields[field]
  switch (type) {
    case 'u16':
      return NODES.has(field) ? 'node' : 'number'
    case 'u8':
    case 'u32':
    case 'f64':
      return 'number'
    case 'flag':
      return 'flag'
    case 'text':
      return LISTS.has(field) ? 'list' : 'word'
    case 'bytes':
    case 'entries':
    case undefined:
      return 'list'
    default:
      return type
  }
}

const ALL: readonly Comparator[] = ['=', '!=', '<', '<=', '>', '>=']
const EQUALITY: readonly Comparator[] = ['=', '!=']
export function comparatorsOf(type: ValueType): readonly Comparator[] {
  // The likeliest of a number is "at least".
  return type === 'number' ? ['>=', ...ALL.filter((comparator) => comparator !== '>=')] : EQUALITY
}

export interface Alias {
  readonly text: string
  readonly words: readonly string[]
  readonly meaning: string
}
/** The longest first: one may begin with another. */
export const ALIAS_LIST: readonly Alias[] = Object.entries(ALIASES)
  .map(([text, meaning]) => ({ text, words: text.split(' '), meaning }))
  .sort((a, b) => b.words.length - a.words.length)

const MAX_NODE = 65_535
/** The number of a node that is written like `n2`; undefined when it is not one. */
export function nodeNamed(word: string): number | undefined {
  const digits = /^n(\d{1,5})$/i.exec(word)?.[1]
  const node = Number(digits)
  return digits !== undefined && node >= 1 && node <= MAX_NODE ? node : undefined
}
