/** A recording is read on while somebody else writes it. */
import { open, stat } from 'node:fs/promises'
import { expect, it, onTestFinished } from 'vitest'
import type { TimelineEvent } from '../../main/node/contract/events'
import { createFile } from '../../main/timeline/recorder/write-loop'
import { type FollowedRecording, followRecording } from '../../main/timeline/recording/open'
import { makeEventBlock, RecordingWriter } from '../../main/timeline/recording/writer'
import { allEvents, codeOf, HEADER, join, overwrite, readFile, tempDir, writeRecording } from './support/files'
import { lifeOf } from './support/traces'

async function followed(path: string): Promise<FollowedRecording> {
  const recording = await followRecording(path)
  onTestFinished(() => recording.source.close())
  return recording
}

const events = lifeOf(200)
const seqs = (found: readonly TimelineEvent[]) => found.map(({ seq }) => seq)

it('sees what was written since, block by block, and its end', async () => {
  const path = join(await tempDir(), 'growing.raftrec')
  const writer = await RecordingWriter.create(await createFile(path), HEADER, { everyEvents: 40, everyBytes: 1 << 20 })
  const { source, readOn } = await followed(path)
  expect(source.info()).toMatchObject({ events: 0, complete: false })
  let written = 0
  for (const size of [1, 7, 30, 1, 61]) {
    const [first, ...rest] = events.slice(written, written + size)
    if (first !== undefined) writer.append(makeEventBlock([first, ...rest]))
    await writer.flush(() => undefined)
    const before = written
    written += size
    expect(source.info().events).toBe(before)
    await readOn()
    expect(source.info()).toMatchObject({ events: written, truncatedBytes: 0, bytes: (await stat(path)).size })
    expect(await allEvents(source, { fromSeq: before })).toEqual(events.slice(before, written))
  }
  expect(await source.stateAt(written)).toMatchObject({ seq: written })
  await writer.finish(() => undefined)
  await writer.close()
  await readOn()
  await readOn()
  expect(seqs(await allEvents(source))).toEqual(seqs(events.slice(0, written)))
})

it('waits for the rest of a block, wherever the writer is within it', async () => {
  const dir = await tempDir()
  await writeRecording(join(dir, 'whole.raftrec'), events.slice(0, 24), { finish: false })
  const whole = await readFile(join(dir, 'whole.raftrec'))
  await writeRecording(join(dir, 'less.raftrec'), events.slice(0, 16), { finish: false })
  const less = (await stat(join(dir, 'less.raftrec'))).size
  const { source, readOn } = await followed(join(dir, 'less.raftrec'))
  const file = await open(join(dir, 'less.raftrec'), 'r+')
  for (let size = less + 1; size <= whole.length; size++) {
    await file.write(whole, size - 1, 1, size - 1)
    await readOn()
    const { events, truncatedBytes } = source.info()
    expect([events, truncatedBytes]).toEqual(size < whole.length ? [16, size - less] : [24, 0])
  }
  // The disk may have a block's place before it has its content.
  const other = whole.subarray(-3).map((byte) => byte ^ 0xff)
  await file.write(other, 0, 3, whole.length - 3)
  await file.close()
  const again = await followed(join(dir, 'less.raftrec'))
  expect(again.source.info().events).toBe(16)
  await overwrite(join(dir, 'less.raftrec'), whole.length - 3, whole.subarray(-3))
  await again.readOn()
  expect(await allEvents(again.source)).toEqual(events.slice(0, 24))
})

it('says where a header is damaged that has blocks behind it', async () => {
  const path = join(await tempDir(), 'damaged.raftrec')
  await writeRecording(path, events.slice(0, 8), { finish: false })
  const { length } = await readFile(path)
  const { source, readOn } = await followed(path)
  await writeRecording(`${path}.more`, events.slice(0, 32), { finish: false })
  const more = await readFile(`${path}.more`)
  more[length] = 0
  await overwrite(path, 0, more)
  expect(await codeOf(readOn())).toBe('recording-corrupt')
  expect(source.info()).toMatchObject({ events: 8, corruptAt: length })
  expect(await allEvents(source)).toEqual(events.slice(0, 8))
})
