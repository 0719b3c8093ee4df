/** Histories for porcupine's tests: its own expressions read them, ours do, and both find what the timeline says. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { operationsOf } from '../../../main/checks/history/from-history'
import { kvOperations } from '../../../main/checks/history/from-timeline'
import type { Operation } from '../../../main/checks/history/operation'
import { checkParts } from '../../../main/checks/linearizability/check'
import { type KeyValueInput, type KeyValueOutput, keyValue, textStore } from '../../../main/checks/models/key-value'
import type { Model } from '../../../main/checks/models/model'
import { type RegisterInput, type RegisterOutput, register } from '../../../main/checks/models/register'
import type { FieldsOf, TimelineEvent } from '../../../main/node/contract/events'
import { Problem } from '../../../main/node/contract/problem'
import type { Exporter } from '../../../main/timeline/export/exporter'
import { jepsenLogExporter } from '../../../main/timeline/export/jepsen-log/jepsen-log'
import { porcupineEdnExporter } from '../../../main/timeline/export/porcupine-edn/porcupine-edn'
import { foreignFormOf, type HistoryForm, readHistory } from '../../../main/timeline/import'
import { historyEvents } from '../../../main/timeline/import/history/record'
import { sentence } from '../../../main/workbench/problems'
import { type KeyValueCall, linearizableHistory, randomOf } from '../../checks/support/histories'
import { exportedBy, sourceOf } from './support/exported'
import { readJepsenLog, readKvLog } from './support/porcupine-history-rules'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const NOTHING = new Uint8Array(0)

type Invoke = FieldsOf<'invoke'>
type Answer = FieldsOf<'answer'>

/** A timeline of calls: each invocation and answer an event of its own nanosecond. */
class Calls {
  readonly events: TimelineEvent[] = []

  #add(kind: 'invoke' | 'answer' | 'fault' | 'role', fields: object): this {
    const seq = this.events.length
    this.events.push({ kind, node: 0, n: seq + 1, t: seq, seq, ...fields } as unknown as TimelineEvent)
    return this
  }

  invoke(call: number, client: number, op: Invoke['op'], fields: Partial<Invoke> = {}): this {
    const rest = { key: 'k', value: NOTHING, via: 0, consistency: 'log', expected: NOTHING, hasExpected: false }
    return this.#add('invoke', { call, client, op, ...rest, ...fields })
  }

  answer(call: number, outcome: Answer['outcome'] = 'ok', fields: Partial<Answer> = {}): this {
    const problem = outcome === 'ok' ? '' : 'no-leader'
    return this.#add('answer', {
      call,
      outcome,
      found: false,
      value: NOTHING,
      from: 1,
      index: 1,
      term: 1,
      problem,
      ...fields,
    })
  }

  fault(action: 'begin' | 'end'): this {
    return this.#add('fault', { action, id: 1, type: 'kill', detail: '{"nodes":[1]}' })
  }

  elsewhere(): this {
    return this.#add('role', { role: 'leader', term: 1, leader: 1, reason: 'won-election' })
  }

  get source() {
    return sourceOf(this.events)
  }
}

