/** What is wanted of links, clocks and disks, and when each fault has ended. Real clusters: rules.process.test.ts and others. */
import { describe, expect, test } from 'vitest'
import { patternOf } from '../../main/cluster/links/presets'
import { causedBy } from '../../main/cluster/nemesis/cause'
import { ArmedFaults } from '../../main/cluster/supervisor/armed'
import { Clocks } from '../../main/cluster/supervisor/clocks'
import { changesOf } from '../../main/cluster/supervisor/conditions'
import { Faults } from '../../main/cluster/supervisor/faults'
import { Links } from '../../main/cluster/supervisor/links'
import type { Reporter } from '../../main/cluster/supervisor/reporter'
import {
  type Conditions,
  CUT,
  type LinkRule,
  type LinkRules,
  MAX_ARMED,
  MAX_LINK_RULES,
  NO_CONDITIONS,
  NO_RULES,
} from '../../main/node/contract/conditions'
import type { Control } from '../../main/node/contract/control'
import type { EventKind, FieldsOf, ReportedEvent } from '../../main/node/contract/events'

const NODES = [1, 2, 3, 4]
const HOLD: LinkRule = { messages: [], action: { type: 'hold' } }
const shape = (dropPercent: number): LinkRule => ({
  messages: ['AppendEntries'],
  action: {
    type: 'shape',
    dropPercent,
    delayMs: 0,
    jitterMs: 0,
    duplicatePercent: 0,
    reorderPercent: 0,
    bytesPerSecond: 0,
  },
})

/** Faults, links, clocks and what waits, of four nodes, with what was reported and told. */
function scene() {
  const events: { readonly kind: EventKind; readonly fields: Record<string, unknown> }[] = []
  const told: (readonly [node: number, control: Control])[] = []
  const rules = new Map<string, LinkRules>()
  const reporter = {
    report: <K extends EventKind>(kind: K, fields: FieldsOf<K>) => void events.push({ kind, fields }),
  } as unknown as Reporter
  const faults = new Faults(reporter)
  const tell = (node: number, control: Control) => void told.push([node, control])
  const links = new Links({
    reporter,
    faults,
    tell: (from, to, given) => void rules.set(`${from}>${to}`, given),
    nodeIds: () => NODES,
  })
  return {
    faults,
    links,
    clocks: new Clocks({ faults, tell, ask: async () => 0 }),
    armed: new ArmedFaults({ faults, tell }),
    told,
    events,
    /** What the receiver of this link goes by. */
    at: (link: string) => rules.get(link),
    /** "begin block 1" … */
    lines: () =>
      events.flatMap(({ kind, fields }) => (kind === 'fault' ? `${fields.action} ${fields.type} ${fields.id}` : [])),
    details: () =>
      events.flatMap(({ kind, fields }) =>
        kind === 'fault' && fields.action === 'begin' ? [JSON.parse(fields.detail as string) as object] : [],
      ),
  }
}

const link = (from: number, to: number) => ({ from, to })

