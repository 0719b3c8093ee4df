/**
 * JSON Lines: a header line, then one event per line. Keys come in one order and every value in one form, so export →
 * import → export gives the same bytes. `docs/recording-format.md` describes the lines.
 */
import {
  EVENT_FIELDS,
  EVENT_KINDS,
  type EventKind,
  type FieldType,
  type TimelineEvent,
} from '../../node/contract/events'
import type { TimelineSource } from '../api'
import type { Exporter, ExportSelection } from './exporter'
import { selected, TextChunks } from './select'
import { type Json, numberToJson, valueToJson } from './values'

export const JSONL_FORMAT = 'raft-workbench-timeline'
export const JSONL_VERSION = 3
/** Lines of these versions are read: version 2 only knew fewer kinds, and fewer words in some fields. */
export const READABLE_VERSIONS: readonly unknown[] = [2, JSONL_VERSION]

export interface JsonlHeader {
  readonly clusterId: string
  readonly clusterName: string
  /** ISO 8601 wall time of t = 0. */
  readonly began: string
}

/** Names and types of a kind's fields, in order. */
export const FIELDS_BY_KIND: ReadonlyMap<EventKind, readonly (readonly [string, FieldType])[]> = new Map(
  EVENT_KINDS.map((kind) => [kind, Object.entries<FieldType>(EVENT_FIELDS[kind].fields)]),
)

export function headerLine({ clusterId, clusterName, began }: JsonlHeader): string {
  return `${JSON.stringify({ format: JSONL_FORMAT, version: JSONL_VERSION, clusterId, clusterName, began })}\n`
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
  await chunks.add(headerLine(source.info()))
  let events = 0
  for await (const batch of selected(source, { selection, signal, progress })) {
    for (const event of batch) await chunks.add(eventLine(event))
    events += batch.length
  }
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
