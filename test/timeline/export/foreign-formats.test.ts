/** What other tools read, checked by their own parsers or by their upstream's rules: generated timelines and selections. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventKind, TimelineEvent } from '../../../main/node/contract/events'
import { etcdExporter } from '../../../main/timeline/export/etcd/etcd'
import type { Exporter, ExportSelection } from '../../../main/timeline/export/exporter'
import { jepsenExporter } from '../../../main/timeline/export/jepsen/jepsen'
import { mermaidExporter } from '../../../main/timeline/export/mermaid/mermaid'
import { otlpExporter } from '../../../main/timeline/export/otlp/otlp'
import { perfettoExporter } from '../../../main/timeline/export/perfetto/perfetto'
import { porcupineExporter } from '../../../main/timeline/export/porcupine/porcupine'
import { shivizExporter } from '../../../main/timeline/export/shiviz/shiviz'
import { checkEtcd } from './support/etcd-rules'
import { exportedBy, sourceOf } from './support/exported'
import { checkJepsen } from './support/jepsen-rules'
import { checkMermaid } from './support/mermaid-rules'
import { checkOtlp } from './support/otlp-rules'
import { checkPerfetto } from './support/perfetto-rules'
import { checkPorcupine } from './support/porcupine-rules'
import { checkShiviz } from './support/shiviz-rules'
import { longStory, storyArbitrary } from './support/story'

const FORMATS: readonly (readonly [Exporter, (text: string) => unknown])[] = [
  [perfettoExporter, checkPerfetto],
  [shivizExporter, checkShiviz],
  [jepsenExporter, checkJepsen],
  [porcupineExporter, checkPorcupine],
  [etcdExporter, checkEtcd],
  [mermaidExporter, checkMermaid],
  [otlpExporter, checkOtlp],
]

const KINDS: readonly EventKind[] = ['sent', 'received', 'dropped', 'held', 'invoke', 'answer', 'role', 'fault', 'note']
const selectionArbitrary: fc.Arbitrary<ExportSelection> = fc.record(
  {
    fromSeq: fc.nat(60),
    toSeq: fc.integer({ min: 20, max: 140 }),
    nodes: fc.subarray([0, 1, 2, 3]),
    kinds: fc.subarray([...KINDS]),
  },
  { requiredKeys: [] },
)

const chosen = (events: readonly TimelineEvent[], { nodes, kinds, fromSeq = 0, toSeq = Infinity }: ExportSelection) =>
  events.filter(
    ({ node, kind, seq }) =>
      (nodes?.includes(node) ?? true) && (kinds?.includes(kind) ?? true) && seq >= fromSeq && seq < toSeq,
  )

describe.each(FORMATS.map(([exporter, check]) => ({ name: exporter.format, exporter, check })))(
  '$name',
  ({ exporter, check }) => {
    it('keeps its upstream’s rules, of everything and of any selection, and counts each event once', async () => {
      await fc.assert(
        fc.asyncProperty(storyArbitrary, selectionArbitrary, async (events, selection) => {
          for (const choice of [{}, selection]) {
            const { text, events: held, leftOut } = await exportedBy(exporter, sourceOf(events), { selection: choice })
            await check(text)
            const all = chosen(events, choice).length
            expect(held + leftOut.reduce((sum, { events: count }) => sum + count, 0)).toBe(all)
          }
        }),
        { numRuns: 60 },
      )
    })

    it('keeps them over a long story, and of none at all', async () => {
      const { text, events } = await exportedBy(exporter, sourceOf(longStory(3_000), 512), { language: 'zh' })
      await check(text)
      expect(events).toBeGreaterThan(100)
      const nothing = await exportedBy(exporter, sourceOf([]))
      await check(nothing.text)
      expect(nothing).toMatchObject({ events: 0, leftOut: [] })
    })

    it('is the same text however the timeline comes in blocks, tells its progress, and can be cancelled', async () => {
      const story = longStory(400)
      const progress: number[] = []
      const one = await exportedBy(exporter, sourceOf(story, 1), { progress: (done) => progress.push(done) })
      expect(progress).toEqual(story.map((_, place) => place + 1))
      expect((await exportedBy(exporter, sourceOf(story, 1_000))).text).toBe(one.text)
      const stop = new AbortController()
      const cancelled = exportedBy(exporter, sourceOf(story, 10), {
        signal: stop.signal,
        progress: () => stop.abort(),
      })
      await expect(cancelled).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
    })
  },
)
