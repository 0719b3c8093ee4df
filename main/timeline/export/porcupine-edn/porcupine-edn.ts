/**
 * The key-value histories of porcupine's tests: EDN, one map a line, `{:process 0, :type :invoke, :f :put, :key "x", :value "1"}`.
 * A store of texts: get, put, append. A key that nobody put anything into holds the empty text there.
 */
import type { TimelineEvent } from '../../../node/contract/events'
import type { Exporter } from '../exporter'
import { type EdnValue, keyword, toEdn } from '../jepsen/edn'
import { type Notation, writeHistory } from '../plain-history'
import { textOf } from '../walk'

export const porcupineEdnExporter: Exporter = {
  format: 'porcupine-edn',
  extension: 'edn',
  mediaType: 'application/edn',
  write: (source, wish, write) => writeHistory(NOTATION, source, wish, write),
}

type Type = 'invoke' | 'ok' | 'info'

const NOTATION: Notation = {
  format: 'porcupine-edn',
  hasOneKey: false,
  lackOf({ op, value }, answer) {
    switch (op) {
      case 'cas':
      case 'delete':
        return 'word'
      case 'put':
      case 'append':
        return textOf(value) === undefined ? 'text' : undefined
      case 'get':
        // A get without an answer would be taken there for one that read the empty text.
        if (answer?.outcome !== 'ok') return 'word'
        return answer.found && textOf(answer.value) === undefined ? 'text' : undefined
    }
  },
  invoked: (process, invoke) =>
    line(process, 'invoke', invoke, invoke.op === 'get' ? null : (textOf(invoke.value) ?? '')),
  answered(process, invoke, answer) {
    if (answer.outcome !== 'ok') return line(process, 'info', invoke, textOf(invoke.value) ?? '')
    const value = invoke.op !== 'get' ? invoke.value : answer.found ? answer.value : new Uint8Array(0)
    return line(process, 'ok', invoke, textOf(value) ?? '')
  },
}

function line(process: number, type: Type, { op, key }: TimelineEvent<'invoke'>, value: string | null): string {
  const fields: readonly (readonly [string, EdnValue])[] = [
    ['process', process],
    ['type', keyword(type)],
    ['f', keyword(op)],
    ['key', key],
    ['value', value],
  ]
  return `${toEdn(new Map(fields))}\n`
}
