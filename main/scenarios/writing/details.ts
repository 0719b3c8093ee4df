/** The JSON that events carry, read without trust: a recording may come from anywhere. */

export type Detail = Readonly<Record<string, unknown>>

/** Nothing when it is not the JSON of a mapping. */
export function detailOf(text: string): Detail {
  try {
    return detailIn(JSON.parse(text))
  } catch {
    return {}
  }
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function numbersOf(value: unknown): readonly number[] {
  return listOf(value).filter((each) => typeof each === 'number')
}

export function pairsOf(value: unknown): readonly { readonly from: number; readonly to: number }[] {
  return listOf(value).flatMap((pair) => {
    const [from, to] = numbersOf(pair)
    return from === undefined || to === undefined ? [] : [{ from, to }]
  })
}

/** Nothing when it is no mapping. */
export function detailIn(value: unknown): Detail {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Detail) : {}
}
