/** Histories of other tools: read as what they are, refused with the line and the rule where they are none. */

import { readdir } from 'node:fs/promises'
import { parseEDNString } from 'edn-data'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventKind, TimelineEvent } from '../../../main/node/contract/events'
import { Problem } from '../../../main/node/contract/problem'
import { jepsenExporter } from '../../../main/timeline/export/jepsen/jepsen'
import {
  callsOf,
  foreignFormOf,
  type HistoryForm,
  type HistoryOperation,
  importForeign,
  readHistory,
} from '../../../main/timeline/import'
import { type Edn, EdnError, ednText, readEdn } from '../../../main/timeline/import/history/edn'
import { historyEvents } from '../../../main/timeline/import/history/record'
import { exportedBy, sourceOf } from '../export/support/exported'
import { storyArbitrary } from '../export/support/story'
import { allEvents, join, opened, tempDir, writeFile } from '../support/files'

async function* inChunks(text: string, size = 7): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

const operations = (text: string, form: HistoryForm = 'edn', size?: number) =>
  all(readHistory(inChunks(text, size), form))

async function wrongWith(text: string, form: HistoryForm = 'edn'): Promise<string> {
  try {
    await operations(text, form)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { where, reason } = error.details as { where: string; reason: string }
    return `${where}: ${reason}`
  }
  return 'nothing'
}

async function timeline(text: string, form: HistoryForm = 'edn'): Promise<TimelineEvent[]> {
  return await all(historyEvents(readHistory(inChunks(text), form), 'test'))
}

const of = <K extends EventKind>(events: readonly TimelineEvent[], kind: K) =>
  events.filter((event): event is TimelineEvent<K> & TimelineEvent => event.kind === kind)
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** The same value as edn-data gives it. */
function asEdnData(value: Edn): unknown {
  if (value === null || typeof value !== 'object') return value
  switch (value.edn) {
    case 'keyword':
      return { key: value.text }
    case 'symbol':
      return { sym: value.text }
    case 'char':
      return { char: value.text }
    case 'vector':
      return value.items.map(asEdnData)
    case 'list':
      return { list: value.items.map(asEdnData) }
    case 'set':
      return { set: value.items.map(asEdnData) }
    case 'map':
      return { map: value.pairs.map((pair) => pair.map(asEdnData)) }
    case 'tagged':
      return { tag: value.tag, val: asEdnData(value.value) }
  }
}

describe('EDN', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/).filter((name) => !['nil', 'true', 'false'].includes(name))
  const { value: ednArbitrary } = fc.letrec<{ value: Edn }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false),
      fc.integer(),
      fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\t', 'é', '图', ';', '}', ' ') }),
      word.map((name): Edn => ({ edn: 'keyword', text: name })),
      word.map((name): Edn => ({ edn: 'symbol', text: name })),
      fc.constantFrom('a', '\n', ' ', '9').map((char): Edn => ({ edn: 'char', text: char })),
      fc
        .tuple(fc.constantFrom('vector', 'list'), fc.array(tie('value'), { maxLength: 4 }))
        .map(([edn, items]): Edn => ({ edn, items })),
      // A map has each key once; that a second one is refused is shown below.
      fc
        .uniqueArray(fc.tuple(word, tie('value')), { maxLength: 3, selector: ([key]) => key })
        .map(
          (pairs): Edn => ({ edn: 'map', pairs: pairs.map(([key, value]) => [{ edn: 'keyword', text: key }, value]) }),
        ),
      fc.tuple(word, tie('value')).map(([tag, value]): Edn => ({ edn: 'tagged', tag, value })),
    ),
  }))

  it('is read as edn-data reads it', () => {
    fc.assert(
      fc.property(ednArbitrary, (value) => {
        const written = ednText(value)
        expect(readEdn(written)).toEqual(value)
        expect(asEdnData(readEdn(written) ?? null)).toEqual(parseEDNString(written))
      }),
    )
  })

  it.each([
    ['; all of it\n{:a 1 ; one\n, :b #_ 2 #_(3 "}") [nil]}', '{:a 1, :b [nil]}'],
    ['#jepsen.history.Op{:index 0, :f :read}', '#jepsen.history.Op {:index 0, :f :read}'],
    ['#:kv{:key "x" :y/z 2}', '{:kv/key "x", :y/z 2}'],
    [
      '[1N 2.5M -3e2 1/4 ##Inf ##-Inf ##NaN +7 9007199254740993]',
      '[1 2.5 -300 0.25 ##Inf ##-Inf ##NaN 7 9007199254740993]',
    ],
    ['[\\a \\newline \\u0041 \\\\ \\{ "\\u00e9\\n"]', '[\\a \\newline \\A \\\\ \\{ "é\\n"]'],
    ['^{:doc "x"} (foo #{1 2})', '(foo #{1 2})'],
    ['#inst "2026-01-02T03:04:05Z"', '#inst "2026-01-02T03:04:05Z"'],
  ])('%s', (written, meant) => {
    const value = readEdn(written)
    expect(value === undefined ? undefined : ednText(value)).toBe(meant)
  })

  it.each([
    '{:a}',
    '{:a 1, :a 2}',
    '[1 2',
    '(1]',
    '"abc',
    '"\\q"',
    '12ab',
    '1 2',
    ':',
    '##foo',
    '\\nosuchchar',
    '#_',
    ']',
    '1/0',
    '['.repeat(2_000),
  ])('refuses %s', (written) => {
    expect(() => readEdn(written)).toThrow(EdnError)
  })
})

