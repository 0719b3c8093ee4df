import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { htmlExporter } from '../../../main/timeline/export/html'
import { PAGE_DATA_MARK, unpackPage } from '../../../main/timeline/export/html-pack'
import { allEvents, codeOf, join, opened, tempDir, writeFile, writeRecording } from '../support/files'
import { lifeOf } from '../support/traces'
import { written } from './written'

async function pageIn(directory: string): Promise<string> {
  const path = join(directory, 'offline.html')
  await writeFile(path, `<html><script id="timeline-data">${PAGE_DATA_MARK}</script></html>`)
  return path
}

/** What stands in the page, read as the page reads it. */
function dataOf(text: string) {
  const base64 = /id="timeline-data">([^<]*)</.exec(text)?.[1] ?? ''
  return unpackPage(new Uint8Array(gunzipSync(Buffer.from(base64, 'base64'))))
}

describe('an exported page', () => {
  it('holds every event, and gives the same state at every moment', async () => {
    const directory = await tempDir()
    const path = join(directory, 'a.raftrec')
    // Long enough for several key frames of the page's own.
    await writeRecording(path, lifeOf(1200), { blockEvents: 500 })
    const source = await opened(path)
    const events = await allEvents(source)
    expect(events.length).toBeGreaterThan(9_000)
    const { text, events: count } = await written(htmlExporter(await pageIn(directory)), source)
    expect(count).toBe(events.length)
    const page = dataOf(text)
    expect(page.head).toMatchObject({ language: 'en', theme: 'dark', recording: { clusterName: 'demo' } })
    expect(await allEvents(page.source)).toEqual(events)
    expect(page.source.info()).toMatchObject({ events: events.length, end: source.info().end })
    for (const seq of [0, 1, 777, 4_096, 4_200, 9_000, events.length]) {
      expect(await page.source.stateAt(seq)).toEqual(await source.stateAt(seq))
    }
  })

  it('of a range begins with the state before it', async () => {
    const directory = await tempDir()
    const path = join(directory, 'a.raftrec')
    await writeRecording(path, lifeOf(200))
    const source = await opened(path)
    const all = await allEvents(source)
    const [from, to] = [Math.floor(all.length / 3), Math.floor((2 * all.length) / 3)]
    const { text, events } = await written(htmlExporter(await pageIn(directory)), source, { fromSeq: from, toSeq: to })
    expect(events).toBe(to - from)
    const page = dataOf(text)
    expect(await allEvents(page.source)).toEqual(all.slice(from, to))
    for (const seq of [from, from + 1, to - 1, to]) {
      expect(await page.source.stateAt(seq)).toEqual(await source.stateAt(seq))
    }
    expect(await page.source.seqAt(all[to - 2]!.t)).toBe(await source.seqAt(all[to - 2]!.t))
  })

  it('cannot be of some nodes or kinds, and says so; nor without its template', async () => {
    const directory = await tempDir()
    const path = join(directory, 'a.raftrec')
    await writeRecording(path, lifeOf(5))
    const source = await opened(path)
    const page = await pageIn(directory)
    expect(await codeOf(written(htmlExporter(page), source, { nodes: [1] }))).toBe('export-whole')
    expect(await codeOf(written(htmlExporter(page), source, { kinds: ['sent'] }))).toBe('export-whole')
    expect(await codeOf(written(htmlExporter(join(directory, 'none.html')), source))).toBe('unreadable-file')
    const long = { ...source, info: () => ({ ...source.info(), events: 1_000_001 }) }
    expect(await codeOf(written(htmlExporter(page), long))).toBe('export-too-long')
    await writeFile(page, '<html></html>')
    expect(await codeOf(written(htmlExporter(page), source))).toBe('unreadable-file')
  })
})
