/**
 * Why a value does not keep to the language: the value and its schema are walked side by side, so that each finding names the
 * place, what may stand there and what does. zod alone would say of a misspelled step that it is none of forty shapes.
 */
import { z } from 'zod'
import { CONDITIONS, conditionSchema, conditionsSchema } from './conditions'
import { type Report, shown } from './issues'
import type { Path } from './places'
import { stepSchema } from './schema'
import { meant } from './spelling'
import { STEPS } from './steps'
import { boundSchema, durationSchema, nameSchema, whomSchema, whoSchema } from './values'

type Schema = z.core.$ZodType
type Mapping = Readonly<Record<string, unknown>>

/** Small words whose schemas are unions or patterns: one name says it all. */
const NAMED: ReadonlyMap<Schema, string> = new Map<Schema, string>([
  [durationSchema, '<duration>'],
  [whoSchema, '<who>'],
  [whomSchema, '<whom>'],
  [boundSchema, '<bound>'],
  [nameSchema, '<name>'],
])

/** Reports everything that is wrong with `value`. */
export function explain(schema: Schema, value: unknown, path: Path, report: Report): void {
  if (schema === stepSchema) explainStep(value, path, report)
  else if (schema === conditionSchema) explainCondition(value, path, report, true)
  else if (schema === conditionsSchema) {
    if (Array.isArray(value)) explainList(conditionSchema, value, path, report)
    else explainCondition(value, path, report, true)
  } else if (schema === whomSchema && Array.isArray(value)) explainList(whoSchema, value, path, report)
  else if (NAMED.has(schema)) explainNamed(schema, value, path, report)
  else explainPlain(schema, value, path, report)
}

function explainPlain(schema: Schema, value: unknown, path: Path, report: Report): void {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
      if (value !== undefined) explain(def.innerType, value, path, report)
      return
    case 'nullable':
      if (value !== null) explain(def.innerType, value, path, report)
      return
    case 'object':
      explainMapping(schema, def.shape, value, path, report)
      return
    case 'record':
      explainRecord(def, value, path, report)
      return
    case 'array':
      if (Array.isArray(value)) explainList(def.element, value, path, report, schema)
      else wrong(schema, value, path, report)
      return
    case 'union':
      explainUnion(schema, def, value, path, report)
      return
    default:
      explainScalar(schema, value, path, report)
  }
}

function explainStep(value: unknown, path: Path, report: Report): void {
  const kinds = Object.keys(STEPS).filter((kind) => kind !== 'note')
  if (!isMapping(value)) {
    report({ code: 'wrong-value', path, found: shown(value), expected: ['<mapping>'] })
    return
  }
  const keys = Object.keys(value)
  const done = keys.filter((key) => kinds.includes(key))
  const [kind] = done
  if (done.length > 1) {
    const second = done[1] ?? ''
    // `transfer` and `snapshot` are steps only: no step has a key beside it that is another step's name.
    report({ code: 'several-steps', path: [...path, second], at: 'key', found: done.join(', ') })
    return
  }
  if (kind !== undefined) {
    explain(STEPS[kind as keyof typeof STEPS], value, path, report)
    return
  }
  const beside = ['say', 'within', 'refused', 'name', 'background']
  const unknown = keys.find((key) => !beside.includes(key))
  if (unknown !== undefined) {
    const suggestion = meant(unknown, [...kinds, ...beside])
    report({ code: 'unknown-step', path: [...path, unknown], at: 'key', found: unknown, expected: kinds, suggestion })
  } else if (keys.length === 1 && keys[0] === 'say') explain(STEPS.note, value, path, report)
  else report({ code: 'no-step', path, found: keys.join(', '), expected: kinds })
}

function explainCondition(value: unknown, path: Path, report: Report, mayBeOpposite: boolean): void {
  const kinds = [...Object.keys(CONDITIONS), ...(mayBeOpposite ? ['not'] : [])]
  if (!isMapping(value)) {
    report({ code: 'wrong-value', path, found: shown(value), expected: ['<mapping>'] })
    return
  }
  const keys = Object.keys(value)
  const [kind, second] = keys.filter((key) => kinds.includes(key))
  const unknown = keys.find((key) => !kinds.includes(key))
  if (unknown !== undefined) {
    const suggestion = meant(unknown, kinds)
    const code = kind === undefined ? 'unknown-condition' : 'unknown-key'
    const expected = kind === undefined ? kinds : []
    report({ code, path: [...path, unknown], at: 'key', found: unknown, expected, suggestion })
  } else if (second !== undefined) {
    report({ code: 'several-conditions', path: [...path, second], at: 'key', found: keys.join(', ') })
  } else if (kind === undefined) report({ code: 'no-condition', path, expected: kinds })
  else if (kind === 'not') explainCondition(value.not, [...path, 'not'], report, false)
  else explain(CONDITIONS[kind as keyof typeof CONDITIONS], value, path, report)
}

