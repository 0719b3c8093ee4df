/** What porcupine's page reads (visualization.go and visualization/index.js of anishathalye/porcupine). */
import { z } from 'zod'

const rank = z.int().nonnegative().multipleOf(100)
const operation = z.strictObject({
  ClientId: z.int().nonnegative(),
  Start: rank,
  OriginalStart: z.string().regex(/^\d+$/),
  End: rank,
  OriginalEnd: z.string().regex(/^\d+$/),
  Description: z.string().min(1),
  Metadata: z.string(),
})
const annotation = z.strictObject({
  ClientId: z.int().nonnegative(),
  Tag: z.string(),
  Start: rank,
  End: rank,
  Description: z.string(),
  Details: z.string(),
  Annotation: z.literal(true),
  TextColor: z.string().regex(/^#[0-9a-f]{6}$/),
  BackgroundColor: z.string().regex(/^#[0-9a-f]{6}$/),
})
const file = z.strictObject({
  Partitions: z.array(
    z.strictObject({
      History: z.array(operation).min(1),
      PartialLinearizations: z.array(z.array(z.strictObject({ Index: z.int(), StateDescription: z.string() }))),
      Largest: z.record(z.string(), z.int()),
    }),
  ),
  Annotations: z.array(annotation),
})
export type PorcupineFile = z.infer<typeof file>

export function checkPorcupine(text: string): PorcupineFile {
  const read = file.parse(JSON.parse(text))
  const busy = new Map<number, { readonly from: number; readonly to: number }[]>()
  const times = new Map<string, number>()
  for (const { History } of read.Partitions) {
    for (const { ClientId, Start, OriginalStart, End, OriginalEnd } of History) {
      if (Start > End || BigInt(OriginalStart) > BigInt(OriginalEnd))
        throw new Error('an operation that ends before it begins')
      busy.set(ClientId, [...(busy.get(ClientId) ?? []), { from: Start, to: End }])
      for (const [original, mapped] of [[OriginalStart, Start] as const, [OriginalEnd, End] as const]) {
        if ((times.get(original) ?? mapped) !== mapped) throw new Error('one time at two places')
        times.set(original, mapped)
      }
    }
  }
  const ordered = [...times].sort(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1))
  ordered.reduce((before, [original, mapped]) => {
    if (mapped <= before) throw new Error(`times out of order at ${original}`)
    return mapped
  }, -1)
  for (const spans of busy.values()) {
    spans.sort((a, b) => a.from - b.from || a.to - b.to)
    for (const [place, { from }] of spans.entries()) {
      if (place > 0 && from < (spans[place - 1]?.to ?? 0)) throw new Error('a client that does two things at once')
    }
  }
  for (const { Tag, ClientId, Start, End } of read.Annotations) {
    if (Tag === '' && !busy.has(ClientId) && ClientId === undefined) throw new Error('an annotation of nobody')
    if (Start > End) throw new Error('an annotation that ends before it begins')
  }
  return read
}
