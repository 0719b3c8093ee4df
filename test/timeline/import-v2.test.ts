/** JSON Lines of version 2, made by the program that wrote them, are still read. */
import { expect, it } from 'vitest'
import { exportJsonl, importJsonl, importRecording, linesOf } from '../../main/timeline'
import type { TimelineSource } from '../../main/timeline/api'
import { allEvents, join, opened, readFile, tempDir } from './support/files'

const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name)

async function exported(source: TimelineSource): Promise<string> {
  let text = ''
  await exportJsonl(source, {}, async (chunk) => {
    text += chunk
  })
  return text
}

it('lines of version 2 tell the same timeline as the recording that they were made of', async () => {
  const text = await readFile(fixture('version-2.jsonl'), 'utf8')
  expect(text).toContain('"version":2,')
  const chunks = (async function* () {
    yield text
  })()
  const { header, events } = await importJsonl(linesOf(chunks))
  expect(header).toEqual({ clusterId: 'c1', clusterName: 'demo', began: '2026-01-02T03:04:05.000Z' })
  const told = []
  for await (const event of events) told.push(event)
  expect(told).toEqual(await allEvents(await opened(fixture('version-2.raftrec'))))
})

it('they become a recording of today, whose lines differ in the version alone', async () => {
  const path = join(await tempDir(), 'a.raftrec')
  expect(await importRecording(fixture('version-2.jsonl'), path)).toBe(85)
  const source = await opened(path)
  expect(source.info()).toMatchObject({ version: 3, events: 85, complete: true })
  const before = await readFile(fixture('version-2.jsonl'), 'utf8')
  expect(await exported(source)).toBe(before.replace('"version":2,', '"version":4,'))
})
