/** The question that an event raises, in the words of what it is. Pure. */
import type { EventView } from '../../../preload/contract'

export function questionOf(event: EventView): { readonly key: string; readonly named: Record<string, unknown> } {
  const node = `n${event.node}`
  switch (event.kind) {
    case 'role':
      if (event.role === 'leader') return { key: 'causality.whyLeader', named: { node } }
      if (event.role === 'candidate' || event.role === 'pre-candidate') {
        return { key: 'causality.whyCandidate', named: { node } }
      }
      break
    case 'answer':
      return { key: 'causality.whyAnswer', named: {} }
    case 'dropped':
      return { key: 'causality.whyDropped', named: {} }
    case 'remark':
      if (event.name.includes('refused')) return { key: 'causality.whyRefused', named: { node } }
      break
    case 'committed':
      return { key: 'causality.whyDecided', named: { index: event.commitIndex } }
    default:
  }
  return { key: 'causality.whyOf', named: {} }
}

/** What stands in an event, as a machine says it; times and numbers of its reporter stand elsewhere. */
export function fieldsOf(event: EventView): readonly (readonly [field: string, value: string])[] {
  const shown: [string, string][] = []
  for (const [field, value] of Object.entries(event)) {
    if (field === 'seq' || field === 't' || field === 'kind' || field === 'node') continue
    if (Array.isArray(value)) shown.push([field, String(value.length)])
    else if (value !== '') shown.push([field, value === Number.POSITIVE_INFINITY ? '∞' : String(value)])
  }
  return shown
}
