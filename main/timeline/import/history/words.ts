import { ednText } from './edn'
import type { HistoryOperation } from './operation'

/** An operation as a person would write it down: `process 3 :invoke :txn [[:r 1 nil]]`. */
export function wordsOf({ process, type, f, key, value, error }: HistoryOperation): string {
  const who = typeof process === 'number' ? `process ${process}` : `:${process}`
  const about = [...(key === undefined ? [] : [ednText(key)]), ...(value === null ? [] : [ednText(value)]), error]
  return [who, `:${type}`, `:${f}`, ...about.filter((one) => one !== '')].join(' ')
}