const HISTORY = `{:index 0, :time 10, :process 0, :type :invoke, :f :write, :value 3}
{:index 1, :time 20, :process 1, :type :invoke, :f :read, :value nil}
{:index 2, :time 30, :process 0, :type :ok, :f :write, :value 3}
{:index 3, :time 40, :process :nemesis, :type :info, :f :start-partition, :value {:nodes [1 2]}}
{:index 4, :time 45, :process :nemesis, :type :info, :f :start-partition, :value :done}
{:index 5, :time 50, :process 1, :type :ok, :f :read, :value 3}
{:index 6, :time 60, :process 0, :type :invoke, :f :cas, :value [3 4]}
{:index 7, :time 70, :process 0, :type :info, :f :cas, :value [3 4], :error :timed-out}
{:index 8, :time 80, :process :nemesis, :type :info, :f :stop-partition, :value nil}
{:index 9, :time 90, :process 2, :type :invoke, :f :txn, :value [[:r 1 nil]]}
`

describe('a history', () => {
  it('is the same as lines, as one vector, as one list, as records, and however it comes in', async () => {
    const lines = await operations(HISTORY)
    expect(lines.map(({ process, type, f }) => `${process} ${type} ${f}`)).toEqual([
      '0 invoke write',
      '1 invoke read',
      '0 ok write',
      'nemesis info start-partition',
      'nemesis info start-partition',
      '1 ok read',
      '0 invoke cas',
      '0 info cas',
      'nemesis info stop-partition',
      '2 invoke txn',
    ])
    expect(lines[7]).toMatchObject({ line: 8, time: 70, error: 'timed-out' })
    for (const size of [1, 3, 64, 100_000]) expect(await operations(HISTORY, 'edn', size)).toEqual(lines)
    expect(await operations(`[${HISTORY.trimEnd()}]\n; the end\n`)).toEqual(lines)
    expect(await operations(`(${HISTORY})`)).toEqual(lines)
    expect(await operations(HISTORY.replaceAll('{:index', '#jepsen.history.Op{:index'))).toEqual(lines)
  })

  it('gives calls with their answers', async () => {
    const calls = await all(callsOf(readHistory(inChunks(HISTORY), 'edn')))
    expect(calls.map(({ invoke, answer }) => `${invoke.f} ${answer?.type}`)).toEqual([
      'write ok',
      'read ok',
      'cas info',
      'txn undefined',
    ])
  })

  it.each([
    ['{:process 0, :process 1, :type :invoke, :f :read, :value nil}', 'line 1: :process only once in a map expected'],
    [
      '{:process 1e300, :type :invoke, :f :read, :value nil}',
      'line 1: :process: a whole number or a keyword expected, not 1e+300',
    ],
    [
      '{:process 0, :type :invoke, :f :read, :value nil, :time ##NaN}',
      'line 1: :time: a finite number expected, not ##NaN',
    ],
    [
      '{:process 0, :type :invoke, :f :read, :value nil, :time "soon"}',
      'line 1: :time: a finite number expected, not "soon"',
    ],
    [
      `${HISTORY}{:process 5, :type :ok, :f :read, :value 3}`,
      'line 11: an answer of process 5, which has asked for nothing',
    ],
    [
      '{:process 0 :type :invoke :f :read :value nil}\n{:process 0 :type :invoke :f :read :value nil}',
      'line 2: process 0 waits for the answer to line 1: one call at a time expected',
    ],
    [
      `${HISTORY}{:process 0, :type :invoke, :f :read, :value nil}`,
      'line 11: process 0 may still be doing what got no answer in line 8: another expected',
    ],
    [
      '{:process 0 :type :invoke :f :read}\n{:process 0 :type :ok :f :write}',
      'line 2: :f: read expected, as in line 1, not write',
    ],
    ['{:process 0 :f :read}', 'line 1: :type expected'],
    ['{:process 0 :type :done :f :read}', 'line 1: :type: one of invoke, ok, fail, info expected, not done'],
    ['\n{:process -1 :type :ok :f :read}', 'line 2: :process: a whole number or a keyword expected, not -1'],
    ['{:process 0 :type :invoke :f :read}\n{:process 1\n :type :ok ]', 'line 3: "}" expected, not "]"'],
    ['{:process 0 :type :invoke :f :read :value 12x}', 'line 1: no such number: 12x'],
    ['{:process 0 :type\n :invoke :f :read', 'line 1: "}" expected before the end of the file'],
    ['{:process 0 :type :invoke :f "rea', 'line 1: the end of a string expected'],
    ['[{:process 0 :type :invoke :f :read}] 7', 'line 1: nothing after the end of the history expected'],
    ['{:process 0 :type :invoke :f :read}\nfoo', 'line 2: a map expected, not foo'],
  ])('is refused: %s', async (history, why) => {
    expect(await wrongWith(history)).toBe(why)
  })

  it('as Jepsen logs it', async () => {
    const log = [
      'INFO  jepsen.core - Starting',
      'INFO  jepsen.util - 4\t:invoke\t:write\t3',
      'INFO  jepsen.util - 7\t:invoke\t:cas\t[3 1]',
      '2018-02-02 16:14:37,588{GMT}\tINFO\t[jepsen worker 1] jepsen.util: 1\t:invoke\t:read\tnil',
      'INFO  jepsen.util - 4\t:info\t:write\t:timed-out',
      'INFO  jepsen.util - 7\t:fail\t:cas\t[3 1]',
      'INFO  jepsen.util - 1\t:fail\t:read\t:timed-out',
      'INFO  jepsen.util - :nemesis\t:info\t:start\t"Cut off"',
      '',
    ].join('\n')
    expect(foreignFormOf(log)).toBe('jepsen-log')
    const read = await operations(log, 'log')
    expect(read.map(({ line, process, type, f, error }) => `${line} ${process} ${type} ${f} ${error}`.trim())).toEqual([
      '2 4 invoke write',
      '3 7 invoke cas',
      '4 1 invoke read',
      '5 4 info write timed-out',
      '6 7 fail cas mismatch',
      '7 1 fail read timed-out',
      '8 nemesis info start',
    ])
    // What was asked stands where the reason is told.
    expect(read[3]?.value).toBe(3)
    expect(await wrongWith('INFO  jepsen.util - 4\t:ok\t:write\t3', 'log')).toBe(
      'line 1: an answer of process 4, which has asked for nothing',
    )
    expect(await wrongWith('INFO  jepsen.util - 4\t:invoke\t:write\t[3', 'log')).toBe('line 1: "]" expected')
    expect(await wrongWith('INFO  jepsen.util - x\t:invoke\t:write\t3', 'log')).toBe(
      'line 1: a process, :type, :f and value expected',
    )
    expect(await wrongWith('INFO  jepsen.util - 4\t:maybe\t:write\t3', 'log')).toBe(
      'line 1: :type: one of invoke, ok, fail, info expected, not maybe',
    )
    expect(await wrongWith(`INFO  jepsen.util - ${'9'.repeat(20)}\t:invoke\t:write\t3`, 'log')).toBe(
      'line 1: :process: a whole number or a keyword expected, not 100000000000000000000',
    )
    expect(await wrongWith('INFO  jepsen.core - Starting\n', 'log')).toBe(
      'line 1: an operation expected before the end of the file',
    )
  })

  it('with keys: told beside the value, as its first half, or as a tuple', async () => {
    const keyed = async (history: string) => (await operations(history)).map(({ key, value }) => [key, value])
    expect(await keyed('{:process 0, :type :invoke, :f :put, :key "1", :value "x"}')).toEqual([['1', 'x']])
    const halves = '{:process 0 :type :invoke :f :read :value [5 nil]} {:process 0 :type :ok :f :read :value [5 7]}'
    expect(await keyed(halves)).toEqual([
      [5, null],
      [5, 7],
    ])
    const one = '{:process 0 :type :invoke :f :cas :value [5 7]} {:process 1 :type :invoke :f :cas :value [1 2]}'
    expect((await operations(one)).map(({ key }) => key)).toEqual([undefined, undefined])
    const tuple = '{:process 0 :type :invoke :f :write :value #jepsen.independent.Tuple [5 7]}'
    expect(await keyed(tuple)).toEqual([[5, 7]])
  })
})