/** The events that a recorder would have written of these calls. Some that were never answered have no answer event at all. */
function timelineOf(history: readonly KeyValueCall[], seed: number): Calls {
  const random = randomOf(seed)
  const moments = history.flatMap((call, n) => [
    { t: call.from, n, call, isAnswer: false },
    ...(call.output === undefined
      ? random() < 0.5
        ? [{ t: call.from + 30, n, call, isAnswer: true }]
        : []
      : [{ t: call.to, n, call, isAnswer: true }]),
  ])
  const calls = new Calls()
  for (const { n, call, isAnswer } of moments.toSorted((a, b) => a.t - b.t)) {
    const { process, input, output } = call
    if (!isAnswer) {
      const value = 'value' in input ? bytes(input.value) : NOTHING
      const expected = input.op === 'cas' ? input.expected : null
      calls.invoke(n, process % 50, input.op, {
        key: input.key,
        value,
        expected: bytes(expected ?? ''),
        hasExpected: expected !== null,
      })
    } else if (output === undefined) calls.answer(n, 'unknown')
    else {
      const found = output.done ?? (output.value ?? null) !== null
      calls.answer(n, 'ok', { found, value: bytes(output.value ?? '') })
    }
    if (random() < 0.05) calls.elsewhere()
    if (random() < 0.05) {
      // Calls that certainly did nothing, and a read that promises nothing.
      const other = 10_000 + calls.events.length
      calls.invoke(other, 60, 'append', { key: input.key, value: bytes('no') }).answer(other, 'failed')
      calls.invoke(other + 1, 61, 'get', { key: input.key, consistency: 'stale' })
      calls.answer(other + 1, 'ok', { found: true, value: bytes('old') })
    }
  }
  return calls
}

/** One answer made wrong, sometimes: a read of something else. */
function perhapsWrong(history: readonly KeyValueCall[], seed: number): readonly KeyValueCall[] {
  const random = randomOf(seed)
  const wrong = random() < 0.5 ? Math.floor(random() * history.length) : -1
  return history.map((call, n) =>
    n === wrong && call.input.op === 'get' && call.output !== undefined
      ? { ...call, output: { value: `${Math.floor(random() * 8)}` } }
      : call,
  )
}

async function verdictOf<I, O>(model: Model<I, O>, operations: readonly Operation<I, O>[]): Promise<string> {
  const outcomes: string[] = []
  for await (const { outcome } of checkParts(model, operations)) outcomes.push(outcome)
  return outcomes.find((outcome) => outcome !== 'linearizable') ?? 'linearizable'
}

/** What was asked and answered, in which order: all that a verdict depends on. */
function told<I, O>(
  operations: readonly Operation<I, O>[],
  spell: (input: I, output: O | undefined) => string,
): string[] {
  return operations
    .toSorted((a, b) => a.place.call - b.place.call)
    .flatMap((operation, nth) => [
      { at: operation.place.call, text: `${nth} ${spell(operation.input, undefined)}` },
      ...(operation.output === undefined
        ? []
        : [{ at: operation.place.answer, text: `${nth} ${spell(operation.input, operation.output)}` }]),
    ])
    .toSorted((a, b) => a.at - b.at)
    .map(({ text }) => text)
}

async function* inChunks(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 50) yield text.slice(at, at + 50)
}

async function importedFrom(text: string, form: HistoryForm) {
  return await operationsOf(readHistory(inChunks(text), form), form)
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof Problem) return thrown
  throw new Error('a problem expected', { cause: thrown })
}

const asRegister = ({ input, output, ...rest }: KeyValueCall): Operation<RegisterInput, RegisterOutput> => {
  if (input.op === 'get') return { ...rest, input: { op: 'read' }, output }
  if (input.op === 'put') return { ...rest, input: { op: 'write', value: input.value }, output }
  if (input.op !== 'cas' || input.expected === null) throw new Error('no such call of a register')
  return { ...rest, input: { op: 'cas', expected: input.expected, value: input.value }, output }
}

/** Values without their `v` are whole numbers. */
const numbered = (history: readonly KeyValueCall[]): readonly KeyValueCall[] =>
  JSON.parse(JSON.stringify(history).replace(/"v(\d+)"/g, '"$1"'), (key, value) =>
    key === 'to' && value === null ? Number.POSITIVE_INFINITY : value,
  )

/** The dictionary that a log holds, by number. */
function dictionaryOf(text: string): ReadonlyMap<string, string> {
  const words = text.matchAll(/^INFO {2}raft-workbench - value (\d+) is (\S+)$/gm)
  return new Map(Array.from(words, ([, number = '', value = '']) => [number, JSON.parse(value) as string]))
}

