/**
 * Histories in notations that know only some calls. A call that changed something must not just be missing there: what it wrote
 * would be read, and nobody would have written it. So the timeline is looked over before anything is written. Calls that
 * certainly changed nothing are left out and counted; any other that has no word is a problem.
 */
import type { TimelineEvent } from '../../node/contract/events'
import { Problem } from '../../node/contract/problem'
import type { TimelineSource } from '../api'
import { ClientProcesses, isMismatch } from './clients'
import type { Exported, ExportFormat, ExportWish, Write } from './exporter'
import { chooser } from './select'
import { Recent, Tally, TextOut, walk } from './walk'

type Invoke = TimelineEvent<'invoke'>
type Answer = TimelineEvent<'answer'>

/** What a notation lacks for a call: its word, one for bytes that are no text, one for "if there is nothing". */
export type Lack = 'word' | 'text' | 'nothing'

export interface Notation {
  readonly format: ExportFormat
  /** Everything that was asked for is of one key: the notation does not say of which. */
  readonly hasOneKey: boolean
  /** What keeps a call from being told; `answer` is undefined when there is none. */
  lackOf(invoke: Invoke, answer: Answer | undefined): Lack | undefined
  /** Called for each call that will be told, before any of them is. */
  foresee?(invoke: Invoke, answer: Answer | undefined): void
  invoked(process: number, invoke: Invoke): string
  answered(process: number, invoke: Invoke, answer: Answer): string
  /** The line of a fault, where there is a word for one. */
  fault?(event: TimelineEvent<'fault'>): string
}

/** So many keys are named when there should be one. */
const KEYS_NAMED = 10

/** @throws {Problem} 'history-call', 'history-keys': what cannot be told, with what to choose instead */
export async function writeHistory(
  notation: Notation,
  source: TimelineSource,
  wish: ExportWish,
  write: Write,
): Promise<Exported> {
  const { left, end } = await lookOver(notation, source, wish)
  // Of a timeline that grows, what was not looked over is not told.
  const { selection } = wish
  const bounded = { ...selection, toSeq: Math.min(selection.toSeq ?? Number.POSITIVE_INFINITY, end) }
  const out = new TextOut(write)
  const tally = new Tally()
  const isChosen = chooser(selection)
  const processes = new ClientProcesses()
  const lineOf = (event: TimelineEvent): string | 'unpaired' | undefined => {
    switch (event.kind) {
      case 'invoke':
        if (left.has(event.call)) return undefined
        return notation.invoked(processes.invoke(event).process, event)
      case 'answer': {
        if (left.delete(event.call)) return undefined
        const call = processes.answer(event)
        return call === undefined ? 'unpaired' : notation.answered(call.process, call.invoke, event)
      }
      case 'fault':
        return notation.fault?.(event)
      default:
        return undefined
    }
  }
  await walk(source, { ...wish, selection: bounded }, out, (event) => {
    if (!isChosen(event)) return
    const line = lineOf(event)
    if (line === undefined) return tally.leave('no-such-event')
    if (line === 'unpaired') return tally.leave('unpaired')
    out.add(line)
    tally.events++
  })
  await out.flush(true)
  return tally.exported
}

interface Overview {
  /** Calls that stay out. */
  readonly left: Set<number>
  /** The `seq` after the last event. */
  readonly end: number
}

async function lookOver(notation: Notation, source: TimelineSource, wish: ExportWish): Promise<Overview> {
  const left = new Set<number>()
  const keys = new Set<string>()
  const judge = (invoke: Invoke, answer: Answer | undefined) => {
    if (isEmpty(invoke, answer)) return left.add(invoke.call)
    const lack = notation.lackOf(invoke, answer)
    if (lack !== undefined) {
      if (isLook(invoke, answer)) return left.add(invoke.call)
      const { format } = notation
      throw new Problem('history-call', { format, op: invoke.op, key: invoke.key, event: invoke.seq, lack })
    }
    keys.add(invoke.key)
    notation.foresee?.(invoke, answer)
    if (notation.hasOneKey && keys.size > KEYS_NAMED) throw severalKeys(notation, keys)
  }
  const open = new Recent<number, Invoke>((invoke) => judge(invoke, undefined))
  const isChosen = chooser(wish.selection)
  let end = 0
  // It is told how far the writing is.
  const silent = { ...wish, progress: () => undefined }
  await walk(source, silent, new TextOut(async () => undefined), (event) => {
    end = event.seq + 1
    if (!isChosen(event)) return
    if (event.kind === 'invoke') open.set(event.call, event)
    if (event.kind !== 'answer') return
    const invoke = open.take(event.call)
    if (invoke !== undefined) judge(invoke, event)
  })
  for (const invoke of open.drain()) judge(invoke, undefined)
  if (notation.hasOneKey && keys.size > 1) throw severalKeys(notation, keys)
  return { left, end }
}

function severalKeys({ format }: Notation, keys: ReadonlySet<string>): Problem<'history-keys'> {
  const named = [...keys].slice(0, KEYS_NAMED).join(', ')
  return new Problem('history-keys', { format, keys: keys.size > KEYS_NAMED ? `${named}, …` : named })
}

/** Whether nothing at all follows from it: a change that certainly was none, and a read that may be stale. */
function isEmpty({ op, consistency }: Invoke, answer: Answer | undefined): boolean {
  if (op === 'get') return consistency === 'stale'
  return answer?.outcome === 'failed'
}

/** Whether it certainly changed nothing, whatever was learnt. */
function isLook(invoke: Invoke, answer: Answer | undefined): boolean {
  if (invoke.op === 'get') return true
  if (answer === undefined) return false
  return isMismatch(invoke, answer) || (invoke.op === 'delete' && answer.outcome === 'ok' && !answer.found)
}
