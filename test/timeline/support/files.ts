/** Recordings in a temporary directory that goes away with the test. */
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { TimelineEvent } from '../../../main/node/contract/events'
import { Problem } from '../../../main/node/contract/problem'
import type { EventRange, TimelineSource } from '../../../main/timeline/api'
import { createFile } from '../../../main/timeline/recorder/write-loop'
import { openRecording } from '../../../main/timeline/recording/open'
import { type KeyFrameRule, makeEventBlock, RecordingWriter } from '../../../main/timeline/recording/writer'

export const HEADER = { clusterId: 'c1', clusterName: 'demo', began: '2026-01-02T03:04:05.000Z', origin: '12345' }

export async function tempDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'timeline-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

export interface WriteOptions {
  readonly blockEvents?: number
  readonly rule?: KeyFrameRule
  readonly finish?: boolean
}

export async function writeRecording(path: string, events: readonly TimelineEvent[], options: WriteOptions = {}) {
  const { blockEvents = 8, rule = { everyEvents: 16, everyBytes: 1 << 20 }, finish = true } = options
  const writer = await RecordingWriter.create(await createFile(path), HEADER, rule)
  for (let at = 0; at < events.length; at += blockEvents) {
    const [first, ...rest] = events.slice(at, at + blockEvents)
    if (first !== undefined) writer.append(makeEventBlock([first, ...rest]))
    await writer.flush(() => undefined)
  }
  if (finish) await writer.finish(() => undefined)
  await writer.close()
}

export async function opened(path: string): Promise<TimelineSource> {
  const source = await openRecording(path)
  onTestFinished(() => source.close().catch(() => undefined))
  return source
}

export async function allEvents(source: TimelineSource, range: EventRange = {}): Promise<TimelineEvent[]> {
  const events: TimelineEvent[] = []
  for await (const batch of source.scan(range)) events.push(...batch)
  return events
}

/** The problem's code; anything else that is thrown is thrown again. */
export async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action
    return 'none'
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
}

export async function overwrite(path: string, at: number, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'r+')
  await file.write(bytes, 0, bytes.length, at)
  await file.close()
}

export { join, readFile, writeFile }
