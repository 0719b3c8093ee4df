/**
 * Which states are still asked for, and which can still come. A state that some answer needs, and that no call that is left can
 * begin anew, has to come of the present one. With values that are written once, this leads a search straight on.
 */
import type { Operation } from '../history/operation'
import type { Model } from '../models/model'
import { byText, Growth, Pending } from './growth'

/** A state that answers need. */
interface Wanted {
  readonly state: string
  readonly isGrown: boolean
  /** Answers that are still to be given. */
  answers: number
  /** Different states that calls which are left can make, and of which it can come. */
  sources: number
}

/** A state that calls make whatever was there. */
interface Made {
  readonly state: string
  /** Calls that are left. */
  calls: number
  /** What can come of it: places in the list of what is wanted. */
  readonly begins: number[]
}

const NONE = -1

export class Demand<I, O> {
  readonly #growth: Growth<I, O>
  /** The shortest first: what grows passes it before all others. */
  readonly #wanted: readonly Wanted[]
  readonly #made: readonly Made[]
  /** Of each call: places in the two lists. */
  readonly #needs: Int32Array
  readonly #makes: Int32Array
  /** What calls need to find, whether they were answered or not; and what those that were answered have not found. */
  readonly #hopes: Pending<I, O>
  readonly #fears: Pending<I, O>
  /** Calls that are left whose effect depends on what is there, while their answers do not say. */
  #loose = 0
  readonly #areLoose: readonly boolean[]
  /** States that only the present one can lead to. */
  #orphans = 0
  /** None of them stands before this place. */
  #first = 0

  constructor(model: Model<I, O>, operations: readonly Operation<I, O>[]) {
    this.#growth = new Growth(model, operations)
    const wanted = new Map<string, Wanted>()
    const made = new Map<string, Made>()
    const needed = operations.map(({ input, output }) =>
      output === undefined ? undefined : model.needs(input, output),
    )
    for (const state of needed) {
      if (state !== undefined && !wanted.has(state)) {
        wanted.set(state, { state, isGrown: this.#growth.isGrown(state), answers: 0, sources: 0 })
      }
    }
    const left = operations.map(({ input, output }) => {
      if (model.onlyLooks(input, output)) return undefined
      const state = model.makes(input)
      if (state !== undefined && !made.has(state)) made.set(state, { state, calls: 0, begins: [] })
      return state
    })
    this.#wanted = [...wanted.values()].sort((a, b) => a.state.length - b.state.length)
    this.#made = [...made.values()]
    const places = (all: readonly { readonly state: string }[]) =>
      new Map(all.map(({ state }, place) => [state, place]))
    const [wantedAt, madeAt] = [places(this.#wanted), places(this.#made)]
    this.#needs = Int32Array.from(needed, (state) => (state === undefined ? NONE : (wantedAt.get(state) ?? NONE)))
    this.#makes = Int32Array.from(left, (state) => (state === undefined ? NONE : (madeAt.get(state) ?? NONE)))
    this.#link()
    const forbidden = operations.map(({ input, output }) => model.forbids(input, output))
    const hoped = operations.map(({ input, output }) => model.needs(input, output))
    this.#hopes = new Pending(this.#growth, hoped)
    this.#fears = new Pending(this.#growth, forbidden)
    this.#areLoose = operations.map(({ input, output }, place) => {
      const isConditional = output !== undefined && model.needs(input, undefined) !== undefined
      const isTold = hoped[place] !== undefined || forbidden[place] !== undefined || model.onlyLooks(input, output)
      return isConditional && !isTold
    })
    for (const place of operations.keys()) this.#count(place, 1)
    this.#loose = this.#areLoose.filter((isLoose) => isLoose).length
    this.#orphans = this.#wanted.filter(isOrphan).length
    this.#first = 0
  }

  /** Finds what can come of what: in the order of texts, all that begins with one follows it at once. */
  #link(): void {
    const sorted = [
      ...this.#made.map((made) => ({ made, state: made.state, place: NONE })),
      ...this.#wanted.map(({ state }, place) => ({ made: undefined, state, place })),
    ].sort((a, b) => byText(a.state, b.state) || a.place - b.place)
    const beginnings: Made[] = []
    for (const { made, state, place } of sorted) {
      for (let last = beginnings.at(-1); last !== undefined; last = beginnings.at(-1)) {
        if (state.startsWith(last.state)) break
        beginnings.pop()
      }
      if (made !== undefined) beginnings.push(made)
      const wanted = this.#wanted[place]
      if (wanted === undefined) continue
      for (const last of beginnings) {
        if (this.#growth.comesOf(state, wanted.isGrown, last.state)) last.begins.push(place)
      }
    }
  }

  /** @param by −1: the call at this place was taken; 1: it is to be taken again */
  change(place: number, by: 1 | -1): void {
    this.#hopes.change(place, by)
    this.#fears.change(place, by)
    if (this.#areLoose[place]) this.#loose += by
    this.#count(place, by)
  }

  #count(place: number, by: 1 | -1): void {
    const needs = this.#needs[place] as number
    if (needs !== NONE) {
      const wanted = this.#wanted[needs] as Wanted
      this.#alter(wanted, needs, () => {
        wanted.answers += by
      })
    }
    const makes = this.#makes[place] as number
    if (makes === NONE) return
    const made = this.#made[makes] as Made
    made.calls += by
    const isTurn = by === 1 ? made.calls === 1 : made.calls === 0
    if (!isTurn) return
    for (const begun of made.begins) {
      const wanted = this.#wanted[begun] as Wanted
      this.#alter(wanted, begun, () => {
        wanted.sources += by
      })
    }
  }

  #alter(wanted: Wanted, place: number, change: () => void): void {
    const was = isOrphan(wanted)
    change()
    const is = isOrphan(wanted)
    if (was === is) return
    this.#orphans += is ? 1 : -1
    if (is && place < this.#first) this.#first = place
  }

  /** Whether an answer that is still to be given needs a state to which nothing leads from `now`. */
  isLost(now: string): boolean {
    if (this.#orphans === 0) return false
    while (!isOrphan(this.#wanted[this.#first] as Wanted)) this.#first++
    const { state, isGrown } = this.#wanted[this.#first] as Wanted
    return !this.#growth.comesOf(state, isGrown, now)
  }

  /**
   * Whether a call that may have had no effect, and that makes `after` of `now`, can matter to others than those that may be next:
   * to who needs, or has not found, what calls add to the one or the other.
   */
  isFelt(now: string, after: string): boolean {
    return this.#loose > 0 || this.#hopes.someGrown(after) || this.#fears.someGrown(now)
  }
}

const isOrphan = ({ answers, sources }: Wanted): boolean => answers > 0 && sources === 0
