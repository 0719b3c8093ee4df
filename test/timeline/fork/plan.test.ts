/** What a moment amounts to on each disk, from events that say exactly what had happened until then. */
import { expect, it } from 'vitest'
import { encodeCommand } from '../../../main/node/contract/command'
import { encodeConfiguration } from '../../../main/node/contract/configuration'
import type { DiskImage, ForkedNode, ForkImage } from '../../../main/node/contract/disk-image'
import type { TimelineEvent } from '../../../main/node/contract/events'
import { configurationOf } from '../../../main/raft/configuration'
import type { Configuration, Entry, EntryType } from '../../../main/raft/types'
import type { TimelineSource } from '../../../main/timeline/api'
import { type MutableCluster, type MutableNode, newCluster, nodeOf } from '../../../main/timeline/fold/cluster'
import { committedEntries, planFork } from '../../../main/timeline/fork'
import { FIRST_START } from '../../support/events'
import { logOf } from '../support/logs'

const THREE = configurationOf([1, 2, 3])
const put = (index: number) =>
  encodeCommand({
    client: 0,
    sequence: 0,
    time: index,
    command: { op: 'put', key: `k${index}`, value: Buffer.from('v') },
  })
function entry(index: number, term: number, type: EntryType = 'command', data = put(index)): Entry {
  return { index, term, type, data: type === 'noop' ? new Uint8Array(0) : data }
}
const log = (...terms: readonly number[]) => terms.map((term, at) => entry(at + 1, term))
const config = (index: number, term: number, configuration: Configuration) =>
  entry(index, term, 'config', encodeConfiguration(configuration))

type Changes = Partial<Omit<MutableNode, 'log'>> & { readonly log?: readonly Entry[] }

/** A node that runs and has all of its log on its disk, unless `changes` says otherwise. */
function add(state: MutableCluster, id: number, { log: entries = [], ...changes }: Changes): MutableNode {
  const node = nodeOf(state, id)
  const base = (changes.firstIndex ?? 1) - 1
  const term = changes.durableTerm ?? entries.at(-1)?.term ?? 0
  Object.assign(node, {
    lastIndex: base + entries.length,
    durableIndex: base + entries.length,
    currentTerm: term,
    durableTerm: term,
    configuration: THREE,
    log: logOf(entries),
    ...changes,
  })
  node.process.standing = 'running'
  return node
}
function stateOf(...nodes: readonly Changes[]): MutableCluster {
  const state = newCluster('c1', 'demo')
  for (const [at, node] of nodes.entries()) add(state, at + 1, node)
  return state
}
/** A timeline of these events; planning asks it only for the first configuration. */
function sourceOf(events: readonly TimelineEvent[] = []): TimelineSource {
  const none = () => {
    throw new Error('not asked for')
  }
  return {
    info: () => ({ clusterId: 'c1', clusterName: 'demo' }) as ReturnType<TimelineSource['info']>,
    events: none,
    stateAt: none,
    seqAt: none,
    overview: none,
    close: async () => undefined,
    async *scan({ toSeq = Number.POSITIVE_INFINITY }) {
      yield events.filter(({ seq }) => seq < toSeq)
    },
  } as TimelineSource
}
const plan = (state: MutableCluster) => planFork(sourceOf(), state)
function diskOf(image: ForkImage, id: number): DiskImage {
  const disk = nodeIn(image, id).disk
  if (disk === undefined) throw new Error(`node ${id} has no disk`)
  return disk
}
function nodeIn(image: ForkImage, id: number): ForkedNode {
  const node = image.nodes.find(({ node }) => node === id)
  if (node === undefined) throw new Error(`no node ${id}`)
  return node
}
const terms = (image: ForkImage, id: number) => diskOf(image, id).entries.map(({ term }) => term)

it('what was not durable is not there', async () => {
  const state = stateOf(
    { log: log(1, 1, 1), commitIndex: 1, durableIndex: 2 },
    { log: log(1, 1), commitIndex: 1, votedFor: 3, durableVote: 1, currentTerm: 2 },
    { log: log(1), commitIndex: 1 },
  )
  const image = await plan(state)
  expect([1, 2, 3].map((id) => terms(image, id))).toEqual([[1, 1], [1, 1], [1]])
  expect(diskOf(image, 2).hardState).toEqual({ currentTerm: 1, votedFor: 1 })
  expect(image).toMatchObject({ committed: 1, completed: [], first: { voters: [1, 2, 3], witnesses: [] } })
})

it('a committed entry that too few could still tell of is given to the one that was down', async () => {
  const state = stateOf(
    { log: log(1, 1, 2), commitIndex: 3 },
    { log: log(1, 1), commitIndex: 2 },
    { log: log(1, 1), commitIndex: 1 },
  )
  nodeOf(state, 3).process.standing = 'killed'
  const image = await plan(state)
  expect(image.completed).toEqual([3])
  expect([1, 2, 3].map((id) => terms(image, id))).toEqual([
    [1, 1, 2],
    [1, 1],
    [1, 1, 2],
  ])
  // It had heard of the term, and its vote there is spent: no second leader can come of it.
  expect(diskOf(image, 3).hardState).toMatchObject({ currentTerm: 2, votedFor: 3 })
})

