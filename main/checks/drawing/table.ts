/** What a drawing shows, as rows of words: for who does not see it, and for who wants to copy it. */
import { formatMoment } from '../../timeline/diagram/time'
import type { Counterexample, DrawnCall, Language, Standing } from './types'
import { spelled, standingWords, WORDS } from './words'

export interface TableRow {
  readonly order: string
  readonly client: number
  readonly text: string
  readonly from: string
  readonly to: string
  readonly outcome: string
  readonly standing: Standing['kind']
  readonly call: number
  readonly answer: number
}

export interface CallTable {
  readonly columns: Readonly<Record<'order' | 'client' | 'call' | 'from' | 'to' | 'outcome', string>>
  readonly rows: readonly TableRow[]
}

/** First the calls in their order, then what has no place in it. */
export function tableOf({ calls, unit }: Counterexample, language: Language): CallTable {
  const words = WORDS[language]
  const times = calls.flatMap(({ from, to }) => (to === null ? [from] : [from, to]))
  const step = Math.max(1, (Math.max(...times) - Math.min(...times)) / 100)
  const time = (t: number) => (unit === 'ns' ? formatMoment(t, step) : String(t))
  const rows = calls.toSorted((a, b) => rankOf(a) - rankOf(b) || a.from - b.from)
  return {
    columns: words.columns,
    rows: rows.map(({ process, text, from, to, call, answer, standing }) => ({
      order: standing.kind === 'placed' ? String(standing.nth) : standing.kind === 'stuck' ? '✗' : '–',
      client: process,
      text: spelled(language, text),
      from: time(from),
      to: to === null ? words.unanswered : time(to),
      outcome: standingWords(language, standing),
      standing: standing.kind,
      call,
      answer,
    })),
  }
}

function rankOf({ standing }: DrawnCall): number {
  switch (standing.kind) {
    case 'placed':
      return standing.nth
    case 'stuck':
      return 1e6
    case 'after':
      return 2e6
    case 'unplaced':
      return 3e6
  }
}
