/** A client's call as a step. */
import type { TimelineEvent } from '../../node/contract/events'
import type { Fields } from './recorded'

/** A workload's clients call by its plan; its keys begin so (workload/types.ts). */
export function isOfWorkload({ key }: TimelineEvent<'invoke'>, workloads: ReadonlySet<number>): boolean {
  const id = /^load\/(\d+)\//.exec(key)?.[1]
  return id !== undefined && workloads.has(Number(id))
}

/** Undefined when its value is no text, or too long for the language. */
export function callStep(event: TimelineEvent<'invoke'>, via: unknown): Fields | undefined {
  const { op, key } = event
  const value = textIn(event.value)
  const expected = event.hasExpected ? textIn(event.expected) : null
  if (value === undefined || expected === undefined || key === '' || key.length > 256) return undefined
  const call = { key, ...(via === undefined ? {} : { via }) }
  switch (op) {
    case 'put':
    case 'append':
      return { [op]: { ...call, value } }
    case 'cas':
      return { cas: { ...call, expected, value } }
    case 'delete':
      return { delete: call }
    case 'get':
      return { get: { ...call, read: event.consistency } }
    default:
      return op satisfies never
  }
}

const MAX_VALUE = 65_536

function textIn(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.length > MAX_VALUE ? undefined : text
  } catch {
    return undefined
  }
}