describe('rules of links', () => {
  test('one act is one fault, which ends with the last of its links', () => {
    const { links, lines, at, events } = scene()
    expect(links.condition([link(1, 2), link(2, 1), link(1, 2)], [shape(10)], 7)).toBe(1)
    expect(links.rulesOf(1, 2).rules).toEqual([shape(10)])
    expect(at('2>1')).toEqual(links.rulesOf(2, 1))
    // Several links have the same rules, and each its own chance, which follows from the one seed.
    expect(links.rulesOf(1, 2).seed).not.toBe(links.rulesOf(2, 1).seed)
    const again = scene()
    again.links.condition([link(2, 1), link(1, 2)], [shape(10)], 7)
    expect(again.at('2>1')).toEqual(at('2>1'))
    expect(events.filter(({ kind }) => kind === 'rules')).toHaveLength(2)
    expect(links.condition([link(1, 2)], [HOLD], 8)).toBe(2)
    expect(lines()).toEqual(['begin links 1', 'begin links 2'])
    expect(links.condition([link(2, 1)], [], 0)).toBe(0)
    expect(lines()).toEqual(['begin links 1', 'begin links 2', 'end links 1'])
    expect(at('2>1')).toEqual(NO_RULES)
    expect(at('1>2')).toEqual({ seed: 8, rules: [HOLD] })
  })

  test('a cut stands before them, and they count again when it is mended', () => {
    const { links, at, lines } = scene()
    links.condition([link(1, 2)], [HOLD], 3)
    links.block(1, 2)
    expect(at('1>2')).toEqual({ seed: 3, rules: [CUT, HOLD] })
    expect(links.rulesOf(1, 2).rules).toEqual([HOLD])
    expect(links.into(2)).toEqual([{ from: 1, rules: { seed: 3, rules: [CUT, HOLD] } }])
    links.partition([NODES])
    expect(links.isBlocked(1, 2)).toBe(false)
    expect(at('1>2')).toEqual({ seed: 3, rules: [HOLD] })
    expect(lines()).toEqual(['begin links 1', 'begin block 2', 'end block 2'])
    links.block(1, 2)
    links.heal(1, 2)
    expect(at('1>2')).toEqual(NO_RULES)
    expect(links.into(2)).toEqual([])
    expect(lines().slice(3)).toEqual(['begin block 3', 'end block 3', 'end links 1'])
  })

  test('as many rules as there may be leave room for a cut, and what is held stays held', () => {
    const { links, at } = scene()
    const many = Array.from({ length: MAX_LINK_RULES }, (_, i) => (i === 5 ? HOLD : shape(i)))
    links.condition([link(1, 2)], many, 0)
    links.block(1, 2)
    expect(at('1>2')?.rules).toEqual([CUT, HOLD])
  })

  test.each([
    [[shape(101)], 0, 'rules.0.action.dropPercent'],
    [[shape(-1)], 0, 'rules.0.action.dropPercent'],
    [[shape(10)], -1, 'seed'],
    [[shape(10)], 2 ** 32, 'seed'],
    [Array.from({ length: MAX_LINK_RULES + 1 }, () => HOLD), 0, 'rules'],
  ] as const)('out of range, nothing changes: %#', (rules, seed, where) => {
    const { links, events } = scene()
    expect(() => links.condition([link(1, 2)], rules, seed)).toThrow(
      expect.objectContaining({ code: 'fault-invalid', details: expect.objectContaining({ where }) }),
    )
    expect(() => links.condition([], [HOLD], 0)).toThrow(expect.objectContaining({ code: 'fault-invalid' }))
    expect(() => links.condition([link(1, 2), link(3, 3)], [HOLD], 0)).toThrow(
      expect.objectContaining({ code: 'link-self' }),
    )
    expect(events).toEqual([])
  })
})

