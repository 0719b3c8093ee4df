/**
 * Porcupine's visualization data: one partition a key, each with its history; no linearization, because nobody has looked for
 * one. The format groups calls by key and wants times by their rank, so all calls are held until the last one is known.
 */
import type { TimelineEvent } from '../../../node/contract/events'
import type { TimelineSource } from '../../api'
import { ClientProcesses, isMismatch, type OpenCall } from '../clients'
import type { Exported, Exporter, ExportWish, Write } from '../exporter'
import { chooser } from '../select'
import { hostOf, shortText, Tally, TextOut, textOf, walk } from '../walk'

export const porcupineExporter: Exporter = {
  format: 'porcupine',
  extension: 'json',
  mediaType: 'application/json',
  write: writePorcupine,
}

async function writePorcupine(source: TimelineSource, wish: ExportWish, write: Write): Promise<Exported> {
  const out = new TextOut(write)
  const tally = new Tally()
  const isChosen = chooser(wish.selection)
  const page = new Page()
  await walk(source, wish, out, (event) => {
    if (!isChosen(event)) return
    const why = page.take(event)
    if (why === undefined) tally.events++
    else tally.leave(why)
  })
  for (const text of page.finish()) {
    out.add(text)
    await out.flush()
  }
  await out.flush(true)
  return tally.exported
}

/** Times in nanoseconds. */
interface Operation {
  readonly client: number
  readonly start: number
  readonly end: number
  readonly text: string
  readonly metadata: string
}

interface Annotation {
  readonly client: number
  readonly tag: string
  readonly start: number
  readonly end: number
  readonly text: string
  readonly details: string
  readonly colour: string
}

interface OpenFault {
  readonly type: string
  readonly detail: string
  readonly since: number
}

class Page {
  readonly #processes = new ClientProcesses()
  /** By key, in the order in which keys were first asked for. */
  readonly #partitions = new Map<string, Operation[]>()
  readonly #annotations: Annotation[] = []
  readonly #faults = new Map<number, OpenFault>()
  #end = 0

  take(event: TimelineEvent): 'unpaired' | 'no-such-event' | undefined {
    this.#end = Math.max(this.#end, event.t)
    switch (event.kind) {
      case 'invoke':
        this.#partition(event.key)
        this.#processes.invoke(event)
        return undefined
      case 'answer': {
        const call = this.#processes.answer(event)
        if (call === undefined) return 'unpaired'
        if (event.outcome === 'unknown') this.#unanswered.push({ call, why: event.problem })
        else this.#answered(call, event)
        return undefined
      }
      case 'fault':
        if (event.action === 'begin') {
          this.#faults.set(event.id, { type: event.type, detail: event.detail, since: event.t })
          return undefined
        }
        return this.#healed(event)
      case 'role':
        if (event.role !== 'leader') return 'no-such-event'
        this.#annotate(hostOf(event.node), event.t, event.t, `leader of term ${event.term}`, '', LEADER)
        return undefined
      case 'process':
        this.#annotate(hostOf(event.subject), event.t, event.t, event.state, `process ${event.pid}`, PROCESS)
        return undefined
      case 'note':
        this.#annotate('notes', event.t, event.t, shortText(event.text), event.text, NOTE)
        return undefined
      default:
        return 'no-such-event'
    }
  }

  /** Calls that may still take effect end after everything else. */
  readonly #unanswered: { readonly call: OpenCall; readonly why: string }[] = []