describe('lines of a Jepsen log', () => {
  it('say what the clients of a key asked and learnt, to porcupine’s tests and to us', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.boolean(), async (seed, isWhole) => {
        const made = linearizableHistory(seed, {
          calls: 40,
          clients: 4,
          keys: 1,
          unknown: 0.1,
          ops: ['get', 'put', 'cas'],
        })
        const { events, source } = timelineOf(perhapsWrong(isWhole ? numbered(made) : made, seed), seed)
        const all = kvOperations(events).operations
        const isUntold = ({ input, output }: KeyValueCall) =>
          input.op === 'cas' && input.expected === null && output?.done !== false
        if (all.some(isUntold)) {
          expect((await problemOf(exportedBy(jepsenLogExporter, source))).code).toBe('history-call')
          return
        }
        const { text, events: held, leftOut } = await exportedBy(jepsenLogExporter, source)
        expect(held + leftOut.reduce((sum, { events: count }) => sum + count, 0)).toBe(events.length)
        expect(foreignFormOf(text)).toBe('jepsen-log')
        // A cas that found that something was there, where nothing should have been, has no word and changed nothing.
        const wanted = all.filter(({ input }) => input.op !== 'cas' || input.expected !== null).map(asRegister)
        const verdict = await verdictOf(register, wanted)
        seen.add(verdict)
        const read = await importedFrom(text, 'log')
        if (read.of !== 'cas-register') throw new Error('a register expected')
        const theirs = readJepsenLog(text)
        expect(await verdictOf(read.model, read.operations)).toBe(verdict)
        expect(await verdictOf(register, theirs)).toBe(verdict)
        // By its number, or as what the log says of it.
        const words = dictionaryOf(text)
        expect(words.size > 0).toBe(!isWhole && text.includes(':write'))
        const value = (number: string) => words.get(number) ?? number
        const spell = (input: RegisterInput, output: RegisterOutput | undefined) =>
          register.spell(input, output).replaceAll(/\b\d+\b/g, value)
        const asWanted = told(wanted, register.spell)
        expect(told(read.operations, spell)).toEqual(asWanted)
        expect(told(theirs, spell)).toEqual(asWanted)
      }),
      { numRuns: 60 },
    )
    expect([...seen].sort()).toEqual(['illegal', 'linearizable'])
  })

  const MANY = () =>
    new Calls()
      .invoke(1, 1, 'put', { key: 'a', value: bytes('1') })
      .invoke(2, 2, 'delete', { key: 'b' })
      .answer(1)
      .fault('begin')
      .answer(2, 'ok', { found: true })
      .invoke(3, 1, 'get', { key: 'a' })
      .answer(3, 'failed')
      .fault('end')
      .invoke(4, 1, 'cas', { key: 'a', value: bytes('2'), expected: bytes('3'), hasExpected: true })
      .answer(4)
      .invoke(5, 1, 'get', { key: 'a' })
      .answer(5, 'ok', { found: true, value: bytes('1') })
      .invoke(6, 1, 'put', { key: 'a', value: bytes('7') })
      .answer(6, 'unknown')

  it('are these, of one key, with faults', async () => {
    const { text, events, leftOut } = await exportedBy(jepsenLogExporter, MANY().source, { selection: { key: 'a' } })
    expect(text.replaceAll('INFO  jepsen.util - ', '').split('\n')).toEqual([
      '0\t:invoke\t:write\t1',
      '0\t:ok\t:write\t1',
      ':nemesis\t:info\t:start-kill\t{:nodes [1]}',
      '0\t:invoke\t:read\tnil',
      '0\t:fail\t:read\t:timed-out',
      ':nemesis\t:info\t:stop-kill\t{:nodes [1]}',
      '0\t:invoke\t:cas\t[3 2]',
      '0\t:fail\t:cas\t[3 2]',
      '0\t:invoke\t:read\tnil',
      '0\t:ok\t:read\t1',
      '0\t:invoke\t:write\t7',
      '0\t:info\t:write\t:timed-out',
      '',
    ])
    expect([events, leftOut]).toEqual([12, []])
    expect(readJepsenLog(text)).toHaveLength(5)
  })

  it('of several keys are refused, and which there are is said; so is a call without a word', async () => {
    const several = await problemOf(
      exportedBy(
        jepsenLogExporter,
        new Calls()
          .invoke(1, 1, 'put', { key: 'a', value: bytes('1') })
          .answer(1)
          .invoke(2, 1, 'get', { key: 'b' })
          .answer(2).source,
      ),
    )
    expect(several).toMatchObject({ code: 'history-keys', details: { keys: 'a, b' } })
    const untold = await problemOf(exportedBy(jepsenLogExporter, MANY().source, { selection: { key: 'b' } }))
    expect(untold).toMatchObject({ code: 'history-call', details: { op: 'delete', key: 'b', event: 1, lack: 'word' } })
    expect(sentence('en', untold.code, untold.details)).toContain('no word for a delete (event 1, key b)')
    const first = new Calls().invoke(1, 1, 'cas', { value: bytes('1') }).answer(1, 'ok', { found: true })
    expect((await problemOf(exportedBy(jepsenLogExporter, first.source))).details).toMatchObject({ lack: 'nothing' })
  })

  it('of a part hold what lies in it; an answer without its call is left out', async () => {
    const part = await exportedBy(jepsenLogExporter, MANY().source, { selection: { key: 'a', fromSeq: 2, toSeq: 6 } })
    expect(part.text.split('\n').map((line) => line.replace('INFO  jepsen.util - ', ''))).toEqual([
      ':nemesis\t:info\t:start-kill\t{:nodes [1]}',
      '0\t:invoke\t:read\tnil',
      '',
    ])
    // The delete's answer comes without its call as well, whose key nobody knows then.
    expect(part.leftOut).toEqual([{ reason: 'unpaired', events: 2 }])
  })

  it('come back as a recording whose failed cas has seen something else', async () => {
    const { text } = await exportedBy(jepsenLogExporter, MANY().source, { selection: { key: 'a' } })
    const events: TimelineEvent[] = []
    for await (const event of historyEvents(readHistory(inChunks(text), 'log'), 'x')) events.push(event)
    const cas = kvOperations(events).operations.find(({ input }) => input.op === 'cas')
    expect(cas?.output).toEqual({ done: false })
  })

  it('of values that are no numbers keep them apart, and nothing in them is taken for a line', async () => {
    const odd = ['4 :invoke :read nil', 'x\n9\t:ok\t:read\t3', '', '\u2028', '"', '007', '12345678901234567890']
    const calls = new Calls()
    for (const [n, value] of odd.entries()) {
      calls.invoke(2 * n, 1, 'put', { value: bytes(value) }).answer(2 * n)
      calls.invoke(2 * n + 1, 1, 'get').answer(2 * n + 1, 'ok', { found: true, value: bytes(value) })
    }
    calls.invoke(100, 1, 'put', { value: Uint8Array.of(0xff) }).answer(100)
    const { text } = await exportedBy(jepsenLogExporter, calls.source)
    expect(readJepsenLog(text)).toHaveLength(15)
    const read = await importedFrom(text, 'log')
    expect(read.operations).toHaveLength(15)
    expect(text).toContain('value 1 is "4\\u0020:invoke\\u0020:read\\u0020nil"\n')
    expect(text).toContain('value 8 is base64:/w==\n')
  })
})

