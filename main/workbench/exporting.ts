import { setImmediate } from 'node:timers/promises'
import type { ExportWishInput, Language, SaveResult } from '../../preload/contract'
import { EVENT_KINDS, type EventKind, type TimelineEvent } from '../node/contract/events'
import { Problem } from '../node/contract/problem'
import type { Shown } from '../timeline'
import type { Damaged, RecordingInfo, TimelineSource } from '../timeline/api'
import { type Exported, type ExportFormat, type ExportSelection, exporterOf } from '../timeline/export'
import type { HostServices, Produce } from './api'
import { reasonOf, timeName, writeWhole } from './files'
import { shownOf } from './shown'
import type { TaskHandle, Tasks } from './tasks'

/** What was left out of a recording because its file is cut or damaged. */
export function damageOf(info: RecordingInfo): readonly Problem[] {
  const { path, bytes, truncatedBytes, events, corruptAt } = info
  return [
    ...(truncatedBytes > 0
      ? [new Problem('recording-truncated', { path, offset: bytes - truncatedBytes, events })]
      : []),
    ...(corruptAt === undefined ? [] : [new Problem('recording-corrupt', { path, offset: corruptAt })]),
  ]
}

/** Of pictures that nobody gave a width. */
const DEFAULT_WIDTH = 1_600

/** An export as somebody wants it; what is left out is chosen here. */
export interface Wanted {
  readonly format: ExportFormat
  readonly selection: ExportSelection
  readonly language: Language
  readonly theme?: 'dark' | 'light' | undefined
  readonly width?: number | undefined
  /** Pictures: how the window shows the diagram. */
  readonly shown?: Shown | undefined
  /** The page that an HTML export is put into. */
  readonly page?: string | undefined
}

/** A call's input as what is wanted; to the timeline, a missing bound means unbounded. */
export function wantedOf(given: ExportWishInput, language: Language, page: string | undefined): Wanted {
  const { format, theme, width, shown, language: words = language, ...bounds } = given
  const selection: ExportSelection = Object.fromEntries(
    Object.entries(bounds).filter(([, bound]) => bound !== undefined),
  )
  return { format, selection, language: words, theme, width, shown: shownOf(shown), page }
}

/**
 * A timeline in a format, as something that can be written anywhere. What stands in a damaged block is left out and counted,
 * and `damaged` is told of it; only a page needs every event.
 */
export function producer(
  source: TimelineSource,
  wanted: Wanted,
  progress: (events: number) => void,
  damaged: (problem: Problem) => void = () => undefined,
): Produce {
  const { selection, language, theme = 'dark', width = DEFAULT_WIDTH, shown } = wanted
  const exporter = exporterOf(wanted.format, wanted)
  const wish = { selection, language, theme, width, progress, ...(shown && { shown }) }
  return async (write, signal) => {
    let lost = 0
    const spared = sparing(source, (problem, events) => {
      lost += events
      damaged(problem)
    })
    const read = wanted.format === 'html' ? once(source) : spared
    const exported = await exporter.write(read, { ...wish, signal }, write)
    if (lost === 0) return exported
    return { ...exported, leftOut: [...exported.leftOut, { reason: 'no-data', events: lost }] }
  }
}

/** Events, and entries in them, that are told at once: what a window asks meanwhile waits a few milliseconds at each step of its answer. */
const AT_ONCE = 256

/** Asked for by their kinds, events are read for who asks: whatever else is read is kept, and an export reads everything once. */
const EVERY_KIND: ReadonlySet<EventKind> = new Set(EVENT_KINDS)

/** The same timeline, block by block, of which nothing is kept. Between blocks others have their turn. */
function once(source: TimelineSource): TimelineSource {
  return {
    info: () => source.info(),
    events: (range, limit) => source.events(range, limit),
    stateAt: (seq, signal, tail) => source.stateAt(seq, signal, tail),
    seqAt: (t) => source.seqAt(t),
    scan: async function* (range, signal, kinds, damaged) {
      for await (const batch of source.scan(range, signal, kinds ?? EVERY_KIND, damaged)) {
        yield batch
        await setImmediate()
      }
    },
    overview: (range, signal) => source.overview(range, signal),
    close: () => source.close(),
  }
}

