/**
 * The directed links: which are cut, and which rules they have. For people a cut is a thing of its own; the receiving node is
 * told one list of rules per link, in which a cut comes first.
 */
import {
  type Conditions,
  CUT,
  type Link,
  type LinkRule,
  type LinkRules,
  linkRulesSchema,
  MAX_LINK_RULES,
  NO_RULES,
} from '../../node/contract/conditions'
import { Problem } from '../../node/contract/problem'
import type { Pattern } from '../links/presets'
import { randomFrom } from '../random'
import { type Fault, type Faults, linkKey, linkOf } from './faults'
import { checked } from './invalid'
import type { Reporter } from './reporter'

export interface LinksContext {
  readonly reporter: Reporter
  readonly faults: Faults
  /** Tells the receiving node, if it runs. */
  tell(from: number, to: number, rules: LinkRules): void
  /** Nodes of the cluster now, without removed ones. */
  nodeIds(): readonly number[]
}

export class Links {
  readonly #context: LinksContext
  readonly #cut = new Set<number>()
  /** Links that have none are not in it. */
  readonly #rules = new Map<number, LinkRules>()

  constructor(context: LinksContext) {
    this.#context = context
  }

  isBlocked(from: number, to: number): boolean {
    return this.#cut.has(linkKey(from, to))
  }

  /** Besides a cut. */
  rulesOf(from: number, to: number): LinkRules {
    return this.#rules.get(linkKey(from, to)) ?? NO_RULES
  }

