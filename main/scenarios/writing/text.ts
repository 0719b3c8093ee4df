/** A scenario as YAML that a person likes to read: a step is a line. */
import { Document, isCollection, isMap, isSeq, type Node } from 'yaml'

export interface Written {
  /** As `schema.ts` has it, without defaults. */
  readonly head: Readonly<Record<string, unknown>>
  readonly steps: readonly WrittenStep[]
  readonly tail: Readonly<Record<string, unknown>>
  /** Lines at the top. */
  readonly comment: string
}

export interface WrittenStep {
  readonly step: Readonly<Record<string, unknown>>
  /** Lines before it; '' = none. */
  readonly comment: string
}

export function textOf({ head, steps, tail, comment }: Written): string {
  const document = new Document({ ...head, steps: steps.map(({ step }) => step), ...tail })
  document.commentBefore = commentIn(comment)
  const list = document.get('steps', true)
  if (isSeq(list)) {
    list.items.forEach((item, at) => {
      const before = steps[at]?.comment ?? ''
      if (before !== '') (item as Node).commentBefore = commentIn(before)
      inFlow(item)
    })
  }
  for (const key of ['title', 'about', 'tags', 'cluster', 'expect', 'never']) {
    const node = document.get(key, true)
    if (key === 'expect' || key === 'never') {
      if (isSeq(node)) for (const item of node.items) inFlow(item)
    } else if (isCollection(node)) node.flow = true
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true, singleQuote: true })
}

/** The values of a mapping each on one line. */
function inFlow(item: unknown): void {
  if (!isMap(item)) return
  for (const { value } of item.items) if (isCollection(value)) value.flow = true
}

/** A comment can't end, whatever is in it. */
function commentIn(text: string): string {
  return text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => ` ${line.replace(/\p{Cc}/gu, ' ')}`)
    .join('\n')
}
