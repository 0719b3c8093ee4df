/**
 * Conditioned links: what one costs that has no rules, and how exactly a delay is kept. The first is taken apart in one process, and
 * seen whole as the throughput of a cluster whose links all have a rule that lets everything pass, against one without rules.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster, EventSink } from '../../../main/cluster/api'
import { createClusterStore } from '../../../main/cluster/store'
import { arrival, Conditioning } from '../../../main/node/conditioning'
import type { Conditions, Link, LinkRule, Shape } from '../../../main/node/contract/conditions'
import type { ReportedEvent } from '../../../main/node/contract/events'
import type { MessageFrame } from '../../../main/node/contract/frames'
import { type RemoteLoad, startLoad } from '../load/remote'
import { figure, ratio, spread } from '../report'
import type { Stage, Suite } from '../stage'
import { inTurn, pairedRatio, type Spread, spreadOf } from '../statistics'
import { OurCluster } from '../systems/ours'
import { until } from '../until'
import { SETTINGS } from './etcd'

const NODES = 3
const OUTSTANDING = 256
const DELAYS_MS = [1, 5, 20, 100]
/** Of a delay, on an idle machine: how far the median and the 99th percentile may be off, in milliseconds. */
const WANTED_MS = { median: 1, p99: 5 }
/** What a look at its link may add to a message that no rule is about, in nanoseconds: a hundredth of what else is done for one. */
const WANTED_NANOS = 100
const OPEN: Shape = {
  type: 'shape',
  dropPercent: 0,
  delayMs: 0,
  jitterMs: 0,
  duplicatePercent: 0,
  reorderPercent: 0,
  bytesPerSecond: 0,
}
const PASS: LinkRule = { messages: [], action: OPEN }
const delayed = (delayMs: number): LinkRule => ({ messages: [], action: { ...OPEN, delayMs } })

interface CostRow {
  readonly case: string
  readonly nanosPerMessage: Spread
}

interface DelayRow {
  readonly delayMs: number
  readonly messages: number
  /** From `sent` to `received`, less the delay. */
  readonly medianOffMs: number
  readonly p99OffMs: number
  readonly worstOffMs: number
}

export const linkSuite: Suite = {
  name: 'link',
  runs: 5,
  async run(stage) {
    stage.say('link: one message in one process')
    const costs = costOfOne(stage)
    const throughput = await throughputUnderRules(stage)
    const delays = await keptDelays(stage)
    const [none] = costs
    const worst = (of: (row: DelayRow) => number) => Math.max(...delays.map(of))
    return {
      suite: 'link',
      conditions: { nodes: NODES, outstanding: OUTSTANDING, runs: stage.runs, settings: SETTINGS },
      rows: [...costs, { case: 'cluster', ...throughput }, ...delays],
      targets: [
        atMost(
          'nanoseconds that a message without rules takes longer',
          WANTED_NANOS,
          none?.nanosPerMessage.median ?? Number.NaN,
        ),
        atMost(
          'milliseconds that a delay is off, median',
          WANTED_MS.median,
          worst((row) => row.medianOffMs),
        ),
        atMost(
          'milliseconds that a delay is off, p99',
          WANTED_MS.p99,
          worst((row) => row.p99OffMs),
        ),
      ],
      tables: [
        {
          title: 'A message on its way from the socket to the core, in one process',
          columns: ['its link', 'ns more than without looking'],
          rows: costs.map((row) => [row.case, spread(row.nanosPerMessage)]),
          notes: [],
        },
        {
          title: `Throughput with a rule on every link that lets everything pass, ${OUTSTANDING} outstanding`,
          columns: ['puts/s', 'without rules', 'ratio'],
          rows: [[spread(throughput.perSecond), spread(throughput.without), ratio(throughput.ratioToWithout)]],
          notes: [],
        },
        {
          title: 'A delay on every link of an idle cluster: sent to received, less the delay, in ms',
          columns: ['delay ms', 'messages', 'median off', 'p99 off', 'worst'],
          rows: delays.map((row) => [
            String(row.delayMs),
            figure(row.messages),
            figure(row.medianOffMs),
            figure(row.p99OffMs),
            figure(row.worstOffMs),
          ]),
          notes: ['off: either way; it includes the way through the socket'],
        },
      ],
    }
  },
}

const atMost = (name: string, most: number, got: number) => ({ name, wanted: `at most ${most}`, got, met: got <= most })

function costOfOne({ quick, runs }: Stage): readonly CostRow[] {
  const messages = quick ? 500_000 : 5_000_000
  const rules = { seed: 1, rules: [PASS] }
  const cases = [
    { name: 'no rules anywhere', links: [] },
    { name: 'rules on another link', links: [{ from: 2, rules }] },
    { name: 'a rule that lets it pass', links: [{ from: 1, rules }] },
  ]
  return cases.map(({ name, links }) => {
    const nanos = Array.from({ length: runs }, () => passThrough(links, messages) - passThrough(undefined, messages))
    return { case: name, nanosPerMessage: spreadOf(nanos) }
  })
}

