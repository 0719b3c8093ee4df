/** Paper §6, dissertation §4: the arithmetic of configurations, over every small case. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Configuration,
  configurationOf,
  decodeConfiguration,
  EMPTY_CONFIGURATION,
  encodeConfiguration,
  isJoint,
  leaveJoint,
  type MemberRole,
  type MembershipChange,
  plan,
  roleIn,
} from '../../main/raft/configuration'
import { majority } from '../../main/raft/quorum'

type Standing = MemberRole | 'none'
const STANDINGS: readonly Standing[] = ['none', 'voter', 'learner', 'witness']
const WISHES = [undefined, 'voter', 'learner', 'witness', 'removed'] as const
const NODES = [1, 2, 3, 4, 5]

function configured(standings: readonly Standing[]): Configuration {
  const being = (...wanted: Standing[]) => NODES.filter((_, i) => wanted.includes(standings[i] ?? 'none'))
  return configurationOf(being('voter', 'witness'), { learners: being('learner'), witnesses: being('witness') })
}

/** Every way to give the five nodes a standing, up to renaming. */
function* configurations(): Generator<Configuration> {
  function* ordered(count: number, from: number): Generator<Standing[]> {
    if (count === 0) yield []
    else for (let at = from; at < 4; at += 1) for (const rest of ordered(count - 1, at)) yield [STANDINGS[at]!, ...rest]
  }
  for (const standings of ordered(5, 0)) if (standings.includes('voter')) yield configured(standings)
}

/** Every combination of wishes for the five nodes. */
function* requests(): Generator<MembershipChange[]> {
  for (let code = 0; code < 5 ** 5; code += 1) {
    const wishes = NODES.map((_, i) => WISHES[Math.floor(code / 5 ** i) % 5])
    yield NODES.flatMap((node, i) => (wishes[i] === undefined ? [] : [{ node, role: wishes[i]! }]))
  }
}

/** Do any majority of `a` and any majority of `b` meet? Told by sizes: the two can stay apart if there is room for both. */
function alwaysMeet(a: readonly number[], b: readonly number[]): boolean {
  const both = a.filter((node) => b.includes(node)).length
  const fromBoth = (own: number, needed: number) => Math.max(0, needed - (own - both))
  return fromBoth(a.length, majority(a.length)) + fromBoth(b.length, majority(b.length)) > both
}

test('alwaysMeet says what trying every pair of majorities says', () => {
  const subsets = (of: readonly number[]) =>
    Array.from({ length: 1 << of.length }, (_, set) => of.filter((_, i) => (set >> i) & 1)).filter(
      (subset) => subset.length >= majority(of.length),
    )
  for (const size of [1, 2, 3, 4, 5]) {
    for (const shift of [0, 1, 2, 3, 4, 5]) {
      const a = NODES.slice(0, size)
      for (const otherSize of [1, 2, 3, 4, 5]) {
        const b = Array.from({ length: otherSize }, (_, i) => i + 1 + shift)
        const tried = subsets(a).every((one) => subsets(b).every((other) => one.some((node) => other.includes(node))))
        expect(alwaysMeet(a, b), `${a} and ${b}`).toBe(tried)
      }
    }
  }
})

