/** What a person noted goes home with the timeline, and comes back. */
import { readdir } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { parse } from 'csv-parse/sync'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { TimelineSource } from '../../../main/timeline/api'
import { csvExporter } from '../../../main/timeline/export/csv'
import { importRecording } from '../../../main/timeline/export/import'
import { jsonlExporter } from '../../../main/timeline/export/jsonl'
import { mermaidExporter } from '../../../main/timeline/export/mermaid/mermaid'
import { perfettoExporter } from '../../../main/timeline/export/perfetto/perfetto'
import { sqliteExporter } from '../../../main/timeline/export/sqlite'
import { notesPath, readNotes, type TimelineNote } from '../../../main/timeline/notes'
import { allEvents, codeOf, join, opened, readFile, tempDir, writeFile, writeRecording } from '../support/files'
import { lifeOf } from '../support/traces'
import { checkMermaid } from './support/mermaid-rules'
import { checkPerfetto } from './support/perfetto-rules'
import { written } from './written'

interface Noticed {
  readonly directory: string
  readonly source: TimelineSource
  readonly notes: readonly TimelineNote[]
  readonly last: number
}

/** A recording with a note before everything, two at one moment, one with difficult words, and one after everything. */
async function noticed(): Promise<Noticed> {
  const directory = await tempDir()
  const path = join(directory, 'a.raftrec')
  // Each message has a name of its own.
  const life = lifeOf(20).map((event) => (event.kind === 'sent' ? { ...event, id: event.seq + 1 } : event))
  await writeRecording(path, life)
  const source = await opened(path)
  const events = await allEvents(source)
  const at = (seq: number, text: string, day: number): TimelineNote => ({
    id: `id ${seq}-${day}`,
    seq,
    t: events[seq - 1]?.t ?? 0,
    text,
    created: `2026-02-0${day}T00:00:00.000Z`,
  })
  const notes = [
    at(0, '', 1),
    at(40, 'here; "it" begins,\nand goes on # end', 1),
    at(40, '这里', 2),
    at(events.length, 'all', 1),
  ]
  await writeFile(notesPath(path), JSON.stringify({ format: 'raft-workbench-notes', version: 1, notes }))
  return { directory, source, notes, last: events.length }
}

describe('notes beside a recording', () => {
  it('stand in JSON Lines where their moments are, and come back with the same bytes', async () => {
    const { directory, source, notes, last } = await noticed()
    const { text, events } = await written(jsonlExporter, source)
    expect(events).toBe(last)
    const lines = text.trimEnd().split('\n').slice(1)
    const told = lines.map((line) => JSON.parse(line) as { readonly note?: string; readonly seq: number })
    expect(told.map(({ seq }) => seq)).toEqual(told.map(({ seq }) => seq).toSorted((a, b) => a - b))
    expect(told.flatMap(({ note }, line) => (note === undefined ? [] : [line]))).toEqual([0, 41, 42, last + 3])
    expect(lines[0]).toBe(`{"note":"id 0-1","seq":0,"t":0,"text":"","created":"2026-02-01T00:00:00.000Z"}`)

    const [file, again] = [join(directory, 'a.jsonl'), join(directory, 'again.raftrec')]
    await writeFile(file, text)
    expect(await importRecording(file, again)).toBe(last)
    expect(await readNotes(again)).toEqual(notes)
    expect((await written(jsonlExporter, await opened(again))).text).toBe(text)
  })

  it('go with their moments and with the workbench’s kind `note`', async () => {
    const { source, last } = await noticed()
    const ids = async (selection: object) =>
      (await written(jsonlExporter, source, selection)).text.match(/(?<="note":")[^"]*/g) ?? []
    expect(await ids({ fromSeq: 1 })).toEqual(['id 40-1', 'id 40-2', `id ${last}-1`])
    expect(await ids({ toSeq: 40 })).toEqual(['id 0-1', 'id 40-1', 'id 40-2'])
    expect(await ids({ toSeq: 39 })).toEqual(['id 0-1'])
    expect(await ids({ nodes: [1, 2] })).toEqual([])
    expect(await ids({ kinds: ['sent'] })).toEqual([])
    expect(await ids({ nodes: [0], kinds: ['note'] })).toHaveLength(4)
  })

  it('are rows in CSV, a table in SQLite, instants in Perfetto, and notes in Mermaid', async () => {
    const { directory, source, notes, last } = await noticed()
    const csv = await written(csvExporter, source)
    const rows = parse<Record<string, string>>(csv.text, { columns: true, recordDelimiter: '\r\n' })
    expect(rows).toHaveLength(last + notes.length)
    expect(
      rows
        .filter(({ kind }) => kind === 'bookmark')
        .map(({ seq, t, id, fields }) => ({ id, seq: Number(seq), t: Number(t), ...JSON.parse(fields ?? '') })),
    ).toEqual(notes)

    const path = join(directory, 'a.sqlite')
    await writeFile(path, (await written(sqliteExporter, source)).bytes)
    const database = new DatabaseSync(path, { readOnly: true })
    onTestFinished(() => database.close())
    const table = database.prepare('SELECT id, seq, t, text, created FROM bookmarks ORDER BY seq, created').all()
    expect(table.map((row) => ({ ...row }))).toEqual(notes)

    const trace = checkPerfetto((await written(perfettoExporter, source)).text)
    const instants = trace.filter((event) => event.ph === 'i' && event.cat === 'bookmark')
    expect(instants.map(({ name }) => name)).toEqual(['bookmark', ...notes.slice(1).map(({ text }) => text)])

    const { text } = await written(mermaidExporter, source, { toSeq: 60 }, { language: 'zh' })
    await checkMermaid(text)
    expect(text).toContain(': 书签\n')
    expect(text).toContain(': 这里\n')
  })

  it('that cannot be read are told of, before anything is written', async () => {
    const { source } = await noticed()
    await writeFile(notesPath(source.info().path), '{')
    expect(await codeOf(written(jsonlExporter, source))).toBe('notes-corrupt')
  })
})

