/** Which directed links are blocked. Nodes are told as it changes; a restarted node is told at its launch. */
import { Problem } from '../../node/contract/problem'
import { type Faults, linkKey, linkOf } from './faults'
import type { Reporter } from './reporter'

export interface LinksContext {
  readonly reporter: Reporter
  readonly faults: Faults
  /** Tells the receiving node, if it runs. */
  tell(from: number, to: number, blocked: boolean): void
  /** Nodes of the cluster now, without removed ones. */
  nodeIds(): readonly number[]
}

export class Links {
  readonly #context: LinksContext
  readonly #blocked = new Set<number>()

  constructor(context: LinksContext) {
    this.#context = context
  }

  isBlocked(from: number, to: number): boolean {
    return this.#blocked.has(linkKey(from, to))
  }

  /** Senders that `to` must not hear. */
  blockedInto(to: number): readonly number[] {
    const links = [...this.#blocked].map(linkOf)
    return links.filter(([, receiver]) => receiver === to).map(([sender]) => sender)
  }

  block(from: number, to: number): void {
    if (from === to) throw new Problem('link-self', { node: String(from) })
    if (!this.#cut(linkKey(from, to))) return
    this.#context.faults.beginLinks('block', [linkKey(from, to)], { links: [[from, to]] })
  }

  heal(from: number, to: number): void {
    if (from === to) throw new Problem('link-self', { node: String(from) })
    this.#mend(linkKey(from, to))
  }

  healAll(): void {
    for (const link of [...this.#blocked]) this.#mend(link)
  }

  /** A removed node has no links any more. */
  forget(node: number): void {
    for (const link of [...this.#blocked]) if (linkOf(link).includes(node)) this.#mend(link)
  }

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
    for (const link of across) this.#cut(link)
    this.#context.faults.endPartitions()
    if (across.length === 0) return
    const alone = groups.length === 2 && groupOf.size > 2 && groups.some((group) => group.length === 1)
    this.#context.faults.beginLinks(alone ? 'isolate' : 'partition', across, { groups })
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

  #cut(link: number): boolean {
    if (this.#blocked.has(link)) return false
    this.#blocked.add(link)
    this.#changed(link, true)
    return true
  }

  #mend(link: number): void {
    if (!this.#blocked.delete(link)) return
    this.#changed(link, false)
    this.#context.faults.linkHealed(link)
  }

  #changed(link: number, blocked: boolean): void {
    const [from, to] = linkOf(link)
    this.#context.reporter.report('link', { from, to, blocked })
    this.#context.tell(from, to, blocked)
  }
}
