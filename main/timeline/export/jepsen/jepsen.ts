/** Jepsen and Knossos histories: EDN, one map a line; clients as processes, faults as the nemesis. */
import type { TimelineEvent } from '../../../node/contract/events'
import type { TimelineSource } from '../../api'
import { ClientProcesses, isMismatch } from '../clients'
import type { Exported, Exporter, ExportWish, Write } from '../exporter'
import { chooser } from '../select'
import { Tally, TextOut, textOf, walk } from '../walk'
import { type EdnValue, ednOfDetail, keyword, toEdn } from './edn'

export const jepsenExporter: Exporter = {
  format: 'jepsen',
  extension: 'edn',
  mediaType: 'application/edn',
  write: writeJepsen,
}

async function writeJepsen(source: TimelineSource, wish: ExportWish, write: Write): Promise<Exported> {
  const out = new TextOut(write)
  const tally = new Tally()
  const isChosen = chooser(wish.selection)
  const history = new History()
  await walk(source, wish, out, (event) => {
    if (!isChosen(event)) return
    const op = history.op(event)
    if (typeof op === 'string') return tally.leave(op)
    out.add(history.line(event.t, op))
    tally.events++
  })
  await out.flush(true)
  return tally.exported
}

type Op = readonly (readonly [key: string, value: EdnValue])[]

const FUNCTIONS = { put: 'write', get: 'read', cas: 'cas', append: 'append', delete: 'delete' } as const

class History {
  readonly #processes = new ClientProcesses()
  #index = 0
  #time = 0

  /** What an event is in a history, or why it is nothing. */
  op(event: TimelineEvent): Op | 'unpaired' | 'no-such-event' {
    switch (event.kind) {
      case 'invoke': {
        const { process } = this.#processes.invoke(event)
        return opOf(process, 'invoke', event, event.op === 'get' ? null : askedOf(event))
      }
      case 'answer': {
        const call = this.#processes.answer(event)
        return call === undefined ? 'unpaired' : answered(call.process, call.invoke, event)
      }
      case 'fault':
        return [
          ['process', keyword('nemesis')],
          ['type', keyword('info')],
          ['f', keyword(`${event.action === 'begin' ? 'start' : 'stop'}-${event.type}`)],
          ['value', ednOfDetail(event.detail)],
          // Not Jepsen's: its own nemesis does one thing at a time.
          ['fault', event.id],
        ]
      default:
        return 'no-such-event'
    }
  }

  /** An operation as its line. Its time is never before that of the line before. */
  line(t: number, op: Op): string {
    this.#time = Math.max(this.#time, Math.round(t))
    return `${toEdn(new Map<string, EdnValue>([['index', this.#index++], ['time', this.#time], ...op]))}\n`
  }
}

function opOf(process: number, type: string, invoke: TimelineEvent<'invoke'>, value: EdnValue): Op {
  return [
    ['process', process],
    ['type', keyword(type)],
    ['f', keyword(FUNCTIONS[invoke.op])],
    ['key', invoke.key],
    ['value', value],
    // A read that may be stale is none that a linearizability checker should judge.
    ...(invoke.op === 'get' ? [['consistency', keyword(invoke.consistency)] as const] : []),
  ]
}

function answered(process: number, invoke: TimelineEvent<'invoke'>, answer: TimelineEvent<'answer'>): Op {
  const error = (name: string) => [['error', keyword(name)] as const]
  const asked = askedOf(invoke)
  switch (answer.outcome) {
    case 'ok':
      if (isMismatch(invoke, answer)) return [...opOf(process, 'fail', invoke, asked), ...error('mismatch')]
      if (invoke.op !== 'get') return opOf(process, 'ok', invoke, asked)
      return opOf(process, 'ok', invoke, answer.found ? bytesOf(answer.value) : null)
    case 'failed':
      return [...opOf(process, 'fail', invoke, asked), ...error(answer.problem || 'failed')]
    case 'unknown':
      return [...opOf(process, 'info', invoke, asked), ...error(answer.problem || 'unknown')]
  }
}

/** What a call is to do: a cas [from to], with nil for "nothing is there". */
function askedOf({ op, value, expected, hasExpected }: TimelineEvent<'invoke'>): EdnValue {
  switch (op) {
    case 'get':
    case 'delete':
      return null
    case 'put':
    case 'append':
      return bytesOf(value)
    case 'cas':
      return [hasExpected ? bytesOf(expected) : null, bytesOf(value)]
  }
}

const bytesOf = (bytes: Uint8Array): string | Uint8Array => textOf(bytes) ?? bytes
