/**
 * What a nemesis did: a fault where its words are known, a note with them in any case. Jepsen writes each deed twice, when it
 * begins and when it is done; our own exports write it once, with the fault's number.
 */
import { FAULT_TYPES, type TimelineEvent } from '../../../node/contract/events'
import type { Numbering } from '../events'
import { type Edn, ednText, isMap, isVector, isWord } from './edn'
import type { HistoryOperation } from './operation'
import { wordsOf } from './words'

type FaultType = (typeof FAULT_TYPES)[number]

/** Words of Jepsen's own nemeses, as far as they have one meaning. */
const BEGINS: Readonly<Record<string, FaultType>> = {
  'start-partition': 'partition',
  partition: 'partition',
  kill: 'kill',
  pause: 'pause',
  'bump-clock': 'clock',
  'strobe-clock': 'clock',
  bump: 'clock',
  strobe: 'clock',
}
const ENDS: Readonly<Record<string, FaultType>> = {
  'stop-partition': 'partition',
  heal: 'partition',
  start: 'kill',
  resume: 'pause',
  'reset-clock': 'clock',
  reset: 'clock',
}

interface Deed {
  readonly action: 'begin' | 'end'
  readonly type: FaultType
}

export class Faults {
  readonly #numbering: Numbering
  /** By the number that an export of ours gave it, or by its type. */
  readonly #open = new Map<number | FaultType, { readonly id: number; readonly type: FaultType }>()
  #count = 0

  constructor(numbering: Numbering) {
    this.#numbering = numbering
  }

  *take(operation: HistoryOperation, t: number): Generator<TimelineEvent> {
    if (operation.fault === undefined) yield this.#numbering.event(0, t, 'note', { text: wordsOf(operation) })
    const deed = this.#deedOf(operation.f)
    if (deed === undefined) return
    const name = operation.fault ?? deed.type
    const open = this.#open.get(name)
    if (deed.action === 'begin') {
      // The second line of a deed says only that it is done.
      if (open !== undefined) return
      const fault = { id: ++this.#count, type: deed.type }
      this.#open.set(name, fault)
      yield this.#numbering.event(0, t, 'fault', { action: 'begin', ...fault, detail: detailOf(operation) })
      return
    }
    if (open === undefined) return
    this.#open.delete(name)
    yield this.#numbering.event(0, t, 'fault', { action: 'end', ...open, detail: detailOf(operation) })
  }

  #deedOf(f: string): Deed | undefined {
    const own = FAULT_TYPES.find((type) => f === `start-${type}` || f === `stop-${type}`)
    if (own !== undefined) return { action: f.startsWith('start') ? 'begin' : 'end', type: own }
    // Older tests start and stop the one nemesis that they have, mostly a partition; `start` alone brings a killed node back.
    if (f === 'stop') return { action: 'end', type: 'partition' }
    if (f === 'start' && !this.#open.has('kill')) return { action: 'begin', type: 'partition' }
    const [begins, ends] = [BEGINS[f], ENDS[f]]
    if (begins !== undefined) return { action: 'begin', type: begins }
    return ends === undefined ? undefined : { action: 'end', type: ends }
  }
}

/** JSON, as every fault has it: its value where that is a map, else its words. */
function detailOf(operation: HistoryOperation): string {
  const { value } = operation
  return JSON.stringify(isMap(value) ? jsonOf(value) : { words: wordsOf(operation) })
}

function jsonOf(value: Edn): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value
  if (isVector(value)) return value.items.map(jsonOf)
  if (isMap(value)) {
    return Object.fromEntries(value.pairs.map(([key, one]) => [isWord(key) ? key.text : ednText(key), jsonOf(one)]))
  }
  return ednText(value)
}
