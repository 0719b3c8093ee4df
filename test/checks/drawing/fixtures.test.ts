/** The files by which the pictures of the documentation come about are as wrong as they should be. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkFile } from '../../../main/workbench/checking'

const { signal } = new AbortController()
const checked = (name: string) =>
  checkFile({ file: join(import.meta.dirname, '../fixtures', name), signal, progress: () => undefined })

test('two leaders in one term, because one forgot its vote', async () => {
  const { invariants, conformance, history } = await checked('two-leaders.jsonl')
  expect(invariants.flatMap(({ id, found }) => (found > 0 ? [id] : []))).toEqual([
    'election-safety',
    'one-vote-per-term',
  ])
  expect(conformance?.first?.condition).toBe('restart-vote-kept')
  expect(history.illegal.map(({ part }) => part)).toEqual(['x'])
})

test('a read of what had been replaced, drawn with its smallest history', async () => {
  const { history } = await checked('stale-read.edn')
  expect(history.illegal[0]?.calls.map(({ text }) => text)).toEqual(['write 1', 'cas 1 2 → done', 'read → 1'])
  expect(history.illegal[0]?.drawn.calls.map(({ standing }) => standing.kind)).toEqual(['placed', 'placed', 'stuck'])
})
