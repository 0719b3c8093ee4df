/**
 * What porcupine's own tests make of a history (`parseJepsenLog` and `parseKvLog` of its porcupine_test.go): their expressions, one
 * for one, and what follows from how they pair calls with answers. They skip what they do not know, so every other line has to
 * be one that means nothing to them by intention.
 */
import type { Operation } from '../../../../main/checks/history/operation'
import type { KeyValueInput, KeyValueOutput } from '../../../../main/checks/models/key-value'
import type { RegisterInput, RegisterOutput } from '../../../../main/checks/models/register'

type Read<I, O> =
  | { readonly kind: 'call'; readonly process: number; readonly input: I }
  | { readonly kind: 'return'; readonly process: number; readonly output: O }

/** Calls and answers in pairs. A process that is at something is not asked again: its first call would be lost there. */
function paired<I, O>(lines: readonly string[], read: (line: string) => Read<I, O> | undefined): Operation<I, O>[] {
  const operations: Operation<I, O>[] = []
  const open = new Map<number, number>()
  for (const [place, line] of lines.entries()) {
    const event = read(line)
    if (event === undefined) continue
    const { process } = event
    const waits = open.get(process)
    if (event.kind === 'call') {
      if (waits !== undefined) throw new Error(`a process that does two things at once: ${line}`)
      open.set(process, operations.length)
      const to = Number.POSITIVE_INFINITY
      operations.push({
        process,
        input: event.input,
        output: undefined,
        from: place,
        to,
        place: { call: place, answer: place },
      })
      continue
    }
    const call = waits === undefined ? undefined : operations[waits]
    if (waits === undefined || call === undefined) throw new Error(`an answer without its call: ${line}`)
    open.delete(process)
    operations[waits] = { ...call, output: event.output, to: place, place: { ...call.place, answer: place } }
  }
  return operations
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new Error('the last line has no end')
  return lines
}

/** The groups of the first expression that fits. */
function groups(line: string, expression: RegExp): readonly string[] | undefined {
  return expression.exec(line)?.slice(1)
}

const LOG = {
  invokeRead: /^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:invoke\s+:read\s+nil$/,
  invokeWrite: /^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:invoke\s+:write\s+(\d+)$/,
  invokeCas: /^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:invoke\s+:cas\s+\[(\d+)\s+(\d+)\]$/,
  returnRead: /^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:ok\s+:read\s+(nil|\d+)$/,
  returnWrite: /^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:ok\s+:write\s+(\d+)$/,
  returnCas: /^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:(ok|fail)\s+:cas\s+\[(\d+)\s+(\d+)\]$/,
  timeoutRead: /^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:fail\s+:read\s+:timed-out$/,
}
/** No answer ever, a fault, and what a number stands for. */
const SKIPPED_LOG =
  /^INFO {2}(?:jepsen\.util - \d+\t:info\t:(?:read|write|cas)\t:timed-out|jepsen\.util - :nemesis\t:info\t:(?:start|stop)-\S+\t.*|raft-workbench - value \d+ is \S+)$/

export function readJepsenLog(text: string): readonly Operation<RegisterInput, RegisterOutput>[] {
  return paired<RegisterInput, RegisterOutput>(linesOf(text), (line) => {
    const call = (of: readonly string[], input: RegisterInput) =>
      ({ kind: 'call', process: Number(of[0]), input }) as const
    const answer = (of: readonly string[], output: RegisterOutput) =>
      ({ kind: 'return', process: Number(of[0]), output }) as const
    const { invokeRead, invokeWrite, invokeCas, returnRead, returnWrite, returnCas, timeoutRead } = LOG
    let of = groups(line, invokeRead)
    if (of) return call(of, { op: 'read' })
    of = groups(line, invokeWrite)
    if (of) return call(of, { op: 'write', value: of[1] ?? '' })
    of = groups(line, invokeCas)
    if (of) return call(of, { op: 'cas', expected: of[1] ?? '', value: of[2] ?? '' })
    of = groups(line, returnRead)
    if (of) return answer(of, { value: of[1] === 'nil' ? null : (of[1] ?? '') })
    of = groups(line, returnWrite)
    if (of) return answer(of, {})
    of = groups(line, returnCas)
    if (of) return answer(of, { done: of[1] === 'ok' })
    of = groups(line, timeoutRead)
    if (of) return answer(of, {})
    if (!SKIPPED_LOG.test(line)) throw new Error(`a line that is skipped there: ${line}`)
    return undefined
  })
}

const KV = {
  invokeGet: /{:process (\d+), :type :invoke, :f :get, :key "(.*)", :value nil}/,
  invokePut: /{:process (\d+), :type :invoke, :f :put, :key "(.*)", :value "(.*)"}/,
  invokeAppend: /{:process (\d+), :type :invoke, :f :append, :key "(.*)", :value "(.*)"}/,
  returnGet: /{:process (\d+), :type :ok, :f :get, :key ".*", :value "(.*)"}/,
  returnPut: /{:process (\d+), :type :ok, :f :put, :key ".*", :value ".*"}/,
  returnAppend: /{:process (\d+), :type :ok, :f :append, :key ".*", :value ".*"}/,
}
const SKIPPED_KV = /^{:process \d+, :type :info, :f :(?:put|append), :key ".*", :value ".*"}$/

/** Texts are what stands between the quotes, as it is. */
export function readKvLog(text: string): readonly Operation<KeyValueInput, KeyValueOutput>[] {
  return paired<KeyValueInput, KeyValueOutput>(linesOf(text), (line) => {
    const call = (of: readonly string[], input: KeyValueInput) =>
      ({ kind: 'call', process: Number(of[0]), input }) as const
    const answer = (of: readonly string[], output: KeyValueOutput) =>
      ({ kind: 'return', process: Number(of[0]), output }) as const
    const { invokeGet, invokePut, invokeAppend, returnGet, returnPut, returnAppend } = KV
    let of = groups(line, invokeGet)
    if (of) return call(of, { op: 'get', key: of[1] ?? '' })
    of = groups(line, invokePut)
    if (of) return call(of, { op: 'put', key: of[1] ?? '', value: of[2] ?? '' })
    of = groups(line, invokeAppend)
    if (of) return call(of, { op: 'append', key: of[1] ?? '', value: of[2] ?? '' })
    of = groups(line, returnGet)
    if (of) return answer(of, { value: of[1] ?? '' })
    of = groups(line, returnPut) ?? groups(line, returnAppend)
    if (of) return answer(of, {})
    if (!SKIPPED_KV.test(line)) throw new Error(`a line that is skipped there: ${line}`)
    return undefined
  })
}
