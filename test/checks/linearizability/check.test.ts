import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Operation } from '../../../main/checks/history/operation'
import { isAnchor, sinceAnchor } from '../../../main/checks/linearizability/anchor'
import { checkParts, type PartVerdict } from '../../../main/checks/linearizability/check'
import { type KeyValueInput, type KeyValueOutput, keyValue } from '../../../main/checks/models/key-value'
import type { Model } from '../../../main/checks/models/model'
import { type RegisterInput, type RegisterOutput, register } from '../../../main/checks/models/register'
import { type KeyValueCall, linearizableHistory } from '../support/histories'

async function judged<I, O>(
  model: Model<I, O>,
  operations: readonly Operation<I, O>[],
  maxSteps = Number.POSITIVE_INFINITY,
) {
  const verdicts: PartVerdict<I, O>[] = []
  for await (const verdict of checkParts(model, operations, { maxSteps })) verdicts.push(verdict)
  return verdicts
}

async function outcomeOf<I, O>(model: Model<I, O>, operations: readonly Operation<I, O>[]): Promise<string> {
  const verdicts = await judged(model, operations)
  return verdicts.find(({ outcome }) => outcome !== 'linearizable')?.outcome ?? 'linearizable'
}

/** Tries every order: the definition itself. */
function explainable<I, O>(model: Model<I, O>, operations: readonly Operation<I, O>[], state = model.initial): boolean {
  if (operations.every(({ output }) => output === undefined)) return true
  const firstEnd = Math.min(...operations.map(({ to }) => to))
  return operations.some((operation) => {
    if (operation.from > firstEnd) return false
    const after = model.step(state, operation.input, operation.output)
    return (
      after !== undefined &&
      explainable(
        model,
        operations.filter((other) => other !== operation),
        after,
      )
    )
  })
}

const call = (
  process: number,
  from: number,
  to: number,
  input: RegisterInput,
  output?: RegisterOutput,
): Operation<RegisterInput, RegisterOutput> => ({ process, from, to, input, output, place: { call: from, answer: to } })
const NEVER = Number.POSITIVE_INFINITY

describe('a register', () => {
  test('reads what was written while it was written, or what was before', async () => {
    const write = call(1, 0, 10, { op: 'write', value: '1' }, {})
    for (const value of ['1', null]) {
      expect(await outcomeOf(register, [write, call(2, 2, 4, { op: 'read' }, { value })])).toBe('linearizable')
    }
  })

  test('does not read what was before, once somebody has read what came after', async () => {
    const history = [
      call(1, 0, 10, { op: 'write', value: '1' }, {}),
      call(2, 1, 2, { op: 'read' }, { value: '1' }),
      call(3, 3, 4, { op: 'read' }, { value: null }),
    ]
    const [verdict] = await judged(register, history)
    expect(verdict?.outcome).toBe('illegal')
    if (verdict?.outcome === 'illegal') expect(verdict.core).toEqual([0, 1, 2])
  })

  test('a write without an answer may take effect much later, or never', async () => {
    const write = call(1, 0, NEVER, { op: 'write', value: '1' })
    const before = call(2, 5, 6, { op: 'read' }, { value: null })
    const after = call(2, 7, 8, { op: 'read' }, { value: '1' })
    expect(await outcomeOf(register, [write, before])).toBe('linearizable')
    expect(await outcomeOf(register, [write, before, after])).toBe('linearizable')
    const back = call(2, 9, 10, { op: 'read' }, { value: null })
    expect(await outcomeOf(register, [write, before, after, back])).toBe('illegal')
  })

  test('what began when another one ended is at the same time', async () => {
    const history = [call(1, 0, 5, { op: 'write', value: '1' }, {}), call(2, 5, 6, { op: 'read' }, { value: null })]
    expect(await outcomeOf(register, history)).toBe('linearizable')
  })

  test('a compare-and-set that replaced nothing has seen something else', async () => {
    const history = (done: boolean) => [
      call(1, 0, 1, { op: 'write', value: '1' }, {}),
      call(1, 2, 3, { op: 'cas', expected: '1', value: '2' }, { done }),
    ]
    expect(await outcomeOf(register, history(true))).toBe('linearizable')
    expect(await outcomeOf(register, history(false))).toBe('illegal')
  })
})

