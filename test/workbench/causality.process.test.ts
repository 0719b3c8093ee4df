/** Why, paths, search, steps, diff and notes, asked through the contract of a recording that real nodes left. */
import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventView, NotesView } from '../../preload/contract'
import { STEADY, until } from '../support/cluster'
import { type Bench, startBench } from './support'

let bench: Bench
let path: string
let events: readonly EventView[]
/** Killed; it led before. */
let first: number
let second: number
/** What a window was told. */
const noted: NotesView[] = []

const SOURCE = 'recording' as const
const of = <K extends EventView['kind']>(kind: K, test: (event: EventView<K>) => boolean = () => true) =>
  events.filter((event) => event.kind === kind && test(event as EventView<K>)) as EventView<K>[]
const only = <T>(list: readonly T[]): T => {
  expect(list.length).toBeGreaterThan(0)
  return list[0] as T
}
const why = async (seq: number) => (await bench.call('timeline.why', { source: SOURCE, seq, job: 'why' })) ?? []

beforeAll(async () => {
  bench = await startBench()
  bench.workbench.subscribe('notes', (view) => noted.push(view))
  // The second election is the one that the kill brings.
  await bench.call('clusters.create', { nodes: 3, settings: STEADY })
  first = await bench.leader()
  await bench.call('client.put', { key: 'x', value: '1' })
  await bench.settled()
  const { seq, t } = await bench.call('timeline.state', { source: 'live' })
  await bench.call('notes.add', { source: 'live', seq, t, text: 'before the kill' })
  await bench.call('node.kill', { node: first })
  await until('the kill is seen', () => bench.nodes.get(first)?.process.standing === 'killed')
  second = await bench.leader()
  await bench.call('client.put', { key: 'x', value: '2' })
  await bench.call('clusters.close', {})
  const [item] = await bench.call('recordings.list', {})
  path = item?.path ?? ''
  await bench.call('recordings.open', { path })
  events = await bench.call('timeline.events', { source: SOURCE, limit: 50_000 })
})
afterAll(() => bench.clear())

describe('why', () => {
  test('a node became leader: votes, requests, candidacy, timeout, the last heartbeat and the kill', async () => {
    const won = only(of('role', ({ node, role, term }) => node === second && role === 'leader' && term > 1))
    const chain = await why(won.seq)
    expect(chain.at(-1)).toEqual({ event: won, relation: null, explains: -1 })
    const told = chain.map(({ event, relation }) => [event.kind, relation])
    expect(told).toContainEqual(['role', 'stood'])
    expect(told).toContainEqual(['remark', 'timed-out'])
    expect(told).toContainEqual(['remark', 'voted'])
    expect(told).toContainEqual(['sent', 'asked'])
    const silenced = chain.find(({ relation }) => relation === 'silenced' || relation === 'ended')
    expect(silenced?.event).toMatchObject({ kind: 'process', subject: first, state: 'killed' })
    const fault = chain.find(({ relation }) => relation === 'fault')
    expect(fault?.event).toMatchObject({ kind: 'fault', type: 'kill', action: 'begin' })
    expect(chain.map(({ event }) => event.t)).toEqual(chain.map(({ event }) => event.t).toSorted((a, b) => a - b))
    for (const { explains } of chain.slice(0, -1)) expect(chain.some(({ event }) => event.seq === explains)).toBe(true)
  })

  test('a client was answered: its call, the entry, the acknowledgements of a majority, what was applied', async () => {
    const answer = only(of('answer', ({ outcome }) => outcome === 'ok'))
    const kinds = (await why(answer.seq)).map(({ event, relation }) => `${event.kind} ${relation}`)
    for (const step of ['invoke client', 'appended here', 'sent acknowledged', 'committed ran', 'applied ran']) {
      expect(kinds).toContain(step)
    }
  })

  test('every event has an answer, and nothing is explained by what came later', async () => {
    const kinds = new Map(events.map((event) => [event.kind, event]))
    expect(kinds.size).toBeGreaterThan(15)
    for (const event of [...kinds.values(), ...events.filter((_, at) => at % 97 === 0)]) {
      const chain = await why(event.seq)
      expect(chain.some((step) => step.event.seq === event.seq)).toBe(true)
      expect(chain.every((step) => step.event.t <= event.t)).toBe(true)
    }
  })
})

