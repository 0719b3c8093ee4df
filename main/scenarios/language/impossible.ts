/** Conditions that can never hold, so that a wait for them would only end by its time. */
import type { Impossibility } from '../../node/contract/scenario-issue'
import type { PlainCondition } from './conditions'
import type { Path } from './places'

/** What is known of a cluster before the step that waits. */
export interface Known {
  readonly nodes: number
  /** Nodes with a bug on purpose do what no node should. */
  readonly hasBug: boolean
  /** What the steps before had held. */
  readonly held: { readonly all: boolean; readonly messages: ReadonlySet<string> }
  /** Something may have stopped the cluster. */
  readonly stops: boolean
  /** Calls that the steps before waited for. */
  readonly answered: ReadonlySet<string>
}

export interface Found {
  readonly why: Impossibility
  /** Under the condition. */
  readonly path: Path
  readonly found: string
}

/** Why it can't be; undefined when it can, as far as this can be known. */
export function impossibility(condition: PlainCondition, known: Known): Found | undefined {
  if ('leader' in condition) {
    const { is, isNot, followed } = condition.leader
    if (is !== undefined && is === isNot) {
      return { why: 'is-and-is-not', path: ['leader', 'isNot'], found: String(isNot) }
    }
    if (typeof followed === 'number' && followed >= known.nodes) {
      return { why: 'more-followers-than-nodes', path: ['leader', 'followed'], found: `${followed} ≥ ${known.nodes}` }
    }
  } else if ('log' in condition && !known.hasBug) {
    const { terms } = condition.log
    const down = terms.findIndex((term, at) => at > 0 && term < (terms[at - 1] ?? 0))
    if (down >= 0) {
      return { why: 'terms-go-down', path: ['log', 'terms', down], found: `${terms[down - 1]}, ${terms[down]}` }
    }
  } else if ('held' in condition) return neverHeld(condition.held, known)
  else if ('unanswered' in condition && known.answered.has(condition.unanswered)) {
    return { why: 'was-answered', path: ['unanswered'], found: condition.unanswered }
  } else if ('stopped' in condition && !known.stops) {
    return { why: 'nothing-stops', path: ['stopped'], found: 'stopped' }
  }
  return undefined
}

function neverHeld(
  { message, count }: Extract<PlainCondition, { held: unknown }>['held'],
  { held }: Known,
): Found | undefined {
  if (held.all || !wantsSome(count)) return undefined
  if (held.messages.size === 0) return { why: 'nothing-held', path: ['held'], found: 'held' }
  if (message !== undefined && !held.messages.has(message)) {
    return { why: 'type-not-held', path: ['held', 'message'], found: message }
  }
  return undefined
}

/** Whether 0 does not fulfil the bound. */
function wantsSome(bound: number | string): boolean {
  if (typeof bound === 'number') return bound > 0
  const [, comparator, number] = /^(>=|<=|>|<|=|!=) *(\d+)$/.exec(bound) ?? []
  const least = Number(number)
  return comparator === '>=' || comparator === '=' ? least > 0 : comparator === '>'
}
