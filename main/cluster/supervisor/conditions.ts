/** All that a node is under, as it has to hear it: at its launch, and when it connects what has changed since. */
import { type Conditions, NO_RULES } from '../../node/contract/conditions'
import type { Control } from '../../node/contract/control'

/** What turns `before` into `now`. */
export function changesOf(before: Conditions, now: Conditions): readonly Control[] {
  const changes: Control[] = []
  for (const from of new Set([...before.links, ...now.links].map((link) => link.from))) {
    const rules = rulesFrom(now, from)
    if (!isSame(rulesFrom(before, from), rules)) changes.push({ type: 'link', from, rules })
  }
  if (!isSame(before.clock, now.clock)) changes.push({ type: 'clock', clock: now.clock })
  const has = ({ faults }: Conditions, id: number) => faults.some((armed) => armed.id === id)
  for (const { id } of before.faults) if (!has(now, id)) changes.push({ type: 'disarm', id })
  for (const armed of now.faults) if (!has(before, armed.id)) changes.push({ type: 'arm', armed })
  if (!isSame(before.breakpoints, now.breakpoints)) {
    changes.push({ type: 'breakpoints', breakpoints: now.breakpoints })
  }
  return changes
}

function rulesFrom({ links }: Conditions, from: number) {
  return links.find((link) => link.from === from)?.rules ?? NO_RULES
}

/** Both were made by the same code, so their fields stand in the same order. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
