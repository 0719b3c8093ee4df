/** OTLP/JSON as its protocol maps it to JSON, and what a tracing backend needs to put spans together. */
import { z } from 'zod'

const value = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
  z.strictObject({ doubleValue: z.number() }),
])
const attributes = z.array(z.strictObject({ key: z.string().min(1), value }))
const traceId = z.string().regex(/^(?!0+$)[0-9a-f]{32}$/)
const spanId = z.string().regex(/^(?!0+$)[0-9a-f]{16}$/)
const nanos = z.string().regex(/^\d{19}$/)
const span = z.strictObject({
  traceId,
  spanId,
  parentSpanId: spanId.optional(),
  name: z.string().min(1),
  kind: z.int().min(1).max(5),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  links: z.array(z.strictObject({ traceId, spanId })).optional(),
  status: z.strictObject({ code: z.int().min(0).max(2) }),
})
const file = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes }),
      scopeSpans: z.array(z.strictObject({ scope: z.strictObject({ name: z.string() }), spans: z.array(span) })),
    }),
  ),
})
export type CheckedSpan = z.infer<typeof span> & { readonly service: string }

export function checkOtlp(text: string): readonly CheckedSpan[] {
  const spans = file.parse(JSON.parse(text)).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const name = resource.attributes.find(({ key }) => key === 'service.name')?.value
    if (name === undefined || !('stringValue' in name)) throw new Error('a resource without service.name')
    return scopeSpans.flatMap((scope) => scope.spans.map((one) => ({ ...one, service: name.stringValue })))
  })
  const known = new Map(spans.map((one) => [`${one.traceId}/${one.spanId}`, one]))
  if (known.size !== spans.length) throw new Error('two spans with one id')
  for (const one of spans) {
    const rule = (holds: boolean, what: string) => {
      if (!holds) throw new Error(`${what}: ${JSON.stringify(one)}`)
    }
    rule(BigInt(one.startTimeUnixNano) <= BigInt(one.endTimeUnixNano), 'a span that ends before it begins')
    rule(new Set(one.attributes.map(({ key }) => key)).size === one.attributes.length, 'an attribute twice')
    if (one.parentSpanId !== undefined) {
      const parent = known.get(`${one.traceId}/${one.parentSpanId}`)
      rule(parent !== undefined, 'a parent that is not there')
      rule(BigInt(parent?.startTimeUnixNano ?? 0) <= BigInt(one.startTimeUnixNano), 'a child before its parent')
    }
    for (const link of one.links ?? []) rule(known.has(`${link.traceId}/${link.spanId}`), 'a link to nothing')
  }
  return spans
}
