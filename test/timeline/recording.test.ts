import { appendFile, truncate } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TimelineEvent } from '../../main/node/contract/events'
import { Problem } from '../../main/node/contract/problem'
import { newCluster } from '../../main/timeline/fold/cluster'
import { fold } from '../../main/timeline/fold/fold'
import { createFile } from '../../main/timeline/recorder/write-loop'
import { BLOCK_HEADER_BYTES, encodeHeader } from '../../main/timeline/recording/format'
import { openRecording, readRecordingInfo } from '../../main/timeline/recording/open'
import { makeEventBlock, RecordingWriter } from '../../main/timeline/recording/writer'
import {
  allEvents,
  codeOf,
  HEADER,
  join,
  opened,
  overwrite,
  readFile,
  tempDir,
  writeFile,
  writeRecording,
} from './support/files'
import { compactingLife, lifeOf, traceArbitrary } from './support/traces'

/** The state after the events `< seq`, from the very beginning. */
function folded(events: readonly TimelineEvent[], seq: number) {
  const state = newCluster(HEADER.clusterId, HEADER.clusterName)
  for (const event of events) if (event.seq < seq) fold(state, event)
  return state
}

/** Every place in what frames a recording (its header, those of its blocks), and every eleventh in what a CRC covers whole. */
function tellingPlaces(bytes: Buffer): number[] {
  const framed = encodeHeader(HEADER).length
  const blocks: number[] = []
  for (let at = bytes.indexOf('RBLK'); at !== -1; at = bytes.indexOf('RBLK', at + 1)) blocks.push(at)
  const isFrame = (at: number) => at < framed || blocks.some((block) => at >= block && at <= block + BLOCK_HEADER_BYTES)
  return Array.from(bytes, (_, at) => at).filter((at) => at % 11 === 0 || at === bytes.length - 1 || isFrame(at))
}

describe('a complete recording', () => {
  it('tells what it is and gives back every event', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    const events = lifeOf(20)
    await writeRecording(path, events)
    const source = await opened(path)
    expect(source.info()).toEqual({
      path,
      version: 3,
      clusterId: 'c1',
      clusterName: 'demo',
      began: HEADER.began,
      events: events.length,
      end: events.at(-1)!.t,
      bytes: (await readFile(path)).length,
      complete: true,
      truncatedBytes: 0,
      shed: 0,
    })
    expect(await allEvents(source)).toEqual(events)
    expect(await readRecordingInfo(path)).toEqual(source.info())
  })

  it('may be empty', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    await writeRecording(path, [])
    const source = await opened(path)
    expect(source.info()).toMatchObject({ events: 0, end: 0, complete: true })
    expect(await allEvents(source)).toEqual([])
    expect(await source.seqAt(5)).toBe(0)
    expect((await source.stateAt(0)).name).toBe('demo')
  })

  it('answers windows by seq and by t, at most so many events', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    const events = lifeOf(20)
    await writeRecording(path, events)
    const source = await opened(path)
    expect(await source.events({ fromSeq: 13, toSeq: 31 }, 100)).toEqual(events.slice(13, 31))
    expect(await source.events({ fromSeq: 13 }, 5)).toEqual(events.slice(13, 18))
    expect(await source.events({ fromSeq: 1e9 }, 5)).toEqual([])
    expect(await source.events({}, 0)).toEqual([])
    const [fromT, toT] = [events[30]!.t, events[50]!.t]
    const inWindow = events.filter((event) => event.t >= fromT && event.t < toT)
    expect(await source.events({ fromT, toT }, 1000)).toEqual(inWindow)
    expect(await source.events({ fromT, toT, fromSeq: 40 }, 1000)).toEqual(inWindow.filter((event) => event.seq >= 40))
  })

  it('finds the moment of any t, also among late events', async () => {
    const dir = await tempDir()
    let file = 0
    await fc.assert(
      fc.asyncProperty(traceArbitrary, fc.integer({ min: 1, max: 9 }), async (events, blockEvents) => {
        const path = join(dir, `${file++}.raftrec`)
        await writeRecording(path, events, { blockEvents })
        const source = await openRecording(path)
        for (const t of new Set([0, ...events.map((event) => event.t), 1e9])) {
          expect(await source.seqAt(t)).toBe(events.find((event) => event.t > t)?.seq ?? events.length)
        }
        await source.close()
      }),
      { numRuns: 15 },
    )
  })

  it('stops reading when asked to', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    await writeRecording(path, lifeOf(20))
    const source = await opened(path)
    await expect(source.stateAt(50, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  })
})

describe('the fold law', () => {
  it('holds at every moment: from a key frame as from the beginning', async () => {
    const dir = await tempDir()
    let file = 0
    await fc.assert(
      fc.asyncProperty(
        traceArbitrary,
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 20 }),
        async (events, blockEvents, everyEvents) => {
          const path = join(dir, `${file++}.raftrec`)
          await writeRecording(path, events, { blockEvents, rule: { everyEvents, everyBytes: 1 << 20 } })
          const source = await openRecording(path)
          for (let seq = 0; seq <= events.length; seq++) {
            expect(await source.stateAt(seq)).toEqual(folded(events, seq))
          }
          await source.close()
        },
      ),
      { numRuns: 40 },
    )
  })

  it('holds without any key frame, and past the end', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    const events = lifeOf(10)
    await writeRecording(path, events, { rule: { everyEvents: 1e9, everyBytes: 1e9 }, finish: false })
    const source = await opened(path)
    expect(await source.stateAt(40)).toEqual(folded(events, 40))
    expect(await source.stateAt(1e9)).toEqual(folded(events, events.length))
  })
})