it('a suffix that contradicts what is committed goes', async () => {
  const state = stateOf(
    { log: log(1, 3, 3), commitIndex: 3 },
    { log: log(1, 2, 2), commitIndex: 1, durableTerm: 3 },
    { log: log(1), commitIndex: 1, durableTerm: 3 },
  )
  for (const id of [2, 3]) nodeOf(state, id).process.standing = 'killed'
  const image = await plan(state)
  expect(image.completed).toEqual([2])
  expect(terms(image, 2)).toEqual([1, 3, 3])
})

it('who led had the votes of a majority: one that was down has given its own', async () => {
  const state = stateOf(
    { log: log(1), durableTerm: 4, currentTerm: 4, votedFor: 1, durableVote: 1, role: 'leader', commitIndex: 1 },
    { log: log(1), commitIndex: 1 },
    { log: log(1), commitIndex: 1 },
  )
  nodeOf(state, 2).process.standing = 'crashed'
  const image = await plan(state)
  expect(image.completed).toEqual([2])
  expect(diskOf(image, 2).hardState).toEqual({ currentTerm: 4, votedFor: 1 })
  expect(diskOf(image, 3).hardState).toEqual({ currentTerm: 1, votedFor: 0 })
})

it('a joint configuration needs both majorities', async () => {
  const joint: Configuration = { ...configurationOf([1, 4, 5]), outgoing: [1, 2, 3] }
  const entries = [entry(1, 1), config(2, 1, joint), entry(3, 1)]
  const changes = { configuration: joint, configurationIndex: 2, log: entries }
  const behind = { ...changes, log: entries.slice(0, 2) }
  const state = stateOf({ ...changes, commitIndex: 3 }, { ...changes, commitIndex: 2 }, behind, behind, behind)
  for (const id of [3, 5]) nodeOf(state, id).process.standing = 'killed'
  const image = await plan(state)
  // Of the old ones two have it; of the new ones only one could tell.
  expect(image.completed).toEqual([5])
  expect(terms(image, 5)).toHaveLength(3)
})

it('a witness is told that there is a command, not which', async () => {
  const witnessed = configurationOf([1, 2, 3], { witnesses: [3] })
  const state = stateOf(
    { log: log(1, 1), commitIndex: 2, configuration: witnessed },
    { log: log(1), commitIndex: 1, configuration: witnessed },
    { log: [entry(1, 1, 'metadata', new Uint8Array(0))], commitIndex: 1, configuration: witnessed },
  )
  nodeOf(state, 3).process.standing = 'killed'
  const image = await plan(state)
  expect(nodeIn(image, 3).role).toBe('witness')
  expect(diskOf(image, 3).entries.map(({ type, data }) => [type, data.length])).toEqual([
    ['metadata', 0],
    ['metadata', 0],
  ])
})

it('a snapshot that was just installed counts, whether or not the log says so durably yet', async () => {
  const state = stateOf(
    { firstIndex: 6, baseTerm: 2, log: [entry(6, 2)], commitIndex: 6, snapshot: { index: 5, term: 2, bytes: 9 } },
    { firstIndex: 6, baseTerm: 2, log: [entry(6, 2)], commitIndex: 6, snapshot: { index: 5, term: 2, bytes: 9 } },
    {
      firstIndex: 6,
      baseTerm: 2,
      log: [],
      durableIndex: 1,
      durableTerm: 1,
      commitIndex: 5,
      snapshot: { index: 5, term: 2, bytes: 9 },
    },
  )
  const disk = diskOf(await plan(state), 3)
  expect(disk).toEqual({
    base: { index: 5, term: 2 },
    entries: [],
    snapshot: { index: 5, term: 2, bytes: 9 },
    hardState: { currentTerm: 2, votedFor: 3 },
  })
})

it('who was removed is not given again; who has written nothing begins with nothing', async () => {
  const state = stateOf({ log: log(1), commitIndex: 1 }, { log: log(1), commitIndex: 1 }, {}, { log: log(1) })
  nodeOf(state, 4).process.standing = 'removed'
  const image = await plan(state)
  expect(image.nodes.map(({ node }) => node)).toEqual([1, 2, 3])
  expect(image.removed).toEqual([4])
  expect(nodeIn(image, 3)).toEqual({ node: 3, role: 'voter', starts: 1, joined: false })
})