describe('a key-value history in EDN', () => {
  it('says what clients put, appended and got, to porcupine’s tests and to us', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const made = linearizableHistory(seed, {
          calls: 50,
          clients: 5,
          keys: 3,
          unknown: 0.1,
          ops: ['get', 'put', 'append'],
        })
        const { events, source } = timelineOf(perhapsWrong(made, seed), seed)
        const { text, events: held, leftOut } = await exportedBy(porcupineEdnExporter, source)
        expect(held + leftOut.reduce((sum, { events: count }) => sum + count, 0)).toBe(events.length)
        // Nothing is learnt of a get without an answer; nothing and the empty text are one there.
        const wanted = kvOperations(events)
          .operations.filter(({ input, output }) => input.op !== 'get' || output !== undefined)
          .map((call) => (call.output?.value === null ? { ...call, output: { value: '' } } : call))
        const verdict = await verdictOf(textStore, wanted)
        expect(await verdictOf(keyValue, kvOperations(events).operations)).toBe(verdict)
        seen.add(verdict)
        const read = await importedFrom(text, 'edn')
        if (read.of !== 'kv') throw new Error('a store expected')
        const theirs = readKvLog(text)
        expect(await verdictOf(read.model, read.operations)).toBe(verdict)
        expect(await verdictOf(textStore, theirs)).toBe(verdict)
        const spell = (input: KeyValueInput, output: KeyValueOutput | undefined) => keyValue.spell(input, output)
        expect(told(read.operations, spell)).toEqual(told(wanted, spell))
        expect(told(theirs, spell)).toEqual(told(wanted, spell))
      }),
      { numRuns: 40 },
    )
    expect([...seen].sort()).toEqual(['illegal', 'linearizable'])
  })

  it('is these lines; what changed nothing is left out, what has no word and changed something is refused', async () => {
    const calls = new Calls()
      .invoke(1, 1, 'put', { value: bytes('a "b"\\\n') })
      .invoke(2, 2, 'get', { key: 'k2' })
      .answer(1)
      .answer(2)
      .invoke(3, 1, 'append', { value: bytes('x') })
      .invoke(4, 2, 'delete')
      .answer(4)
      .invoke(5, 2, 'cas', { value: bytes('9') })
      .answer(5)
      .answer(3, 'unknown')
      .invoke(6, 2, 'get')
      .answer(6, 'unknown')
    const { text, leftOut } = await exportedBy(porcupineEdnExporter, calls.source)
    expect(text.split('\n')).toEqual([
      '{:process 0, :type :invoke, :f :put, :key "k", :value "a \\"b\\"\\\\\\n"}',
      '{:process 1, :type :invoke, :f :get, :key "k2", :value nil}',
      '{:process 0, :type :ok, :f :put, :key "k", :value "a \\"b\\"\\\\\\n"}',
      '{:process 1, :type :ok, :f :get, :key "k2", :value ""}',
      '{:process 0, :type :invoke, :f :append, :key "k", :value "x"}',
      '{:process 0, :type :info, :f :append, :key "k", :value "x"}',
      '',
    ])
    expect(leftOut).toEqual([{ reason: 'no-such-event', events: 6 }])
    expect(readKvLog(text)).toHaveLength(3)

    const refused = async (exporter: Exporter, made: Calls) =>
      (await problemOf(exportedBy(exporter, made.source))).details
    const gone = new Calls().invoke(1, 1, 'delete')
    expect(await refused(porcupineEdnExporter, gone)).toMatchObject({ op: 'delete', lack: 'word' })
    const raw = new Calls().invoke(1, 1, 'put', { value: Uint8Array.of(0xff) }).answer(1)
    expect(await refused(porcupineEdnExporter, raw)).toMatchObject({ op: 'put', lack: 'text' })
  })
})

describe('a timeline that grows meanwhile', () => {
  it('is told as far as it was looked over', async () => {
    const calls = new Calls().invoke(1, 1, 'put', { value: bytes('1') }).answer(1)
    const { events } = calls
    const source = sourceOf(events)
    const { text } = await exportedBy(jepsenLogExporter, {
      ...source,
      async *scan(range, signal) {
        yield* source.scan(range, signal)
        if (events.length === 2) calls.invoke(2, 1, 'append', { value: bytes('2') }).answer(2)
      },
    })
    expect(readJepsenLog(text)).toHaveLength(1)
  })
})
