import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeCommand } from '../../main/node/contract/command'
import { encodeConfiguration } from '../../main/node/contract/configuration'
import type { TimelineEvent } from '../../main/node/contract/events'
import { eventLine, exportJsonl, headerLine, importJsonl, importRecording, linesOf } from '../../main/timeline'
import type { TimelineSource } from '../../main/timeline/api'
import { eventsArbitrary } from './support/arbitraries'
import { allEvents, codeOf, HEADER, join, opened, readFile, tempDir, writeFile, writeRecording } from './support/files'
import { lifeOf } from './support/traces'

async function exported(source: TimelineSource, range = {}): Promise<string> {
  let text = ''
  await exportJsonl(source, range, async (chunk) => {
    text += chunk
  })
  return text
}

async function* chunked(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

async function imported(text: string): Promise<TimelineEvent[]> {
  const { events } = await importJsonl(linesOf(chunked(text, 1000)))
  const all: TimelineEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

describe('an export', () => {
  it('is a header and one line per event, with keys in order', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    const events = lifeOf(3)
    await writeRecording(path, events)
    const lines = (await exported(await opened(path))).split('\n')
    expect(lines).toHaveLength(events.length + 2)
    expect(lines.at(-1)).toBe('')
    expect(lines[0]).toBe(
      '{"format":"raft-workbench-timeline","version":4,"clusterId":"c1","clusterName":"demo","began":"2026-01-02T03:04:05.000Z"}',
    )
    expect(lines[1]).toBe(
      '{"seq":0,"t":0,"node":0,"n":1,"kind":"cluster","id":"c1","name":"demo","nodes":3,"settings":"{}"}',
    )
    for (const line of lines.slice(0, -1)) expect(JSON.stringify(JSON.parse(line))).toBe(line)
  })

  it('tells commands and bytes as text where they are text', () => {
    const command = (value: Uint8Array) =>
      encodeCommand({ client: 7, sequence: 2, time: 5, command: { op: 'put', key: 'k', value } })
    const session = { client: 0, sequence: 0, time: 6 }
    const none = { outgoing: [], learners: [], learnersNext: [], witnesses: [] }
    const cas = { op: 'cas', key: 'k', expected: null, value: Uint8Array.of(65) } as const
    const line = eventLine({
      kind: 'appended',
      seq: 1,
      node: 1,
      n: 1,
      t: 5,
      firstIndex: 1,
      count: 8,
      term: 1,
      bytes: 99,
      entries: [
        { index: 1, term: 1, type: 'noop', data: new Uint8Array(0) },
        { index: 2, term: 1, type: 'command', data: command(new TextEncoder().encode('grüße')) },
        { index: 3, term: 1, type: 'command', data: command(Uint8Array.of(0xff)) },
        { index: 4, term: 1, type: 'command', data: Uint8Array.of(0xfe) },
        { index: 5, term: 1, type: 'config', data: encodeConfiguration({ voters: [1, 2], ...none }) },
        { index: 6, term: 1, type: 'metadata', data: new Uint8Array(0) },
        { index: 7, term: 1, type: 'command', data: encodeCommand({ ...session, command: cas }) },
        {
          index: 8,
          term: 1,
          type: 'command',
          data: encodeCommand({ ...session, command: { op: 'open-session' }, sessionTimeoutMs: 9 }),
        },
      ],
    })
    expect(JSON.parse(line).entries).toEqual([
      { index: 1, term: 1, type: 'noop' },
      { index: 2, term: 1, type: 'command', client: 7, sequence: 2, time: 5, op: 'put', key: 'k', value: 'grüße' },
      {
        index: 3,
        term: 1,
        type: 'command',
        client: 7,
        sequence: 2,
        time: 5,
        op: 'put',
        key: 'k',
        value: { base64: '/w==' },
      },
      { index: 4, term: 1, type: 'command', data: { base64: '/g==' } },
      { index: 5, term: 1, type: 'config', configuration: { voters: [1, 2], ...none } },
      { index: 6, term: 1, type: 'metadata' },
      { index: 7, term: 1, type: 'command', ...session, op: 'cas', key: 'k', expected: null, value: 'A' },
      { index: 8, term: 1, type: 'command', ...session, op: 'open-session', timeout: 9 },
    ])
  })

  it('tells how far it is, writes in chunks, and can be cancelled', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    const events = lifeOf(1000)
    await writeRecording(path, events, { blockEvents: 1000 })
    const source = await opened(path)
    const progress: number[] = []
    const count = await exportJsonl(source, {}, async () => undefined, { progress: (done) => progress.push(done) })
    expect(count).toBe(events.length)
    expect(progress.length).toBeGreaterThan(2)
    expect(progress.at(-1)).toBe(count)
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    const stop = new AbortController()
    let chunks = 0
    const cancelled = exportJsonl(
      source,
      {},
      async () => {
        chunks++
        stop.abort(new Error('enough'))
      },
      { signal: stop.signal },
    )
    await expect(cancelled).rejects.toThrow('enough')
    expect(chunks).toBe(1)
  })

  it('of some nodes and kinds comes back as it went', async () => {
    const dir = await tempDir()
    await writeRecording(join(dir, 'a.raftrec'), lifeOf(20))
    const source = await opened(join(dir, 'a.raftrec'))
    const text = await exported(source, { fromSeq: 20, toSeq: 120, nodes: [1, 3], kinds: ['persisted', 'sent'] })
    const events = (await allEvents(source, { fromSeq: 20, toSeq: 120 })).filter(
      ({ node, kind }) => (node === 1 || node === 3) && (kind === 'persisted' || kind === 'sent'),
    )
    expect(text.trimEnd().split('\n').slice(1)).toEqual(events.map((event) => eventLine(event).trimEnd()))
    await writeFile(join(dir, 'a.jsonl'), text)
    expect(await importRecording(join(dir, 'a.jsonl'), join(dir, 'b.raftrec'))).toBe(events.length)
    expect(await exported(await opened(join(dir, 'b.raftrec')))).toBe(text)
  })

  it('can be a window, which a recording can hold', async () => {
    const dir = await tempDir()
    const events = lifeOf(10)
    // A late event in the window of t leaves a hole in the numbers.
    const late = events.map((event) => (event.seq === 40 ? { ...event, t: 1 } : event))
    await writeRecording(join(dir, 'a.raftrec'), late)
    const range = { fromT: late[30]!.t, toT: late[50]!.t }
    const text = await exported(await opened(join(dir, 'a.raftrec')), range)
    await writeFile(join(dir, 'a.jsonl'), text)
    const inside = late.filter((event) => event.t >= range.fromT && event.t < range.toT)
    expect(inside.map((event) => event.seq)).toContain(41)
    expect(await importRecording(join(dir, 'a.jsonl'), join(dir, 'b.raftrec'))).toBe(inside.length)
    const source = await opened(join(dir, 'b.raftrec'))
    expect(await allEvents(source)).toEqual(inside)
    expect(await exported(source)).toBe(text)
    expect((await source.stateAt(45)).seq).toBe(45)
    expect((await source.stateAt(41)).seq).toBe(40)
  })
})