describe('patterns', () => {
  const on = { nodes: NODES, voters: NODES, leader: 1, at: 1 }

  test('one replaces the other; what was cut by hand stays cut', () => {
    const { links, lines } = scene()
    links.block(1, 3)
    links.lay(patternOf('ring', on), 0, { preset: 'ring' })
    expect(links.isBlocked(3, 1)).toBe(true)
    links.lay(patternOf('isolate', { ...on, at: 2 }), 0, { preset: 'isolate', at: 2 })
    expect(links.isBlocked(3, 1)).toBe(false)
    expect(links.isBlocked(1, 3)).toBe(true)
    expect(links.isBlocked(2, 1)).toBe(true)
    expect(lines()).toEqual(['begin block 1', 'begin block 2', 'end block 2', 'begin isolate 3'])
    links.partition([])
    expect(lines().slice(4)).toEqual(['end block 1', 'end isolate 3'])
  })

  test('the end of one fault mends what no other cuts', () => {
    const { links, faults, lines } = scene()
    links.lay(patternOf('deaf', on), 0, { preset: 'deaf', at: 1 })
    links.lay(patternOf('mute', { ...on, at: 2 }), 0, { preset: 'mute', at: 2 })
    links.endFault(faults.find(1))
    expect(links.isBlocked(2, 1)).toBe(true)
    expect(links.isBlocked(3, 1)).toBe(false)
    expect(lines()).toEqual(['begin block 1', 'begin block 2', 'end block 1'])
    links.healAll()
    expect(faults.active).toEqual([])
  })

  test('the detail says what and by whom', () => {
    const { links, details } = scene()
    links.lay(patternOf('hold-all', { ...on, nodes: [1, 2] }), 5, { preset: 'hold-all' })
    causedBy({ nemesis: 1, step: 4 }, () => links.partition([[1, 2]]))
    expect(details()).toEqual([
      {
        links: [
          [1, 2],
          [2, 1],
        ],
        rules: [HOLD],
        seed: 5,
        preset: 'hold-all',
      },
      {
        groups: [
          [1, 2],
          [3, 4],
        ],
        nemesis: 1,
        step: 4,
      },
    ])
  })

  test('whose doing it was is known also after waiting', async () => {
    const { links, faults } = scene()
    await causedBy({ nemesis: 2, step: 9 }, async () => {
      await Promise.resolve()
      links.block(1, 2)
    })
    links.block(2, 1)
    expect(faults.causedBy({ nemesis: 2, step: 9 })).toEqual([1])
  })
})

describe('clocks', () => {
  test('another setting is another fault; the true clock ends it', () => {
    const { clocks, lines, told } = scene()
    clocks.set(2, { mode: 'running', rate: 1 })
    expect(told).toEqual([])
    clocks.set(2, { mode: 'running', rate: 2 })
    clocks.set(2, { mode: 'manual', rate: 1 })
    clocks.set(2, { mode: 'manual', rate: 1 })
    clocks.set(2, { mode: 'running', rate: 1 })
    expect(lines()).toEqual(['begin clock 1', 'end clock 1', 'begin clock 2', 'end clock 2'])
    expect(told).toHaveLength(3)
    expect(() => clocks.set(2, { mode: 'running', rate: 11 })).toThrow(
      expect.objectContaining({ code: 'fault-invalid', details: expect.objectContaining({ where: 'rate' }) }),
    )
    expect(clocks.of(2)).toEqual({ mode: 'running', rate: 1 })
  })

  test('a jump begins and ends at once', async () => {
    const { clocks, lines, details } = scene()
    await clocks.jump(3, -250)
    await clocks.fire(3)
    expect(lines()).toEqual(['begin clock 1', 'end clock 1', 'begin clock 2', 'end clock 2'])
    expect(details()).toEqual([
      { nodes: [3], jumpMs: -250 },
      { nodes: [3], fired: true },
    ])
    await expect(clocks.jump(3, 3_600_001)).rejects.toThrow(
      expect.objectContaining({ code: 'fault-invalid', details: expect.objectContaining({ where: 'millis' }) }),
    )
  })
})

