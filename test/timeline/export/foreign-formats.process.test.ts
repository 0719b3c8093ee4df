/** What other tools read, of a run of real processes in which much went wrong; and of a part of it. */
import { expect, it } from 'vitest'
import { workloadPlanSchema } from '../../../main/cluster/workload/types'
import type { LinkRule } from '../../../main/node/contract/conditions'
import type { TimelineEvent } from '../../../main/node/contract/events'
import { exporterOf } from '../../../main/timeline/export'
import type { ExportFormat, ExportSelection } from '../../../main/timeline/export/exporter'
import { until } from '../../support/cluster'
import { allEvents, opened } from '../support/files'
import { leaderOf, live } from '../support/live'
import { checkEtcd } from './support/etcd-rules'
import { exportedBy } from './support/exported'
import { checkJepsen } from './support/jepsen-rules'
import { checkMermaid } from './support/mermaid-rules'
import { checkOtlp } from './support/otlp-rules'
import { checkPerfetto } from './support/perfetto-rules'
import { checkPorcupine } from './support/porcupine-rules'
import { checkShiviz } from './support/shiviz-rules'

/**
 * How many messages ended, of which was told before that they began; and of how many it was not: a node that is killed takes
 * its last few milliseconds with it, and one that was slow tells late (decision 3).
 */
function endsOf(events: readonly TimelineEvent[]): { readonly arrows: number; readonly lost: number } {
  const begun = new Set<string>()
  let arrows = 0
  let lost = 0
  const end = (name: string) => (begun.has(name) ? arrows++ : lost++)
  for (const event of events) {
    if (event.kind === 'sent') begun.add(`${event.node} ${event.peer} ${event.id}`)
    if (event.kind === 'copied') begun.add(`${event.peer} ${event.node} ${event.copy}`)
    if (event.kind === 'received') end(`${event.peer} ${event.node} ${event.id}`)
    if (event.kind === 'dropped') end(`${event.sender} ${event.receiver} ${event.id}`)
  }
  return { arrows, lost }
}

it('a faulty run keeps the rules of every format, as a whole and in part', async () => {
  const { cluster, recorder, path, close } = await live(3)
  const { state } = recorder
  const told: TimelineEvent[] = []
  recorder.onOrdered((events) => told.push(...events))
  const seen = <K extends TimelineEvent['kind']>(kind: K) =>
    told.filter((event): event is TimelineEvent<K> & TimelineEvent => event.kind === kind)
  await until('a leader', () => leaderOf(state))
  const mix = { put: 2, get: 3, cas: 2, append: 1, delete: 1 }
  const plan = { pace: { type: 'closed', clients: 3 }, seed: 5, durationMs: null, timeoutMs: 400, mix }
  const run = cluster.startWorkload(workloadPlanSchema.parse(plan))
  const shape = {
    dropPercent: 10,
    delayMs: 2,
    jitterMs: 2,
    duplicatePercent: 20,
    reorderPercent: 10,
    bytesPerSecond: 0,
  }
  const lossy: LinkRule = { messages: [], action: { type: 'shape', ...shape } }
  const links = [1, 2, 3].flatMap((from) => [1, 2, 3].filter((to) => to !== from).map((to) => ({ from, to })))
  const fault = cluster.condition(links, [lossy], 7)
  await until('copies and losses', () => seen('copied').length > 5 && seen('dropped').length > 5)
  await cluster.endFault(fault)
  const hold = cluster.condition(links.slice(0, 4), [{ messages: [], action: { type: 'hold' } }], 8)
  await until('something is held', () => [...state.nodes.values()].some(({ held }) => held.length > 2))
  // What a rule held goes on when the rule ends.
  await cluster.endFault(hold)
  const killed = (await until('a leader', () => leaderOf(state))).id
  await cluster.kill(killed)
  await until('another leader', () => {
    const leader = leaderOf(state)
    return leader !== undefined && leader.id !== killed
  })
  await cluster.start(killed)
  // Whoever leads, nobody is left to agree with.
  cluster.partition([[1], [2], [3]])
  await until('calls without an answer', () => seen('answer').some(({ outcome }) => outcome !== 'ok'))
  await cluster.healAll()
  await until('it goes on', () => leaderOf(state))
  await run.stop()
  await run.ended
  await close()

  const source = await opened(path)
  const events = await allEvents(source)
  const window = { fromSeq: Math.floor(events.length / 3), toSeq: Math.floor((events.length * 2) / 3) }
  const selections: readonly ExportSelection[] = [{}, window, { ...window, nodes: [1, 2] }]
  const text = async (format: ExportFormat, place = 0) => {
    const {
      text,
      events: held,
      leftOut,
    } = await exportedBy(exporterOf(format), source, { selection: selections[place] ?? {} })
    expect(held).toBeGreaterThan(0)
    return { text, leftOut }
  }
  for (const place of selections.keys()) {
    checkPerfetto((await text('perfetto', place)).text)
    checkShiviz((await text('shiviz', place)).text)
    checkEtcd((await text('etcd', place)).text)
    await checkMermaid((await text('mermaid', place)).text)
    checkOtlp((await text('otlp', place)).text)
    if (selections[place]?.nodes !== undefined) continue
    checkJepsen((await text('jepsen', place)).text)
    checkPorcupine((await text('porcupine', place)).text)
  }

  // And they tell what happened.
  const count = (kind: TimelineEvent['kind']) => events.filter((event) => event.kind === kind).length
  const perfetto = checkPerfetto((await text('perfetto')).text)
  expect(perfetto.filter(({ ph }) => ph === 's').length).toBe(count('sent') + count('copied'))
  const { arrows, lost } = endsOf(events)
  expect(perfetto.filter(({ ph }) => ph === 'f').length).toBe(arrows)
  expect(arrows).toBeGreaterThan(lost)
  const { text: log, leftOut } = await text('shiviz')
  expect([checkShiviz(log).length, leftOut]).toEqual([events.length, []])
  const history = checkJepsen((await text('jepsen')).text)
  expect(history.filter(({ type }) => type === 'invoke').length).toBe(count('invoke'))
  expect(history.filter(({ process }) => process === 'nemesis').length).toBe(count('fault'))
  expect(count('fault')).toBeGreaterThan(5)
  const { Partitions, Annotations } = checkPorcupine((await text('porcupine')).text)
  const calls = Partitions.flatMap(({ History }) => History)
  expect(calls.length + Annotations.filter(({ Tag }) => Tag === '').length).toBe(count('invoke'))
  const trace = checkEtcd((await text('etcd')).text)
  const names = new Set(trace.map(({ name }) => name))
  for (const name of [
    'InitState',
    'BecomeCandidate',
    'BecomeLeader',
    'Commit',
    'Replicate',
    'Ready',
    'ReceiveAppendEntriesResponse',
  ]) {
    expect(names).toContain(name)
  }
  const spans = checkOtlp((await text('otlp')).text)
  expect(spans.filter(({ links }) => links !== undefined).length).toBeGreaterThan(20)
})
