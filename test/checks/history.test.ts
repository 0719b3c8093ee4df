/** Histories as other tools write them, judged. The expected verdicts follow from the definition, by hand. */
import { describe, expect, test } from 'vitest'
import { operationsOf } from '../../main/checks/history/from-history'
import { checkParts } from '../../main/checks/linearizability/check'
import { type HistoryForm, readHistory } from '../../main/timeline/import'

async function* chunks(text: string): AsyncGenerator<string> {
  yield text
}

async function judge(text: string, form: HistoryForm): Promise<string> {
  const history = await operationsOf(readHistory(chunks(text), form), form)
  const outcomes: string[] = []
  const parts =
    history.of === 'kv' ? checkParts(history.model, history.operations) : checkParts(history.model, history.operations)
  for await (const { outcome } of parts) outcomes.push(outcome)
  return outcomes.find((outcome) => outcome !== 'linearizable') ?? 'linearizable'
}

const log = (...lines: readonly string[]): string => lines.map((line) => `INFO  jepsen.util - ${line}\n`).join('')

describe('lines that Jepsen logs', () => {
  test('a write that timed out may be read later', async () => {
    const lines = [
      '0\t:invoke\t:write\t3',
      '0\t:info\t:write\t:timed-out',
      '1\t:invoke\t:read\tnil',
      '1\t:ok\t:read\t3',
    ]
    expect(await judge(log(...lines), 'log')).toBe('linearizable')
  })

  test('nothing is read only where nothing was written', async () => {
    const read = ['1\t:invoke\t:read\tnil', '1\t:ok\t:read\tnil']
    expect(await judge(log(...read), 'log')).toBe('linearizable')
    expect(await judge(log('0\t:invoke\t:write\t3', '0\t:ok\t:write\t3', ...read), 'log')).toBe('illegal')
  })

  test('a cas that failed found something else; a read that timed out says nothing', async () => {
    const written = ['0\t:invoke\t:write\t3', '0\t:ok\t:write\t3']
    const cas = (a: number) => [`1\t:invoke\t:cas\t[${a} 4]`, `1\t:fail\t:cas\t[${a} 4]`]
    expect(await judge(log(...written, ...cas(1)), 'log')).toBe('linearizable')
    expect(await judge(log(...written, ...cas(3)), 'log')).toBe('illegal')
    expect(await judge(log(...written, '1\t:invoke\t:read\tnil', '1\t:fail\t:read\t:timed-out'), 'log')).toBe(
      'linearizable',
    )
  })
})

describe('EDN', () => {
  const edn = (...maps: readonly string[]): string => `[${maps.map((map) => `{${map}}`).join('\n')}]`

  test('a register: nil is a value that was not noted; what failed proves nothing', async () => {
    const write = [':process 0 :type :invoke :f :write :value 3', ':process 0 :type :ok :f :write :value 3']
    const read = (value: string) => [
      ':process 1 :type :invoke :f :read :value nil',
      `:process 1 :type :ok :f :read :value ${value}`,
    ]
    expect(await judge(edn(...write, ...read('nil')), 'edn')).toBe('linearizable')
    expect(await judge(edn(...write, ...read('3')), 'edn')).toBe('linearizable')
    expect(await judge(edn(...write, ...read('4')), 'edn')).toBe('illegal')
    const cas = [':process 2 :type :invoke :f :cas :value [3 5]', ':process 2 :type :fail :f :cas :value [3 5]']
    expect(await judge(edn(...write, ...cas, ...read('3')), 'edn')).toBe('linearizable')
  })

  test('a store of keys, each judged alone, whose empty text is nothing', async () => {
    const op = (process: number, type: string, f: string, key: string, value: string) =>
      `:process ${process}, :type :${type}, :f :${f}, :key "${key}", :value ${value}`
    const history = (last: string) =>
      edn(
        op(0, 'invoke', 'get', 'a', 'nil'),
        op(0, 'ok', 'get', 'a', '""'),
        op(0, 'invoke', 'append', 'a', '"x"'),
        op(1, 'invoke', 'put', 'b', '"z"'),
        op(0, 'ok', 'append', 'a', '"x"'),
        op(1, 'ok', 'put', 'b', '"z"'),
        op(0, 'invoke', 'append', 'a', '"y"'),
        op(0, 'ok', 'append', 'a', '"y"'),
        op(0, 'invoke', 'get', 'a', 'nil'),
        op(0, 'ok', 'get', 'a', last),
      )
    expect(await judge(history('"xy"'), 'edn')).toBe('linearizable')
    expect(await judge(history('"yx"'), 'edn')).toBe('illegal')
    expect(await judge(history('"xyz"'), 'edn')).toBe('illegal')
  })

  test('an operation of no such object is named with its line', async () => {
    const history = edn(':process 0 :type :invoke :f :enqueue :value 3')
    await expect(judge(history, 'edn')).rejects.toThrow(/line 1.*read, write, cas.*enqueue/)
  })
})
