/**
 * A hundred thousand messages between real processes, under rules that drop, double, delay, reorder and hold them and under hands
 * that release, drop, double and move what is held: each message and each copy ends exactly once, and only where a rule or a
 * hand says so without reaching its receiver's core.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Cluster } from '../../main/cluster/api'
import type { Link, LinkAction, LinkRule, Shape } from '../../main/node/contract/conditions'
import type { ReportedEvent } from '../../main/node/contract/events'
import { Problem } from '../../main/node/contract/problem'
import { awaitEqualLogs, awaitLeader, bytes, openCluster, until, type Witness } from '../support/cluster'

const WANTED = 100_000
/** Changed so often, in milliseconds. */
const RULES_MILLIS = 150
const WRITERS = 4
/** When nobody holds anything any more, what is in the sockets arrives within this, and again so long: on a slow machine… */
const SETTLED_MILLIS = 1000
/** …so often. */
const SETTLED_ROUNDS = 60

const nameOf = (from: number, to: number, id: number) => `${from}>${to} ${id}`

/** Every message by its name, as the events tell it. */
class Ledger {
  readonly sent = new Map<string, ReportedEvent<'sent'>>()
  readonly copied = new Map<string, ReportedEvent<'copied'>>()
  readonly ends = new Map<string, ReportedEvent<'received' | 'dropped'>[]>()
  readonly held = new Map<string, ReportedEvent<'held'>>()
  readonly counts = new Map<string, number>()
  #read = 0

  constructor(readonly witness: Witness) {}

  /** Takes what was told since the last time. */
  read(): void {
    const { events } = this.witness
    for (; this.#read < events.length; this.#read++) this.#take(events[this.#read]!)
  }

  #take(event: ReportedEvent): void {
    switch (event.kind) {
      case 'sent':
        this.sent.set(nameOf(event.node, event.peer, event.id), event)
        break
      case 'copied':
        this.copied.set(nameOf(event.peer, event.node, event.copy), event)
        this.#count(`copied by ${event.by}`)
        break
      case 'received':
        this.#end(nameOf(event.peer, event.node, event.id), event)
        break
      case 'dropped':
        this.#end(nameOf(event.sender, event.receiver, event.id), event)
        this.#count(`dropped: ${event.reason}`)
        break
      case 'held':
        this.held.set(nameOf(event.peer, event.node, event.id), event)
        this.#count('held')
        break
      case 'released':
        expect(this.held.delete(nameOf(event.peer, event.node, event.id))).toBe(true)
        this.#count(`released: ${event.how}`)
        break
      case 'moved':
        this.#count('moved')
        break
    }
  }

  #end(name: string, event: ReportedEvent<'received' | 'dropped'>): void {
    const before = this.ends.get(name)
    if (before === undefined) this.ends.set(name, [event])
    else before.push(event)
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }
}

/** Chance that can be had again. */
function chance(seed: number) {
  let state = seed
  const below = (end: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * end)
  }
  return { below, of: <T>(list: readonly T[]): T => list[below(list.length)]! }
}
type Chance = ReturnType<typeof chance>

const shape = (changes: Partial<Shape>): LinkAction => ({
  type: 'shape',
  dropPercent: 0,
  delayMs: 0,
  jitterMs: 0,
  duplicatePercent: 0,
  reorderPercent: 0,
  bytesPerSecond: 0,
  ...changes,
})

function rulesOf({ below, of }: Chance): readonly LinkRule[] {
  const all = (action: LinkAction): LinkRule => ({ messages: [], action })
  return of([
    () => [all(shape({ duplicatePercent: 30, reorderPercent: 30 }))],
    () => [all(shape({ dropPercent: 5, delayMs: below(4), jitterMs: below(6) }))],
    () => [
      { messages: ['AppendEntriesReply' as const], action: shape({ dropPercent: 10, duplicatePercent: 50 }) },
      all(shape({ delayMs: 1, bytesPerSecond: 2_000_000 })),
    ],
    () => [{ messages: ['AppendEntries' as const], action: { type: 'hold' as const } }],
    () => [all({ type: 'hold' })],
    () => [],
  ])()
}