  #answered({ process, invoke }: OpenCall, answer: TimelineEvent<'answer'>): void {
    // What certainly had no effect is no operation of the model, but a person wants to see it.
    if (answer.outcome === 'failed') {
      const { t } = invoke
      this.#annotate('', t, answer.t, `${askedText(invoke)} failed`, answer.problem, FAILED, process)
      return
    }
    this.#operation(process, invoke, answer.t, `${askedText(invoke)}${resultText(invoke, answer)}`, '')
  }

  #operation(process: number, invoke: TimelineEvent<'invoke'>, end: number, text: string, metadata: string): void {
    const start = Math.round(invoke.t)
    this.#partition(invoke.key).push({ client: process, start, end: Math.max(start, Math.round(end)), text, metadata })
  }

  #partition(key: string): Operation[] {
    const known = this.#partitions.get(key)
    if (known !== undefined) return known
    const operations: Operation[] = []
    this.#partitions.set(key, operations)
    return operations
  }

  #healed(event: TimelineEvent<'fault'>): 'unpaired' | undefined {
    const fault = this.#faults.get(event.id)
    if (fault === undefined) return 'unpaired'
    this.#faults.delete(event.id)
    this.#annotate('faults', fault.since, event.t, fault.type, fault.detail, FAULT)
    return undefined
  }

  #annotate(tag: string, start: number, end: number, text: string, details: string, colour: string, client = 0): void {
    const from = Math.round(start)
    this.#annotations.push({ client, tag, start: from, end: Math.max(from, Math.round(end)), text, details, colour })
  }

  *finish(): Generator<string> {
    const unanswered = [...this.#unanswered]
    for (const call of this.#processes.pending()) unanswered.push({ call, why: 'no answer yet' })
    for (const { call, why } of unanswered) {
      this.#operation(call.process, call.invoke, this.#end + 1, `${askedText(call.invoke)} -> ?`, why)
    }
    for (const { type, detail, since } of this.#faults.values()) {
      this.#annotate('faults', since, this.#end, type, detail, FAULT)
    }
    const rankOf = this.#ranks()
    yield '{"Partitions":['
    let comma = ''
    for (const operations of this.#partitions.values()) {
      if (operations.length === 0) continue
      yield `${comma}{"History":[`
      comma = ',\n'
      yield* joined(operations, (operation) => operationLine(operation, rankOf))
      yield '],"PartialLinearizations":[],"Largest":{}}'
    }
    yield '],\n"Annotations":['
    yield* joined(this.#annotations, (annotation) => annotationLine(annotation, rankOf))
    yield ']}\n'
  }

  #ranks(): RankOf {
    const times = new Set<number>()
    for (const spans of [...this.#partitions.values(), this.#annotations]) {
      for (const { start, end } of spans) times.add(start).add(end)
    }
    const ranks = new Map([...times].sort((a, b) => a - b).map((time, rank) => [time, rank * STEP]))
    return (time) => ranks.get(time) ?? 0
  }
}

/** The page moves times by less than this to set apart what touches. */
const STEP = 100
type RankOf = (time: number) => number

function operationLine({ client, start, end, text, metadata }: Operation, rankOf: RankOf): string {
  return JSON.stringify({
    ClientId: client,
    Start: rankOf(start),
    OriginalStart: String(start),
    End: rankOf(end),
    OriginalEnd: String(end),
    Description: text,
    Metadata: metadata,
  })
}

function annotationLine({ client, tag, start, end, text, details, colour }: Annotation, rankOf: RankOf): string {
  return JSON.stringify({
    ClientId: client,
    Tag: tag,
    Start: rankOf(start),
    End: rankOf(end),
    Description: text,
    Details: details,
    Annotation: true,
    TextColor: '#000000',
    BackgroundColor: colour,
  })
}

function* joined<T>(parts: readonly T[], lineOf: (part: T) => string): Generator<string> {
  for (const [place, part] of parts.entries()) yield `${place === 0 ? '' : ',\n'}${lineOf(part)}`
}

const FAULT = '#f9c2c0'
const FAILED = '#d8d8d8'
const LEADER = '#c9dcf7'
const PROCESS = '#e6dcf3'
const NOTE = '#fbe9a9'

const quoted = (bytes: Uint8Array): string => `'${shortText(textOf(bytes) ?? Buffer.from(bytes).toString('hex'))}'`

function askedText({ op, key, value, expected, hasExpected }: TimelineEvent<'invoke'>): string {
  const name = `'${shortText(key)}'`
  switch (op) {
    case 'get':
    case 'delete':
      return `${op}(${name})`
    case 'put':
    case 'append':
      return `${op}(${name}, ${quoted(value)})`
    case 'cas':
      return `cas(${name}, ${hasExpected ? quoted(expected) : 'nothing'}, ${quoted(value)})`
  }
}

function resultText(invoke: TimelineEvent<'invoke'>, answer: TimelineEvent<'answer'>): string {
  if (invoke.op === 'get') return ` -> ${answer.found ? quoted(answer.value) : 'nothing'}`
  if (invoke.op === 'cas') return isMismatch(invoke, answer) ? ' -> mismatch' : ' -> ok'
  return ''
}
