/**
 * One page with everything in it: the window itself, built into a template (main/offline), and the events as its data. It
 * opens from a file, needs no network and no workbench, and changes nothing.
 */
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { Problem } from '../../node/contract/problem'
import type { TimelineSource } from '../api'
import type { MutableCluster } from '../fold/cluster'
import type { Exporter, ExportWish, Write } from './exporter'
import { PAGE_DATA_MARK, PagePacker } from './html-pack'
import { notesWithin } from './noted'
import { selected } from './select'

/** More would be a page that no browser opens in reasonable time. */
export const MAX_PAGE_EVENTS = 1_000_000

/** Bytes of data that are handed on at once. */
const PIECE = 192 << 10

/** @param page the built template's path */
export function htmlExporter(page: string | undefined): Exporter {
  return {
    format: 'html',
    extension: 'html',
    mediaType: 'text/html; charset=utf-8',
    async write(source, wish, write) {
      const { nodes, kinds } = wish.selection
      // A state cannot be folded from a part of the events.
      if (nodes !== undefined || kinds !== undefined) throw new Problem('export-whole', { format: 'html' })
      const template = await templateAt(page)
      const { parts, events } = await pack(source, wish)
      const at = template.indexOf(PAGE_DATA_MARK)
      await write(template.slice(0, at))
      await writeData(parts, wish.signal, write)
      await write(template.slice(at + PAGE_DATA_MARK.length))
      return { events, leftOut: [] }
    },
  }
}

/** As base64 of gzip. */
async function writeData(parts: readonly Uint8Array[], signal: AbortSignal, write: Write): Promise<void> {
  /** Three bytes are four characters: what is left over belongs to the next piece. */
  let rest: Buffer = Buffer.alloc(0)
  const encode = async (zipped: AsyncIterable<Buffer>) => {
    for await (const piece of zipped) {
      const bytes = Buffer.concat([rest, piece])
      const whole = bytes.length - (bytes.length % 3)
      rest = bytes.subarray(whole)
      await write(bytes.toString('base64', 0, whole))
    }
  }
  await pipeline(Readable.from(parts), createGzip({ level: 9, chunkSize: PIECE }), encode, { signal })
  await write(rest.toString('base64'))
}

async function templateAt(page: string | undefined): Promise<string> {
  const path = page ?? 'offline.html'
  let template: string
  try {
    if (page === undefined) throw new Error('it was not built')
    template = await readFile(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Problem('unreadable-file', { path, reason }, { cause: error })
  }
  if (template.includes(PAGE_DATA_MARK)) return template
  throw new Problem('unreadable-file', { path, reason: 'no place for data in it' })
}

async function pack(
  source: TimelineSource,
  wish: ExportWish,
): Promise<{ readonly parts: readonly Uint8Array[]; readonly events: number }> {
  const tooLong = (events: number) => new Problem('export-too-long', { format: 'html', events, max: MAX_PAGE_EVENTS })
  const isWhole = Object.values(wish.selection).every((bound) => bound === undefined)
  if (isWhole && source.info().events > MAX_PAGE_EVENTS) throw tooLong(source.info().events)
  let packer: PagePacker | undefined
  for await (const batch of selected(source, wish)) {
    // A state that was read is nobody else's: it can be folded on.
    packer ??= new PagePacker((await source.stateAt(batch[0]?.seq ?? 0, wish.signal)) as MutableCluster)
    packer.add(batch)
    if (packer.events > MAX_PAGE_EVENTS) throw tooLong(packer.events)
  }
  packer ??= new PagePacker((await source.stateAt(0, wish.signal)) as MutableCluster)
  const { theme, language } = wish
  const info = source.info()
  const notes = [...(await notesWithin(source, wish.selection))]
  return { parts: packer.finish(info, { theme, language, notes }), events: packer.events }
}