describe('as a timeline', () => {
  it('has calls, answers, faults, and notes of what it has no words for', async () => {
    const events = await timeline(HISTORY)
    expect(of(events, 'invoke').map(({ client, op, key, value }) => [client, op, key, text(value)])).toEqual([
      [0, 'put', 'register', '3'],
      [1, 'get', 'register', ''],
      [0, 'cas', 'register', '4'],
    ])
    expect(of(events, 'invoke')[2]).toMatchObject({ hasExpected: true, expected: new TextEncoder().encode('3') })
    expect(
      of(events, 'answer').map(({ call, outcome, found, value, problem }) => [
        call,
        outcome,
        found,
        text(value),
        problem,
      ]),
    ).toEqual([
      [1, 'ok', false, '', ''],
      [2, 'ok', true, '3', ''],
      [3, 'unknown', false, '', 'timed-out'],
    ])
    // Jepsen tells a deed twice.
    expect(of(events, 'fault').map(({ action, id, type, detail, t }) => [action, id, type, detail, t])).toEqual([
      ['begin', 1, 'partition', '{"nodes":[1,2]}', 40],
      ['end', 1, 'partition', '{"words":":nemesis :info :stop-partition"}', 80],
    ])
    expect(of(events, 'note').map((event) => event.text)).toContain('process 2 :invoke :txn [[:r 1 nil]]')
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, place) => place))
    expect(events.map(({ t }) => t)).toEqual(events.map(({ t }) => t).sort((a, b) => a - b))
  })

  it('what we export comes back: calls with their answers, faults with their ends', async () => {
    await fc.assert(
      fc.asyncProperty(storyArbitrary, async (events) => {
        const exported = await exportedBy(jepsenExporter, sourceOf(events))
        const back = await timeline(exported.text)
        const calls = (list: readonly TimelineEvent[]) =>
          of(list, 'invoke').map((invoke) => {
            const answer = of(list, 'answer').find(({ call }) => call === invoke.call)
            const { op, key, value, expected, hasExpected } = invoke
            const { outcome, found, problem } = answer ?? {}
            return {
              op,
              key,
              ...((op === 'put' || op === 'append' || op === 'cas') && { value }),
              ...(op === 'cas' && { hasExpected, ...(hasExpected && { expected }) }),
              // Of a delete nobody tells whether there was something.
              answer: outcome && [outcome, op === 'get' || op === 'cas' ? outcome === 'ok' && found : '', problem],
              ...(op === 'get' && outcome === 'ok' && found && { read: answer?.value }),
            }
          })
        expect(calls(back)).toEqual(calls(events))
        const faults = (list: readonly TimelineEvent[]) => of(list, 'fault').map(({ action }) => action)
        expect(faults(back)).toEqual(faults(events))
      }),
      { numRuns: 60 },
    )
  })

  it('is a recording that opens, and nothing where it is none', async () => {
    const dir = await tempDir()
    const path = join(dir, 'etcd 000.edn')
    await writeFile(path, HISTORY)
    const out = join(dir, 'out.raftrec')
    const progress: number[] = []
    const count = await importForeign(path, 'edn', out, { progress: (bytes) => progress.push(bytes) })
    const source = await opened(out)
    expect(source.info()).toMatchObject({ clusterName: 'etcd 000', events: count, complete: true })
    expect((await allEvents(source)).length).toBe(count)
    expect((await source.stateAt(count)).calls.length).toBe(3)
    expect(progress.at(-1)).toBe(HISTORY.length)

    await writeFile(path, `${HISTORY}{:process 5, :type :ok, :f :read, :value 3}`)
    const bad = importForeign(path, 'edn', join(dir, 'bad.raftrec'))
    await expect(bad).rejects.toThrow(expect.objectContaining({ code: 'bad-input' }))
    const cancelled = importForeign(path, 'edn', join(dir, 'cancelled.raftrec'), { signal: AbortSignal.abort() })
    await expect(cancelled).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
    await source.close()
    expect((await readdir(dir)).sort()).toEqual(['etcd 000.edn', 'out.raftrec'])
  })
})

it('reads a long history', async () => {
  const lines: string[] = []
  for (let call = 0; call < 10_000; call++) {
    lines.push(`{:process ${call % 7}, :type :invoke, :f :put, :key "${call % 3}", :value "x ${call}"}`)
    lines.push(`{:process ${call % 7}, :type :ok, :f :put, :key "${call % 3}", :value "x ${call}"}`)
  }
  const read: HistoryOperation[] = await operations(lines.join('\n'), 'edn', 1 << 16)
  expect(read.length).toBe(20_000)
})
