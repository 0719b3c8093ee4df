/**
 * The fold law at a thousand random moments of a run with faults: from a key frame as from the beginning, as the nodes
 * themselves said in the messages that they sent, and as their files were.
 */
import { isDeepStrictEqual } from 'node:util'
import { expect, it } from 'vitest'
import type { TimelineEvent } from '../../main/node/contract/events'
import { entryOf, fold, newCluster } from '../../main/timeline'
import type { NodeState } from '../../main/timeline/state'
import { until } from '../support/cluster'
import { allEvents, opened } from './support/files'
import { disk, leaderOf, live, onDisk } from './support/live'
import { plainState } from './support/logs'

const MOMENTS = 1_000
const NODES = [1, 2, 3, 4, 5]
const ROUNDS = 9

/** The same everywhere, so that a failure can be looked at again. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return state / 0x8000_0000
  }
}

/** Files of a node that was ended, and up to where the timeline was told by then. */
interface Copy {
  readonly node: number
  readonly seq: number
  /** It ended by itself, so it had told everything. */
  readonly clean: boolean
  readonly files: Awaited<ReturnType<typeof disk>>
}

/** What a message says about its sender; the fold must have known it when the message was sent. */
function saidWrong(node: NodeState, event: TimelineEvent<'sent'>): string | undefined {
  const termAt = (index: number) => (index === node.firstIndex - 1 ? node.baseTerm : entryOf(node, index)?.term)
  switch (event.message) {
    case 'RequestVote':
      if (node.currentTerm !== event.term) return `term ${node.currentTerm}`
      if (node.lastIndex !== event.index || termAt(node.lastIndex) !== event.logTerm)
        return `log ends ${node.lastIndex}`
      return node.role === 'candidate' ? undefined : node.role
    case 'AppendEntries':
      if (node.role !== 'leader') return node.role
      if (node.currentTerm !== event.term) return `term ${node.currentTerm}`
      if (event.index >= node.firstIndex - 1 && termAt(event.index) !== event.logTerm) return `term at ${event.index}`
      return event.index + event.count <= node.lastIndex ? undefined : `last index ${node.lastIndex}`
    case 'AppendEntriesReply':
      if (node.currentTerm !== event.term) return `term ${node.currentTerm}`
      if (!event.ok) return undefined
      // It says so only when its disk has it.
      return event.index <= node.durableIndex ? undefined : `durable up to ${node.durableIndex}`
    default:
      return undefined
  }
}

it('holds at a thousand random moments of a run with faults', async () => {
  const { cluster, recorder, path, close } = await live(5, { snapshotEntries: 150, trailingEntries: 40 })
  const { state } = recorder
  const value = new TextEncoder().encode('v'.repeat(40))
  let running = true
  let answered = 0
  const client = async (name: number) => {
    for (let i = 0; running; i++) {
      const { outcome } = await cluster.call({ op: 'put', key: `k${name}-${i % 7}`, value }, { timeoutMs: 2_000 })
      if (outcome === 'ok') answered++
    }
  }
  const clients = [1, 2, 3].map(client)
  const copies: Copy[] = []
  const random = randomFrom(42)
  const leads = () => until('somebody leads', () => leaderOf(state))
  const progress = async () => {
    const before = answered
    await until('writes go on', () => answered > before + 8)
  }
  for (let round = 0; round < ROUNDS; round++) {
    const leader = (await leads()).id
    const victim = round % 3 === 0 ? leader : (NODES[Math.floor(random() * NODES.length)] ?? 1)
    const kind = (['kill', 'stop', 'pause', 'partition'] as const)[round % 4] ?? 'kill'
    await progress()
    if (kind === 'pause') {
      await cluster.pause(victim)
      await progress()
      await cluster.resume(victim)
    } else if (kind === 'partition') {
      cluster.partition([[victim], NODES.filter((id) => id !== victim)])
      await progress()
      for (const id of NODES.filter((other) => other !== victim)) {
        cluster.heal(id, victim)
        cluster.heal(victim, id)
      }
    } else {
      const clean = kind === 'stop'
      await (clean ? cluster.stop(victim) : cluster.kill(victim))
      await until('the fold knows that it is down', () => {
        const standing = state.nodes.get(victim)?.process.standing
        return standing === 'killed' || standing === 'stopped'
      })
      // What a process said last may still be on its way; nothing is held for longer.
      await progress()
      copies.push({ node: victim, seq: state.seq, clean, files: await disk(cluster, victim) })
      await cluster.start(victim)
    }
    await progress()
  }
  running = false
  await Promise.all(clients)
  await close()

  const source = await opened(path)
  const events = await allEvents(source)
  expect(source.info()).toMatchObject({ complete: true, events: events.length, shed: 0 })
  expect(copies.length).toBeGreaterThan(3)

  // From the beginning, once; at each moment compared with what the file's key frames give.
  const moments = Array.from({ length: MOMENTS }, () => Math.floor(random() * (events.length + 1)))
  const wanted = new Set([...moments, ...copies.map(({ seq }) => seq)])
  const folded = newCluster('', '')
  let compared = 0
  let said = 0
  const wrong: string[] = []
  for (const event of [...events, undefined]) {
    if (wanted.has(folded.seq)) {
      const { seq } = folded
      const read = await source.stateAt(seq)
      const expected = { ...folded, id: read.id, name: read.name }
      if (!isDeepStrictEqual(plainState(read), plainState(expected))) expect(read).toEqual(folded)
      compared += moments.filter((moment) => moment === seq).length
      for (const copy of copies) if (copy.seq === seq) expectFiles(copy, folded.nodes.get(copy.node) as NodeState)
    }
    if (event === undefined) break
    if (event.kind === 'sent') {
      const problem = saidWrong(folded.nodes.get(event.node) as NodeState, event)
      if (problem !== undefined) wrong.push(`${event.seq} n${event.node} ${event.message} ${event.index}: ${problem}`)
      said++
    }
    fold(folded, event)
  }
  expect(compared).toBe(MOMENTS)
  expect(said).toBeGreaterThan(MOMENTS)
  expect(wrong).toEqual([])
})

/** What is on the disk of a node that ended; killed, it may have written more than it had the time to tell. */
function expectFiles({ clean, files }: Copy, node: NodeState): void {
  const told = onDisk(node)
  if (clean) {
    expect(told).toEqual(files)
    return
  }
  expect(files.currentTerm).toBeGreaterThanOrEqual(told.currentTerm)
  if (files.currentTerm === told.currentTerm && told.votedFor !== 0) expect(files.votedFor).toBe(told.votedFor)
  expect(files.lastIndex).toBeGreaterThanOrEqual(told.lastIndex)
  const durable = told.log.filter(({ index }) => index <= told.lastIndex && index > files.base.index)
  expect(files.log.filter(({ index }) => index <= told.lastIndex && index > told.base.index)).toEqual(durable)
}
