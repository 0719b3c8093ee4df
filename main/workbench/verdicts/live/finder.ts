/** Events by their numbers, for what they prove. */
import type { EventView, FindingView } from '../../../../preload/contract'
import type { TimelineSource } from '../../../timeline/api'
import { eventView } from '../../../timeline/views/event'

/** Of a long proof, its first and last events. */
const MOST = 12

export class Finder {
  readonly #source: TimelineSource

  constructor(source: TimelineSource) {
    this.#source = source
  }

  /** Without the entries that it appended. */
  async event(seq: number): Promise<EventView | undefined> {
    const [found] = await this.#source.events({ fromSeq: seq, toSeq: seq + 1 }, 1)
    if (found === undefined) return undefined
    // They may be megabytes, which each window would be told again and again.
    return eventView(found.kind === 'appended' ? { ...found, entries: [] } : found)
  }

  /** @param seqs the last one is where it broke */
  async finding(sentence: FindingView['sentence'], seqs: readonly number[]): Promise<FindingView> {
    const unique = [...new Set(seqs)]
    const told = unique.length <= MOST ? unique : [...unique.slice(0, MOST / 2), ...unique.slice(-MOST / 2)]
    const events = (await Promise.all(told.map((seq) => this.event(seq)))).filter((event) => event !== undefined)
    const last = events.at(-1)
    return { sentence, events, seq: last?.seq ?? unique.at(-1) ?? 0, t: last?.t ?? 0 }
  }
}
