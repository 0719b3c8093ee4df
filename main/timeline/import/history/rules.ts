/** What makes a history one: every answer has its call, and a process does one thing at a time. */
import { bad } from '../bad'
import type { HistoryCall, HistoryOperation } from './operation'

/** Passes operations on; throws `bad-input` at the first that cannot follow those before it. */
export async function* wellFormed(operations: AsyncIterable<HistoryOperation>): AsyncGenerator<HistoryOperation> {
  const open = new Map<number, HistoryOperation>()
  const crashed = new Map<number, HistoryOperation>()
  for await (const operation of operations) {
    const { process, type, line, f } = operation
    // Who breaks things is no client: both its lines are of one type.
    if (typeof process === 'string') {
      yield operation
      continue
    }
    const call = open.get(process)
    if (type === 'invoke') {
      const lost = crashed.get(process)
      if (lost !== undefined) {
        throw bad(
          line,
          `process ${process} may still be doing what got no answer in line ${lost.line}: another expected`,
        )
      }
      if (call !== undefined) {
        throw bad(line, `process ${process} waits for the answer to line ${call.line}: one call at a time expected`)
      }
      open.set(process, operation)
    } else {
      if (call === undefined) throw bad(line, `an answer of process ${process}, which has asked for nothing`)
      if (call.f !== f) throw bad(line, `:f: ${call.f} expected, as in line ${call.line}, not ${f}`)
      open.delete(process)
      if (type === 'info') crashed.set(process, operation)
    }
    yield operation
  }
}

/** Calls with their answers, in the order of their answers; those without one come last. Who breaks things is left out. */
export async function* callsOf(operations: AsyncIterable<HistoryOperation>): AsyncGenerator<HistoryCall> {
  const open = new Map<number, HistoryOperation>()
  for await (const operation of operations) {
    if (typeof operation.process === 'string') continue
    if (operation.type === 'invoke') {
      open.set(operation.process, operation)
      continue
    }
    const invoke = open.get(operation.process)
    open.delete(operation.process)
    if (invoke !== undefined) yield { invoke, answer: operation }
  }
  for (const invoke of open.values()) yield { invoke, answer: undefined }
}