describe('the order that is found', () => {
  test('explains every answer, and keeps to the times', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const history = linearizableHistory(seed, { calls: 60, clients: 5, keys: 2, unknown: 0.1 })
        for (const verdict of await judged(keyValue, history)) {
          expect(verdict.outcome).toBe('linearizable')
          if (verdict.outcome !== 'linearizable') return
          const order = verdict.order.map((place) => verdict.operations[place] as KeyValueCall)
          let state: string | undefined = keyValue.initial
          for (const { input, output } of order) {
            state = keyValue.step(state ?? '', input, output)
            expect(state).toBeDefined()
          }
          for (const [i, early] of order.entries()) {
            expect(order.slice(i + 1).every((late) => late.to >= early.from)).toBe(true)
          }
          const sure = verdict.operations.filter(({ output }) => output !== undefined)
          expect(order.filter(({ output }) => output !== undefined)).toHaveLength(sure.length)
        }
      }),
      { numRuns: 60 },
    )
  })
})

const smallCall = (n: number): fc.Arbitrary<KeyValueCall> =>
  fc
    .record({
      from: fc.integer({ min: 0, max: 12 }),
      length: fc.integer({ min: 1, max: 6 }),
      isKnown: fc.boolean(),
      what: fc.oneof(
        fc.record({
          input: fc.constant({ op: 'get', key: 'k' } as const),
          output: fc.record({ value: fc.constantFrom(null, 'a', 'b', 'ab') }),
        }),
        fc.record({
          input: fc.record({
            op: fc.constantFrom('put', 'append'),
            key: fc.constant('k'),
            value: fc.constantFrom('a', 'b'),
          }),
          output: fc.constant({}),
        }),
        fc.record({
          input: fc.constant({ op: 'delete', key: 'k' } as const),
          output: fc.record({ done: fc.boolean() }),
        }),
        fc.record({
          input: fc.record({
            op: fc.constant('cas'),
            key: fc.constant('k'),
            expected: fc.constantFrom(null, 'a', 'b'),
            value: fc.constantFrom('a', 'b'),
          }),
          output: fc.record({ done: fc.boolean() }),
        }),
      ),
    })
    .map(({ from, length, isKnown, what }) => ({
      process: n,
      input: what.input as KeyValueInput,
      output: isKnown ? (what.output as KeyValueOutput) : undefined,
      from,
      to: isKnown ? from + length : NEVER,
      place: { call: from, answer: from },
    }))

describe('against the definition', () => {
  test('every small history is judged as by trying all orders; the core is as wrong as the whole', async () => {
    let illegal = 0
    await fc.assert(
      fc.asyncProperty(fc.tuple(...[0, 1, 2, 3, 4, 5, 6].map(smallCall)), async (history) => {
        const [verdict] = await judged(keyValue, history)
        const expected = explainable(keyValue, history) ? 'linearizable' : 'illegal'
        expect(verdict?.outcome).toBe(expected)
        if (verdict?.outcome !== 'illegal') return
        illegal++
        const core = verdict.core.map((place) => verdict.operations[place] as KeyValueCall)
        const end = Math.max(...core.filter(({ to }) => to !== NEVER).map(({ to }) => to))
        expect(core.length).toBeGreaterThan(0)
        expect(end).toBeGreaterThan(0)
        expect(explainable(keyValue, core)).toBe(false)
      }),
      { numRuns: 1_500 },
    )
    expect(illegal).toBeGreaterThan(200)
  })
})

describe('a wrong answer', () => {
  test('in a history of an object that answers right is found, with the calls that prove it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const history = linearizableHistory(seed, { calls: 200, clients: 4, keys: 3, ops: ['get', 'put'] })
        const reads = history.filter(({ input }) => input.op === 'get')
        const wrong = reads[Math.abs(seed) % reads.length] as KeyValueCall
        const changed = history.map((one) => (one === wrong ? { ...one, output: { value: 'nobody wrote this' } } : one))
        const verdicts = await judged(keyValue, changed)
        const bad = verdicts.filter(({ outcome }) => outcome === 'illegal')
        expect(bad.map(({ part }) => part)).toEqual([wrong.input.key])
        const [verdict] = bad
        if (verdict?.outcome !== 'illegal') return
        expect(verdict.core.map((place) => verdict.operations[place]?.place)).toContainEqual(wrong.place)
        expect(verdict.core).toHaveLength(1)
      }),
      { numRuns: 40 },
    )
  })

  test('a stale read is shown with the write that it missed and nothing else', async () => {
    const history = linearizableHistory(7, { calls: 400, clients: 4, keys: 1, ops: ['get', 'put'] })
    const puts = history.filter(({ input }) => input.op === 'put')
    const old = puts[3]
    if (old === undefined || !('value' in old.input)) throw new Error('no such put')
    const stale: KeyValueCall = {
      process: 99,
      input: { op: 'get', key: 'k0' },
      output: { value: old.input.value },
      from: 1e6,
      to: 1e6 + 1,
      place: { call: -1, answer: -1 },
    }
    const [verdict] = await judged(keyValue, [...history, stale])
    if (verdict?.outcome !== 'illegal') throw new Error('it was not found')
    expect(verdict.core).toHaveLength(3)
    expect(verdict.core.map((place) => verdict.operations[place]?.place)).toContainEqual(stale.place)
  })
})