test('the cones of the end of a recording agree with each other, and with the clock', async () => {
  const won = only(of('role', ({ node, role, term }) => node === second && role === 'leader' && term > 1))
  const cone = async (direction: 'past' | 'future') =>
    (await bench.call('timeline.cone', { source: SOURCE, seq: won.seq, direction, limit: 50_000, job: direction })) ?? {
      seqs: [],
      more: true,
    }
  const [past, future] = [await cone('past'), await cone('future')]
  expect(past.more || future.more).toBe(false)
  const killed = only(of('process', ({ subject, state }) => subject === first && state === 'killed'))
  const answers = of('answer', ({ outcome }) => outcome === 'ok')
  expect(past.seqs).toContain(
    answers[0]?.seq === undefined ? -1 : only(of('appended', ({ node }) => node === first)).seq,
  )
  expect(future.seqs).toContain(answers.at(-1)?.seq)
  expect(future.seqs).not.toContain(killed.seq)
  const at = new Map(events.map((event) => [event.seq, event]))
  for (const seq of past.seqs) expect(at.get(seq)?.t ?? 0).toBeLessThanOrEqual(won.t)
  for (const seq of future.seqs) expect(at.get(seq)?.t ?? 0).toBeGreaterThanOrEqual(won.t)
  expect(past.seqs.filter((seq) => future.seqs.includes(seq))).toEqual([])
})

test('a path leads from a call to what a follower applied because of it, in either order of asking', async () => {
  const put = only(of('invoke'))
  const entry = only(of('answer')).index
  const applied = only(of('applied', ({ node, lastApplied }) => node !== first && lastApplied >= entry))
  const asked = { source: SOURCE, from: put.seq, to: applied.seq, job: 'path' }
  const there = await bench.call('timeline.path', asked)
  expect(there?.steps?.[0]?.event.seq).toBe(put.seq)
  expect(there?.steps?.at(-1)?.event.seq).toBe(applied.seq)
  expect(there?.steps?.some(({ event }) => event.kind === 'sent')).toBe(true)
  const back = await bench.call('timeline.path', { ...asked, from: applied.seq, to: put.seq })
  expect(back).toEqual(there)
  const stranger = only(of('cluster'))
  expect(await bench.call('timeline.path', { ...asked, from: stranger.seq })).toEqual({ steps: null })
})

test('of two questions under one name, the older is given up', async () => {
  const asked = { source: SOURCE, direction: 'past', limit: 50_000, job: 'same' } as const
  const last = events.length - 1
  const older = bench.call('timeline.cone', { ...asked, seq: last })
  const newer = bench.call('timeline.cone', { ...asked, seq: last - 1 })
  expect(await older).toBeNull()
  expect((await newer)?.seqs.length).toBeGreaterThan(0)
})

