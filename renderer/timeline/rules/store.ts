/** The colour rules of this window: ordered, the first that matches counts; remembered per machine. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { EventView } from '../../../preload/contract'
import {
  type ColourRule,
  type Edge,
  type Painted,
  parseFilter,
  RULE_COLOURS,
  type RuleColour,
  type TimelineModel,
} from '../../../preload/contract/diagram'
import { errorOf } from './expression'

const STORED = 'raft-workbench.colour-rules.1'
export const MAX_RULES = 20

/** A rule as it stands in the list: the key stays while it is moved about. */
export interface KeptRule extends ColourRule {
  readonly key: number
}

export const useRulesStore = defineStore('colour-rules', () => {
  let next = 1
  const rules = ref<readonly KeptRule[]>(read().map((rule) => ({ ...rule, key: next++ })))
  watch(rules, (now) => write(now))

  /** Those that are on and can be read, each with its place. */
  const active = computed(() =>
    rules.value.flatMap(({ filter, colour, on }, i) =>
      on && errorOf(filter) === undefined ? [{ filter: parseFilter(filter), painted: { colour, rule: i + 1 } }] : [],
    ),
  )

  function paintOf(event: EventView | undefined): Painted | undefined {
    if (event === undefined) return undefined
    return active.value.find(({ filter }) => filter.matches(event))?.painted
  }

  /** A message is two events: the rule that comes first counts, whichever of the two it takes. */
  function paintEdge(model: TimelineModel, edge: Edge): Painted | undefined {
    if (active.value.length === 0) return undefined
    const sent = model.event(edge.sentSeq)
    const ended = edge.endSeq < 0 ? undefined : model.event(edge.endSeq)
    return active.value.find(
      ({ filter }) => (sent !== undefined && filter.matches(sent)) || (ended !== undefined && filter.matches(ended)),
    )?.painted
  }

  function add(filter = ''): number {
    const used = new Set(rules.value.map(({ colour }) => colour))
    const colour = RULE_COLOURS.find((each) => !used.has(each)) ?? 'violet'
    const rule: KeptRule = { key: next++, filter, colour, on: true }
    rules.value = [...rules.value, rule]
    return rule.key
  }
  function change(key: number, to: Partial<ColourRule>): void {
    rules.value = rules.value.map((rule) => (rule.key === key ? { ...rule, ...to } : rule))
  }
  function remove(key: number): void {
    rules.value = rules.value.filter((rule) => rule.key !== key)
  }
  /** To another place of the list; 0 is the first. */
  function move(key: number, place: number): void {
    const from = rules.value.findIndex((rule) => rule.key === key)
    const list = [...rules.value]
    const [rule] = from < 0 ? [] : list.splice(from, 1)
    if (rule === undefined) return
    list.splice(Math.max(0, Math.min(list.length, place)), 0, rule)
    rules.value = list
  }

  return { rules, active, paintOf, paintEdge, add, change, remove, move }
})

function read(): ColourRule[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]')
    if (!Array.isArray(found)) return []
    return found.slice(0, MAX_RULES).flatMap((each: unknown) => {
      if (typeof each !== 'object' || each === null) return []
      const { filter, colour, on } = each as Record<string, unknown>
      const known = RULE_COLOURS.find((name): name is RuleColour => name === colour)
      return typeof filter === 'string' && known !== undefined ? [{ filter, colour: known, on: on !== false }] : []
    })
  } catch {
    return []
  }
}

function write(rules: readonly ColourRule[]): void {
  try {
    localStorage.setItem(STORED, JSON.stringify(rules.map(({ filter, colour, on }) => ({ filter, colour, on }))))
  } catch {
    // A full or forbidden storage only means that they are not remembered.
  }
}