describe('a long counterexample', () => {
  const kv = (
    process: number,
    from: number,
    to: number,
    input: KeyValueCall['input'],
    output: KeyValueCall['output'] = {},
  ): KeyValueCall => ({ process, from, to, input, output, place: { call: from, answer: to } })
  const grown = (calls: number): KeyValueCall[] =>
    Array.from({ length: calls }, (_, n) => kv(n % 3, 10 * n, 10 * n + 5, { op: 'append', key: 'k', value: `${n};` }))

  test('begins at a call that leaves the same behind whatever was there', async () => {
    const history = [
      ...grown(60),
      kv(1, 1000, 1010, { op: 'put', key: 'k', value: 'new;' }),
      // Beside it: may have come before it.
      kv(2, 1005, 1020, { op: 'append', key: 'k', value: 'beside;' }),
      kv(
        3,
        1002,
        1004,
        { op: 'get', key: 'k' },
        {
          value: grown(60)
            .map((_, n) => `${n};`)
            .join(''),
        },
      ),
      kv(1, 1030, 1040, { op: 'append', key: 'k', value: 'more;' }),
      kv(
        2,
        1050,
        1060,
        { op: 'get', key: 'k' },
        {
          value: `${grown(60)
            .map((_, n) => `${n};`)
            .join('')}more;`,
        },
      ),
    ]
    const [verdict] = await judged(keyValue, history)
    if (verdict?.outcome !== 'illegal') throw new Error('it was not found')
    const core = verdict.core.map((place) => history[place])
    expect(core).toContain(history[60])
    expect(core).toContain(history.at(-1))
    expect(core.length).toBeLessThanOrEqual(4)
    expect(explainable(keyValue, core as KeyValueCall[])).toBe(false)
  })

  test('of a right history every such part is right: what is wrong in a part is wrong in the whole', async () => {
    let cuts = 0
    await fc.assert(
      fc.asyncProperty(fc.tuple(...[0, 1, 2, 3, 4, 5, 6].map(smallCall)), async (history) => {
        if (!explainable(keyValue, history)) return
        const all = history.map((operation, place) => ({ place, operation }))
        for (const one of all) {
          if (!isAnchor(keyValue, one.operation)) continue
          const since = sinceAnchor(keyValue, all, one)
          if (since === undefined || since.length === all.length) continue
          cuts++
          const part = since.map(({ operation }) => operation)
          expect(explainable(keyValue, part)).toBe(true)
        }
      }),
      { numRuns: 6_000 },
    )
    expect(cuts).toBeGreaterThan(300)
  })
})

describe('long work', () => {
  test('lets others have their turn between many small parts as well', async () => {
    const history = linearizableHistory(3, { calls: 20_000, clients: 4, keys: 2_000, ops: ['get', 'put'] })
    let isOver = false
    let turns = 0
    const others = () => {
      turns++
      if (!isOver) setImmediate(others)
    }
    setImmediate(others)
    for await (const { outcome } of checkParts(keyValue, history)) expect(outcome).toBe('linearizable')
    isOver = true
    expect(turns).toBeGreaterThan(1)
  })

  test('is given up when asked', async () => {
    const stop = new AbortController()
    stop.abort(new Error('enough'))
    const history = linearizableHistory(1, { calls: 100, clients: 3, keys: 1 })
    await expect(async () => {
      for await (const verdict of checkParts(keyValue, history, { signal: stop.signal })) expect(verdict).toBeDefined()
    }).rejects.toThrow('enough')
  })

  test('a search at its limit says so instead of guessing', async () => {
    const history = Array.from({ length: 24 }, (_, n) => call(n, 0, 100, { op: 'write', value: `${n}` }, {}))
    // Two of them would have to be the last one.
    const reads = [1, 2].map((n) => call(99, 200 * n, 200 * n + 1, { op: 'read' }, { value: `${n}` }))
    const [verdict] = await judged(register, [...history, ...reads], 20_000)
    expect(verdict?.outcome).toBe('undecided')
  })
})