/** Nanoseconds that a message takes as the loop of a node takes it in; `links` undefined: without looking at its link. */
function passThrough(links: Conditions['links'] | undefined, messages: number): number {
  let delivered = 0
  const deliver = () => {
    delivered += 1
  }
  const conditioning = links && new Conditioning({ node: 3, incarnation: 0, links, deliver, tell: () => undefined })
  const frames = Array.from({ length: 1024 }, (_, at): MessageFrame => {
    const message = { type: 'RequestVoteReply', from: 1, to: 3, term: 1, voteGranted: true } as const
    return { type: 'message', id: at + 1, inReplyTo: 0, sentAt: 0, message }
  })
  const begun = process.hrtime.bigint()
  for (let round = 0; round < messages / frames.length; round++) {
    for (const frame of frames) {
      if (conditioning?.concerns(frame.message.from)) conditioning.take(arrival(frame), round)
      else deliver()
    }
  }
  return Number(process.hrtime.bigint() - begun) / delivered
}

interface Loaded {
  readonly cluster: OurCluster
  readonly load: RemoteLoad
}

async function throughputUnderRules(stage: Stage) {
  const { programs, signal, quick } = stage
  const directory = await stage.directory()
  const open: { close(): Promise<void> }[] = []
  const measured = { outstanding: OUTSTANDING, warmUpMs: quick ? 100 : 500, measureMs: quick ? 500 : 2500 }
  try {
    const start = async (name: string): Promise<Loaded> => {
      const home = join(directory, name)
      const cluster = await OurCluster.open({ directory: home, programs, nodes: NODES, settings: SETTINGS, signal })
      open.push(cluster)
      await cluster.awaitLeader()
      const load = await startLoad(programs.driver, cluster.address, signal)
      open.push(load)
      await load.run({ ...measured, warmUpMs: 0 })
      return { cluster, load }
    }
    const sides = { ruled: await start('ruled'), plain: await start('plain') }
    sides.ruled.cluster.cluster.condition(linksOf(sides.ruled.cluster.cluster), [PASS], 1)
    const runs: { readonly ruled: number[]; readonly plain: number[] } = { ruled: [], plain: [] }
    for (let pair = 0; pair < stage.runs; pair++) {
      for (const which of inTurn<keyof typeof sides>(pair, 'ruled', 'plain')) {
        stage.say(`link: throughput, pair ${pair + 1} of ${stage.runs}, ${which}`)
        runs[which].push((await sides[which].load.run(measured)).perSecond)
      }
    }
    return {
      perSecond: spreadOf(runs.ruled),
      without: spreadOf(runs.plain),
      ratioToWithout: pairedRatio(runs.ruled, runs.plain),
    }
  } finally {
    for (const each of open.reverse()) await each.close()
    await stage.discard(directory)
  }
}

/** How long messages took, while it listens. */
class Ways implements EventSink {
  readonly #sent = new Map<string, number>()
  #took: number[] = []
  hasLeader = false

  report(events: readonly ReportedEvent[]): void {
    for (const event of events) {
      if (event.kind === 'role' && event.role === 'leader') this.hasLeader = true
      if (event.kind === 'sent') this.#sent.set(`${event.node}>${event.peer} ${event.id}`, event.t)
      if (event.kind !== 'received') continue
      const name = `${event.peer}>${event.node} ${event.id}`
      const sent = this.#sent.get(name)
      // Its sender may tell of it later: that one is not looked at.
      if (sent === undefined) continue
      this.#sent.delete(name)
      this.#took.push((event.t - sent) / 1e6)
    }
  }

  watermark(): void {}

  /** Milliseconds, of what arrived since the last time. */
  take(): readonly number[] {
    const took = this.#took
    this.#took = []
    return took
  }
}

async function keptDelays(stage: Stage): Promise<readonly DelayRow[]> {
  const { programs, signal, quick } = stage
  const directory = await stage.directory()
  const ways = new Ways()
  const store = await createClusterStore({ home: join(directory, 'delays'), programs })
  const settings = { heartbeatMs: 20, electionTimeoutMs: 1000, telemetry: 'message', quiescence: false } as const
  const { name } = await store.create({ nodes: NODES, settings })
  const cluster = await store.open(name, () => ways)
  try {
    await until('a leader', () => ways.hasLeader, signal)
    const rows: DelayRow[] = []
    for (const delayMs of DELAYS_MS) {
      stage.say(`link: a delay of ${delayMs} ms`)
      cluster.condition(linksOf(cluster), [delayed(delayMs)], 1)
      // What was on its way before has arrived.
      await sleep(delayMs + 500)
      ways.take()
      await sleep(quick ? 1000 : 5000)
      rows.push(rowOf(delayMs, ways.take()))
      signal.throwIfAborted()
    }
    return rows
  } finally {
    await cluster.close()
    await stage.discard(directory)
  }
}

function rowOf(delayMs: number, took: readonly number[]): DelayRow {
  const off = took.map((millis) => Math.abs(millis - delayMs)).sort((a, b) => a - b)
  const at = (share: number) => off[Math.min(off.length - 1, Math.floor(off.length * share))] ?? Number.NaN
  return { delayMs, messages: off.length, medianOffMs: at(0.5), p99OffMs: at(0.99), worstOffMs: at(1) }
}

function linksOf({ nodeIds }: Cluster): readonly Link[] {
  return nodeIds.flatMap((from) => nodeIds.filter((to) => to !== from).map((to) => ({ from, to })))
}
