/** Runs an exporter to the end and keeps what it wrote. */
import type { TimelineSource } from '../../../main/timeline/api'
import type { Exported, Exporter, ExportSelection, ExportWish } from '../../../main/timeline/export'

export interface Written extends Exported {
  readonly bytes: Buffer
  readonly text: string
  readonly progress: readonly number[]
}

export async function written(
  exporter: Exporter,
  source: TimelineSource,
  selection: ExportSelection = {},
  more: Partial<ExportWish> = {},
): Promise<Written> {
  const pieces: Buffer[] = []
  const progress: number[] = []
  const wish: ExportWish = {
    selection,
    language: 'en',
    theme: 'dark',
    width: 1600,
    signal: new AbortController().signal,
    progress: (done) => progress.push(done),
    ...more,
  }
  const exported = await exporter.write(source, wish, async (chunk) => {
    pieces.push(Buffer.from(chunk as string))
  })
  const bytes = Buffer.concat(pieces)
  return { ...exported, bytes, text: bytes.toString('utf8'), progress }
}