function explainMapping(
  schema: Schema,
  shape: Readonly<Record<string, Schema>>,
  value: unknown,
  path: Path,
  report: Report,
): void {
  if (!isMapping(value)) {
    wrong(schema, value, path, report)
    return
  }
  const known = Object.keys(shape)
  const free = known.filter((key) => !Object.hasOwn(value, key))
  const misspelled = new Set<string>()
  let sound = true
  const noted: Report = (finding) => {
    sound = false
    report(finding)
  }
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(shape, key)) continue
    const suggestion = meant(key, free)
    misspelled.add(suggestion)
    noted({ code: 'unknown-key', path: [...path, key], at: 'key', found: key, expected: known, suggestion })
  }
  for (const [key, child] of Object.entries(shape)) {
    if (Object.hasOwn(value, key)) explain(child, value[key], [...path, key], noted)
    else if (child._zod.optin === undefined && !misspelled.has(key))
      noted({ code: 'missing-key', path, at: 'key', expected: [key] })
  }
  if (sound) explainRules(schema, value, path, report)
}

function explainRecord({ keyType, valueType }: z.core.$ZodRecordDef, value: unknown, path: Path, report: Report): void {
  if (!isMapping(value)) {
    report({ code: 'wrong-value', path, found: shown(value), expected: ['<mapping>'] })
    return
  }
  for (const [key, each] of Object.entries(value)) {
    if (!z.core.safeParse(keyType, key).success) {
      const expected = NAMED.get(keyType) ?? '<key>'
      report({ code: 'wrong-value', path: [...path, key], at: 'key', found: shown(key), expected: [expected] })
    }
    explain(valueType, each, [...path, key], report)
  }
}

function explainList(element: Schema, value: readonly unknown[], path: Path, report: Report, list?: Schema): void {
  value.forEach((each, at) => {
    explain(element, each, [...path, at], report)
  })
  if (list === undefined) {
    if (value.length === 0) report({ code: 'too-few', path, found: '0', expected: ['1'] })
    return
  }
  const { minimum, maximum } = list._zod.bag as { minimum?: number; maximum?: number }
  if (minimum !== undefined && value.length < minimum) {
    report({ code: 'too-few', path, found: String(value.length), expected: [String(minimum)] })
  }
  if (maximum !== undefined && value.length > maximum) {
    report({ code: 'too-many', path, found: String(value.length), expected: [String(maximum)] })
  }
}

function explainUnion(
  schema: Schema,
  { options, discriminator }: z.core.$ZodUnionDef & { readonly discriminator?: string },
  value: unknown,
  path: Path,
  report: Report,
): void {
  const fitting = options.filter((option) => accepts(option, value))
  const [first, second] = fitting
  if (first === undefined || (second !== undefined && !isMapping(value)) || isWords(first)) {
    if (!z.core.safeParse(schema, value).success) wrong(schema, value, path, report)
  } else if (second === undefined || !isMapping(value)) explain(first, value, path, report)
  else if (discriminator !== undefined) explainTagged(fitting, discriminator, value, path, report)
  else {
    // The one that has most of the keys is the one that was meant.
    const shared = (option: Schema): number => keysOf(option).filter((key) => Object.hasOwn(value, key)).length
    explain(
      fitting.reduce((best, option) => (shared(option) > shared(best) ? option : best)),
      value,
      path,
      report,
    )
  }
}

function explainTagged(options: readonly Schema[], tag: string, value: Mapping, path: Path, report: Report): void {
  if (!Object.hasOwn(value, tag)) {
    report({ code: 'missing-key', path, at: 'key', expected: [tag] })
    return
  }
  const tagOf = (option: Schema): readonly string[] => {
    const { def } = (option as z.core.$ZodTypes)._zod
    const child = def.type === 'object' ? def.shape[tag] : undefined
    return child === undefined ? [] : expectedOf(child)
  }
  const chosen = options.find((option) => tagOf(option).includes(String(value[tag])))
  if (chosen !== undefined) {
    explain(chosen, value, path, report)
    return
  }
  const expected = options.flatMap(tagOf)
  const suggestion = meant(String(value[tag]), expected)
  report({ code: 'wrong-value', path: [...path, tag], found: shown(value[tag]), expected, suggestion })
}

function explainNamed(schema: Schema, value: unknown, path: Path, report: Report): void {
  if (!z.core.safeParse(schema, value).success) wrong(schema, value, path, report)
}