describe('a round trip', () => {
  it('gives back any events, and the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(eventsArbitrary, async (events) => {
        const text = headerLine(HEADER) + events.map(eventLine).join('')
        const back = await imported(text)
        expect(back).toEqual(events)
        expect(headerLine(HEADER) + back.map(eventLine).join('')).toBe(text)
      }),
      { numRuns: 200 },
    )
  })

  it('through a recording gives the same bytes', async () => {
    const dir = await tempDir()
    let file = 0
    await fc.assert(
      fc.asyncProperty(eventsArbitrary, async (events) => {
        const base = join(dir, String(file++))
        const text = headerLine(HEADER) + events.map(eventLine).join('')
        await writeFile(`${base}.jsonl`, text)
        await importRecording(`${base}.jsonl`, `${base}.raftrec`)
        const source = await opened(`${base}.raftrec`)
        expect(source.info()).toMatchObject({ events: events.length, complete: true })
        expect(await exported(source)).toBe(text)
        await source.close()
      }),
      { numRuns: 50 },
    )
  })
})

it('of which moment its cluster is a branch goes and comes with it', async () => {
  const dir = await tempDir()
  const { clusterId, clusterName, began } = HEADER
  const forkedFrom = { recording: '/r/a.raftrec', clusterId: 'c0', clusterName: 'parent', began, seq: 7, t: 1.5 }
  const text = headerLine({ clusterId, clusterName, began, forkedFrom }) + lifeOf(3).map(eventLine).join('')
  await writeFile(join(dir, 'a.jsonl'), text)
  await importRecording(join(dir, 'a.jsonl'), join(dir, 'a.raftrec'))
  const source = await opened(join(dir, 'a.raftrec'))
  expect(source.info().forkedFrom).toEqual(forkedFrom)
  expect(await exported(source)).toBe(text)
})

