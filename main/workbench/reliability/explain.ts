/**
 * Looks for an order of the calls on one key that explains every answer and keeps to time (linearizability), after Wing and
 * Gong. What makes it quick is what the values tell by themselves (`values.ts`): an append that anybody saw can only have
 * happened to the one value that it was seen behind, and a value that holds something nobody ever saw is like any other such.
 *
 * A call whose outcome is unknown may have happened at any time after it began, once, or never. When its piece was seen, it
 * happened before that answer ended, and counts as a call that ended then.
 */
import { ABSENT } from './values'

/** Something stands there that no answer ever showed. */
export const UNSEEN = -1

/** A call on the key. Times are of one clock; what ended before another began happened before it. */
export interface KeyCall {
  readonly began: number
  readonly ended: number
  readonly what: KeyAction
  /** For whoever reads about it. */
  readonly name: string
}

export type KeyAction =
  | { readonly type: 'read'; readonly value: number }
  /** `piece`: the new value; UNSEEN when nobody ever saw it. */
  | { readonly type: 'write'; readonly piece: number }
  /** `before`: the value that it was added to; undefined = it was never seen. */
  | { readonly type: 'append'; readonly piece: number; readonly before: number | undefined }
  | { readonly type: 'swap'; readonly expected: number; readonly piece: number }
  /** A cas that found something else. */
  | { readonly type: 'no-swap'; readonly expected: number }
  | { readonly type: 'delete'; readonly found: boolean }

/** One whose outcome is unknown, and which nobody saw: it takes the value away, or puts something unseen there. */
export interface Doubt {
  readonly began: number
  readonly type: 'write' | 'delete'
}

export type Explained =
  | { readonly outcome: 'explained' }
  /** `call`: the first that cannot be explained. */
  | { readonly outcome: 'impossible'; readonly call: KeyCall; readonly values: readonly number[] }
  /** There are too many ways to look at all of them. */
  | { readonly outcome: 'undecided' }

/** One way in which it may have gone so far. */
interface Way {
  readonly value: number
  /** Bits of the calls under way that have happened. */
  readonly done: number
  /** Doubts that have happened. */
  readonly writes: number
  readonly deletes: number
}

/** Calls at the same time on one key, at most. */
const MAX_PLACES = 30
const MAX_WAYS = 50_000

export function explain(calls: readonly KeyCall[], doubts: readonly Doubt[]): Explained {
  return new Search(doubts).run(calls)
}

class Search {
  readonly #doubts: readonly Doubt[]
  readonly #underWay: (KeyCall | undefined)[] = []
  #ways: Way[] = [{ value: ABSENT, done: 0, writes: 0, deletes: 0 }]
  /** Doubts that have begun by now. */
  #writes = 0
  #deletes = 0

  constructor(doubts: readonly Doubt[]) {
    this.#doubts = doubts
  }

