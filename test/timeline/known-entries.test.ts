import { expect, test } from 'vitest'
import type { ReportedEvent } from '../../main/node/contract/events'
import type { Entry } from '../../main/raft/types'
import { KnownEntries } from '../../main/timeline/recorder/known-entries'

function entry(index: number, term: number, bytes = 4): Entry {
  return { index, term, type: 'command', data: new Uint8Array(bytes).fill(index) }
}

function appended(
  node: number,
  entries: readonly Entry[],
  told: readonly Entry[] = entries,
): ReportedEvent<'appended'> {
  const { index: firstIndex = 0, term = 0 } = entries[0] ?? {}
  const bytes = entries.reduce((sum, { data }) => sum + data.length, 0)
  return { kind: 'appended', node, n: 1, t: 0, firstIndex, count: entries.length, entries: told, term, bytes }
}

const nowhere = () => undefined

test('what a follower leaves to its leader to tell is filled in, with the very same entries', () => {
  const known = new KnownEntries(nowhere)
  const entries = [entry(1, 1), entry(2, 1), entry(3, 1)]
  known.complete(appended(1, entries))
  expect(known.complete(appended(2, entries.slice(1), []))).toEqual(appended(2, entries.slice(1)))
})

test('an entry of another term is another entry', () => {
  const known = new KnownEntries(nowhere)
  known.complete(appended(1, [entry(1, 1)]))
  const other = appended(2, [entry(1, 2)], [])
  expect(known.complete(other)).toBe(other)
  known.complete(appended(3, [entry(1, 2)]))
  expect(known.complete(other)).toEqual(appended(2, [entry(1, 2)]))
})

test('what nobody told stays as it was told', () => {
  const known = new KnownEntries(nowhere)
  const asked = appended(2, [entry(1, 1), entry(2, 1)], [])
  known.complete(appended(1, [entry(1, 1)]))
  expect(known.complete(asked)).toBe(asked)
})

test('it keeps so much; what is older is found in the logs', () => {
  const entries = Array.from({ length: 1000 }, (_, at) => entry(at + 1, 1, 300))
  const logs = (index: number, term: number) => entries.find((one) => one.index === index && one.term === term)
  const known = new KnownEntries(logs, 20_000)
  for (const one of entries) known.complete(appended(1, [one]))
  const all = appended(2, entries, [])
  expect(known.complete(all)).toEqual(appended(2, entries))
  const forgetful = new KnownEntries(nowhere, 20_000)
  for (const one of entries) forgetful.complete(appended(1, [one]))
  expect(forgetful.complete(all)).toBe(all)
  expect(forgetful.complete(appended(2, entries.slice(-20), []))).toEqual(appended(2, entries.slice(-20)))
})

test('all other events pass as they are', () => {
  const event: ReportedEvent = { kind: 'applied', node: 1, n: 1, t: 0, lastApplied: 3 }
  expect(new KnownEntries(nowhere).complete(event)).toBe(event)
})
