import { readdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { TimelineEvent } from '../../../main/node/contract/events'
import { sqliteExporter } from '../../../main/timeline/export/sqlite'
import { columnsOf, tableOf } from '../../../main/timeline/export/sqlite-schema'
import { allEvents, join, opened, tempDir, writeFile, writeRecording } from '../support/files'
import { lifeOf } from '../support/traces'
import { sourceOf as listOf } from './support/exported'
import { written } from './written'

async function database(bytes: Uint8Array): Promise<DatabaseSync> {
  const path = join(await tempDir(), 'a.sqlite')
  await writeFile(path, bytes)
  const opened = new DatabaseSync(path, { readOnly: true })
  onTestFinished(() => opened.close())
  return opened
}

/** A small life whose messages have names of their own, and every fate. */
function lifeWithFates(rounds: number): TimelineEvent[] {
  const life = lifeOf(rounds).map((event) => (event.kind === 'sent' ? { ...event, id: event.seq + 1 } : event))
  const sent = life.filter((event) => event.kind === 'sent')
  let seq = life.length
  let t = life.at(-1)!.t
  const fates = sent.flatMap((message, at): TimelineEvent[] => {
    const { node: sender, peer: receiver, id, term, count } = message
    const type = 'AppendEntries' as const
    const next = (node: number) => {
      seq++
      t += 100
      return { seq: seq - 1, t, n: seq, node }
    }
    const told = { peer: sender, id, message: type, term } as const
    switch (at % 4) {
      case 0:
        return [{ kind: 'received', ...next(receiver), ...told, count }]
      case 1:
        return [{ kind: 'dropped', ...next(receiver), sender, receiver, id, message: type, reason: 'lost' }]
      case 2:
        return [{ kind: 'held', ...next(receiver), ...told, place: 0, bytes: new Uint8Array(3) }]
      default:
        return [{ kind: 'copied', ...next(receiver), peer: sender, id, copy: -id, message: type, by: 'hand' }]
    }
  })
  return [...life, ...fates]
}

async function sourceOf(events: readonly TimelineEvent[]) {
  const path = join(await tempDir(), 'a.raftrec')
  await writeRecording(path, events)
  return opened(path)
}

function counted<T>(items: readonly T[], key: (item: T) => string | number): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1
  return counts
}

