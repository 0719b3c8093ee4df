import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Ground, type Pattern, patternOf } from '../../main/cluster/links/presets'
import { LINK_PRESETS, type LinkPreset, linkRulesSchema } from '../../main/node/contract/conditions'

const ground = (nodes: number, more: Partial<Ground> = {}): Ground => {
  const all = Array.from({ length: nodes }, (_, at) => at + 1)
  return { nodes: all, voters: all, leader: 1, at: undefined, ...more }
}

/** Who still hears whom, as "1>2". */
function open(pattern: Pattern, { nodes }: Ground): readonly string[] {
  const cut = new Set(pattern.links.map(({ from, to }) => `${from}>${to}`))
  const all = nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => `${from}>${to}`))
  return all.filter((link) => !cut.has(link))
}

type Cut = Extract<Pattern, { kind: 'cut' }>

const cuts: readonly (readonly [LinkPreset, Ground, Partial<Cut>, string])[] = [
  ['isolate-leader', ground(3, { leader: 2 }), { type: 'isolate', groups: [[2], [1, 3]] }, '1>3 3>1'],
  ['isolate', ground(3, { at: 3 }), { type: 'isolate', groups: [[3], [1, 2]] }, '1>2 2>1'],
  ['majority', ground(3, { leader: 3 }), { type: 'partition', groups: [[3], [1, 2]] }, '1>2 2>1'],
  [
    'majority',
    ground(5, { leader: 4 }),
    {
      type: 'partition',
      groups: [
        [1, 4],
        [2, 3, 5],
      ],
    },
    '1>4 2>3 2>5 3>2 3>5 4>1 5>2 5>3',
  ],
  // Learners do not count: two of the five voters are the minority, and learner 1 stands with the rest.
  [
    'majority',
    ground(6, { leader: 2, voters: [2, 3, 4, 5, 6] }),
    {
      groups: [
        [2, 3],
        [1, 4, 5, 6],
      ],
    },
    '1>4 1>5 1>6 2>3 3>2 4>1 4>5 4>6 5>1 5>4 5>6 6>1 6>4 6>5',
  ],
  ['bridge', ground(3, { at: 2 }), { type: 'block' }, '1>2 2>1 2>3 3>2'],
  ['bridge', ground(5, { at: 3 }), { type: 'block' }, '1>2 1>3 2>1 2>3 3>1 3>2 3>4 3>5 4>3 4>5 5>3 5>4'],
  ['ring', ground(4), { type: 'block' }, '1>2 1>4 2>1 2>3 3>2 3>4 4>1 4>3'],
  ['ring', ground(5), { type: 'block' }, '1>2 1>5 2>1 2>3 3>2 3>4 4>3 4>5 5>1 5>4'],
  ['deaf', ground(3, { at: 1 }), { type: 'block', isWhole: false }, '1>2 1>3 2>3 3>2'],
  ['mute', ground(3, { at: 1 }), { type: 'block', isWhole: false }, '2>1 2>3 3>1 3>2'],
]

test.each(cuts)('%s of %j', (preset, on, wanted, links) => {
  const pattern = patternOf(preset, on)
  expect(pattern).toMatchObject({ kind: 'cut', ...wanted })
  expect(open(pattern, on).join(' ')).toBe(links)
})

describe('rules', () => {
  test.each(['flaky', 'slow'] as const)('%s: of one node only its own links, both ways', (preset) => {
    const pattern = patternOf(preset, ground(3, { at: 2 }))
    expect(pattern.links).toHaveLength(4)
    expect(pattern.links.every(({ from, to }) => from === 2 || to === 2)).toBe(true)
    expect(patternOf(preset, ground(3)).links).toHaveLength(6)
  })

  test('hold-all is about all of them, whoever is named', () => {
    const pattern = patternOf('hold-all', ground(4, { at: 2 }))
    expect(pattern).toMatchObject({ kind: 'rules', rules: [{ messages: [], action: { type: 'hold' } }] })
    expect(pattern.links).toHaveLength(12)
  })
})

test.each([
  ['isolate-leader', ground(3, { leader: 0 }), 'no-leader'],
  ['majority', ground(3, { leader: 0 }), 'no-leader'],
  ['majority', ground(2), 'too-few-nodes'],
  ['majority', ground(4, { voters: [1, 2] }), 'too-few-nodes'],
  ['isolate', ground(3), 'node-wanted'],
  ['isolate', ground(1, { at: 1 }), 'too-few-nodes'],
  ['bridge', ground(3), 'node-wanted'],
  ['bridge', ground(2, { at: 1 }), 'too-few-nodes'],
  ['ring', ground(3), 'too-few-nodes'],
  ['deaf', ground(3), 'node-wanted'],
  ['mute', ground(3), 'node-wanted'],
  ['flaky', ground(1), 'too-few-nodes'],
  ['hold-all', ground(1), 'too-few-nodes'],
] as const)('%s of %j is impossible: %s', (preset, on, reason) => {
  expect(() => patternOf(preset, on)).toThrow(
    expect.objectContaining({ code: 'preset-impossible', details: { preset, reason } }),
  )
})

test('every preset names links of the cluster, each once, whatever the numbers of its nodes are', () => {
  const nodes = fc.uniqueArray(fc.integer({ min: 1, max: 65535 }), { minLength: 4, maxLength: 9 })
  fc.assert(
    fc.property(fc.constantFrom(...LINK_PRESETS), nodes, fc.nat(), fc.nat(), (preset, nodes, leads, about) => {
      const leader = nodes[leads % nodes.length] ?? 0
      const at = nodes[about % nodes.length]
      const pattern = patternOf(preset, { nodes, voters: nodes, leader, at })
      const names = pattern.links.map(({ from, to }) => `${from}>${to}`)
      expect(new Set(names).size).toBe(names.length)
      expect(names.length).toBeGreaterThan(0)
      for (const { from, to } of pattern.links) {
        expect(from).not.toBe(to)
        expect(nodes).toContain(from)
        expect(nodes).toContain(to)
      }
      if (pattern.kind === 'rules') linkRulesSchema.parse({ seed: 0, rules: pattern.rules })
    }),
  )
})

test('a majority that a preset leaves can elect: the minority never has half of the voters', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 51 }), fc.nat(), (count, leads) => {
      const on = ground(count, { leader: 1 + (leads % count) })
      const pattern = patternOf('majority', on)
      const groups = pattern.kind === 'cut' ? (pattern.groups ?? []) : []
      expect(groups[0]).toContain(on.leader)
      expect(groups[1]?.length).toBeGreaterThan(count / 2)
    }),
  )
})
