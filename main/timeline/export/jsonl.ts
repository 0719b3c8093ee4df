/**
 * JSON Lines: a header line, then one event per line, and between them a line for each note that a person made beside the
 * recording. Keys come in one order and every value in one form, so export → import → export gives the same bytes. `docs/recording-format.md` describes the lines.
 */
import type { ForkOrigin } from '../../node/contract/disk-image'
import {
  EVENT_FIELDS,
  EVENT_KINDS,
  type EventKind,
  type FieldType,
  type TimelineEvent,
} from '../../node/contract/events'
import type { TimelineSource } from '../api'
import type { TimelineNote } from '../notes'
import type { Exporter, ExportSelection } from './exporter'
import { notedIn } from './noted'
import { selected, TextChunks } from './select'
import { type Json, numberToJson, valueToJson } from './values'

export const JSONL_FORMAT = 'raft-workbench-timeline'
export const JSONL_VERSION = 4
/** Lines of these versions are read: 3 knew no notes, 2 also fewer kinds, and fewer words in some fields. */
export const READABLE_VERSIONS: readonly unknown[] = [2, 3, JSONL_VERSION]

export interface JsonlHeader {
  readonly clusterId: string
  readonly clusterName: string
  /** ISO 8601 wall time of t = 0. */
  readonly began: string
  readonly forkedFrom?: ForkOrigin
}

/** Names and types of a kind's fields, in order. */
export const FIELDS_BY_KIND: ReadonlyMap<EventKind, readonly (readonly [string, FieldType])[]> = new Map(
  EVENT_KINDS.map((kind) => [kind, Object.entries<FieldType>(EVENT_FIELDS[kind].fields)]),
)

export function headerLine({ clusterId, clusterName, began, forkedFrom }: JsonlHeader): string {
  const header = { format: JSONL_FORMAT, version: JSONL_VERSION, clusterId, clusterName, began }
  return `${JSON.stringify(forkedFrom === undefined ? header : { ...header, forkedFrom: inOrder(forkedFrom) })}\n`
}

function inOrder({ recording, clusterId, clusterName, began, seq, t }: ForkOrigin): ForkOrigin {
  return { recording, clusterId, clusterName, began, seq, t }
}

export function eventLine(event: TimelineEvent): string {
  const values = event as Readonly<Record<string, unknown>>
  const line: Record<string, Json> = {
    seq: event.seq,
    t: numberToJson(event.t),
    node: event.node,
    n: numberToJson(event.n),
    kind: event.kind,
  }
  for (const [name, type] of FIELDS_BY_KIND.get(event.kind) ?? []) line[name] = valueToJson(type, values[name])
  return `${JSON.stringify(line)}\n`
}

/** Stands before the first event that its moment comes before. */
export function noteLine({ id, seq, t, text, created }: TimelineNote): string {
  return `${JSON.stringify({ note: id, seq, t, text, created })}\n`
}

export interface ExportOptions {
  /** Ends the export: `exportJsonl` then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Called after each block with the number of events looked at so far. */
  readonly progress?: ((events: number) => void) | undefined
}

/**
 * Writes a timeline, or a selection of it, as JSON Lines and returns the number of events. Memory stays bounded: `write`
 * is awaited. Throws what the source or `write` throws.
 */
export async function exportJsonl(
  source: TimelineSource,
  selection: ExportSelection,
  write: (chunk: string) => Promise<void>,
  { signal = new AbortController().signal, progress = () => undefined }: ExportOptions = {},
): Promise<number> {
  const chunks = new TextChunks(write)
  const noted = await notedIn(source, selection)
  await chunks.add(headerLine(source.info()))
  let events = 0
  for await (const batch of selected(source, { selection, signal, progress })) {
    for (const event of batch) {
      for (const note of noted.before(event.seq)) await chunks.add(noteLine(note))
      await chunks.add(eventLine(event))
    }
    events += batch.length
  }
  for (const note of noted.rest()) await chunks.add(noteLine(note))
  await chunks.end()
  return events
}

export const jsonlExporter: Exporter = {
  format: 'jsonl',
  extension: 'jsonl',
  mediaType: 'application/jsonl; charset=utf-8',
  async write(source, { selection, signal, progress }, write) {
    return { events: await exportJsonl(source, selection, write, { signal, progress }), leftOut: [] }
  },
}
