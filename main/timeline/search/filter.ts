/**
 * The filter language of the timeline: `term = 3 and kind = vote`, `node:2 index>48`, or plain words of either language
 * (words.ts); everything must match. The window, the search over a whole recording and every export mean the same by it. Pure.
 */
import { operationSubject, subjectOf } from '../diagram/details'
import type { EventView } from '../views/types'
import { FIELD_WORDS, KIND_WORDS } from './words'

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>='

type Clause =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'compare'; readonly field: Field; readonly operator: Operator; readonly value: string }

export const FIELDS = ['term', 'kind', 'node', 'from', 'to', 'index', 'key', 'seq', 'role', 'state'] as const
type Field = (typeof FIELDS)[number]

export interface Filter {
  readonly text: string
  readonly empty: boolean
  matches(event: EventView): boolean
}

const CLAUSE = /([a-z]+)\s*(!=|<=|>=|=|<|>|:)\s*("[^"]*"|\S+)|"([^"]*)"|(\S+)/gi

export function parseFilter(text: string): Filter {
  const clauses: Clause[] = []
  for (const found of text.matchAll(CLAUSE)) {
    const [whole, field, operator, value, quoted, word] = found
    const known = FIELDS.find((name) => name === field?.toLowerCase())
    if (known !== undefined && operator !== undefined && value !== undefined) {
      const op = operator === ':' ? '=' : (operator as Operator)
      clauses.push({ kind: 'compare', field: known, operator: op, value: value.replaceAll('"', '').toLowerCase() })
      continue
    }
    const plain = (quoted ?? word ?? whole).toLowerCase()
    if (plain !== 'and' && plain !== '&&' && plain !== '') clauses.push({ kind: 'word', word: plain })
  }
  return {
    text,
    empty: clauses.length === 0,
    matches: (event) => clauses.every((clause) => matchesClause(clause, event)),
  }
}

function matchesClause(clause: Clause, event: EventView): boolean {
  if (clause.kind === 'word') return textOf(event).includes(clause.word)
  return valuesOf(event, clause.field).some((value) => compare(value, clause.operator, clause.value))
}

function compare(value: number | string, operator: Operator, wanted: string): boolean {
  if (typeof value === 'string') {
    const same = value.toLowerCase().includes(wanted)
    return operator === '=' ? same : operator === '!=' ? !same : false
  }
  const number = Number(wanted.replace(/^[nt]/, ''))
  switch (operator) {
    case '=':
      return value === number
    case '!=':
      return value !== number
    case '<':
      return value < number
    case '<=':
      return value <= number
    case '>':
      return value > number
    case '>=':
      return value >= number
  }
}

function valuesOf(event: EventView, field: Field): readonly (number | string)[] {
  const has = event as unknown as Readonly<Record<string, number | string | undefined>>
  const pick = (...names: readonly string[]) =>
    names.map((name) => has[name]).filter((v): v is number | string => v !== undefined)
  switch (field) {
    case 'term':
      return pick('term', 'currentTerm')
    case 'kind':
      return [kindWords(event)]
    case 'node':
      return nodesOf(event)
    case 'from':
      return event.kind === 'sent'
        ? [event.node]
        : event.kind === 'received'
          ? [event.peer]
          : event.kind === 'dropped'
            ? [event.sender]
            : pick('from')
    case 'to':
      return event.kind === 'sent'
        ? [event.peer]
        : event.kind === 'received'
          ? [event.node]
          : event.kind === 'dropped'
            ? [event.receiver]
            : pick('to')
    case 'index':
      return pick('index', 'commitIndex', 'lastApplied', 'lastIndex', 'firstIndex', 'fromIndex', 'matchIndex')
    case 'key':
      return pick('key')
    case 'seq':
      return [event.seq]
    case 'role':
      return pick('role')
    case 'state':
      return pick('state')
  }
}

/** All nodes that an event is about. */
export function nodesOf(event: EventView): readonly number[] {
  switch (event.kind) {
    case 'sent':
    case 'received':
    case 'held':
    case 'released':
    case 'copied':
    case 'moved':
      return [event.node, event.peer]
    case 'dropped':
      return [event.sender, event.receiver]
    case 'link':
    case 'rules':
      return [event.from, event.to]
    case 'transfer':
      return [event.node, event.target]
    case 'operation': {
      const { node, changes } = operationSubject(event.detail)
      return [...(node > 0 ? [node] : []), ...changes.map((change) => change.node)]
    }
    case 'process':
    case 'output':
    case 'gap':
    case 'stop':
      return event.subject > 0 ? [event.subject] : []
    case 'fault':
      return subjectOf(event).nodes
    default:
      return event.node > 0 ? [event.node] : []
  }
}

/** Event kind and message type, with the word that people use for a message type. */
function kindWords(event: EventView): string {
  if (!('message' in event)) return event.kind
  const heartbeat = 'count' in event && event.message === 'AppendEntries' && event.count === 0
  return `${event.kind} ${event.message}${heartbeat ? ' heartbeat 心跳' : ''}`
}

/** Which fields of a kind are texts: the same in every event of it. */
const textFields = new Map<string, readonly string[]>()
/** Words of what was said before: most events say one of few things. */
const said = new Map<string, string>()
const REMEMBERED = 4_096

function textFieldsOf(event: EventView): readonly string[] {
  const known = textFields.get(event.kind)
  if (known !== undefined) return known
  const fields = Object.entries(event).flatMap(([name, value]) => (typeof value === 'string' ? [name] : []))
  textFields.set(event.kind, fields)
  return fields
}

/** All words about an event: the machine's own, and what people call them. */
function textOf(event: EventView): string {
  const has = event as unknown as Readonly<Record<string, string | number | undefined>>
  const values = textFieldsOf(event).map((name) => String(has[name] ?? ''))
  const key = `${kindWords(event)}\n${values.join('\n')}`
  let words = said.get(key)
  if (words === undefined) {
    const called = values.map((value) => FIELD_WORDS[value] ?? '')
    words = [kindWords(event), KIND_WORDS[event.kind], ...values, ...called].join(' ').toLowerCase()
    if (said.size >= REMEMBERED) said.clear()
    said.set(key, words)
  }
  for (const node of nodesOf(event)) words += ` n${node}`
  const term = has.term ?? has.currentTerm
  return term === undefined ? words : `${words} t${term}`
}
