/** The breakpoints that are set, and which node hears of which. */
import type { BreakpointError, Parse } from '../../node/contract/breakpoint/types'
import { MAX_BREAKPOINTS } from '../../node/contract/breakpoint/types'
import type { NodeBreakpoint } from '../../node/contract/conditions'
import { Problem } from '../../node/contract/problem'
import type { Breakpoint } from '../api'
import type { Reporter } from './reporter'

export interface BreakpointsContext {
  readonly parse: Parse
  readonly reporter: Reporter
  /** Problem: `node-unknown`. */
  present(node: number): void
  /** What nodes have to hear has changed. */
  changed(): void
}

interface Kept extends Breakpoint {
  /** Whom it concerns; empty = every node. */
  readonly nodes: readonly number[]
}

export class Breakpoints {
  readonly #context: BreakpointsContext
  readonly #kept = new Map<number, Kept>()
  #count = 0

  constructor(context: BreakpointsContext) {
    this.#context = context
  }

  get all(): readonly Breakpoint[] {
    return [...this.#kept.values()].map(({ id, text, enabled }) => ({ id, text, enabled }))
  }

  /** Whether it can hit. */
  isSet(id: number): boolean {
    return this.#kept.get(id)?.enabled === true
  }

  /** Those that the node has to look at. */
  of(node: number): readonly NodeBreakpoint[] {
    return [...this.#kept.values()]
      .filter(({ enabled, nodes }) => enabled && (nodes.length === 0 || nodes.includes(node)))
      .map(({ id, text }) => ({ id, text }))
  }

  /** See `Cluster.setBreakpoint`. */
  set(text: string, id?: number): Breakpoint {
    const before = id === undefined ? undefined : this.#find(id)
    const parsed = this.#context.parse(text)
    if (!parsed.ok) throw invalid(text, parsed.error)
    const { nodes } = parsed.breakpoint
    for (const node of nodes) this.#context.present(node)
    if (before === undefined && this.#kept.size >= MAX_BREAKPOINTS) {
      throw new Problem('breakpoint-limit', { max: MAX_BREAKPOINTS })
    }
    return this.#keep({ id: before?.id ?? ++this.#count, text, enabled: before?.enabled ?? true, nodes })
  }

  enable(id: number, enabled: boolean): void {
    const before = this.#find(id)
    if (before.enabled !== enabled) this.#keep({ ...before, enabled })
  }

  remove(id: number): void {
    const { text, enabled } = this.#find(id)
    this.#kept.delete(id)
    this.#context.reporter.report('watch', { breakpoint: id, text, enabled, removed: true })
    this.#context.changed()
  }

  #find(id: number): Kept {
    const found = this.#kept.get(id)
    if (found === undefined) throw new Problem('breakpoint-unknown', { id })
    return found
  }

  #keep(kept: Kept): Breakpoint {
    const { id, text, enabled } = kept
    this.#kept.set(id, kept)
    this.#context.reporter.report('watch', { breakpoint: id, text, enabled, removed: false })
    this.#context.changed()
    return { id, text, enabled }
  }
}

function invalid(text: string, { from, to, code, found, expected }: BreakpointError): Problem {
  return new Problem('breakpoint-invalid', { text, from, to, code, found, expected: expected.join(', ') })
}