it('a first member whose disk was emptied since must not believe in the first configuration again', async () => {
  const changed = configurationOf([1, 2], { learners: [3] })
  const entries = [entry(1, 1), config(2, 1, changed)]
  const changes = { log: entries, commitIndex: 2, configuration: changed, configurationIndex: 2 }
  const state = stateOf(changes, changes, { configuration: undefined })
  const told = (voters: string) =>
    ({
      kind: 'configuration',
      seq: 0,
      t: 0,
      node: 1,
      n: 1,
      index: 0,
      voters,
      witnesses: '',
    }) as unknown as TimelineEvent
  const image = await planFork(sourceOf([told('1,2,3')]), state)
  expect(nodeIn(image, 3)).toMatchObject({ joined: true, role: 'learner', joinsAfter: { index: 2, term: 1 } })
  expect(nodeIn(image, 1)).toMatchObject({ joined: false })
})

it('first members that were not even spawned yet are there', async () => {
  const state = newCluster('c1', 'demo')
  add(state, 1, {})
  const image = await plan(state)
  expect(image.nodes.map(({ node, joined }) => [node, joined])).toEqual([
    [1, false],
    [2, false],
    [3, false],
  ])
})

it('data that is missing in one log stands in another, under the same index and term', async () => {
  const untold = (at: number, term: number) => entry(at, term, 'command', new Uint8Array(0))
  const state = stateOf(
    { log: log(1, 2), commitIndex: 2 },
    { log: [entry(1, 1), untold(2, 2)], commitIndex: 2, dataMissing: true },
    { log: [entry(1, 1), untold(2, 1)], commitIndex: 1, durableIndex: 1, dataMissing: true },
  )
  const image = await plan(state)
  expect(diskOf(image, 2).entries[1]?.data).toEqual(put(2))
  // Nor was it told that it is no command.
  nodeOf(state, 1).log = logOf([entry(1, 1), entry(2, 2, 'noop')])
  expect(diskOf(await plan(state), 2).entries[1]?.type).toBe('noop')
  nodeOf(state, 1).log = logOf(log(1, 2))
  // What was not durable need not be known.
  expect(diskOf(image, 3).entries).toHaveLength(1)
  const other = nodeOf(state, 3)
  other.durableIndex = 2
  // Of another term it is another entry.
  await expect(plan(state)).rejects.toMatchObject({ details: { reason: 'level', node: 3, index: 2 } })
})

it('refuses what it cannot know', async () => {
  const missing = stateOf({ log: [{ ...entry(1, 1), data: new Uint8Array(0) }], dataMissing: true })
  await expect(plan(missing)).rejects.toMatchObject({
    code: 'fork-refused',
    details: { reason: 'level', node: 1, index: 1 },
  })
  const silent = stateOf({ configuration: undefined })
  await expect(plan(silent)).rejects.toMatchObject({ details: { reason: 'early' } })
  const gone = stateOf({ firstIndex: 6, log: [entry(6, 1)] })
  await expect(plan(gone)).rejects.toMatchObject({ details: { reason: 'beginning', node: 1, index: 5 } })
})

it('committed entries come once, in order, before compaction takes them, and not those that only one had', async () => {
  const events: unknown[] = []
  const say = (node: number, kind: string, fields: object) =>
    events.push({ seq: events.length, t: events.length, n: 1, node, kind, ...fields })
  const begin = (node: number) => {
    say(0, 'process', { subject: node, state: 'spawned', pid: node, incarnation: 0, exitCode: 0, signal: '' })
    say(node, 'started', {
      ...FIRST_START,
    })
    say(node, 'configuration', {
      index: 0,
      standing: 'restored',
      voters: '1,2',
      outgoing: '',
      learners: '',
      learnersNext: '',
      witnesses: '',
    })
  }
  const append = (node: number, entries: readonly Entry[]) =>
    say(node, 'appended', {
      firstIndex: entries[0]?.index,
      count: entries.length,
      entries,
      term: entries[0]?.term,
      bytes: 0,
    })
  begin(1)
  begin(2)
  append(2, [entry(1, 1)])
  append(1, [entry(1, 2), entry(2, 2)])
  say(1, 'committed', { commitIndex: 2, by: 'counted' })
  say(1, 'compacted', { firstIndex: 3, baseTerm: 2 })
  append(2, [entry(1, 2), entry(2, 2), entry(3, 2)])
  // The follower's report had no data, and the leader's came late: it has it.
  append(2, [entry(4, 2, 'command', new Uint8Array(0))])
  append(1, [entry(3, 2), entry(4, 2)])
  say(1, 'committed', { commitIndex: 4, by: 'counted' })
  say(2, 'committed', { commitIndex: 4, by: 'learned' })
  const found: Entry[] = []
  const source = sourceOf(events as TimelineEvent[])
  for await (const batch of committedEntries(source, { seq: events.length, upTo: 9 })) found.push(...batch)
  expect(found.map(({ index, term }) => [index, term])).toEqual([
    [1, 2],
    [2, 2],
    [3, 2],
    [4, 2],
  ])
  expect(found.every(({ data }) => data.length > 0)).toBe(true)
})
