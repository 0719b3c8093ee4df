import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { addNote, editNote, notesPath, readNotes, removeNote } from '../../../main/timeline/notes'
import { codeOf, join, readFile, tempDir } from '../support/files'

const at = (seq: number, text = `at ${seq}`) => ({ seq, t: seq * 1e6, text })
const now = new Date('2026-01-02T03:04:05Z')

describe('notes beside a recording', () => {
  test('there are none before the first; then they stand in the order of their moments, in a file of their own', async () => {
    const recording = join(await tempDir(), 'a.raftrec')
    expect(await readNotes(recording)).toEqual([])
    await addNote(recording, at(9), now)
    await addNote(recording, at(3, ''), now)
    const notes = await readNotes(recording)
    expect(notes.map(({ seq, text }) => [seq, text])).toEqual([
      [3, ''],
      [9, 'at 9'],
    ])
    const file = JSON.parse(await readFile(notesPath(recording), 'utf8'))
    expect(file).toEqual({ format: 'raft-workbench-notes', version: 1, notes })
    expect(notes[0]?.created).toBe(now.toISOString())
  })

  test('many changes at once are all kept, and nothing half is left beside them', async () => {
    const dir = await tempDir()
    const recording = join(dir, 'a.raftrec')
    await Promise.all(Array.from({ length: 30 }, (_, seq) => addNote(recording, at(seq), now)))
    const notes = await readNotes(recording)
    expect(notes.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, seq) => seq))
    await Promise.all(
      notes.map(({ id, seq }) => (seq % 2 === 0 ? removeNote(recording, id) : editNote(recording, id, `new ${seq}`))),
    )
    const after = await readNotes(recording)
    expect(after.map(({ text }) => text)).toEqual(Array.from({ length: 15 }, (_, place) => `new ${2 * place + 1}`))
    expect(await readdir(dir)).toEqual(['a.raftrec.notes.json'])
  })

  test('a change of what is gone changes nothing', async () => {
    const recording = join(await tempDir(), 'a.raftrec')
    const notes = await addNote(recording, at(1), now)
    expect(await editNote(recording, 'nobody', 'x')).toEqual(notes)
    expect(await removeNote(recording, 'nobody')).toEqual(notes)
  })

  test.each([
    ['no JSON', '{'],
    ['another format', '{"format":"x","version":1,"notes":[]}'],
    ['a later version', '{"format":"raft-workbench-notes","version":9,"notes":[]}'],
    [
      'a note without its moment',
      '{"format":"raft-workbench-notes","version":1,"notes":[{"id":"a","t":1,"text":"","created":""}]}',
    ],
    ['more than it should have', '{"format":"raft-workbench-notes","version":1,"notes":[],"more":1}'],
  ])('%s is told of, and never overwritten', async (_, text) => {
    const recording = join(await tempDir(), 'a.raftrec')
    await writeFile(notesPath(recording), text)
    expect(await codeOf(readNotes(recording))).toBe('notes-corrupt')
    expect(await codeOf(addNote(recording, at(1), now))).toBe('notes-corrupt')
    expect(await readFile(notesPath(recording), 'utf8')).toBe(text)
  })

  test('a place that cannot be written to is told of', async () => {
    const recording = join(await tempDir(), 'nowhere', 'a.raftrec')
    expect(await codeOf(addNote(recording, at(1), now))).toBe('directory-unwritable')
    const other = join(await tempDir(), 'b.raftrec')
    await mkdir(notesPath(other))
    expect(await codeOf(readNotes(other))).toBe('unreadable-file')
  })
})
