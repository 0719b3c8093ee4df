/** A span as OTLP/JSON has it: ids in hex, 64-bit numbers as text, enumerations as numbers. */

export const SPAN_KIND = { internal: 1, server: 2, client: 3 } as const
export const STATUS = { unset: 0, ok: 1, error: 2 } as const

export interface Span {
  readonly service: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: (typeof SPAN_KIND)[keyof typeof SPAN_KIND]
  /** Nanoseconds of the timeline. */
  readonly start: number
  readonly end: number
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly status: keyof typeof STATUS
}

export function attributesOf(values: Span['attributes']) {
  return Object.entries(values)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: string | number | boolean) {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (Number.isSafeInteger(value)) return { intValue: String(value) }
  return Number.isFinite(value) ? { doubleValue: value } : { stringValue: String(value) }
}

/** `began`: t = 0 as nanoseconds since 1970. */
export function spanJson(span: Span, began: bigint): string {
  const at = (t: number) => String(began + BigInt(Math.round(Math.max(0, t))))
  const { traceId, spanId, parentSpanId, name, kind, links, status } = span
  return JSON.stringify({
    traceId,
    spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    name,
    kind,
    startTimeUnixNano: at(span.start),
    endTimeUnixNano: at(Math.max(span.start, span.end)),
    attributes: attributesOf(span.attributes),
    ...(links.length > 0 && { links }),
    status: { code: STATUS[status] },
  })
}