describe('every change of every configuration of up to 5 nodes', () => {
  const seen = { single: 0, joint: 0, refused: 0 }

  test('legal ones keep all majorities meeting, illegal ones are refused with their reason', () => {
    for (const current of configurations()) {
      for (const changes of requests()) {
        const wanted = (node: number) => changes.find((change) => change.node === node)?.role ?? roleIn(current, node)
        const expected = oracle(current, changes)
        for (const mode of ['auto', 'single', 'joint'] as const) {
          const planned = plan(current, changes, mode)
          const where = () => `${JSON.stringify(current)} ${JSON.stringify(changes)} ${mode} ${JSON.stringify(planned)}`
          if (expected.reason !== undefined) {
            if (planned.ok || planned.reason !== expected.reason) expect.fail(`${where()}: not ${expected.reason}`)
            seen.refused += 1
            continue
          }
          if (mode === 'single' && !expected.isSingle) {
            if (planned.ok || planned.reason !== 'too-many-changes') expect.fail(where())
            continue
          }
          if (!planned.ok) expect.fail(where())
          const next = planned.configuration
          const final = isJoint(next) ? leaveJoint(next) : next
          for (const node of NODES) {
            const role = wanted(node)
            if (roleIn(final, node) !== (role === 'removed' ? 'none' : role)) expect.fail(where())
          }
          if (isJoint(next)) {
            seen.joint += 1
            if (mode === 'auto' && expected.isSingle) expect.fail(where())
            if (String(next.outgoing) !== String(current.voters)) expect.fail(where())
            if (String(next.voters) !== String(final.voters)) expect.fail(where())
            // Nobody learns and votes at a time.
            if (next.learners.some((node) => next.outgoing.includes(node) || next.voters.includes(node))) {
              expect.fail(where())
            }
          } else {
            seen.single += 1
            if (!alwaysMeet(current.voters, next.voters)) expect.fail(where())
          }
        }
      }
    }
    expect(seen).toMatchObject({ single: expect.any(Number), joint: expect.any(Number), refused: expect.any(Number) })
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(1000)
  })

  /** What the rules say, told another way. */
  function oracle(current: Configuration, changes: readonly MembershipChange[]) {
    const after = new Map<number, Standing>(NODES.map((node) => [node, roleIn(current, node)]))
    for (const { node, role } of changes) {
      const before = after.get(node) ?? 'none'
      if (role === 'removed' && before === 'none') return { reason: 'unknown-node' }
      if (role === before) return { reason: 'already-so' }
      const isWitnessing = role === 'witness' || before === 'witness'
      if (isWitnessing && role !== 'removed' && before !== 'none') return { reason: 'witness-fixed' }
      after.set(node, role === 'removed' ? 'none' : role)
    }
    if (changes.length === 0) return { reason: 'already-so' }
    if (![...after.values()].includes('voter')) return { reason: 'no-voters' }
    const votes = (standing: Standing) => standing === 'voter' || standing === 'witness'
    const moved = NODES.filter((node) => votes(after.get(node) ?? 'none') !== votes(roleIn(current, node)))
    return { isSingle: moved.length <= 1 }
  }
})

test('§6: a joint configuration takes no other change', () => {
  const joint = configurationOf([1, 2, 3], { outgoing: [1, 2] })
  expect(plan(joint, [{ node: 4, role: 'voter' }], 'auto')).toMatchObject({ ok: false, reason: 'change-in-progress' })
})

test('a node named twice is refused', () => {
  const changes = [
    { node: 4, role: 'voter' },
    { node: 4, role: 'learner' },
  ] as const
  expect(plan(configurationOf([1, 2, 3]), changes, 'joint')).toEqual({ ok: false, reason: 'duplicate-node', node: 4 })
})

describe('as bytes', () => {
  const ids = fc
    .uniqueArray(fc.integer({ min: 1, max: 65_535 }), { maxLength: 51 })
    .map((all) => all.sort((a, b) => a - b))
  const anything: fc.Arbitrary<Configuration> = fc.record({
    voters: ids,
    outgoing: ids,
    learners: ids,
    learnersNext: ids,
    witnesses: ids,
  })

  test('what is written is read', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(decodeConfiguration(encodeConfiguration(value))).toEqual(value)
      }),
    )
    expect(decodeConfiguration(encodeConfiguration(EMPTY_CONFIGURATION))).toEqual(EMPTY_CONFIGURATION)
  })

  test('anything else is no configuration', () => {
    const whole = encodeConfiguration(configurationOf([1, 2, 3], { learners: [9] }))
    for (let length = 0; length < whole.length; length += 1) {
      expect(decodeConfiguration(whole.subarray(0, length))).toBeUndefined()
    }
    expect(decodeConfiguration(new Uint8Array([...whole, 0]))).toBeUndefined()
    const unsorted = encodeConfiguration({ ...EMPTY_CONFIGURATION, voters: [2, 1] })
    expect(decodeConfiguration(unsorted)).toBeUndefined()
    const twice = encodeConfiguration({ ...EMPTY_CONFIGURATION, voters: [2, 2] })
    expect(decodeConfiguration(twice)).toBeUndefined()
    const nobody = encodeConfiguration({ ...EMPTY_CONFIGURATION, voters: [0] })
    expect(decodeConfiguration(nobody)).toBeUndefined()
  })
})
