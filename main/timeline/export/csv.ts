/**
 * CSV as RFC 4180 has it: one row per event, under one header. What many kinds have in common stands in columns of its own,
 * so that a spreadsheet can filter by it; the rest of an event is one JSON object in the last column, in the same form as
 * in JSON Lines. `docs/user-guide.md` describes the columns.
 */
import type { TimelineEvent } from '../../node/contract/events'
import type { TimelineNote } from '../notes'
import type { Exporter } from './exporter'
import { FIELDS_BY_KIND } from './jsonl'
import { notedIn } from './noted'
import { selected, TextChunks } from './select'
import { type Json, numberToJson, valueToJson } from './values'

/** Fields that many kinds have; empty where a kind has none. */
const SHARED = ['term', 'index', 'peer', 'message', 'id'] as const
const SHARED_NAMES: ReadonlySet<string> = new Set(SHARED)
export const CSV_COLUMNS = ['seq', 'seconds', 't', 'node', 'n', 'kind', ...SHARED, 'fields'] as const

/** Only these characters need quotes around them. */
const SPECIAL = /[",\r\n]/

export function csvCell(value: string): string {
  return SPECIAL.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

export function csvRow(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/** The cells of one event, in the order of {@link CSV_COLUMNS}. */
export function csvCells(event: TimelineEvent): readonly string[] {
  const values = event as Readonly<Record<string, unknown>>
  const fields = FIELDS_BY_KIND.get(event.kind) ?? []
  const rest: Record<string, Json> = {}
  const shared = new Map<string, string>()
  for (const [name, type] of fields) {
    const value = valueToJson(type, values[name])
    if (SHARED_NAMES.has(name)) shared.set(name, String(value))
    else rest[name] = value
  }
  const { seq, t, node, n, kind } = event
  return [
    String(seq),
    (t / 1e9).toFixed(9),
    String(numberToJson(t)),
    String(node),
    String(numberToJson(n)),
    kind,
    ...SHARED.map((name) => shared.get(name) ?? ''),
    JSON.stringify(rest),
  ]
}

/** A person's note is a row of its own kind, with the number of the event before which its moment lies. */
export function noteCells({ id, seq, t, text, created }: TimelineNote): readonly string[] {
  const shared = SHARED.map((name) => (name === 'id' ? id : ''))
  return [
    String(seq),
    (t / 1e9).toFixed(9),
    String(t),
    '0',
    '',
    'bookmark',
    ...shared,
    JSON.stringify({ text, created }),
  ]
}

export const csvExporter: Exporter = {
  format: 'csv',
  extension: 'csv',
  mediaType: 'text/csv; charset=utf-8; header=present',
  async write(source, wish, write) {
    const chunks = new TextChunks(write)
    await chunks.add(csvRow(CSV_COLUMNS))
    const noted = await notedIn(source, wish.selection)
    let events = 0
    for await (const batch of selected(source, wish)) {
      for (const event of batch) {
        for (const note of noted.before(event.seq)) await chunks.add(csvRow(noteCells(note)))
        await chunks.add(csvRow(csvCells(event)))
      }
      events += batch.length
    }
    for (const note of noted.rest()) await chunks.add(csvRow(noteCells(note)))
    await chunks.end()
    return { events, leftOut: [] }
  },
}
