/** One register: read, write, and compare-and-set, as Jepsen's and Knossos' histories have it. */
import type { Model } from './model'

export type RegisterInput =
  | { readonly op: 'read' }
  | { readonly op: 'write'; readonly value: string }
  | { readonly op: 'cas'; readonly expected: string; readonly value: string }

/** read: what was there (null = nothing yet) · cas: whether it replaced something; undefined where the answer does not say. */
export interface RegisterOutput {
  readonly value?: string | null
  readonly done?: boolean
}

const NOTHING = ''
const stateOf = (value: string | null): string => (value === null ? NOTHING : `=${value}`)
const spellValue = (value: string | null): string => value ?? 'nothing'

function onlyLooks({ op }: RegisterInput, output: RegisterOutput | undefined): boolean {
  return op === 'read' || (op === 'cas' && output?.done === false)
}

/** Whether this call may have gone otherwise because `value` had been written before it. */
function sees(input: RegisterInput, output: RegisterOutput | undefined, value: string): boolean {
  switch (input.op) {
    case 'read':
      return output?.value === value
    case 'write':
      return false
    // Of one that replaced nothing nothing follows for what was there: it may have been this.
    case 'cas':
      return output?.done !== true || input.expected === value
  }
}

export const register: Model<RegisterInput, RegisterOutput> = {
  name: 'cas-register',
  initial: NOTHING,
  step(state, input, output) {
    switch (input.op) {
      case 'read':
        return output?.value === undefined || stateOf(output.value) === state ? state : undefined
      case 'write':
        return stateOf(input.value)
      case 'cas': {
        const holds = stateOf(input.expected) === state
        if (output?.done !== undefined && output.done !== holds) return undefined
        return holds ? stateOf(input.value) : state
      }
    }
  },
  onlyLooks,
  needs(input, output) {
    if (input.op === 'read') return output?.value === undefined ? undefined : stateOf(output.value)
    if (input.op === 'write' || (output !== undefined && output.done !== true)) return undefined
    return stateOf(input.expected)
  },
  forbids: (input, output) => (input.op === 'cas' && output?.done === false ? stateOf(input.expected) : undefined),
  makes: (input) => (input.op === 'read' ? undefined : stateOf(input.value)),
  adds: () => undefined,
  growsFrom: (whole, start) => whole === start,
  isTraceless(input, output, rest) {
    switch (input.op) {
      case 'read':
      case 'cas':
        return onlyLooks(input, output)
      case 'write':
        return rest.every((other) => !sees(other.input, other.output, input.value))
    }
  },
  spell(input, output) {
    switch (input.op) {
      case 'read':
        return `read → ${output?.value === undefined ? '?' : spellValue(output.value)}`
      case 'write':
        return `write ${input.value}${output === undefined ? ' → ?' : ''}`
      case 'cas': {
        if (output?.done === undefined) return `cas ${input.expected} ${input.value} → ?`
        return `cas ${input.expected} ${input.value} → ${output.done ? 'done' : 'not done'}`
      }
    }
  },
  spellState: (state) => spellValue(state === NOTHING ? null : state.slice(1)),
}
