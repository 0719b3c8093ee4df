/** Acts that a later step speaks of: they are given a name as soon as one does. */
import type { Act } from './act'

export class NamedActs {
  readonly #kind: string
  readonly #acts = new Map<number, Act>()

  /** @param kind what names begin with */
  constructor(kind: string) {
    this.#kind = kind
  }

  /** @param id as events call it */
  add(id: number, act: Act | undefined): void {
    if (act !== undefined) this.#acts.set(id, act)
  }

  /** @returns undefined when it is none of this scenario */
  nameOf(id: number): string | undefined {
    const act = this.#acts.get(id)
    if (act?.step === undefined) return undefined
    const name = `${this.#kind}-${id}`
    act.step = { ...act.step, name }
    return name
  }
}
