import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EVENT_KINDS, type TimelineEvent } from '../../main/node/contract/events'
import { Problem } from '../../main/node/contract/problem'
import type { TimelineSource } from '../../main/timeline/api'
import type { Write } from '../../main/timeline/export'
import type { Produce } from '../../main/workbench/api'
import { producer, saveAs } from '../../main/workbench/exporting'
import { exportRecording } from '../../main/workbench/headless'
import { sourceOf } from '../timeline/export/support/exported'
import { codeOf, overwrite, writeRecording } from '../timeline/support/files'
import { lifeOf } from '../timeline/support/traces'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rw-export-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const never = new AbortController().signal
/** Formats that tell the whole text of a note. */
const TEXT_FORMATS = ['jsonl', 'csv'] as const
const produce: Produce = async (write) => {
  await write('one\n')
  await write('two\n')
  return { events: 2, leftOut: [] }
}

describe('a saved export', () => {
  test('holds everything, under its name only', async () => {
    const path = join(directory, 'x.jsonl')
    expect(await saveAs(path, produce, never)).toMatchObject({ events: 2 })
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n')
    expect(await readdir(directory)).toEqual(['x.jsonl'])
  })

  test('that fails midway leaves what was there before, and no other file', async () => {
    const path = join(directory, 'x.jsonl')
    await writeFile(path, 'before')
    const full: Produce = async (write) => {
      await write('half')
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    }
    await expect(saveAs(path, full, never)).rejects.toMatchObject({
      code: 'export-failed',
      details: { path, reason: 'ENOSPC: no space left on device' },
    })
    expect(await readFile(path, 'utf8')).toBe('before')
    expect(await readdir(directory)).toEqual(['x.jsonl'])
  })

  test.skipIf(process.platform !== 'linux')('to a disk that is full says so', async () => {
    await expect(saveAs('/dev/full', produce, never)).rejects.toMatchObject({
      code: 'export-failed',
      details: { path: '/dev/full', reason: expect.stringContaining('ENOSPC') },
    })
  })

  test('that is refused by its format keeps the reason', async () => {
    const path = join(directory, 'x.html')
    const refused: Produce = async () => {
      throw new Problem('export-whole', { format: 'html' })
    }
    await expect(saveAs(path, refused, never)).rejects.toMatchObject({ code: 'export-whole' })
    expect(await readdir(directory)).toEqual([])
  })

  test('to a place that is not there says so', async () => {
    const path = join(directory, 'no', 'where.jsonl')
    await expect(saveAs(path, produce, never)).rejects.toMatchObject({ code: 'export-failed', details: { path } })
  })

  test('that is cancelled leaves nothing', async () => {
    const stop = new AbortController()
    const slow: Produce = async (write) => {
      await write('half')
      stop.abort()
      await write('more')
      return { events: 2, leftOut: [] }
    }
    const path = join(directory, 'x.jsonl')
    await expect(saveAs(path, slow, stop.signal)).rejects.toMatchObject({ code: 'export-cancelled' })
    expect(await readdir(directory)).toEqual([])
  })

  test('to a device writes to it and never replaces it', async () => {
    const path = join(directory, 'device')
    await symlink('/dev/null', path)
    expect(await saveAs(path, produce, never)).toMatchObject({ events: 2 })
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true)
    expect((await lstat(path)).isSymbolicLink()).toBe(true)
  })

  test('through a link changes the file that it names', async () => {
    const path = join(directory, 'link.jsonl')
    await writeFile(join(directory, 'real.jsonl'), 'old')
    await symlink(join(directory, 'real.jsonl'), path)
    expect(await saveAs(path, produce, never)).toMatchObject({ events: 2 })
    expect((await lstat(path)).isSymbolicLink()).toBe(true)
    expect(await readFile(join(directory, 'real.jsonl'), 'utf8')).not.toBe('old')
  })
})