function explainScalar(schema: Schema, value: unknown, path: Path, report: Report): void {
  const checked = z.core.safeParse(schema, value)
  if (checked.success) return
  const [issue] = checked.error.issues
  if (issue?.code === 'too_small' || issue?.code === 'too_big') {
    const small = issue.code === 'too_small'
    const limit = String(issue.code === 'too_small' ? issue.minimum : issue.maximum)
    const isLength = typeof value === 'string'
    const code = isLength ? (small ? 'too-few' : 'too-many') : small ? 'too-small' : 'too-large'
    report({ code, path, found: isLength ? String(value.length) : shown(value), expected: [limit] })
  } else if (issue?.code === 'invalid_format' || issue?.code === 'custom') {
    report({ code: 'rule', path, found: shown(value), expected: [issue.message] })
  } else wrong(schema, value, path, report)
}

/** Rules about a whole mapping, which its parts alone don't show. */
function explainRules(schema: Schema, value: Mapping, path: Path, report: Report): void {
  const checked = z.core.safeParse(schema, value)
  if (checked.success) return
  for (const issue of checked.error.issues) {
    if (issue.code === 'custom' && issue.path.length === 0) {
      report({ code: 'rule', path, found: shown(value), expected: [issue.message] })
    }
  }
}

function wrong(schema: Schema, value: unknown, path: Path, report: Report): void {
  const expected = [...new Set(expectedOf(schema))]
  const suggestion = typeof value === 'string' ? meantValue(schema, value, expected) : ''
  report({ code: 'wrong-value', path, found: shown(value), expected, suggestion })
}

function meantValue(schema: Schema, value: string, expected: readonly string[]): string {
  const isNode = schema === whoSchema || schema === whomSchema || expected.includes('<who>')
  const words = expected.filter((word) => !word.startsWith('<'))
  const candidates = isNode ? [...words, 'leader', ...(schema === whomSchema ? ['all', 'followers'] : [])] : words
  const near = meant(value, candidates)
  if (near !== '' || !isNode) return near
  // `old` where `$old` belongs, `n2` where 2 does.
  const number = /^n([1-9]\d*)$/.exec(value)?.[1]
  return number ?? (nameSchema.safeParse(value).success ? `$${value}` : '')
}

/** What may stand there: single words, and shapes in angle brackets. */
function expectedOf(schema: Schema): readonly string[] {
  const named = NAMED.get(schema)
  if (named !== undefined) return [named]
  const { def, bag } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'string':
      return ['<text>']
    case 'number':
      return ['format' in bag ? '<whole-number>' : '<number>']
    case 'boolean':
      return ['<yes-no>']
    case 'literal':
      return def.values.map((value) => String(value))
    case 'enum':
      return Object.values(def.entries).map((value) => String(value))
    case 'array':
      return ['<list>']
    case 'object':
    case 'record':
      return ['<mapping>']
    case 'union':
      return def.options.flatMap(expectedOf)
    case 'nullable':
      return [...expectedOf(def.innerType), 'null']
    case 'optional':
    case 'default':
    case 'prefault':
      return expectedOf(def.innerType)
    default:
      return []
  }
}

/** One of some words: not being one of them, a value may as well have been meant as something else. */
function isWords(schema: Schema): boolean {
  const { type } = (schema as z.core.$ZodTypes)._zod.def
  return type === 'literal' || type === 'enum'
}

/** Whether a value is of the kind that the schema is about, right or wrong. */
function accepts(schema: Schema, value: unknown): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'object':
    case 'record':
      return isMapping(value)
    case 'array':
      return Array.isArray(value)
    case 'union':
      return def.options.some((option) => accepts(option, value))
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === def.type
    case 'literal':
      return def.values.some((each) => typeof each === typeof value)
    case 'enum':
      return typeof value === 'string'
    default:
      return z.core.safeParse(schema, value).success
  }
}

function keysOf(schema: Schema): readonly string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  return def.type === 'object' ? Object.keys(def.shape) : []
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every value with the schema that it keeps to, from the outside in. `value` must keep to `schema`. */
export function walk(
  schema: Schema,
  value: unknown,
  path: Path,
  visit: (schema: Schema, value: unknown, path: Path) => void,
): void {
  visit(schema, value, path)
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
    case 'nullable':
      if (value !== undefined && value !== null) walk(def.innerType, value, path, visit)
      return
    case 'object':
      if (isMapping(value)) {
        for (const [key, child] of Object.entries(def.shape)) {
          if (Object.hasOwn(value, key)) walk(child, value[key], [...path, key], visit)
        }
      }
      return
    case 'record':
      if (isMapping(value)) {
        for (const [key, each] of Object.entries(value)) walk(def.valueType, each, [...path, key], visit)
      }
      return
    case 'array':
      if (Array.isArray(value)) value.forEach((each, at) => void walk(def.element, each, [...path, at], visit))
      return
    case 'union': {
      const option = def.options.find((each) => z.core.safeParse(each, value).success)
      if (option !== undefined) walk(option, value, path, visit)
      return
    }
    default:
  }
}