describe('an SQLite export', () => {
  it('is a sound database whose numbers are the recording’s', async () => {
    const source = await sourceOf(lifeWithFates(60))
    const events = await allEvents(source)
    const { bytes, events: count } = await written(sqliteExporter, source)
    const db = await database(bytes)
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    expect(count).toBe(events.length)
    expect(db.prepare('SELECT count(*) AS n, max(t) AS t FROM events').get()).toEqual({
      n: events.length,
      t: Math.max(...events.map(({ t }) => t)),
    })
    const kinds = db.prepare('SELECT kind, count(*) AS n FROM events GROUP BY kind').all()
    expect(Object.fromEntries(kinds.map(({ kind, n }) => [kind, n]))).toEqual(counted(events, ({ kind }) => kind))
    const nodes = db.prepare('SELECT node, events FROM nodes').all()
    expect(Object.fromEntries(nodes.map(({ node, events }) => [node, events]))).toEqual(
      counted(events, ({ node }) => node),
    )
    expect(db.prepare("SELECT value FROM meta WHERE key = 'cluster_name'").get()).toEqual({ value: 'demo' })
  })

  it('has a table per kind with real columns, which need no quotes', async () => {
    const source = await sourceOf(lifeWithFates(60))
    const events = await allEvents(source)
    const db = await database((await written(sqliteExporter, source)).bytes)
    for (const kind of new Set(events.map((event) => event.kind))) {
      const names = columnsOf(kind).map(({ name }) => name)
      const rows = db.prepare(`SELECT ${['seq', ...names].join(', ')} FROM ${tableOf(kind)} ORDER BY seq`).all()
      const own = events.filter((event) => event.kind === kind)
      expect(rows).toHaveLength(own.length)
      for (const { field, name, type } of columnsOf(kind)) {
        if (type !== 'f64' && type !== 'u16' && type !== 'u32') continue
        const values = own.map((event) => (event as unknown as Record<string, number>)[field])
        expect(rows.map((row) => row[name])).toEqual(values)
      }
    }
    const appended = events.filter((event) => event.kind === 'appended')
    const entries = appended.reduce((sum, event) => sum + event.entries.length, 0)
    expect(entries).toBeGreaterThan(0)
    expect(db.prepare('SELECT count(*) AS n FROM entries').get()).toEqual({ n: entries })
  })

  it('pairs what was sent with what became of it', async () => {
    const source = await sourceOf(lifeWithFates(60))
    const events = await allEvents(source)
    const sent = events.filter((event) => event.kind === 'sent')
    const copies = events.filter((event) => event.kind === 'copied')
    const db = await database((await written(sqliteExporter, source)).bytes)
    const rows = db.prepare('SELECT * FROM messages').all()
    expect(rows).toHaveLength(sent.length + copies.length)
    for (const { node, peer, id, seq, t } of sent) {
      const end = events.find(
        (event) =>
          (event.kind === 'received' && event.node === peer && event.peer === node && event.id === id) ||
          (event.kind === 'dropped' && event.sender === node && event.receiver === peer && event.id === id),
      )
      const isHeld = events.some((event) => event.kind === 'held' && event.id === id)
      const row = rows.find((row) => row.sender === node && row.receiver === peer && row.id === id)
      expect(row).toMatchObject({ sent_seq: seq, sent_t: t, copy_of: null })
      expect(row?.fate).toBe(end?.kind ?? (isHeld ? 'held' : 'under way'))
      expect(row?.end_seq ?? undefined).toBe(end?.seq)
      expect(row?.latency ?? undefined).toBe(end && end.t - t)
      expect(row?.reason ?? undefined).toBe(end?.kind === 'dropped' ? 'lost' : undefined)
    }
    const fates = db.prepare('SELECT DISTINCT fate FROM messages ORDER BY fate').all()
    expect(fates.map(({ fate }) => fate)).toEqual(['dropped', 'held', 'received', 'under way'])
    const of = db.prepare('SELECT copy_of FROM messages WHERE id < 0').all()
    expect(of.map(({ copy_of: id }) => id).sort()).toEqual(copies.map(({ id }) => id).sort())
  })

  it('is whole also where a part of a timeline leaves out most of its numbers', async () => {
    const life = lifeWithFates(3)
    const far = Number.MAX_SAFE_INTEGER - 1
    const { bytes } = await written(sqliteExporter, listOf([...life, { ...life.at(-1)!, seq: far }]))
    const db = await database(bytes)
    // Number by number, this would never end.
    expect(db.prepare('SELECT max(seq) AS last FROM events').get()).toEqual({ last: far })
    expect(db.prepare('SELECT count(*) AS n FROM messages').get()).toEqual({
      n: life.filter(({ kind }) => kind === 'sent' || kind === 'copied').length,
    })
  })

  it('lets others have their turn in the midst of an event with a long log', async () => {
    const entries = Array.from({ length: 20_000 }, (_, place) => ({
      index: place + 1,
      term: 1,
      type: 'noop' as const,
      data: new Uint8Array(0),
    }))
    const told = { seq: 0, t: 0, node: 1, n: 1, firstIndex: 1, count: entries.length, term: 1, bytes: 0 }
    let turns = 0
    const looking = { on: true }
    const look = () => {
      turns++
      if (looking.on) setImmediate(look)
    }
    setImmediate(look)
    const { bytes } = await written(
      sqliteExporter,
      listOf([{ kind: 'appended', ...told, entries }]),
      {},
      {
        progress: () => {
          looking.on = false
        },
      },
    )
    expect(turns).toBeGreaterThan(15)
    const db = await database(bytes)
    expect(db.prepare('SELECT count(*) AS n FROM entries').get()).toEqual({ n: entries.length })
  })

  it('names the folder of temporary files when that is what has no room', async () => {
    const before = process.env.TMPDIR
    onTestFinished(() => {
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
    })
    const nowhere = join(await tempDir(), 'none')
    process.env.TMPDIR = nowhere
    await expect(written(sqliteExporter, listOf([]))).rejects.toMatchObject({
      code: 'disk-failed',
      details: { path: nowhere, operation: 'write' },
    })
  })

  it('holds a selection only, and leaves no temporary file when it is cancelled', async () => {
    const source = await sourceOf(lifeWithFates(60))
    const { bytes } = await written(sqliteExporter, source, { kinds: ['committed'], nodes: [1] })
    const db = await database(bytes)
    expect(db.prepare('SELECT DISTINCT kind, node FROM events').all()).toEqual([{ kind: 'committed', node: 1 }])

    const stop = new AbortController()
    // A folder of its own: in the system's one everybody's temporary files come and go.
    const temporary = await tempDir()
    vi.stubEnv('TMPDIR', temporary)
    onTestFinished(() => void vi.unstubAllEnvs())
    const used: string[][] = []
    const progress = () => {
      used.push(readdirSync(temporary))
      stop.abort()
    }
    const cancelled = written(sqliteExporter, source, {}, { signal: stop.signal, progress })
    await expect(cancelled).rejects.toThrow(/abort/i)
    expect(used[0]).toHaveLength(1)
    expect(await readdir(temporary)).toEqual([])
  })
})