  run(calls: readonly KeyCall[]): Explained {
    const begins = [...calls].sort((a, b) => a.began - b.began)
    const ends = [...calls].sort((a, b) => a.ended - b.ended)
    let next = 0
    for (const call of ends) {
      for (let begin = begins[next]; begin !== undefined && begin.began <= call.ended; begin = begins[++next]) {
        if (!this.#begin(begin)) return { outcome: 'undecided' }
      }
      const begun = this.#doubts.filter(({ began }) => began <= call.ended)
      this.#deletes = begun.filter(({ type }) => type === 'delete').length
      this.#writes = begun.length - this.#deletes
      const ways = this.#end(this.#underWay.indexOf(call))
      if (ways === undefined) return { outcome: 'undecided' }
      if (ways.length === 0) {
        return { outcome: 'impossible', call, values: [...new Set(this.#ways.map(({ value }) => value))] }
      }
      this.#ways = ways
    }
    return { outcome: 'explained' }
  }

  /** False: there are too many at the same time. */
  #begin(call: KeyCall): boolean {
    const free = this.#underWay.indexOf(undefined)
    const place = free < 0 ? this.#underWay.length : free
    if (place >= MAX_PLACES) return false
    this.#underWay[place] = call
    this.#ways = this.#ways.map((way) => this.#settled(way))
    return true
  }

  /** The ways in which the call at this place has happened by now; undefined when they are too many. */
  #end(place: number): Way[] | undefined {
    const bit = 1 << place
    const seen = new Set<string>()
    const found: Way[] = []
    const left = [...this.#ways]
    for (const way of left) seen.add(spell(way))
    for (let way = left.pop(); way !== undefined; way = left.pop()) {
      if ((way.done & bit) !== 0) {
        found.push({ ...way, done: way.done & ~bit })
        continue
      }
      for (const after of this.#after(way)) {
        const spelled = spell(after)
        if (seen.has(spelled)) continue
        seen.add(spelled)
        left.push(after)
      }
      if (seen.size > MAX_WAYS) return undefined
    }
    this.#underWay[place] = undefined
    return withoutWorse(found)
  }

  /** Every next step from here. */
  *#after(way: Way): Iterable<Way> {
    let unseen: { readonly place: number; readonly ended: number } | undefined
    for (const [place, call] of this.#underWay.entries()) {
      const bit = 1 << place
      if (call === undefined || (way.done & bit) !== 0) continue
      const value = applied(call.what, way.value)
      // One unseen value is like another: the call that ends first goes first.
      if (value === UNSEEN && call.what.type !== 'swap') {
        if (unseen === undefined || call.ended < unseen.ended) unseen = { place, ended: call.ended }
      } else if (value !== undefined) yield this.#settled({ ...way, value, done: way.done | bit })
    }
    if (unseen !== undefined) yield this.#settled({ ...way, value: UNSEEN, done: way.done | (1 << unseen.place) })
    if (way.value !== UNSEEN && way.writes < this.#writes) {
      yield this.#settled({ ...way, value: UNSEEN, writes: way.writes + 1 })
    }
    if (way.value !== ABSENT && way.deletes < this.#deletes) {
      yield this.#settled({ ...way, value: ABSENT, deletes: way.deletes + 1 })
    }
  }

  /** What changes nothing happens as soon as it can. */
  #settled(way: Way): Way {
    let { done } = way
    for (const [place, call] of this.#underWay.entries()) {
      if (call !== undefined && holds(call.what, way.value)) done |= 1 << place
    }
    return done === way.done ? way : { ...way, done }
  }
}

const spell = ({ value, done, writes, deletes }: Way): string => `${value} ${done} ${writes} ${deletes}`

/** Of ways that differ only in how many doubts they used, those that used fewer can do whatever the others can. */
function withoutWorse(ways: readonly Way[]): Way[] {
  const kept = new Map<string, Way[]>()
  for (const way of ways) {
    const same = kept.get(`${way.value} ${way.done}`) ?? []
    const isWorse = same.some(({ writes, deletes }) => writes <= way.writes && deletes <= way.deletes)
    if (isWorse) continue
    const better = same.filter(({ writes, deletes }) => writes < way.writes || deletes < way.deletes)
    kept.set(`${way.value} ${way.done}`, [...better, way])
  }
  return [...kept.values()].flat()
}

/** Something that changes nothing, and is true of this value. */
function holds(what: KeyAction, value: number): boolean {
  switch (what.type) {
    case 'read':
      return what.value === value
    case 'no-swap':
      return what.expected !== value
    case 'delete':
      return !what.found && value === ABSENT
    case 'write':
    case 'append':
    case 'swap':
      return false
  }
}

/** The value after it; undefined when it cannot happen now, or changes nothing. */
function applied(what: KeyAction, value: number): number | undefined {
  switch (what.type) {
    case 'write':
      return what.piece
    case 'append':
      if (what.before === undefined) return UNSEEN
      return what.before === value ? what.piece : undefined
    case 'swap':
      return what.expected === value ? what.piece : undefined
    case 'delete':
      return what.found && value !== ABSENT ? ABSENT : undefined
    case 'read':
    case 'no-swap':
      return undefined
  }
}
