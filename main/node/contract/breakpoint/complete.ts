/** What could be written where the cursor stands. */
import { A_NODE, A_NUMBER, type Expectations } from './expectations'
import { BreakpointFault } from './expression'
import { Parser } from './parse'
import { type Token, type TokenType, tokenize } from './tokens'
import { ALIASES, type Completion, type Completions, MAX_BREAKPOINT_TEXT, STATE_SYNONYMS } from './types'

/** What a term can begin behind. */
const BEGINNINGS: ReadonlySet<TokenType> = new Set<TokenType>(['and', 'or', 'not', '(', ':'])

/** `nodes`: of the cluster, to be offered. Works in a text that does not parse. */
export function complete(text: string, cursor: number, nodes: readonly number[]): Completions {
  const at = Math.min(Math.max(0, cursor), text.length)
  const typed = /[A-Za-z0-9-]*$/.exec(text.slice(0, at))?.[0] ?? ''
  const rest = /^[A-Za-z0-9-]*/.exec(text.slice(at))?.[0] ?? ''
  const from = at - typed.length
  const to = at + rest.length
  if (from > MAX_BREAKPOINT_TEXT) return { from, to, items: [] }
  return { from, to, items: ranked(typed, offered(expectedAfter(text.slice(0, from)), nodes)) }
}

/** What the parser would take at the end of `before`. */
function expectedAfter(before: string): readonly Completion[] {
  const tokens = tokenize(before)
  const expected = expectedAt(before, tokens, true)
  if (expected.length > 0) return expected
  // Something before is wrong already: look only at the term in which the cursor stands.
  const beginning = tokens.findLastIndex(({ type }) => BEGINNINGS.has(type))
  return beginning === -1 ? [] : expectedAt(before, tokens.slice(beginning + 1), false)
}

function expectedAt(before: string, tokens: readonly Token[], hasScope: boolean): readonly Completion[] {
  const parser = new Parser(before, tokens)
  try {
    if (hasScope) parser.scope()
    parser.whole()
  } catch (thrown) {
    // A prefix seldom parses; what could follow was noted on the way.
    if (!(thrown instanceof BreakpointFault)) throw thrown
  }
  return atEnd(parser.expectations, tokens)
}

const atEnd = (expectations: Expectations, tokens: readonly Token[]) => expectations.at(tokens.length - 1)

function offered(expected: readonly Completion[], nodes: readonly number[]): readonly Completion[] {
  return expected.flatMap((item): readonly Completion[] => {
    if (item.text === A_NUMBER) return []
    if (item.type === 'state') {
      const others = Object.entries(STATE_SYNONYMS).filter(([, name]) => name === item.text)
      return [item, ...others.map(([text, detail]) => ({ type: 'state' as const, text, detail }))]
    }
    if (item.type === 'node' && item.text === A_NODE) return nodes.map((node) => ({ ...item, text: `n${node}` }))
    return [item]
  })
}

/** What begins with what was typed, then what contains it. */
function ranked(typed: string, items: readonly Completion[]): readonly Completion[] {
  const lower = typed.toLowerCase()
  const begins = items.filter(({ text }) => text.toLowerCase().startsWith(lower))
  const contains = items.filter((item) => !begins.includes(item) && item.text.toLowerCase().includes(lower))
  // The rest of a phrase comes last: what stands there is more often a name by itself.
  return [...begins, ...contains].sort((a, b) => Number(isRest(a)) - Number(isRest(b)))
}

const isRest = ({ type, text }: Completion) => type === 'alias' && !Object.hasOwn(ALIASES, text)
