/** Whether a condition holds in a scene, and what there is when it does not. */
import type { EventKind } from '../../../node/contract/events'
import type { Condition, ConditionKind, Conditions, PlainCondition } from '../../language/conditions'
import { conditionsWords, finished, joined, NOTHING, type Text } from '../../words'
import { committed, configuration, entry, log, sameLogs } from './logs'
import { leader, leaders, node, noLeader } from './nodes'
import type { About, Rule, Scene } from './scene'
import { answer, event, held, stopped, unanswered } from './traffic'

export type { About, Scene } from './scene'
export { answerDiffers, givenAnswer } from './traffic'

const RULES: { readonly [K in ConditionKind]: Rule<K> } = {
  node,
  leader,
  noLeader,
  log,
  entry,
  sameLogs,
  committed,
  held,
  answer,
  unanswered,
  configuration,
  event,
  stopped,
  leaders,
}
const KINDS = Object.keys(RULES) as readonly ConditionKind[]

/** One condition with its rule, so that they fit together. */
interface Ruled {
  readonly kinds: readonly EventKind[] | 'all'
  holds(scene: Scene): boolean
  found(scene: Scene): Text
}

function ruled(condition: PlainCondition): Ruled {
  const kind = KINDS.find((one) => one in condition)
  if (kind === undefined) throw new TypeError(`no such condition: ${JSON.stringify(condition)}`)
  return ruledAs(kind, condition)
}

function ruledAs<K extends ConditionKind>(kind: K, condition: PlainCondition): Ruled {
  const rule: Rule<K> = RULES[kind]
  // The schema allows exactly one key, and it was found.
  const about = (condition as unknown as Readonly<Record<K, About<K>>>)[kind]
  return {
    kinds: rule.kinds,
    holds: (scene) => rule.holds(about, scene),
    found: (scene) => rule.found(about, scene),
  }
}

export function listOf(conditions: Conditions): readonly Condition[] {
  return Array.isArray(conditions) ? conditions : [conditions]
}

const plainOf = (condition: Condition): PlainCondition => ('not' in condition ? condition.not : condition)

export function holds(condition: Condition, scene: Scene): boolean {
  return ruled(plainOf(condition)).holds(scene) !== 'not' in condition
}

/** All of them, at the same time. */
export function allHold(conditions: Conditions, scene: Scene): boolean {
  return listOf(conditions).every((condition) => holds(condition, scene))
}

/** What there is in place of those that do not hold; of several, each with what it asks for. */
export function foundInstead(conditions: Conditions, scene: Scene): Text {
  const broken = listOf(conditions).filter((condition) => !holds(condition, scene))
  const [only] = broken
  if (only === undefined) return NOTHING
  if (broken.length === 1) return found(only, scene)
  const told = broken.map((condition): Text => {
    const asked = conditionsWords(condition)
    const is = found(condition, scene)
    return { en: `(${asked.en}) ${is.en}`, zh: `（${asked.zh}）${is.zh}` }
  })
  return joined(told, ' · ', ' · ')
}

/** What there is, of one condition. */
export function found(condition: Condition, scene: Scene): Text {
  return finished(ruled(plainOf(condition)).found(scene))
}

/** Events of which kinds can change whether they hold. */
export function kindsOf(conditions: Conditions): ReadonlySet<EventKind> | 'all' {
  const kinds = listOf(conditions).map((condition) => ruled(plainOf(condition)).kinds)
  const named = kinds.filter((one) => one !== 'all')
  return named.length < kinds.length ? 'all' : new Set(named.flat())
}

/** Those of them that count events. */
export function eventsIn(conditions: Conditions): readonly About<'event'>[] {
  return listOf(conditions).flatMap((condition) => {
    const plain = plainOf(condition)
    return 'event' in plain ? [plain.event] : []
  })
}
