/** What is done by hand with messages that nodes hold: the node that holds one does it, and answers. */
import * as z from 'zod/mini'
import type { HeldRef, Link } from '../../node/contract/conditions'
import type { HeldAct } from '../../node/contract/control-conditions'
import { messageJsonSchema } from '../../node/contract/message-schema'
import { asProblem, Problem } from '../../node/contract/problem'
import { checked } from './invalid'
import type { Question } from './requests'

export interface HeldContext {
  /** Problems: `node-unknown`, `node-state`, `cluster-stopped`, and those of the reply. */
  ask(node: number, question: Question): Promise<number>
  /** All links into nodes that run. */
  links(): readonly Link[]
}

export class HeldMessages {
  readonly #context: HeldContext

  constructor(context: HeldContext) {
    this.#context = context
  }

  async release({ id, ...link }: HeldRef): Promise<void> {
    await this.#act(link, { type: 'release', id })
  }

  /** See `Cluster.releaseAll`. A breakpoint may stop the cluster in the middle of it: then those count that were released. */
  async releaseAll(links: readonly Link[] = this.#context.links()): Promise<number> {
    const asked = await Promise.allSettled(links.map((link) => this.#act(link, { type: 'release-all' })))
    const counts = asked.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    const refused = asked.flatMap((one) => (one.status === 'rejected' ? asProblem(one.reason) : []))
    const [first] = refused.filter(({ code }) => code !== 'cluster-stopped' || counts.length === 0)
    if (first !== undefined) throw first
    return counts.reduce((sum, count) => sum + count, 0)
  }

  async drop({ id, ...link }: HeldRef): Promise<void> {
    await this.#act(link, { type: 'drop', id })
  }

  async duplicate({ id, ...link }: HeldRef): Promise<number> {
    return await this.#act(link, { type: 'duplicate', id })
  }

  async edit({ id, ...link }: HeldRef, given: unknown): Promise<void> {
    const read = messageJsonSchema.safeParse(given)
    if (!read.success) throw new Problem('message-invalid', { reason: z.prettifyError(read.error) })
    await this.#act(link, { type: 'edit', id, message: read.data })
  }

  async move({ id, ...link }: HeldRef, given: number): Promise<void> {
    const place = checked(placeSchema, given, 'place')
    await this.#act(link, { type: 'move', id, place })
  }

  async #act({ from, to }: Link, act: HeldAct): Promise<number> {
    return await this.#context.ask(to, (request) => ({ type: 'held', request, from, act }))
  }
}

const placeSchema = z.int().check(z.minimum(0))
