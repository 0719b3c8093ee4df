/** Runs an exporter over a timeline in memory, or over any source. */
import type { TimelineEvent } from '../../../../main/node/contract/events'
import type { EventRange, RecordingInfo, TimelineSource } from '../../../../main/timeline/api'
import type { Exported, Exporter, ExportWish } from '../../../../main/timeline/export/exporter'
import { newCluster } from '../../../../main/timeline/fold/cluster'
import { fold } from '../../../../main/timeline/fold/fold'

/** A timeline that is nothing but a list of events. */
export function sourceOf(events: readonly TimelineEvent[], blockEvents = 7): TimelineSource {
  const info: RecordingInfo = {
    path: '',
    version: 3,
    clusterId: 'c',
    clusterName: 'demo',
    began: '2026-01-02T03:04:05.000Z',
    events: events.length,
    end: events.at(-1)?.t ?? 0,
    bytes: 0,
    complete: true,
    truncatedBytes: 0,
    shed: 0,
  }
  const within = ({ fromSeq = 0, toSeq = Infinity, fromT = -Infinity, toT = Infinity }: EventRange) =>
    events.filter(({ seq, t }) => seq >= fromSeq && seq < toSeq && t >= fromT && t < toT)
  return {
    info: () => info,
    events: async (range, limit) => within(range).slice(0, limit),
    stateAt: async (seq) => {
      const state = newCluster('c', 'demo')
      for (const event of events) if (event.seq < seq) fold(state, event)
      return state
    },
    seqAt: async (t) => events.find((event) => event.t > t)?.seq ?? events.length,
    async *scan(range) {
      const all = within(range)
      for (let at = 0; at < all.length; at += blockEvents) yield all.slice(at, at + blockEvents)
    },
    overview: () => Promise.reject(new Error('no export looks at an overview')),
    close: async () => undefined,
  }
}

export interface Output extends Exported {
  readonly text: string
}

export async function exportedBy(
  exporter: Exporter,
  source: TimelineSource,
  wish: Partial<ExportWish> = {},
): Promise<Output> {
  const chunks: (string | Uint8Array)[] = []
  const result = await exporter.write(
    source,
    {
      selection: {},
      language: 'en',
      theme: 'light',
      width: 800,
      signal: new AbortController().signal,
      progress: () => undefined,
      ...wish,
    },
    async (chunk) => {
      chunks.push(chunk)
    },
  )
  return { ...result, text: chunks.map((chunk) => (typeof chunk === 'string' ? chunk : Buffer.from(chunk))).join('') }
}
