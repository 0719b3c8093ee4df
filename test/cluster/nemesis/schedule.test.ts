import fc from 'fast-check'
import { expect, test } from 'vitest'
import { harms } from '../../../main/cluster/nemesis/harm'
import { makeSchedule } from '../../../main/cluster/nemesis/schedule'
import {
  NEMESIS_PACKAGES,
  type NemesisPlanInput,
  type NemesisSchedule,
  nemesisPlanSchema,
} from '../../../main/cluster/nemesis/types'
import { linkRuleSchema, nodeFaultSchema } from '../../../main/node/contract/conditions'

const plan = (input: Partial<NemesisPlanInput> = {}) =>
  nemesisPlanSchema.parse({
    seed: 1,
    durationMs: 600_000,
    packages: Object.fromEntries(NEMESIS_PACKAGES.map((name) => [name, { perMinute: 20 }])),
    ...input,
  })

const five = [1, 2, 3, 4, 5]
const begins = ({ steps }: NemesisSchedule) => steps.filter((step) => step.action === 'begin')

const anyPlan = fc.record({
  seed: fc.integer({ min: 0, max: 0xffff_ffff }),
  durationMs: fc.integer({ min: 1, max: 120_000 }),
  packages: fc.record(
    Object.fromEntries(
      NEMESIS_PACKAGES.map((name) => [
        name,
        fc.record({
          perMinute: fc.integer({ min: 0, max: 300 }),
          lasting: fc
            .tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 5000 }))
            .map(([minMs, more]) => ({ minMs, maxMs: minMs + more })),
        }),
      ]),
    ),
    { requiredKeys: [] },
  ),
})
const anyNodes = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 9 })

test('the same seed gives the same schedule, whatever the order of the nodes', () => {
  fc.assert(
    fc.property(anyPlan, anyNodes, (input, nodes) => {
      const schedule = makeSchedule(plan(input), nodes)
      expect(makeSchedule(plan(input), [...nodes].reverse())).toEqual(schedule)
    }),
    { numRuns: 25 },
  )
})

test('another seed gives another schedule', () => {
  expect(makeSchedule(plan({ seed: 2 }), five).steps).not.toEqual(makeSchedule(plan({ seed: 1 }), five).steps)
})

test('every begin has one end, not before it and within the duration; steps stand in order of time', () => {
  fc.assert(
    fc.property(anyPlan, anyNodes, (input, nodes) => {
      const { steps } = makeSchedule(plan(input), nodes)
      const open = new Map<number, number>()
      let before = 0
      for (const [place, step] of steps.entries()) {
        expect(step.number).toBe(place + 1)
        expect(step.at).toBeGreaterThanOrEqual(before)
        expect(step.at).toBeLessThanOrEqual(input.durationMs)
        before = step.at
        if (step.action === 'begin') open.set(step.number, step.at)
        else expect(open.delete(step.of), `end of ${step.of}`).toBe(true)
      }
      expect([...open]).toEqual([])
    }),
    { numRuns: 25 },
  )
})

test('never more nodes are harmed at once than may be, and no node twice', () => {
  fc.assert(
    fc.property(anyPlan, anyNodes, fc.integer({ min: 0, max: 8 }), (input, nodes, wanted) => {
      const maxDown = Math.min(wanted, nodes.length - 1)
      const harmed = new Map<number, number | 'leader'>()
      for (const step of makeSchedule(plan({ ...input, maxDown }), nodes).steps) {
        if (step.action === 'end') harmed.delete(step.of)
        else if (harms(step.deed) && 'node' in step.deed) {
          if (step.deed.node !== 'leader') expect([...harmed.values()]).not.toContain(step.deed.node)
          harmed.set(step.number, step.deed.node)
          expect(harmed.size).toBeLessThanOrEqual(maxDown)
        }
      }
    }),
    { numRuns: 25 },
  )
})

test('what it does is what the doors of the cluster take', () => {
  for (let seed = 0; seed < 5; seed++) {
    for (const { deed } of begins(makeSchedule(plan({ seed }), five))) {
      if ('node' in deed && deed.node !== 'leader') expect(five).toContain(deed.node)
      switch (deed.type) {
        case 'arm':
          nodeFaultSchema.parse(deed.fault)
          break
        case 'links':
          expect(deed.links.length).toBeGreaterThan(0)
          for (const [from, to] of deed.links) expect(from).not.toBe(to)
          expect(new Set(deed.links.map(String)).size).toBe(deed.links.length)
          for (const rule of deed.rules) expect(linkRuleSchema.parse(rule).action.type).not.toBe('hold')
          break
        case 'partition':
          expect(deed.groups.flat().sort()).toEqual(five)
          expect(deed.groups.every((group) => group.length > 0)).toBe(true)
          break
        case 'clock-rate':
          expect(deed.rate).toBeGreaterThanOrEqual(0.5)
          expect(deed.rate).toBeLessThanOrEqual(2)
          break
        case 'clock-jump':
          expect(Math.abs(deed.millis)).toBeLessThanOrEqual(2000)
          break
      }
    }
  }
})

test('over ten minutes every kind of deed happens', () => {
  const types = new Set(begins(makeSchedule(plan(), five)).map(({ deed }) => deed.type))
  const wanted = [
    'arm',
    'clock-jump',
    'clock-rate',
    'demote',
    'fire',
    'flip-bit',
    'isolate',
    'kill',
    'links',
    'partition',
  ]
  expect([...types].sort()).toEqual([...wanted, 'pause', 'stop', 'transfer', 'wipe'])
})

test('packages that nobody asked for do nothing; rates are kept where there is room', () => {
  const only = makeSchedule(plan({ packages: { link: { perMinute: 30 } } }), five)
  expect(new Set(begins(only).map((step) => step.package))).toEqual(new Set(['link']))
  // 300 expected in ten minutes; six standard deviations.
  expect(begins(only).length).toBeGreaterThan(195)
  expect(begins(only).length).toBeLessThan(405)
  expect(makeSchedule(plan({ packages: {} }), five).steps).toEqual([])
})

test('what one package draws does not depend on another that hits no node', () => {
  const alone = makeSchedule(plan({ packages: { process: { perMinute: 20 } } }), five)
  const both = makeSchedule(plan({ packages: { process: { perMinute: 20 }, link: { perMinute: 20 } } }), five)
  const deeds = (schedule: NemesisSchedule) =>
    begins(schedule)
      .filter((step) => step.package === 'process')
      .map(({ at, deed }) => ({ at, deed }))
  expect(deeds(both)).toEqual(deeds(alone))
})
