/** What steps gave a name to, besides nodes, calls and workloads: breakpoints and faults, by their numbers in the cluster. */
import { Problem } from '../../node/contract/problem'

export class Named {
  readonly #breakpoints = new Map<string, number>()
  readonly #faults = new Map<string, number>()

  /** Without a name nobody speaks of it again. */
  breakpoint(name: string | undefined, id: number): void {
    if (name !== undefined) this.#breakpoints.set(name, id)
  }

  fault(name: string | undefined, id: number): void {
    if (name !== undefined) this.#faults.set(name, id)
  }

  /** @throws {Problem} 'scenario-name' */
  breakpointOf(name: string): number {
    return known(this.#breakpoints, name)
  }

  /** @throws {Problem} 'scenario-name' */
  faultOf(name: string): number {
    return known(this.#faults, name)
  }
}

function known(numbers: ReadonlyMap<string, number>, name: string): number {
  const id = numbers.get(name)
  if (id === undefined) throw new Problem('scenario-name', { name })
  return id
}
