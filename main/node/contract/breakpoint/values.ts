/** What something can be compared with, as it is written and as it is meant. */
import { A_NODE, A_NUMBER } from './expectations'
import { nodeNamed, type ValueType } from './vocabulary'

/** What can be told of the values of a type. */
export function knownValues(type: ValueType): readonly string[] {
  switch (type) {
    case 'number':
      return [A_NUMBER]
    case 'node':
      return [A_NODE, 'none']
    case 'flag':
      return ['true', 'false']
    case 'word':
    case 'list':
      return []
    default:
      return type
  }
}

/** Undefined: it is none of this type. */
export function numberAs(type: ValueType, value: number): number | undefined {
  if (type === 'number') return value
  return type === 'node' && Number.isInteger(value) && value >= 0 ? value : undefined
}

/** Undefined: it is none of this type. */
export function wordAs(type: ValueType, word: string): string | number | boolean | undefined {
  const lower = word.toLowerCase()
  switch (type) {
    case 'number':
    case 'list':
      return undefined
    case 'node':
      return lower === 'none' ? 0 : nodeNamed(word)
    case 'flag':
      return lower === 'true' ? true : lower === 'false' ? false : undefined
    case 'word':
      return word
    default:
      return type.find((known) => known.toLowerCase() === lower)
  }
}
