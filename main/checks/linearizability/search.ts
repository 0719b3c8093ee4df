/**
 * Looks for one order of the calls of a part in which every answer is right, and in which no call comes before one that had
 * been answered when it began (Herlihy and Wing 1990). Wing and Gong's search with Lowe's memory of what was tried
 * ("Testing for linearizability", 2017), and what keeps it short:
 *
 * - A call that only looks, whose answer is right now, is next: were there an order with it later, there is one with it now.
 * - Calls that may have had no effect at all are tried last.
 * - Such a call is useless when what follows it does not look at what it left: it can come later, or not at all. It is taken when a
 *   call that may be next needs its state, or cannot be answered so in the present one; or when others add to what it left.
 * - A state that an answer still needs, and that nothing can begin anew, has to come of the present one.
 * - The call that was answered first has to be reachable: from the present state, or from what a call makes that may come before it.
 */
import type { Operation } from '../history/operation'
import type { Model } from '../models/model'
import { Demand } from './demand'
import { Seen } from './seen'

export interface Linearization {
  /** Places in the list of operations, in the order found. Calls that had no effect are not there. */
  readonly order: readonly number[]
}

export type Found = { readonly outcome: 'linearizable' } & Linearization
export type NotFound = { readonly outcome: 'illegal' }

/** One call that was taken, what it was chosen from, and what was before. */
interface Step {
  readonly candidates: number[]
  /** Whether calls that may have had no effect are among the candidates already. */
  isWhole: boolean
  next: number
  taken: number
  readonly state: string
  /**
   * The state before the call that was taken last, when that may have had no effect: what follows has to come out differently
   * from there.
   */
  readonly unlike: string | undefined
}

export class Search<I, O> {
  readonly #model: Model<I, O>
  readonly #operations: readonly Operation<I, O>[]
  /** By the time they began: those that surely took effect, and those that may have. */
  readonly #sure: readonly number[]
  readonly #doubtful: readonly number[]
  readonly #done: Uint8Array
  /** Sure calls that are not done, as a list linked both ways (Knuth's dancing links); the last place is its head. */
  readonly #after: Int32Array
  readonly #before: Int32Array
  readonly #codes: Int32Array
  readonly #states = new Map<string, number>()
  readonly #seen: Seen
  readonly #demand: Demand<I, O>
  #hash: [number, number, number] = [0, 0, 0]
  #left: number
  #state: string
  readonly #steps: Step[] = []

