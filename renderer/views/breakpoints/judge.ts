/** What the editor says about a text: what it means, or what is wrong and where. Pure. */
import { type BreakpointError, MAX_BREAKPOINT_TEXT, type ParseResult, parseBreakpoint } from '../../../preload/contract'
import { nodeName } from '../../components/format'
import type { Translate } from '../../components/translate'

/** Names that are offered in a sentence. */
const NAMED = 6

export type Judgement =
  | { readonly type: 'empty' }
  | { readonly type: 'fine'; readonly meaning: string }
  /** `unfinished`: the wrong place is where is being written, so it may become right by going on. */
  | {
      readonly type: 'wrong'
      readonly from: number
      readonly to: number
      readonly unfinished: boolean
      readonly sentence: string
      /** What could stand there instead. */
      readonly instead: readonly string[]
    }

/**
 * @param cursor where it stands in the text; −1 = nobody is writing
 * @param nodes of the cluster
 */
export function judge(t: Translate, text: string, cursor: number, nodes: readonly number[]): Judgement {
  const result = parseBreakpoint(text)
  if (result.ok) {
    const unknown = result.breakpoint.nodes.find((node) => !nodes.includes(node))
    return unknown === undefined
      ? { type: 'fine', meaning: meaningOf(t, result) }
      : unknownNode(t, text, unknown, nodes)
  }
  const { error } = result
  if (error.code === 'empty') return { type: 'empty' }
  const atEnd = error.to >= text.trimEnd().length
  return {
    type: 'wrong',
    from: error.from,
    to: error.to,
    unfinished: atEnd && cursor >= error.from && cursor <= text.length,
    sentence: sentenceOf(t, error),
    instead: error.expected.filter(isWritten).slice(0, NAMED),
  }
}

/** `number` stands for any number: it is no word of the language. */
const isWritten = (expected: string) => expected !== 'number'

function sentenceOf(t: Translate, { code, found, from }: BreakpointError): string {
  const sentence = t(`breakpoints.errors.${code}`, { found, max: MAX_BREAKPOINT_TEXT })
  return found === '' ? sentence : t('breakpoints.at', { n: from + 1, what: sentence })
}

function unknownNode(t: Translate, text: string, node: number, nodes: readonly number[]): Judgement {
  const from = Math.max(0, text.search(new RegExp(`\\bn0*${node}\\b`, 'i')))
  const length = /^n\d+/i.exec(text.slice(from))?.[0].length ?? 0
  return {
    type: 'wrong',
    from,
    to: from + length,
    unfinished: false,
    sentence: t('breakpoints.unknownNode', { node: nodeName(node), known: nodes.map(nodeName).join(', ') }),
    instead: nodes.slice(0, NAMED).map(nodeName),
  }
}

/** "In n2: when it becomes true." */
function meaningOf(t: Translate, { breakpoint }: Extract<ParseResult, { ok: true }>): string {
  const whens = breakpoint.alternatives.map(({ kind }) =>
    kind === undefined ? t('breakpoints.meaning.becomes') : t('breakpoints.meaning.event', { kind }),
  )
  const when = [...new Set(whens)].join(t('breakpoints.meaning.or'))
  return breakpoint.nodes.length === 0
    ? t('breakpoints.meaning.any', { when })
    : t('breakpoints.meaning.nodes', { nodes: breakpoint.nodes.map(nodeName).join(', '), when })
}
