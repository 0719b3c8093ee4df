import { expect, test } from 'vitest'
import type { CallResult } from '../../../main/cluster/api'
import { randomFrom } from '../../../main/cluster/random'
import { keySpread } from '../../../main/cluster/workload/keys'
import { Lengths, MixClient, operations } from '../../../main/cluster/workload/mix'
import { type WorkloadPlanInput, workloadPlanSchema } from '../../../main/cluster/workload/types'
import type { Command } from '../../../main/node/contract/client'

const plan = (more: Partial<WorkloadPlanInput> = {}) =>
  workloadPlanSchema.parse({ pace: { type: 'closed', clients: 2 }, seed: 5, durationMs: null, ...more })

function client(number: number, input: Partial<WorkloadPlanInput> = {}): MixClient {
  const wanted = plan(input)
  return new MixClient(number, {
    plan: wanted,
    workload: 1,
    drawKey: keySpread(wanted.keys),
    drawOp: operations(wanted.mix),
    lengths: new Lengths(wanted.valueBytes),
  })
}

const ok = (more: Partial<CallResult> = {}): CallResult => ({
  call: 1,
  outcome: 'ok',
  found: true,
  value: new Uint8Array(0),
  from: 1,
  index: 1,
  term: 1,
  millis: 1,
  problem: '',
  ...more,
})
const text = (value: Uint8Array | null): string | null => value && Buffer.from(value).toString()

function many(one: MixClient, count: number): Command[] {
  return Array.from({ length: count }, () => {
    const command = one.next()
    one.answered(command, ok({ found: false }))
    return command
  })
}

test('operations come as often as their weights say', () => {
  const draw = operations({ put: 5, get: 3, cas: 1, append: 1, delete: 0 })
  const random = randomFrom(9)
  const counts: Record<string, number> = {}
  for (let i = 0; i < 10_000; i++) {
    const op = draw(random)
    counts[op] = (counts[op] ?? 0) + 1
  }
  expect(counts.delete).toBeUndefined()
  expect(Math.abs((counts.put ?? 0) - 5000)).toBeLessThan(300)
  expect(Math.abs((counts.get ?? 0) - 3000)).toBeLessThan(300)
  expect(Math.abs((counts.cas ?? 0) - 1000)).toBeLessThan(200)
})

test('the same seed and client give the same commands, another client others', () => {
  const mix = { put: 1, get: 1, cas: 1, append: 1, delete: 1 }
  expect(many(client(1, { mix }), 200)).toEqual(many(client(1, { mix }), 200))
  expect(many(client(2, { mix }), 200)).not.toEqual(many(client(1, { mix }), 200))
})

test('values are as long as asked for, and different', () => {
  const commands = [...many(client(1, { mix: { put: 1 } }), 500), ...many(client(2, { mix: { put: 1 } }), 500)]
  const values = commands.map((command) => ('value' in command ? Buffer.from(command.value).toString() : ''))
  expect(new Set(values).size).toBe(1000)
  expect(new Set(values.map((value) => value.length))).toEqual(new Set([64]))
  const short = client(1, { mix: { put: 1 }, valueBytes: 1 }).next()
  expect('value' in short && short.value.length).toBe(1)
})

test('a cas compares with what its client last saw', () => {
  const one = client(1, { mix: { cas: 1 }, keys: { count: 1, spread: 'single' } })
  const expected = (command: Command) => (command.op === 'cas' ? text(command.expected) : undefined)
  const first = one.next()
  expect(expected(first)).toBeNull()
  one.answered(first, ok())
  const second = one.next()
  expect(expected(second)).toBe(first.op === 'cas' && text(first.value))
  // Somebody else was quicker, or nobody knows: it begins anew.
  one.answered(second, ok({ found: false }))
  const third = one.next()
  expect(expected(third)).toBeNull()
  one.answered(third, ok({ outcome: 'unknown', found: false }))
  expect(expected(one.next())).toBeNull()
})

test('a key that was appended to for long is deleted', () => {
  const one = client(1, { mix: { append: 1 }, keys: { count: 1, spread: 'single' }, valueBytes: 1024 })
  let [length, longest, deletes] = [0, 0, 0]
  for (let i = 0; i < 200; i++) {
    const command = one.next()
    if (command.op === 'delete') {
      length = 0
      deletes++
    } else if (command.op === 'append') length += command.value.length
    longest = Math.max(longest, length)
    one.answered(command, ok())
  }
  expect(deletes).toBeGreaterThan(5)
  expect(longest).toBeLessThanOrEqual(17 * 1024)
})

test('a mix of nothing, and paces that are none, are refused', () => {
  for (const wrong of [
    { mix: {} },
    { pace: { type: 'closed', clients: 0 } },
    { pace: { type: 'open', perSecond: 1e9 } },
    { valueBytes: 1 << 20 },
    { durationMs: 0 },
  ]) {
    expect(() => plan(wrong as Partial<WorkloadPlanInput>)).toThrow()
  }
})