describe('what is no export of ours', () => {
  const header = headerLine(HEADER)
  const line = (change: object) =>
    JSON.stringify({ seq: 0, t: 0, node: 1, n: 1, kind: 'truncated', fromIndex: 1, ...change })
  it.each([
    ['nothing', '', 'line 1', /header/],
    ['another format', '{"format":"x","version":1}\n', 'line 1', /format/],
    ['another version', header.replace('"version":4', '"version":1'), 'line 1', /version/],
    [
      'a later version',
      header.replace('"version":4', '"version":5'),
      'line 1',
      /version: 2 or 3 or 4 expected; 5 is of a newer/,
    ],
    ['a header without a name', header.replace('clusterName', 'x'), 'line 1', /clusterName/],
    [
      'a branch of nothing',
      header.replace(
        '"began"',
        '"forkedFrom":{"recording":"a","clusterId":"c","clusterName":"n","began":"","seq":"x","t":1},"began"',
      ),
      'line 1',
      /^forkedFrom\.seq: .*number/,
    ],
    ['no JSON', `${header}{"seq":\n`, 'line 2', /JSON/],
    ['no object', `${header}[]\n`, 'line 2', /object/],
    ['an unknown kind', `${header}${line({ kind: 'constructor' })}\n`, 'line 2', /kind/],
    ['a field too few', `${header}${line({ fromIndex: undefined })}\n`, 'line 2', /fromIndex/],
    ['a field too many', `${header}${line({ more: 1 })}\n`, 'line 2', /more/],
    ['a wrong value', `${header}${line({ node: 70_000 })}\n`, 'line 2', /node: a whole number from 0 to 65535/],
    ['a wrong order', `${header}${line({ seq: 5 })}\n${line({ seq: 5 })}\n`, 'line 3', /seq: 6 or more/],
    [
      'a configuration that is none',
      `${header}${line({ kind: 'appended', firstIndex: 1, count: 1, fromIndex: undefined, entries: [{ index: 1, term: 1, type: 'config', configuration: { voters: [2, 1], outgoing: [], learners: [], learnersNext: [], witnesses: [] } }] })}\n`,
      'line 2',
      /ascending/,
    ],
    [
      'wrong base64',
      `${header}${line({ kind: 'invoke', call: 1, client: 1, op: 'put', key: '', value: { base64: 'x' }, via: 0, fromIndex: undefined })}\n`,
      'line 2',
      /value/,
    ],
  ])('%s is refused with its line and the rule', async (_, text, where, reason) => {
    await expect(imported(text)).rejects.toMatchObject({
      code: 'bad-input',
      details: { where, reason: expect.stringMatching(reason) },
    })
  })

  it('leaves no recording behind', async () => {
    const dir = await tempDir()
    const out = join(dir, 'out.raftrec')
    await writeFile(join(dir, 'bad'), `${header}${line({})}\nnonsense\n`)
    expect(await codeOf(importRecording(join(dir, 'bad'), out))).toBe('bad-input')
    await expect(readFile(out)).rejects.toThrow('ENOENT')
    expect(await codeOf(importRecording(join(dir, 'none'), out))).toBe('unreadable-file')
    await writeFile(out, 'mine')
    await writeFile(join(dir, 'good'), header)
    expect(await codeOf(importRecording(join(dir, 'good'), out))).toBe('directory-unwritable')
    expect(await readFile(out, 'utf8')).toBe('mine')
  })
})