describe('key frames of logs that are compacted', () => {
  it('stay small, and are read without what was compacted before them', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    const events = compactingLife(1000, 50, 20)
    await writeRecording(path, events, { blockEvents: 64, rule: { everyEvents: 512, everyBytes: 1 << 20 } })
    const bytes = await readFile(path)
    const blocks: { readonly at: number; readonly type: number; readonly length: number }[] = []
    for (let at = bytes.indexOf('RBLK'); at !== -1; at = bytes.indexOf('RBLK', at + 1)) {
      blocks.push({ at, type: bytes.readUInt32LE(at + 4), length: bytes.readUInt32LE(at + 8) })
    }
    const frames = blocks.filter(({ type }) => type === 3).map(({ length }) => length)
    expect(frames.length).toBeGreaterThan(10)
    expect(Math.max(...frames)).toBeLessThan(2000)
    // Neither the first events nor the first entries can be read any more; the later moments need neither.
    for (const type of [1, 2]) {
      const first = blocks.find((block) => block.type === type)!
      await overwrite(path, first.at + 60, Uint8Array.of((bytes[first.at + 60] ?? 0) ^ 1))
    }
    const source = await opened(path)
    expect(await codeOf(source.stateAt(100))).toBe('recording-corrupt')
    for (const seq of [events.length, events.length - 700, Math.floor(events.length / 2)]) {
      expect(await source.stateAt(seq)).toEqual(folded(events, seq))
    }
  })
})

describe('a recording that is being written', () => {
  it('can be read up to its last whole block', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    const events = lifeOf(10)
    const writer = await RecordingWriter.create(await createFile(path), HEADER)
    for (let at = 0; at < events.length; at += 10) {
      const [first, ...rest] = events.slice(at, at + 10)
      writer.append(makeEventBlock([first!, ...rest]))
      await writer.flush(() => undefined)
      const source = await opened(path)
      expect(source.info()).toMatchObject({ complete: false, truncatedBytes: 0 })
      expect(await allEvents(source)).toEqual(events.slice(0, at + 10))
    }
    await writer.close()
  })
})

describe('a recording that was cut off', () => {
  it('opens at every length with a prefix of its events, or says that not even its header is whole', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    const events = lifeOf(1)
    await writeRecording(path, events, { blockEvents: 6, rule: { everyEvents: 10, everyBytes: 1 << 20 } })
    const bytes = await readFile(path)
    const header = encodeHeader(HEADER).length
    let before = events.length
    for (const length of tellingPlaces(bytes).toReversed()) {
      await truncate(path, length)
      if (length < header) {
        expect(await codeOf(openRecording(path))).toBe('recording-truncated')
        continue
      }
      const source = await openRecording(path)
      const found = await allEvents(source)
      expect(found).toEqual(events.slice(0, found.length))
      expect(found.length).toBeLessThanOrEqual(before)
      expect(source.info()).toMatchObject({ events: found.length, complete: false })
      expect(source.info().truncatedBytes).toBeLessThan(length - header + 1)
      expect((await source.stateAt(1e9)).seq).toBe(found.length)
      expect((await source.overview({ from: 0, to: 1e12, buckets: 4 })).total).toBe(found.length)
      await source.close()
      before = found.length
    }
    expect(before).toBe(0)
  })

  it('ignores blocks that the disk never got, when a crash left zeros', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    const events = lifeOf(10)
    await writeRecording(path, events, { finish: false, rule: { everyEvents: 1e9, everyBytes: 1e9 } })
    const size = (await readFile(path)).length
    await overwrite(path, size - 100, new Uint8Array(100))
    await appendFile(path, new Uint8Array(5000))
    const source = await opened(path)
    const found = await allEvents(source)
    expect(found).toEqual(events.slice(0, events.length - (events.length % 8)))
    expect(source.info().truncatedBytes).toBeGreaterThan(5000)
    expect(source.info().corruptAt).toBeUndefined()
  })
})

