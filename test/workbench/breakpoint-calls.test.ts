/** Calls about faults as they pass the door: what the schema refuses, what reaches the cluster, what is answered. */
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Cluster } from '../../main/cluster/api'
import { Problem } from '../../main/node/contract/problem'
import { breakpointCalls } from '../../main/workbench/calls/breakpoints'
import { faultCalls } from '../../main/workbench/calls/faults'
import { heldCalls } from '../../main/workbench/calls/held'
import { linkCalls } from '../../main/workbench/calls/links'
import { loadCalls } from '../../main/workbench/calls/load'
import type { Rooms } from '../../main/workbench/calls/rooms'
import { problemView } from '../../main/workbench/problems'
import { CALLS, type CallName } from '../../preload/contract'

const cluster = {
  nodeIds: [3, 1, 2],
  condition: vi.fn((_links: unknown, _rules: unknown, _seed: number) => 4),
  preset: vi.fn(() => 5),
  inForce: vi.fn(async () => undefined),
  setBreakpoint: vi.fn((text: string, id = 1) => ({ id, text, enabled: true })),
  enableBreakpoint: vi.fn(),
  removeBreakpoint: vi.fn(),
  step: vi.fn(),
  releaseAll: vi.fn(async () => 12),
  editHeld: vi.fn(async () => undefined),
  moveHeld: vi.fn(async () => undefined),
  setClock: vi.fn(),
  arm: vi.fn(() => 6),
  healAll: vi.fn(async () => [
    { fault: 2, problem: new Problem('node-state', { node: '1', state: 'crashed', wanted: 'stopped' }) },
  ]),
  workloads: [],
}
const rooms = {
  session: { cluster: cluster as unknown as Cluster },
  problemView: (thrown: unknown) => problemView(thrown, 'en'),
} as unknown as Rooms

beforeEach(() => {
  vi.clearAllMocks()
})

describe('the door refuses before anybody sees it', () => {
  const shape = (rest: object) => ({
    links: [{ from: 1, to: 2 }],
    rules: [{ messages: [], action: { type: 'shape', ...rest } }],
  })
  test.each<[CallName, unknown]>([
    ['link.condition', shape({ dropPercent: 101 })],
    ['link.condition', shape({ dropPercent: -1 })],
    ['link.condition', shape({ delayMs: 60_001 })],
    ['link.condition', shape({ bytesPerSecond: 0.5 })],
    ['link.condition', shape({ colour: 1 })],
    ['link.condition', { ...shape({}), links: [] }],
    ['link.condition', { ...shape({}), links: [{ from: 0, to: 2 }] }],
    ['link.condition', { links: [{ from: 1, to: 2 }], rules: [{ messages: ['Gossip'], action: { type: 'hold' } }] }],
    ['link.condition', { ...shape({}), seed: 2 ** 32 }],
    ['link.preset', { preset: 'moat' }],
    ['held.release', { from: 1, to: 2 }],
    ['held.move', { from: 1, to: 2, id: 3, place: -1 }],
    ['clock.set', { node: 1, mode: 'running', rate: 0 }],
    ['clock.set', { node: 1, mode: 'running', rate: 11 }],
    ['clock.jump', { node: 1, millis: 3_600_001 }],
    ['fault.arm', { node: 1, fault: { type: 'crash-point', point: 'before-lunch', messages: [], nth: 1 } }],
    ['fault.arm', { node: 1, fault: { type: 'crash-point', point: 'before-write', messages: [], nth: 0 } }],
    ['fault.flipBit', { node: 1, file: '../other/000001.log', record: 1 }],
    ['breakpoint.set', { text: 'x'.repeat(10_001) }],
    ['stop.step', { node: 1, kind: 'stats' }],
    ['nemesis.start', { plan: { seed: 1, durationMs: 0, packages: {} } }],
    ['nemesis.start', { plan: { seed: 1, durationMs: 10, packages: { gravity: {} } } }],
    ['nemesis.start', { plan: { seed: 1, durationMs: 10, packages: { disk: { lasting: { minMs: 9, maxMs: 1 } } } } }],
    ['workload.start', { plan: { seed: 1, durationMs: null, pace: { type: 'closed', clients: 0 } } }],
    ['workload.start', { plan: { seed: 1, durationMs: null, pace: { type: 'closed', clients: 1 }, mix: { put: 0 } } }],
  ])('%s %j', (name, input) => {
    const read = CALLS[name].input.safeParse(input)
    expect(read.success).toBe(false)
    // The sentence names the field.
    expect(read.error?.issues[0]?.path).not.toEqual([])
  })

  test('an unset mix and keys are filled in', () => {
    const plan = { seed: 1, durationMs: null, pace: { type: 'closed', clients: 2 } }
    expect(CALLS['workload.start'].input.parse({ plan }).plan).toMatchObject({ mix: { put: 1, get: 1, cas: 0 } })
  })
})