/** Does something to some of what is held; it may be gone meanwhile. */
async function handle(cluster: Cluster, ledger: Ledger, { below, of }: Chance): Promise<void> {
  const held = [...ledger.held.values()].map(({ peer, node, id }) => ({ from: peer, to: node, id }))
  const acts: Promise<unknown>[] = []
  for (const one of held.slice(0, 40)) {
    const act = of([
      () => cluster.release(one),
      () => cluster.release(one),
      () => cluster.dropHeld(one),
      () => cluster.duplicateHeld(one),
      () => cluster.moveHeld(one, below(5)),
    ])
    acts.push(act())
  }
  for (const result of await Promise.allSettled(acts)) {
    if (result.status === 'fulfilled') continue
    expect(result.reason).toBeInstanceOf(Problem)
    expect(result.reason.code).toBe('held-unknown')
  }
}

test('100,000 messages under every kind of rule: none leaks, none is lost', { timeout: 480_000 }, async () => {
  const { cluster, witness } = await openCluster(5, {
    heartbeatMs: 1,
    electionTimeoutMs: 500,
    telemetry: 'message',
    quiescence: false,
  })
  await awaitLeader(cluster)
  // Everybody has found everybody.
  await awaitEqualLogs(cluster)
  const begun = Number(process.hrtime.bigint() - cluster.origin)
  const ledger = new Ledger(witness)
  const random = chance(20_261_123)
  const links: Link[] = cluster.nodeIds.flatMap((from) =>
    cluster.nodeIds.filter((to) => to !== from).map((to) => ({ from, to })),
  )
  let isBusy = true
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let at = 0; isBusy; at++) {
      await cluster.call({ op: 'put', key: `k${writer}`, value: bytes(`${at}`) }, { timeoutMs: 2000 })
    }
  })
  try {
    while (ledger.sent.size < WANTED) {
      cluster.condition([random.of(links), random.of(links)], rulesOf(random), random.below(2 ** 32))
      await sleep(RULES_MILLIS)
      ledger.read()
      await handle(cluster, ledger, random)
    }
  } finally {
    isBusy = false
  }
  expect(await cluster.healAll()).toEqual([])
  await Promise.all(writers)
  const healed = Number(process.hrtime.bigint() - cluster.origin)
  const born = () => [...ledger.sent, ...ledger.copied].filter(([, { t }]) => t <= healed)
  for (let round = 1; round <= SETTLED_ROUNDS; round++) {
    await sleep(SETTLED_MILLIS)
    ledger.read()
    if (born().every(([name]) => ledger.ends.has(name))) break
  }
  await until('everybody has told everything until then', () =>
    cluster.nodeIds.every((node) => (witness.marks.get(node) ?? 0) > healed + SETTLED_MILLIS * 1e6),
  )
  ledger.read()

  expect(ledger.held.size).toBe(0)
  expect(witness.of('gap')).toEqual([])
  const wrong = born()
    .map(([name]) => [name, ledger.ends.get(name)?.length ?? 0])
    .filter(([, ends]) => ends !== 1)
  expect(wrong).toEqual([])
  // Nothing arrives that nobody sent, nor twice under one name.
  const known = [...ledger.ends].filter(([, ends]) => ends.every(({ t }) => t <= healed)).map(([name]) => name)
  const strange = known.filter((name) => !ledger.sent.has(name) && !ledger.copied.has(name))
  expect(strange).toEqual([])
  expect([...ledger.ends.values()].filter((ends) => ends.length > 1)).toEqual([])
  expect(born().length).toBeGreaterThan(WANTED)
  // Only rules and hands took anything away, and all of them did something.
  const unreachable = witness.of('dropped').filter(({ reason }) => reason === 'unreachable')
  expect(unreachable.filter(({ t }) => t > begun)).toEqual([])
  ledger.counts.delete('dropped: unreachable')
  expect([...ledger.counts.keys()].sort()).toEqual([
    'copied by hand',
    'copied by rule',
    'dropped: by-hand',
    'dropped: lost',
    'held',
    'moved',
    'released: delivered',
    'released: dropped',
  ])
  expect(ledger.counts.get('dropped: by-hand')).toBe(ledger.counts.get('released: dropped'))
  expect(ledger.counts.get('held')).toBe(
    ledger.counts.get('released: delivered')! + ledger.counts.get('released: dropped')!,
  )
})