describe('a damaged recording', () => {
  it('never throws anything but a problem, and never tells a wrong event, whichever byte is flipped', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    const events = lifeOf(1)
    await writeRecording(path, events, { blockEvents: 6, rule: { everyEvents: 10, everyBytes: 1 << 20 } })
    const bytes = await readFile(path)
    const codes = new Set<string>()
    for (const at of tellingPlaces(bytes)) {
      await overwrite(path, at, Uint8Array.of((bytes[at] ?? 0) ^ (1 << (at % 8))))
      try {
        const source = await openRecording(path)
        try {
          const found = await allEvents(source)
          expect(found).toEqual(events.slice(0, found.length))
          const state = await source.stateAt(1e9)
          expect(state).toEqual(folded(events, found.length))
          // A picture goes around what is damaged, and says so.
          const { total, damaged } = await source.overview({ from: 0, to: 1e12, buckets: 4 })
          expect(total).toBe(found.length)
          expect(damaged).toBe(0)
        } finally {
          await source.close()
        }
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        codes.add(error.code)
      }
      await overwrite(path, at, bytes.subarray(at, at + 1))
    }
    const expected = ['recording-corrupt', 'recording-foreign', 'recording-truncated', 'recording-version']
    expect([...codes].toSorted()).toEqual(expected)
  })

  it('names the damaged block and keeps what comes before and after it readable', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    const events = lifeOf(20)
    await writeRecording(path, events)
    const bytes = await readFile(path)
    const second = bytes.indexOf('RBLK', bytes.indexOf('RBLK') + 1)
    await overwrite(path, second + 70, Uint8Array.of((bytes[second + 70] ?? 0) ^ 1))
    const source = await opened(path)
    expect(await source.events({ toSeq: 8 }, 100)).toEqual(events.slice(0, 8))
    expect(await source.events({ fromSeq: 16 }, 1000)).toEqual(events.slice(16))
    await expect(source.events({}, 100)).rejects.toMatchObject({
      code: 'recording-corrupt',
      details: { path, offset: second },
    })
    expect(await codeOf(source.stateAt(12))).toBe('recording-corrupt')
    expect(await source.stateAt(40)).toEqual(folded(events, 40))
  })

  it('says where it had to stop when a block header is damaged and there is no index', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    const events = lifeOf(20)
    await writeRecording(path, events, { finish: false })
    const bytes = await readFile(path)
    const second = bytes.indexOf('RBLK', bytes.indexOf('RBLK') + 1)
    await overwrite(path, second, Uint8Array.of(0))
    const source = await opened(path)
    expect(source.info()).toMatchObject({ corruptAt: second, events: 8, complete: false, truncatedBytes: 0 })
    expect(await allEvents(source)).toEqual(events.slice(0, 8))
  })

  it('goes back to an earlier key frame when one is damaged', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    const events = lifeOf(20)
    await writeRecording(path, events)
    const bytes = await readFile(path)
    let damaged = 0
    for (let at = bytes.indexOf('RBLK'); at !== -1; at = bytes.indexOf('RBLK', at + 1)) {
      if (bytes[at + 4] !== 3 || ++damaged % 2 === 0) continue
      await overwrite(path, at + 60, Uint8Array.of((bytes[at + 60] ?? 0) ^ 1))
    }
    expect(damaged).toBeGreaterThan(3)
    const source = await opened(path)
    for (let seq = 0; seq <= events.length; seq += 7) expect(await source.stateAt(seq)).toEqual(folded(events, seq))
  })
})

describe('a recording of version 1', () => {
  it('is read, with zeros for what it did not know, and without its key frames', async () => {
    const source = await opened(join(import.meta.dirname, 'fixtures', 'version-1.raftrec'))
    expect(source.info()).toMatchObject({ version: 1, events: 71, complete: true, truncatedBytes: 0 })
    const events = await allEvents(source)
    expect(events.find(({ kind }) => kind === 'started')).toMatchObject({
      incarnation: 0,
      baseTerm: 0,
      snapshotIndex: 0,
    })
    expect(events.find(({ kind }) => kind === 'invoke')).toMatchObject({ op: 'get', consistency: 'log' })
    expect(events.find(({ kind }) => kind === 'remark')).toMatchObject({ name: 'commit-waits-for-own-term' })
    const state = await source.stateAt(events.length)
    expect(state).toEqual(folded(events, events.length))
    expect(state.nodes.get(1)).toMatchObject({ role: 'leader', lastIndex: 7, commitIndex: 6, dataMissing: false })
    expect(state.calls).toMatchObject([{ call: 1, outcome: 'ok', from: 1 }])
    expect(state.faults).toMatchObject([{ type: 'isolate' }])
  })
})

describe('what is no recording', () => {
  it('is refused with its own problem', async () => {
    const dir = await tempDir()
    const put = async (name: string, bytes: Uint8Array | string) => {
      await writeFile(join(dir, name), bytes)
      return codeOf(openRecording(join(dir, name)))
    }
    expect(await codeOf(openRecording(join(dir, 'none')))).toBe('recording-unknown')
    expect(await codeOf(openRecording(dir))).toBe('unreadable-file')
    expect(await put('foreign', '{"format":"something else"}\n')).toBe('recording-foreign')
    expect(await put('empty', '')).toBe('recording-truncated')
    const newer = encodeHeader(HEADER)
    newer[8] = 4
    expect(await put('newer', newer)).toBe('recording-version')
    const damaged = encodeHeader(HEADER)
    damaged[20]! ^= 1
    expect(await put('damaged', damaged)).toBe('recording-corrupt')
    expect(await codeOf(createFile(join(dir, 'empty')))).toBe('directory-unwritable')
    expect(await codeOf(createFile(join(dir, 'none', 'below')))).toBe('directory-unwritable')
  })
})