describe('an export of a long recording', () => {
  const batches = Array.from({ length: 5 }, (_, batch) =>
    Array.from({ length: 1_000 }, (_, place): TimelineEvent => {
      const seq = batch * 1_000 + place
      return { kind: 'note', seq, t: seq, node: 0, n: seq + 1, text: '' }
    }),
  )

  /** One that says how it was read. */
  function longTimeline(events = batches) {
    const asked: unknown[] = []
    let given = 0
    const source: TimelineSource = {
      ...sourceOf([]),
      async *scan(_range, _signal, kinds) {
        asked.push(kinds)
        for (const batch of events) {
          given++
          yield batch
        }
      },
    }
    return { source, asked, given: () => given }
  }

  const wanted = { selection: {}, language: 'en' } as const

  test.each(TEXT_FORMATS)('as %s reads on only when what is written was taken', async (format) => {
    // Every event is a large one: nothing of it fits into what is gathered before it is written.
    const text = 'x'.repeat(400_000)
    const { source, given } = longTimeline(batches.map(([first]) => [{ ...first, text } as TimelineEvent]))
    const most: number[] = []
    let taken = 0
    const slow: Write = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      taken++
      most.push(given() - taken)
    }
    await producer(source, { ...wanted, format }, () => undefined)(slow, never)
    expect(Math.max(...most)).toBeLessThanOrEqual(1)
  })

  test('goes in small steps, also through entries, and reads blocks for itself', async () => {
    const entries = Array.from({ length: 4_096 }, (_, place) => ({
      index: place + 1,
      term: 1,
      type: 'noop' as const,
      data: new Uint8Array(0),
    }))
    const told = { t: 0, node: 1, firstIndex: 1, count: entries.length, term: 1, bytes: 0, entries }
    const logs = Array.from({ length: 10 }, (_, seq): TimelineEvent => ({ kind: 'appended', seq, n: seq, ...told }))
    const { source, asked } = longTimeline([...batches, logs])
    const steps: number[] = []
    await producer(source, { ...wanted, format: 'csv' }, (done) => steps.push(done))(async () => undefined, never)
    const lengths = steps.map((done, place) => done - (steps[place - 1] ?? 0))
    expect(Math.max(...lengths)).toBeLessThanOrEqual(256)
    expect(lengths.slice(-10)).toEqual(logs.map(() => 1))
    // Without kinds, whatever is read is kept for whoever asks next.
    expect(asked).toEqual([new Set(EVENT_KINDS)])
  })
})

describe('an export of a recording with a damaged block', () => {
  const wish = {
    selection: {},
    language: 'en' as const,
    signal: never,
    progress: () => undefined,
  }

  test('holds all other events, counts what was lost, and says where', async () => {
    const recording = join(directory, 'a.raftrec')
    const events = lifeOf(20)
    await writeRecording(recording, events)
    const bytes = await readFile(recording)
    const second = bytes.indexOf('RBLK', bytes.indexOf('RBLK') + 1)
    await overwrite(recording, second + 70, Uint8Array.of((bytes[second + 70] ?? 0) ^ 1))
    const out = join(directory, 'a.jsonl')
    const result = await exportRecording({ ...wish, recording, format: 'jsonl', out })
    expect(result).toMatchObject({
      events: events.length - 8,
      leftOut: [{ reason: 'no-data', events: 8 }],
      damage: [{ code: 'recording-corrupt', details: { path: recording, offset: second } }],
    })
    const seqs = (await readFile(out, 'utf8')).trimEnd().split('\n').slice(1)
    expect(seqs.map((line) => JSON.parse(line).seq)).toEqual(
      events.map(({ seq }) => seq).filter((seq) => seq < 8 || seq >= 16),
    )
    // A bound in the damaged block is no reason to refuse.
    const part = { ...wish, selection: { fromT: events[10]?.t ?? 0 }, recording, format: 'csv' as const }
    expect((await exportRecording({ ...part, out: join(directory, 'a.csv') })).events).toBeGreaterThan(0)
    // A page folds every event: it says what is wrong, and no file is there.
    const page = join(directory, 'page.html')
    await writeFile(page, '/*raft-workbench-data*/')
    const html = exportRecording({ ...wish, recording, format: 'html', out: join(directory, 'a.html'), page })
    expect(await codeOf(html)).toBe('recording-corrupt')
    expect(await readdir(directory)).not.toContain('a.html')
  })
})