  constructor(model: Model<I, O>, operations: readonly Operation<I, O>[], seen = new Seen()) {
    this.#model = model
    this.#operations = operations
    const places = operations.map((_, place) => place).sort((a, b) => this.#from(a) - this.#from(b))
    this.#sure = places.filter((place) => this.#of(place).output !== undefined)
    this.#doubtful = places.filter((place) => this.#of(place).output === undefined)
    this.#done = new Uint8Array(operations.length)
    this.#after = new Int32Array(operations.length + 1)
    this.#before = new Int32Array(operations.length + 1)
    let last = operations.length
    for (const place of [...this.#sure, operations.length]) {
      this.#after[last] = place
      this.#before[place] = last
      last = place
    }
    this.#codes = codes(operations.length)
    this.#left = this.#sure.length
    this.#state = model.initial
    this.#seen = seen
    this.#demand = new Demand(model, operations)
    if (this.#left > 0 && !this.#demand.isLost(this.#state)) this.#open(undefined)
  }

  /** Goes on for so many steps. @returns undefined when it is not done yet */
  run(steps: number): Found | NotFound | undefined {
    for (let n = 0; n < steps; n++) {
      if (this.#left === 0) return { outcome: 'linearizable', order: this.#order() }
      const step = this.#steps.at(-1)
      if (step === undefined) return { outcome: 'illegal' }
      this.#tryNext(step)
    }
    return undefined
  }

  #tryNext(step: Step): void {
    if (step.taken >= 0) this.#undo(step)
    const place = step.candidates[step.next]
    if (place === undefined) {
      if (step.isWhole) this.#steps.pop()
      else this.#widen(step)
      return
    }
    step.next++
    const { input, output } = this.#of(place)
    const after = this.#model.step(step.state, input, output)
    const isDoubtful = output === undefined
    if (after === undefined || (isDoubtful && after === step.state)) return
    if (step.unlike !== undefined && this.#model.step(step.unlike, input, output) === after) return
    this.#flip(place)
    this.#take(step, place, after)
    // Where it leads nowhere, the next try takes it back.
    if (this.#demand.isLost(after)) return
    if (!this.#seen.add(...this.#hash, this.#stateId(after) * 2 + (isDoubtful ? 1 : 0))) return
    this.#open(isDoubtful ? step.state : undefined)
  }

  /** A new step from the present state; what only looks is taken at once. */
  #open(unlike: string | undefined): void {
    let other = unlike
    for (;;) {
      const candidates = this.#candidates()
      if (!this.#isReachable(candidates)) {
        this.#steps.push({ candidates: [], isWhole: true, next: 0, taken: -1, state: this.#state, unlike: undefined })
        return
      }
      const glance = candidates.find((place) => {
        const { input, output } = this.#of(place)
        return this.#model.onlyLooks(input, output) && this.#model.step(this.#state, input, output) !== undefined
      })
      if (glance === undefined) {
        this.#steps.push({ candidates, isWhole: false, next: 0, taken: -1, state: this.#state, unlike: other })
        return
      }
      other = undefined
      const step: Step = { candidates: [], isWhole: true, next: 0, taken: -1, state: this.#state, unlike: undefined }
      this.#flip(glance)
      this.#take(step, glance, this.#state)
      this.#steps.push(step)
      if (this.#left === 0) return
    }
  }

  /** Sure calls that may be next: none of the others was answered before they began. The first answered come first. */
  #candidates(): number[] {
    const head = this.#operations.length
    let firstEnd = Number.POSITIVE_INFINITY
    const near: number[] = []
    for (let place = this.#after[head] as number; place !== head; place = this.#after[place] as number) {
      if (this.#from(place) > firstEnd) break
      near.push(place)
      firstEnd = Math.min(firstEnd, this.#of(place).to)
    }
    return near.filter((place) => this.#from(place) <= firstEnd).sort((a, b) => this.#of(a).to - this.#of(b).to)
  }

  /** No sure call leads on from here: those that may have had no effect are tried as well. */
  #widen(step: Step): void {
    step.isWhole = true
    const near = [...this.#doubtfulUntil(this.#firstEnd(step.candidates))]
    const isBlocked = step.candidates.some((place) => {
      const { input, output } = this.#of(place)
      return this.#model.forbids(input, output) === step.state
    })
    const wanted = this.#wanted([...step.candidates, ...near])
    for (const place of near) {
      const after = this.#model.step(step.state, this.#of(place).input, undefined)
      if (after === undefined || after === step.state) continue
      if (isBlocked || wanted.has(after) || this.#demand.isFelt(step.state, after)) step.candidates.push(place)
    }
  }

  /** Whether the candidate that was answered first can still get its answer. */
  #isReachable(candidates: readonly number[]): boolean {
    const [first] = candidates
    if (first === undefined) return true
    const { input, output } = this.#of(first)
    const needed = this.#model.needs(input, output)
    if (needed === undefined || this.#model.growsFrom(needed, this.#state)) return true
    const makesIt = (place: number): boolean => {
      const made = place === first ? undefined : this.#model.makes(this.#of(place).input)
      return made !== undefined && this.#model.growsFrom(needed, made)
    }
    if (candidates.some(makesIt)) return true
    for (const place of this.#doubtfulUntil(this.#firstEnd(candidates))) if (makesIt(place)) return true
    return false
  }

  #firstEnd(candidates: readonly number[]): number {
    return Math.min(...candidates.map((place) => this.#of(place).to))
  }

  *#doubtfulUntil(end: number): Generator<number> {
    for (const place of this.#doubtful) {
      if (this.#from(place) > end) break
      if (this.#done[place] === 0) yield place
    }
  }

  /** States that one of these calls needs. */
  #wanted(places: readonly number[]): ReadonlySet<string> {
    const wanted = new Set<string>()
    for (const place of places) {
      const { input, output } = this.#of(place)
      const needed = this.#model.needs(input, output)
      if (needed !== undefined) wanted.add(needed)
    }
    return wanted
  }

  #take(step: Step, place: number, after: string): void {
    step.taken = place
    this.#done[place] = 1
    this.#demand.change(place, -1)
    this.#state = after
    if (this.#of(place).output === undefined) return
    this.#left--
    this.#after[this.#before[place] as number] = this.#after[place] as number
    this.#before[this.#after[place] as number] = this.#before[place] as number
  }

  #undo(step: Step): void {
    const place = step.taken
    step.taken = -1
    this.#flip(place)
    this.#done[place] = 0
    this.#demand.change(place, 1)
    this.#state = step.state
    if (this.#of(place).output === undefined) return
    this.#left++
    this.#after[this.#before[place] as number] = place
    this.#before[this.#after[place] as number] = place
  }

  #flip(place: number): void {
    const at = place * 3
    const [a, b, c] = this.#hash
    this.#hash = [
      a ^ (this.#codes[at] as number),
      b ^ (this.#codes[at + 1] as number),
      c ^ (this.#codes[at + 2] as number),
    ]
  }

  #stateId(state: string): number {
    const known = this.#states.get(state)
    if (known !== undefined) return known
    this.#states.set(state, this.#states.size)
    return this.#states.size - 1
  }

  #order(): number[] {
    return this.#steps.flatMap(({ taken }) => (taken >= 0 ? [taken] : []))
  }

  #of(place: number): Operation<I, O> {
    return this.#operations[place] as Operation<I, O>
  }

  #from(place: number): number {
    return (this.#operations[place] as Operation<I, O>).from
  }
}

/**
 * Three random words for each call: a set of calls is known by the exclusive or of theirs. Two of ten million sets are taken for
 * one with a probability below 10⁻¹⁴ (Zobrist 1970).
 */
function codes(count: number): Int32Array {
  const words = new Int32Array(count * 3)
  let seed = 0x2545f491
  for (let i = 0; i < words.length; i++) {
    // mulberry32
    seed = (seed + 0x6d2b79f5) | 0
    let z = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z
    words[i] = z ^ (z >>> 14)
  }
  return words
}