describe('breakpoints and stops', () => {
  const calls = breakpointCalls(rooms)

  test('are the cluster’s, and a new one answers with its number', async () => {
    expect(await calls['breakpoint.set']({ text: 'leader elected' })).toEqual({ id: 1 })
    expect(await calls['breakpoint.set']({ text: 'leader lost', id: 9 })).toEqual({ id: 9 })
    await calls['breakpoint.enable']({ id: 9, enabled: false })
    await calls['breakpoint.remove']({ id: 9 })
    expect(cluster.enableBreakpoint).toHaveBeenCalledWith(9, false)
    expect(cluster.removeBreakpoint).toHaveBeenCalledWith(9)
  })

  test('one that is refused says where, as data and in words', () => {
    const details = { text: 'role = boss', from: 7, to: 11, code: 'unknown-value', found: 'boss', expected: 'leader' }
    expect(problemView(new Problem('breakpoint-invalid', details), 'en')).toMatchObject({
      code: 'breakpoint-invalid',
      details,
      message:
        'The breakpoint “role = boss” is wrong at character 8: “boss” is no value that it can have. Possible there: leader. Correct it there; it was not set.',
    })
  })

  test('a step answers where it stands, or null where it waits', async () => {
    cluster.step.mockResolvedValueOnce({ node: 2, breakpoint: 0, event: 77, kind: 'role' })
    expect(await calls['stop.step']({ node: 2, kind: 'role' })).toEqual({ node: 2, breakpoint: 0, kind: 'role' })
    cluster.step.mockResolvedValueOnce(undefined)
    expect(await calls['stop.step']({ node: 2 })).toBeNull()
    expect(cluster.step.mock.calls).toEqual([
      [2, 'role'],
      [2, undefined],
    ])
  })
})

describe('links and held messages', () => {
  test('a seed is drawn when none is given, and the fault is answered', async () => {
    const calls = linkCalls(rooms)
    const input = { links: [{ from: 1, to: 2 }], rules: [{ messages: [], action: { type: 'hold' } as const }] }
    expect(await calls['link.condition']({ ...input, seed: 7 })).toEqual({ fault: 4 })
    for (let i = 0; i < 20; i++) await calls['link.condition'](input)
    const [given, ...drawn] = cluster.condition.mock.calls.map(([, , seed]) => seed)
    expect(given).toBe(7)
    expect(new Set(drawn).size).toBeGreaterThan(15)
    for (const seed of drawn) expect(seed).toSatisfy((value: number) => value >= 0 && value < 2 ** 32)
    expect(await calls['link.preset']({ preset: 'bridge', at: 2 })).toEqual({ fault: 5 })
    expect(cluster.preset).toHaveBeenCalledWith('bridge', 2)
  })

  test('a message is named by its link and id; what else there is goes beside it', async () => {
    const calls = heldCalls(rooms)
    expect(await calls['held.releaseAll']({})).toEqual({ released: 12 })
    expect(cluster.releaseAll).toHaveBeenCalledWith(undefined)
    const message = { type: 'TimeoutNow', from: 1, to: 2, term: 3 }
    await calls['held.edit']({ from: 1, to: 2, id: -3, message })
    expect(cluster.editHeld).toHaveBeenCalledWith({ from: 1, to: 2, id: -3 }, message)
    await calls['held.move']({ from: 1, to: 2, id: 8, place: 2 })
    expect(cluster.moveHeld).toHaveBeenCalledWith({ from: 1, to: 2, id: 8 }, 2)
  })
})

describe('faults, nemeses and workloads', () => {
  test('what could not be healed comes as sentences', async () => {
    const calls = faultCalls(rooms)
    expect(await calls['fault.healAll']({})).toMatchObject([
      { fault: 2, problem: { code: 'node-state', message: expect.stringContaining('Node 1 is crashed') } },
    ])
    await calls['clock.set']({ node: 3, mode: 'manual', rate: 1 })
    expect(cluster.setClock).toHaveBeenCalledWith(3, { mode: 'manual', rate: 1 })
    const fault = { type: 'power-loss', at: 'now', seed: 1 } as const
    expect(await calls['fault.arm']({ node: 3, fault })).toEqual({ fault: 6 })
  })

  test('a preview is the schedule, and the same each time; a lethal one is refused', async () => {
    const calls = loadCalls(rooms)
    const { plan } = CALLS['nemesis.preview'].input.parse({
      plan: { seed: 5, durationMs: 60_000, packages: { process: { perMinute: 20 }, link: { perMinute: 20 } } },
    })
    const steps = await calls['nemesis.preview']({ plan })
    expect(steps.length).toBeGreaterThan(10)
    expect(await calls['nemesis.preview']({ plan })).toEqual(steps)
    await expect(calls['nemesis.preview']({ plan: { ...plan, maxDown: 3 } })).rejects.toMatchObject({
      code: 'schedule-lethal',
    })
  })

  test('a workload that does not run can’t be stopped', async () => {
    await expect(loadCalls(rooms)['workload.stop']({ id: 8 })).rejects.toMatchObject({ code: 'workload-unknown' })
  })
})