/** Also in smaller steps, between which others have their turn, and with a reading that goes on behind a damaged block. */
function sparing(source: TimelineSource, damaged: Damaged): TimelineSource {
  return {
    ...once(source),
    scan: async function* (range, signal, kinds) {
      for await (const batch of source.scan(range, signal, kinds ?? EVERY_KIND, damaged)) {
        for (const step of stepsOf(batch)) {
          yield step
          await setImmediate()
        }
      }
    },
  }
}

function* stepsOf(batch: readonly TimelineEvent[]): Generator<readonly TimelineEvent[]> {
  let from = 0
  let weight = 0
  for (const [place, event] of batch.entries()) {
    // A node that starts tells its whole log: thousands of entries in one event.
    weight += event.kind === 'appended' ? 1 + event.entries.length : 1
    if (weight < AT_ONCE) continue
    yield batch.slice(from, place + 1)
    from = place + 1
    weight = 0
  }
  if (from < batch.length) yield batch.slice(from)
}

/** About how many events lie in a range: what progress is measured by. */
export async function eventsWithin(source: TimelineSource, range: ExportSelection): Promise<number> {
  const { events } = source.info()
  const { fromSeq = 0, toSeq = events, fromT, toT } = range
  // Where a bound lies in a damaged block nobody knows; that will be told when the block is read.
  const seqAt = (t: number | undefined, otherwise: number) =>
    t === undefined ? otherwise : source.seqAt(t).catch(() => otherwise)
  const from = Math.max(fromSeq, await seqAt(fromT, 0))
  const to = Math.min(toSeq, events, await seqAt(toT, events))
  return Math.max(0, to - from)
}

/**
 * Writes an export to a file; under the final name there is either all of it or what was there before.
 * @throws {Problem} 'export-failed', 'export-cancelled', or why this timeline cannot be told in this format
 */
export async function saveAs(path: string, produce: Produce, signal: AbortSignal): Promise<Exported> {
  try {
    return await writeWhole(path, async (file) => {
      const exported = await produce(async (chunk) => {
        signal.throwIfAborted()
        await file.appendFile(chunk)
      }, signal)
      // Who cancels while the last piece is written does not want the file either.
      signal.throwIfAborted()
      return exported
    })
  } catch (trouble) {
    if (signal.aborted) throw new Problem('export-cancelled', { path }, { cause: trouble })
    if (trouble instanceof Problem) throw trouble
    throw new Problem('export-failed', { path, reason: reasonOf(trouble) }, { cause: trouble })
  }
}

/** A recording may come from anywhere: its cluster may have no name, and its beginning be no time. */
function stemOf(clusterName: string, began: string): string {
  const name = clusterName.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80) || 'timeline'
  const time = new Date(began)
  return Number.isNaN(time.getTime()) ? name : `${name}-${timeName(time)}`
}

/** What the work of one export is given, besides what is wanted. */
export interface ExportRooms {
  readonly host: HostServices
  readonly tasks: Tasks
  /** Aborted when the workbench closes. */
  readonly signal: AbortSignal
}

/** Asks where to, or offers a download, as the host can; either is a task that people see and can cancel. */
export async function exportTimeline(source: TimelineSource, wanted: Wanted, rooms: ExportRooms): Promise<SaveResult> {
  const { host, tasks, signal } = rooms
  const { clusterName, began } = source.info()
  const { extension, mediaType } = exporterOf(wanted.format, wanted)
  const name = `${stemOf(clusterName, began)}.${extension}`
  const produceAs =
    (task: TaskHandle): Produce =>
    async (write, stop) => {
      task.expect(await eventsWithin(source, wanted.selection))
      return producer(source, wanted, task.progress)(write, stop)
    }
  const { saving } = host
  if (saving.kind === 'download') {
    const produce: Produce = (write, gone) =>
      tasks.run({ kind: 'export', what: name }, AbortSignal.any([signal, gone]), (task) =>
        produceAs(task)(async (chunk) => {
          task.signal.throwIfAborted()
          await write(chunk)
        }, task.signal),
      )
    return { kind: 'download', url: saving.offer({ name, mediaType, produce }), name }
  }
  const path = await saving.choose(name)
  if (path === null) return { kind: 'cancelled' }
  const { events, leftOut } = await tasks.run({ kind: 'export', what: name, path }, signal, (task) =>
    saveAs(path, produceAs(task), task.signal),
  )
  return { kind: 'saved', path, events, leftOut }
}