describe('a line of a note', () => {
  const header =
    '{"format":"raft-workbench-timeline","version":4,"clusterId":"c1","clusterName":"demo","began":"2026-01-02T03:04:05.000Z"}'
  const note = (change: object) =>
    JSON.stringify({ note: 'a', seq: 3, t: 5, text: 'x', created: '2026-01-02T03:04:05.000Z', ...change })
  const event = (seq: number) => JSON.stringify({ seq, t: 9, node: 1, n: 1, kind: 'truncated', fromIndex: 1 })

  it.each([
    ['without its moment', [note({ seq: undefined })], 'line 2', /^seq: /],
    ['with a text too long', [note({ text: 'x'.repeat(2_001) })], 'line 2', /^text: .*2000/],
    ['without a name', [note({ note: '' })], 'line 2', /^note: /],
    ['with a field too many', [note({ more: 1 })], 'line 2', /more/],
    ['with a second name', [note({ id: 'b' })], 'line 2', /^id: no such field/],
    ['that is there twice', [note({}), note({})], 'line 3', /^note: a is there already/],
    ['behind its moment', [event(3), note({})], 'line 3', /^seq: 4 or more expected/],
    ['before an earlier event', [note({}), event(2)], 'line 3', /^seq: 3 or more expected/],
  ])('%s is refused with its line and the rule, and nothing is left', async (_, lines, where, reason) => {
    const directory = await tempDir()
    const file = join(directory, 'a.jsonl')
    await writeFile(file, `${[header, ...lines].join('\n')}\n`)
    await expect(importRecording(file, join(directory, 'a.raftrec'))).rejects.toMatchObject({
      code: 'bad-input',
      details: { where, reason: expect.stringMatching(reason) },
    })
    expect(await readdir(directory)).toEqual(['a.jsonl'])
  })

  it('overwrites no notes that are there already', async () => {
    const directory = await tempDir()
    const [file, out] = [join(directory, 'a.jsonl'), join(directory, 'a.raftrec')]
    await writeFile(file, `${[header, note({}), event(3)].join('\n')}\n`)
    await writeFile(notesPath(out), 'mine')
    expect(await codeOf(importRecording(file, out))).toBe('directory-unwritable')
    expect(await readFile(notesPath(out), 'utf8')).toBe('mine')
    expect(await readdir(directory)).toEqual(['a.jsonl', 'a.raftrec.notes.json'])
  })
})
