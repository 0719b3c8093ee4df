import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventLine } from '../../../main/timeline'
import { CSV_COLUMNS, csvCells, csvExporter, csvRow } from '../../../main/timeline/export/csv'
import { eventsArbitrary } from '../support/arbitraries'
import { allEvents, join, opened, tempDir, writeRecording } from '../support/files'
import { lifeOf } from '../support/traces'
import { written } from './written'

/** By csv-parse, strictly: every row has as many cells as the header, and quotes are where RFC 4180 wants them. */
function rowsOf(text: string): Record<string, string>[] {
  return parse(text, { columns: true, relaxColumnCount: false, recordDelimiter: '\r\n' })
}

describe('a CSV export', () => {
  it('has one row per event under one header, and says the same as JSON Lines', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    const events = lifeOf(30)
    await writeRecording(path, events)
    const { text, events: count, progress } = await written(csvExporter, await opened(path))
    expect(count).toBe(events.length)
    expect(progress.at(-1)).toBe(events.length)
    const rows = rowsOf(text)
    expect(Object.keys(rows[0] ?? {})).toEqual([...CSV_COLUMNS])
    expect(rows).toHaveLength(events.length)
    for (const [at, event] of events.entries()) {
      const { seq, t, node, n, kind, ...fields } = JSON.parse(eventLine(event))
      const row = rows[at]!
      expect([row.seq, row.t, row.node, row.n, row.kind]).toEqual([seq, t, node, n, kind].map(String))
      expect(Number(row.seconds)).toBeCloseTo(t / 1e9, 9)
      const told = JSON.parse(row.fields!)
      for (const [name, value] of Object.entries(fields)) {
        if (['term', 'index', 'peer', 'message', 'id'].includes(name)) expect(row[name]).toBe(String(value))
        else expect(told[name]).toEqual(value)
      }
    }
  })

  it('is read back whatever stands in an event', () => {
    fc.assert(
      fc.property(eventsArbitrary, (events) => {
        const text = csvRow(CSV_COLUMNS) + events.map((event) => csvRow(csvCells(event))).join('')
        const rows = rowsOf(text)
        expect(rows.map((row) => Object.values(row))).toEqual(events.map((event) => [...csvCells(event)]))
      }),
      { numRuns: 60 },
    )
  })

  it('holds a selection only', async () => {
    const path = join(await tempDir(), 'a.raftrec')
    await writeRecording(path, lifeOf(30))
    const source = await opened(path)
    const all = await allEvents(source)
    const [from, to] = [all[40]!.t, all[160]!.t]
    const selection = { fromT: from, toT: to, nodes: [1, 2], kinds: ['sent', 'received'] } as const
    const wanted = all.filter(
      (event) =>
        event.t >= from &&
        event.t < to &&
        (event.node === 1 || event.node === 2) &&
        (event.kind === 'sent' || event.kind === 'received'),
    )
    expect(wanted.length).toBeGreaterThan(5)
    const { text, events } = await written(csvExporter, source, selection)
    expect(events).toBe(wanted.length)
    expect(rowsOf(text).map(({ seq }) => Number(seq))).toEqual(wanted.map(({ seq }) => seq))
  })
})
