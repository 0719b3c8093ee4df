/** Who led and what was broken while clients called: the bands over a drawn history. */
import type { TimelineEvent } from '../../node/contract/events'
import { faultText } from '../../timeline/diagram'
import { pictureWords } from '../../timeline/export/picture/words'
import type { Band } from '../drawing/types'
import { bilingual } from '../drawing/words'

const ENGLISH = pictureWords('en')
const CHINESE = pictureWords('zh')

interface OpenBand {
  readonly band: Omit<Band, 'to'>
  readonly node: number
  readonly fault: number
}

/** Takes a timeline's events one after the other. */
export class BandReader {
  readonly #bands: Band[] = []
  #open: OpenBand[] = []

  take(event: TimelineEvent): void {
    switch (event.kind) {
      case 'role':
        this.#endOf(event.node, event.t)
        if (event.role === 'leader') this.#begin(leader(event.node, event.term, event.t), event.node, 0)
        break
      case 'process':
        if (event.state !== 'paused' && event.state !== 'resumed') this.#endOf(event.subject, event.t)
        break
      case 'fault':
        if (event.action === 'begin') {
          const { type, detail, t } = event
          const text = { en: faultText(ENGLISH, { type, detail }), zh: faultText(CHINESE, { type, detail }) }
          this.#begin({ kind: 'fault', from: t, text }, 0, event.id)
        } else this.#end(({ fault }) => fault === event.id, event.t)
        break
    }
  }

  /** All that touch a stretch of time. */
  within(from: number, to: number): readonly Band[] {
    const open = this.#open.map(({ band }): Band => ({ ...band, to: null }))
    return [...this.#bands, ...open].filter((band) => band.from <= to && (band.to ?? to) >= from)
  }

  #begin(band: OpenBand['band'], node: number, fault: number): void {
    this.#open.push({ band, node, fault })
  }

  #endOf(node: number, t: number): void {
    this.#end((open) => open.node === node && open.band.kind === 'leader', t)
  }

  #end(which: (open: OpenBand) => boolean, t: number): void {
    const ended = this.#open.filter(which)
    if (ended.length === 0) return
    this.#open = this.#open.filter((open) => !which(open))
    for (const { band } of ended) this.#bands.push({ ...band, to: t })
  }
}

const leader = (node: number, term: number, from: number): OpenBand['band'] => ({
  kind: 'leader',
  from,
  text: bilingual(() => `n${node} · T${term}`),
})

/** The time that a drawn history spans. */
export function spanOf(calls: readonly { readonly from: number; readonly to: number | null }[]): {
  readonly from: number
  readonly to: number
} {
  const times = calls.flatMap(({ from, to }) => (to === null ? [from] : [from, to]))
  return { from: Math.min(...times), to: Math.max(...times) }
}
