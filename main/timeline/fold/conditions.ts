/** What conditions the cluster: rules of links, a node's clock. */
import { type LinkRules, linkRulesSchema, TRUE_CLOCK } from '../../node/contract/conditions'
import type { TimelineEvent } from '../../node/contract/events'
import type { ClockState } from '../state'
import type { MutableCluster, MutableNode } from './cluster'

/** `from → to` as one number, the form of `ClusterState.blocked`. */
export function linkOf(from: number, to: number): number {
  return from * 65_536 + to
}

/** The machine's own clock, from `t` on. */
export function trueClock(t: number): ClockState {
  return { ...TRUE_CLOCK, skew: 0, since: t }
}

export function foldLink(state: MutableCluster, event: TimelineEvent<'link'>): void {
  const link = linkOf(event.from, event.to)
  if (event.blocked) state.blocked.add(link)
  else state.blocked.delete(link)
}

export function foldRules(state: MutableCluster, event: TimelineEvent<'rules'>): void {
  const link = linkOf(event.from, event.to)
  const rules = rulesOf(event.rules)
  if (rules === undefined || rules.rules.length === 0) state.rules.delete(link)
  else state.rules.set(link, rules)
}

/** The rules that a text says; undefined for none, and for what nobody understands (a file may come from anywhere). */
export function rulesOf(text: string): LinkRules | undefined {
  if (text === '') return undefined
  try {
    const read = linkRulesSchema.safeParse(JSON.parse(text))
    return read.success ? read.data : undefined
  } catch {
    return undefined
  }
}

export function foldClock(node: MutableNode, event: TimelineEvent<'clock'>): void {
  node.clock = { mode: event.mode, rate: event.rate, skew: event.skew, since: event.t }
}