describe('search', () => {
  const find = (text: string, seq: number, by: 1 | -1) =>
    bench.call('timeline.find', { source: SOURCE, what: { text }, seq, by })

  test('finds and counts what the same words find in memory', async () => {
    const wanted = of('remark', ({ name }) => name.endsWith('vote-granted')).map(({ seq }) => seq)
    expect(wanted.length).toBeGreaterThan(1)
    const text = 'kind = remark vote-granted'
    expect(await bench.call('timeline.count', { source: SOURCE, text, fromSeq: 0 })).toEqual({
      matches: wanted.length,
      next: null,
    })
    const forward: number[] = []
    for (let seq = 0; ; ) {
      const { match } = await find(text, seq, 1)
      if (match === null) break
      forward.push(match.seq)
      seq = match.seq + 1
    }
    expect(forward).toEqual(wanted)
    expect((await find(text, wanted[1] ?? 0, -1)).match?.seq).toBe(wanted[0])
    expect(await find('no such thing', 0, 1)).toEqual({ match: null, next: null })
    await bench.fails(
      'timeline.find',
      { source: SOURCE, what: { text: 'x'.repeat(2_001) }, seq: 0, by: 1 },
      'bad-input',
    )
  })

  test('a step stops at the next leader, fault, commitment, and message of a node', async () => {
    const step = async (what: 'term' | 'fault' | 'commit' | 'message' | 'note', node = 0) =>
      (await bench.call('timeline.find', { source: SOURCE, what: { step: what, node }, seq: 0, by: 1 })).match?.seq
    expect(await step('term')).toBe(only(of('role', ({ role }) => role === 'leader')).seq)
    expect(await step('fault')).toBe(only(of('fault')).seq)
    expect(await step('commit')).toBe(only(of('committed', ({ by }) => by === 'counted')).seq)
    // Both ends of a message, and the end that it did not come to.
    const mine = events.find((event) => {
      if (event.kind === 'dropped') return event.sender === second || event.receiver === second
      return event.node === second && (event.kind === 'sent' || event.kind === 'received')
    })
    expect(await step('message', second)).toBe(mine?.seq)
    expect(await step('note')).toBe(only(of('note', ({ text }) => text === 'before the kill')).seq)
  })
})

test('a diff tells what the kill and the election after it changed', async () => {
  const killed = only(of('fault', ({ type, action }) => type === 'kill' && action === 'begin'))
  const ends = only(of('closing')).seq
  const diff = await bench.call('timeline.diff', { source: SOURCE, a: killed.seq, b: ends })
  expect(diff.faultsBegun).toMatchObject([{ type: 'kill' }])
  const dead = diff.nodes.find(({ node }) => node === first)
  expect(dead?.fields).toContainEqual({ field: 'process', from: 'running', to: 'killed' })
  const leads = diff.nodes.find(({ node }) => node === second)
  expect(leads?.fields).toContainEqual({ field: 'role', from: 'follower', to: 'leader' })
  expect(leads?.log.added).toBeGreaterThanOrEqual(2)
  expect(leads?.log.sameUpTo).toBeGreaterThan(0)
  expect(leads?.log.entries.filter(({ change }) => change === 'added').map(({ b }) => b?.value)).toContain('2')
  const same = await bench.call('timeline.diff', { source: SOURCE, a: ends, b: ends })
  expect(same.nodes.every(({ fields }) => fields.length === 0)).toBe(true)
})

describe('notes', () => {
  test('one made live is an event, and still beside the recording; others come, change and go, for every window', async () => {
    const { notes } = await bench.call('notes.list', { source: SOURCE })
    expect(notes).toMatchObject([{ text: 'before the kill' }])
    noted.length = 0
    const added = await bench.call('notes.add', { source: SOURCE, seq: 5, t: 7e6, text: '' })
    expect(added.notes.map(({ seq }) => seq)).toEqual([5, notes[0]?.seq])
    const id = added.notes[0]?.id ?? ''
    const edited = await bench.call('notes.edit', { source: SOURCE, id, text: '这里开始' })
    expect(edited.notes[0]).toMatchObject({ id, seq: 5, t: 7e6, text: '这里开始' })
    const removed = await bench.call('notes.remove', { source: SOURCE, id })
    expect(removed.notes).toEqual(notes)
    expect(noted).toEqual([added, edited, removed])
  })

  test('a file that makes no sense is told of, and left as it is', async () => {
    const file = `${path}.notes.json`
    const good = await readFile(file, 'utf8')
    for (const bad of [
      '{',
      '{"format":"raft-workbench-notes","version":2,"notes":[]}',
      good.replace('"seq"', '"sec"'),
    ]) {
      await writeFile(file, bad)
      await bench.fails('notes.list', { source: SOURCE }, 'notes-corrupt')
      const problem = await bench.fails('notes.add', { source: SOURCE, seq: 1, t: 1, text: 'x' }, 'notes-corrupt')
      expect(problem.message).toContain(file)
      expect(await readFile(file, 'utf8')).toBe(bad)
    }
    await writeFile(file, good)
  })
})
