import type { TimelineEvent } from '../../node/contract/events'
import { EVENT_FIELDS } from '../../node/contract/events'
import type { Entry } from '../../raft/types'
import { entryView } from './entry'
import { shownText } from './text'
import type { EntryView, EventView } from './types'

type Convert = (value: never) => string | readonly EntryView[]

/** Per kind, the fields that do not cross as they are; follows from the table of events, so new kinds need no code. */
const CONVERTED: ReadonlyMap<string, readonly (readonly [field: string, convert: Convert])[]> = new Map(
  Object.entries(EVENT_FIELDS).flatMap(([kind, { fields }]) => {
    const converted = Object.entries(fields).flatMap(([field, type]): [string, Convert][] => {
      if (type === 'bytes') return [[field, (value: Uint8Array) => shownText(value)]]
      if (type === 'entries') return [[field, (value: readonly Entry[]) => value.map(entryView)]]
      return []
    })
    return converted.length > 0 ? [[kind, converted] as const] : []
  }),
)

/** A timeline event as a window gets it: the same fields, entries and bytes readable. */
export function eventView(event: TimelineEvent): EventView {
  const converted = CONVERTED.get(event.kind)
  if (!converted) return event as EventView
  const view: Record<string, unknown> = { ...event }
  for (const [field, convert] of converted) view[field] = convert(view[field] as never)
  return view as unknown as EventView
}
