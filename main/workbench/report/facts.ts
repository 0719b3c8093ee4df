/** What happened in a run, from its events: settings, who led, what was broken, and what clients saw. */
import { BandReader } from '../../checks/history/bands'
import { BUG_IDS, type BugId } from '../../node/contract/bugs'
import type { EventKind, TimelineEvent } from '../../node/contract/events'
import type { TimelineSource } from '../../timeline/api'
import type { LoadBucket, ReportSpan, RunFacts } from './types'

const KINDS: ReadonlySet<EventKind> = new Set(['cluster', 'role', 'process', 'started', 'fault', 'invoke', 'answer'])
/** A plot has no more than twice as many buckets. */
const BUCKETS = 120
const FIRST_BUCKET = 100e6
const LISTED = 200

interface Bucket {
  ok: number
  failed: number
  unknown: number
  readonly millis: number[]
}

/** Calls by the time at which they ended, in buckets that grow with the run. */
class Load {
  size = FIRST_BUCKET
  #buckets: Bucket[] = []

  take(t: number, outcome: 'ok' | 'failed' | 'unknown', millis: number): void {
    while (t / this.size >= BUCKETS * 2) this.#grow()
    const at = Math.max(0, Math.floor(t / this.size))
    while (this.#buckets.length <= at) this.#buckets.push({ ok: 0, failed: 0, unknown: 0, millis: [] })
    const bucket = this.#buckets[at]
    if (bucket === undefined) return
    bucket[outcome]++
    if (outcome === 'ok') bucket.millis.push(millis)
  }

  buckets(): readonly LoadBucket[] {
    return this.#buckets.map(({ ok, failed, unknown, millis }, at) => {
      const sorted = Float64Array.from(millis).sort()
      const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
      return { from: at * this.size, ok, failed, unknown, p50: quantile(0.5), p99: quantile(0.99) }
    })
  }

  #grow(): void {
    this.size *= 2
    this.#buckets = this.#buckets.reduce<Bucket[]>((grown, bucket, at) => {
      const into = grown[at >> 1]
      if (into === undefined) grown.push(bucket)
      else {
        into.ok += bucket.ok
        into.failed += bucket.failed
        into.unknown += bucket.unknown
        for (const one of bucket.millis) into.millis.push(one)
      }
      return grown
    }, [])
  }
}

/** Reads a timeline once, only what matters here of it. */
export async function factsOf(source: TimelineSource, signal: AbortSignal): Promise<RunFacts> {
  const bands = new BandReader()
  const load = new Load()
  const asked = new Map<number, number>()
  const nodes = new Set<number>()
  const bugs = new Set<BugId>()
  let settings: Readonly<Record<string, unknown>> = {}
  let calls = 0
  const take = (event: TimelineEvent): void => {
    bands.take(event)
    if (event.kind === 'cluster') {
      settings = settingsIn(event.settings)
      const bug = BUG_IDS.find((known) => known === settings.bug)
      if (bug !== undefined) bugs.add(bug)
    } else if (event.kind === 'started') nodes.add(event.node)
    else if (event.kind === 'invoke') asked.set(event.call, event.t)
    else if (event.kind === 'answer') {
      const from = asked.get(event.call)
      if (from === undefined) return
      asked.delete(event.call)
      calls++
      load.take(event.t, event.outcome, (event.t - from) / 1e6)
    }
  }
  for await (const batch of source.scan({}, signal, KINDS)) for (const event of batch) take(event)
  const { end } = source.info()
  const all = bands.within(0, Number.POSITIVE_INFINITY)
  const spans = (kind: 'leader' | 'fault'): ReportSpan[] =>
    all.filter((band) => band.kind === kind).sort((a, b) => a.from - b.from)
  const faults = spans('fault')
  return {
    nodes: nodes.size,
    end,
    settings,
    bugs: [...bugs],
    leaders: spans('leader').slice(0, LISTED),
    faults: faults.slice(0, LISTED),
    moreFaults: Math.max(0, faults.length - LISTED),
    bucket: load.size,
    load: calls > 0 ? load.buckets() : [],
  }
}

/** A recording may come from anywhere. */
function settingsIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : {}
  } catch {
    return {}
  }
}
