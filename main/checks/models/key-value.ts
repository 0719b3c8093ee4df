/** A key-value store: put, get, delete, compare-and-set and append, key by key. */
import type { Model } from './model'

export type KeyValueInput =
  | { readonly op: 'get'; readonly key: string }
  | { readonly op: 'put'; readonly key: string; readonly value: string }
  | { readonly op: 'append'; readonly key: string; readonly value: string }
  | { readonly op: 'delete'; readonly key: string }
  /** `expected` null: if there is nothing. */
  | { readonly op: 'cas'; readonly key: string; readonly expected: string | null; readonly value: string }

/**
 * get: what was there (null = nothing) · delete and cas: whether something was removed or replaced, undefined where the answer does
 * not say · put and append: nothing is learnt.
 */
export interface KeyValueOutput {
  readonly value?: string | null
  readonly done?: boolean
}

/** Nothing is a state of its own: every value has this before it. */
const HELD = '='
const ABSENT = ''

const stateOf = (value: string | null): string => (value === null ? ABSENT : HELD + value)

export const keyValue: Model<KeyValueInput, KeyValueOutput> = {
  name: 'kv',
  initial: ABSENT,
  part: ({ key }) => key,
  step(state, input, output) {
    switch (input.op) {
      case 'get':
        return output?.value === undefined || stateOf(output.value) === state ? state : undefined
      case 'put':
        return HELD + input.value
      case 'append':
        return (state === ABSENT ? HELD : state) + input.value
      case 'delete':
        if (output?.done !== undefined && output.done !== (state !== ABSENT)) return undefined
        return ABSENT
      case 'cas': {
        const holds = stateOf(input.expected) === state
        if (output?.done !== undefined && output.done !== holds) return undefined
        return holds ? HELD + input.value : state
      }
    }
  },
  onlyLooks,
  needs(input, output) {
    switch (input.op) {
      case 'get':
        return output?.value === undefined ? undefined : stateOf(output.value)
      case 'cas':
        return output === undefined || output.done === true ? stateOf(input.expected) : undefined
      case 'delete':
        return output?.done === false ? ABSENT : undefined
      case 'put':
      case 'append':
        return undefined
    }
  },
  forbids(input, output) {
    if (input.op === 'cas' && output?.done === false) return stateOf(input.expected)
    return input.op === 'delete' && output?.done === true ? ABSENT : undefined
  },
  makes(input) {
    switch (input.op) {
      case 'put':
      case 'cas':
        return HELD + input.value
      case 'delete':
        return ABSENT
      case 'get':
      case 'append':
        return undefined
    }
  },
  adds: (input) => (input.op === 'append' ? input.value : undefined),
  growsFrom: (whole, start) => whole === start || whole.startsWith(start === ABSENT ? HELD : start),
  isTraceless(input, output, rest) {
    switch (input.op) {
      case 'get':
      case 'cas':
      case 'delete':
        return onlyLooks(input, output)
      case 'append':
        return false
      case 'put':
        return rest.every((other) => !sees(other.input, other.output, input.value))
    }
  },
  spell(input, output) {
    const unknown = output === undefined ? ' → ?' : ''
    switch (input.op) {
      case 'get':
        return `get ${input.key}${output?.value === undefined ? ' → ?' : ` → ${spellValue(output.value)}`}`
      case 'put':
        return `put ${input.key} ${spellValue(input.value)}${unknown}`
      case 'append':
        return `append ${input.key} ${spellValue(input.value)}${unknown}`
      case 'delete':
        return `delete ${input.key}${unknown || spellDone(output?.done)}`
      case 'cas':
        return `cas ${input.key} ${spellValue(input.expected)} ${spellValue(input.value)}${unknown || spellDone(output?.done)}`
    }
  },
  spellState: (state) => spellValue(state === ABSENT ? null : state.slice(HELD.length)),
}

/** A store in which every key holds the empty text before anything is put there. */
export const textStore: Model<KeyValueInput, KeyValueOutput> = { ...keyValue, initial: HELD }

function onlyLooks({ op }: KeyValueInput, output: KeyValueOutput | undefined): boolean {
  return op === 'get' || ((op === 'cas' || op === 'delete') && output?.done === false)
}

/** Whether this call may have gone otherwise because `value` had been put before it. */
function sees(input: KeyValueInput, output: KeyValueOutput | undefined, value: string): boolean {
  switch (input.op) {
    case 'get':
      return output?.value === value
    case 'put':
      return false
    // Of one that replaced nothing, and of these, nothing follows for what was there: it may have been this.
    case 'cas':
      return output?.done !== true || input.expected === value
    case 'append':
    case 'delete':
      return true
  }
}

function spellDone(done: boolean | undefined): string {
  if (done === undefined) return ''
  return done ? ' → done' : ' → not done'
}

function spellValue(value: string | null): string {
  if (value === null) return 'nothing'
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 18)}…${value.slice(-18)}` : value)
}