  /** What the node `to` has to be told at its start. */
  into(to: number): Conditions['links'] {
    const links = new Set([...this.#cut, ...this.#rules.keys()])
    return [...links]
      .filter((link) => linkOf(link)[1] === to)
      .sort((one, other) => one - other)
      .map((link) => ({ from: linkOf(link)[0], rules: this.#effective(link) }))
  }

  block(from: number, to: number): void {
    notItself(from, to)
    const link = linkKey(from, to)
    if (!this.#sever(link)) return
    this.#context.faults.begin('block', cut([link], false), { links: [[from, to]] })
  }

  heal(from: number, to: number): void {
    notItself(from, to)
    this.#mend(linkKey(from, to))
    this.#free(linkKey(from, to))
  }

  healAll(): void {
    for (const link of [...this.#cut]) this.#mend(link)
    for (const link of [...this.#rules.keys()]) this.#free(link)
  }

  /** A removed node has no links any more. */
  forget(node: number): void {
    for (const link of [...this.#cut]) if (linkOf(link).includes(node)) this.#mend(link)
    for (const link of [...this.#rules.keys()]) if (linkOf(link).includes(node)) this.#free(link)
  }

  /** See `Cluster.partition`. */
  partition(given: readonly (readonly number[])[]): void {
    const groups = this.#complete(given)
    const groupOf = new Map(groups.flatMap((group, at) => group.map((node) => [node, at] as const)))
    const across: number[] = []
    for (const [from, fromGroup] of groupOf) {
      for (const [to, toGroup] of groupOf) {
        if (from === to) continue
        if (fromGroup === toGroup) this.#mend(linkKey(from, to))
        else across.push(linkKey(from, to))
      }
    }
    for (const link of across) this.#sever(link)
    this.#endPatterns()
    if (across.length === 0) return
    const alone = groups.length === 2 && groupOf.size > 2 && groups.some((group) => group.length === 1)
    this.#context.faults.begin(alone ? 'isolate' : 'partition', cut(across, true), { groups })
  }

  /** See `Cluster.condition`. */
  condition(links: readonly Link[], rules: readonly LinkRule[], seed: number): number {
    return this.#give(links, checked(linkRulesSchema, { seed, rules }), {})
  }

  /** See `Cluster.preset`; `detail` says which it is. */
  lay(pattern: Pattern, seed: number, detail: object): number {
    if (pattern.kind === 'rules') {
      return this.#give(pattern.links, checked(linkRulesSchema, { seed, rules: pattern.rules }), detail)
    }
    const links = pattern.links.map(({ from, to }) => linkKey(from, to))
    if (pattern.isWhole) this.#liftPatterns(links)
    for (const link of links) this.#sever(link)
    const what = pattern.groups === undefined ? { links: pairs(links) } : { groups: pattern.groups }
    return this.#context.faults.begin(pattern.type, cut(links, pattern.isWhole), { ...what, ...detail })
  }

  /** Mends or frees what this fault alone holds; so it has ended. */
  endFault(fault: Fault): void {
    const { subject, id } = fault
    if (subject.kind === 'cut') for (const link of this.#onlyBy(fault)) this.#mend(link)
    if (subject.kind === 'rules') for (const link of [...subject.links]) this.#free(link)
    this.#context.faults.end(id)
  }

  #give(links: readonly Link[], rules: LinkRules, detail: object): number {
    const keys = new Set<number>()
    for (const { from, to } of links) {
      notItself(from, to)
      keys.add(linkKey(from, to))
    }
    if (keys.size === 0) throw new Problem('fault-invalid', { where: 'links', reason: 'at least one link is wanted' })
    const { faults } = this.#context
    if (rules.rules.length === 0) {
      for (const link of keys) this.#free(link)
      return 0
    }
    for (const link of keys) faults.linkLeft('rules', link)
    const given = { links: pairs(keys), rules: rules.rules, seed: rules.seed, ...detail }
    const id = faults.begin('links', { kind: 'rules', links: keys }, given)
    for (const link of keys) {
      const own = keys.size === 1 ? rules : { ...rules, seed: seedOf(link, rules.seed) }
      this.#rules.set(link, own)
      this.#changedRules(link, JSON.stringify(own))
    }
    return id
  }

  /** The groups, without empty ones, and with one more for the nodes that stand in none. */
  #complete(given: readonly (readonly number[])[]): readonly (readonly number[])[] {
    const named = given.flat()
    if (new Set(named).size !== named.length) {
      const twice = named.find((node, at) => named.indexOf(node) !== at)
      throw new Problem('partition-groups', { reason: `node ${twice} stands in two groups` })
    }
    const rest = this.#context.nodeIds().filter((node) => !named.includes(node))
    return [...given, rest].filter((group) => group.length > 0)
  }

  #sever(link: number): boolean {
    if (this.#cut.has(link)) return false
    this.#cut.add(link)
    this.#changedCut(link, true)
    return true
  }

  #mend(link: number): void {
    if (!this.#cut.delete(link)) return
    this.#changedCut(link, false)
    this.#context.faults.linkLeft('cut', link)
  }

  #free(link: number): void {
    if (!this.#rules.delete(link)) return
    this.#changedRules(link, '')
    this.#context.faults.linkLeft('rules', link)
  }

  /** A new pattern replaces the one before: what only that one cut, and the new one does not, is mended. */
  #liftPatterns(except: readonly number[]): void {
    const stays = new Set(except)
    for (const fault of this.#context.faults.of('cut')) {
      if (!fault.subject.isPattern) continue
      for (const link of this.#onlyBy(fault)) if (!stays.has(link)) this.#mend(link)
    }
    this.#endPatterns()
  }

  #endPatterns(): void {
    const { faults } = this.#context
    for (const { id, subject } of faults.of('cut')) if (subject.isPattern) faults.end(id)
  }

  /** Those links of a cut that no other fault cuts as well. */
  #onlyBy({ id, subject }: Fault): readonly number[] {
    if (subject.kind !== 'cut') return []
    const others = this.#context.faults.of('cut').filter((other) => other.id !== id)
    return [...subject.links].filter((link) => !others.some((other) => other.subject.links.has(link)))
  }

  #changedCut(link: number, blocked: boolean): void {
    const [from, to] = linkOf(link)
    this.#context.reporter.report('link', { from, to, blocked })
    this.#context.tell(from, to, this.#effective(link))
  }

  #changedRules(link: number, rules: string): void {
    const [from, to] = linkOf(link)
    this.#context.reporter.report('rules', { from, to, rules })
    this.#context.tell(from, to, this.#effective(link))
  }

  #effective(link: number): LinkRules {
    const own = this.#rules.get(link) ?? NO_RULES
    if (!this.#cut.has(link)) return own
    // Nothing gets past a cut; but as long as there is a rule that holds, what is held stays held.
    const behind = own.rules.length < MAX_LINK_RULES ? own.rules : own.rules.filter(holds).slice(0, 1)
    return { seed: own.seed, rules: [CUT, ...behind] }
  }
}

/** Of one link among several: with the same chance for all of them, a round of heartbeats would be lost whole or not at all. */
function seedOf(link: number, seed: number): number {
  return randomFrom(seed, linkOf(link).join('>')).seed()
}

function holds({ action }: LinkRule): boolean {
  return action.type === 'hold'
}

function cut(links: Iterable<number>, isPattern: boolean) {
  return { kind: 'cut', links: new Set(links), isPattern } as const
}

function pairs(links: Iterable<number>): readonly (readonly [from: number, to: number])[] {
  return [...links].map(linkOf)
}

function notItself(from: number, to: number): void {
  if (from === to) throw new Problem('link-self', { node: String(from) })
}