describe('what waits in a node', () => {
  const struck = (fault: number, left: number, node = 1): ReportedEvent<'struck'> => ({
    kind: 'struck',
    node,
    n: 1,
    t: 1,
    fault,
    type: 'disk-error',
    left,
    detail: '{}',
  })
  const failing = { type: 'disk-error', code: 'EIO', count: 3 } as const

  test('it strikes as often as is left, over the lives of its node, and ends at the start after its last time', () => {
    const { armed, lines, faults } = scene()
    expect(armed.arm(1, failing)).toBe(1)
    expect(armed.struckIn(1)).toBe(0)
    armed.saw(struck(1, 2))
    expect(armed.struckIn(1)).toBe(1)
    armed.begun(1)
    expect(armed.struckIn(1)).toBe(0)
    expect(armed.in(1)).toEqual([{ id: 1, fault: { ...failing, count: 2 } }])
    armed.saw(struck(1, 0))
    expect(armed.in(1)).toEqual([])
    expect(faults.isActive(1)).toBe(true)
    armed.begun(1)
    expect(lines()).toEqual(['begin disk-error 1', 'end disk-error 1'])
  })

  test('what strikes always is left as it was', () => {
    const { armed } = scene()
    armed.arm(1, { ...failing, count: null })
    armed.saw(struck(1, 0xffff_ffff))
    armed.begun(1)
    expect(armed.in(1)).toEqual([{ id: 1, fault: { ...failing, count: null } }])
  })

  test('it is taken out; the node hears it unless it has struck for the last time', () => {
    const { armed, told, faults } = scene()
    armed.arm(1, failing)
    armed.arm(1, failing)
    armed.saw(struck(2, 0))
    armed.disarm(1)
    armed.disarm(2)
    expect(told.slice(2)).toEqual([[1, { type: 'disarm', id: 1 }]])
    expect(faults.active).toEqual([])
    expect(() => faults.find(1)).toThrow(expect.objectContaining({ code: 'fault-unknown', details: { id: 1 } }))
  })

  test('what was meant for the moment does not wait for another life', () => {
    const { armed, faults, told } = scene()
    armed.arm(1, { type: 'power-loss', at: 'now', seed: 1 })
    expect(told).toHaveLength(1)
    expect(armed.in(1)).toEqual([])
    armed.begun(1)
    expect(faults.active).toEqual([])
  })

  test('too many, and what makes no sense, is refused', () => {
    const { armed, faults } = scene()
    for (let i = 0; i < MAX_ARMED; i++) armed.arm(1, failing)
    expect(() => armed.arm(1, failing)).toThrow(expect.objectContaining({ code: 'fault-invalid' }))
    armed.arm(2, failing)
    const messages = ['AppendEntries'] as ['AppendEntries']
    expect(() => armed.arm(2, { type: 'crash-point', point: 'after-write', messages, nth: 1 })).toThrow(
      expect.objectContaining({ code: 'fault-invalid', details: expect.objectContaining({ where: 'messages' }) }),
    )
    expect(() => armed.arm(2, { ...failing, count: 0 })).toThrow(
      expect.objectContaining({ code: 'fault-invalid', details: expect.objectContaining({ where: 'count' }) }),
    )
    expect(faults.active).toHaveLength(MAX_ARMED + 1)
  })
})

describe('a node that connects hears what changed since its launch', () => {
  const fault = (id: number) => ({ id, fault: { type: 'power-loss', at: 'next-write', seed: 0 } as const })
  const of = (conditions: Partial<Conditions>): Conditions => ({ ...NO_CONDITIONS, ...conditions })

  test.each<readonly [string, Conditions, Conditions, readonly Control[]]>([
    ['nothing', of({ faults: [fault(1)] }), of({ faults: [fault(1)] }), []],
    [
      'links',
      of({
        links: [
          { from: 1, rules: { seed: 1, rules: [HOLD] } },
          { from: 3, rules: { seed: 1, rules: [HOLD] } },
        ],
      }),
      of({
        links: [
          { from: 2, rules: { seed: 0, rules: [CUT] } },
          { from: 3, rules: { seed: 1, rules: [HOLD] } },
        ],
      }),
      [
        { type: 'link', from: 1, rules: NO_RULES },
        { type: 'link', from: 2, rules: { seed: 0, rules: [CUT] } },
      ],
    ],
    [
      'clock, faults and breakpoints',
      of({ faults: [fault(1), fault(2)] }),
      of({ faults: [fault(2), fault(3)], clock: { mode: 'manual', rate: 1 }, breakpoints: [{ id: 1, text: 'held' }] }),
      [
        { type: 'clock', clock: { mode: 'manual', rate: 1 } },
        { type: 'disarm', id: 1 },
        { type: 'arm', armed: fault(3) },
        { type: 'breakpoints', breakpoints: [{ id: 1, text: 'held' }] },
      ],
    ],
  ])('%s', (_, before, now, changes) => {
    expect(changesOf(before, now)).toEqual(changes)
  })
})
