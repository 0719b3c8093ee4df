import type { SaveResult } from '../../preload/contract'
import { Problem } from '../node/contract/problem'
import { exportJsonl } from '../timeline'
import type { EventRange, RecordingInfo, TimelineSource } from '../timeline/api'
import type { HostServices, Produce } from './api'
import { reasonOf, timeName, writeWhole } from './files'

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

/** JSON Lines of a timeline, as something that can be written anywhere. */
export function producer(source: TimelineSource, range: EventRange = {}): Produce {
  return (write, signal) => exportJsonl(source, range, write, { signal })
}

/**
 * Writes an export to a file; under the final name there is either all of it or what was there before.
 * @returns the number of events
 * @throws {Problem} 'export-failed', 'export-cancelled'
 */
export async function saveAs(path: string, produce: Produce, signal: AbortSignal): Promise<number> {
  try {
    return await writeWhole(path, (file) =>
      produce(async (text) => {
        signal.throwIfAborted()
        await file.appendFile(text)
      }, signal),
    )
  } catch (trouble) {
    if (signal.aborted) throw new Problem('export-cancelled', { path }, { cause: trouble })
    throw new Problem('export-failed', { path, reason: reasonOf(trouble) }, { cause: trouble })
  }
}

/** Asks where to, or offers a download, as the host can. */
export async function exportTimeline(
  source: TimelineSource,
  host: HostServices,
  signal: AbortSignal,
): Promise<SaveResult> {
  const { clusterName, began } = source.info()
  const name = `${clusterName.replace(/[^\p{L}\p{N}._-]+/gu, '-')}-${timeName(new Date(began))}.jsonl`
  const produce = producer(source)
  const { saving } = host
  if (saving.kind === 'download') return { kind: 'download', url: saving.offer(name, produce), name }
  const path = await saving.choose(name)
  if (path === null) return { kind: 'cancelled' }
  return { kind: 'saved', path, events: await saveAs(path, produce, signal) }
}
