import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Check, type Happened, type Look, makeCheck, parse } from '../../../../main/node/contract/breakpoint'
import { FOLLOWER } from '../../support/look'

function check(text: string, look: Partial<Look> = {}): Check {
  const result = parse(text)
  if (!result.ok) throw new Error(text)
  return makeCheck(result.breakpoint, { ...FOLLOWER, ...look })
}
const event = (kind: Happened['kind'], fields: object = {}): Happened => ({ kind, ...fields })
const hits = (made: Check, kind: Happened['kind'], fields: object = {}, look: Partial<Look> = {}) =>
  made.hits(event(kind, fields), () => ({ ...FOLLOWER, ...look }))

describe('states', () => {
  test('hit when they become true, and again when they became false in between', () => {
    const made = check('role = leader and term >= 3')
    expect(hits(made, 'role', {}, { role: 'leader', term: 2 })).toBe(false)
    expect(hits(made, 'hardState', {}, { role: 'leader', term: 3 })).toBe(true)
    expect(hits(made, 'committed', {}, { role: 'leader', term: 3 })).toBe(false)
    expect(hits(made, 'role', {}, { role: 'follower', term: 4 })).toBe(false)
    expect(hits(made, 'role', {}, { role: 'leader', term: 4 })).toBe(true)
  })
  test('what is true when it is set is not becoming', () => {
    const made = check('commitIndex >= 10', { commitIndex: 12 })
    expect(hits(made, 'committed', {}, { commitIndex: 13 })).toBe(false)
    expect(hits(check('commitIndex >= 10'), 'committed', {}, { commitIndex: 13 })).toBe(true)
  })
  test('each alternative by itself', () => {
    const made = check('term >= 3 or role = leader', { term: 3 })
    expect(hits(made, 'role', {}, { term: 3, role: 'leader' })).toBe(true)
  })
})

describe('events', () => {
  test('hit each time', () => {
    const made = check('truncated')
    expect([hits(made, 'truncated'), hits(made, 'appended'), hits(made, 'truncated')]).toEqual([true, false, true])
  })
  test('fields and states together', () => {
    const made = check('received.message = RequestVote and received.peer = n2 and term < 5')
    const fields = { message: 'RequestVote', peer: 2 }
    expect(hits(made, 'received', fields)).toBe(true)
    expect(hits(made, 'received', { ...fields, peer: 3 })).toBe(false)
    expect(hits(made, 'received', fields, { term: 5 })).toBe(false)
    expect(hits(made, 'sent', fields)).toBe(false)
  })
  test('the state is looked at only when it is needed', () => {
    const made = check('received.peer = n2 and term = 3')
    const never = (): Look => {
      throw new Error('looked')
    }
    expect(made.hits(event('received', { peer: 1 }), never)).toBe(false)
    expect(made.hits(event('sent', { peer: 2 }), never)).toBe(false)
    expect(() => made.hits(event('received', { peer: 2 }), never)).toThrow('looked')
  })
})

/** Expressions over a few states, with their meaning said plainly. */
type Meaning = { readonly text: string; readonly holds: (look: Look) => boolean }
const leaf: fc.Arbitrary<Meaning> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('term' as const, 'commitIndex' as const),
      fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
      fc.nat(3),
    )
    .map(([name, comparator, value]) => ({
      text: `${name} ${comparator} ${value}`,
      holds: (look: Look) => {
        const actual = look[name]
        if (comparator === '=') return actual === value
        if (comparator === '!=') return actual !== value
        if (comparator === '<') return actual < value
        if (comparator === '<=') return actual <= value
        return comparator === '>' ? actual > value : actual >= value
      },
    })),
  fc
    .constantFrom('leader', 'follower')
    .map((role) => ({ text: `role = ${role}`, holds: (look: Look) => look.role === role })),
)
const { expression } = fc.letrec<{ expression: Meaning }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3 },
    leaf,
    tie('expression').map(({ text, holds }) => ({ text: `not (${text})`, holds: (look: Look) => !holds(look) })),
    fc.tuple(tie('expression'), tie('expression'), fc.boolean()).map(([a, b, isAnd]) => ({
      text: `(${a.text} ${isAnd ? 'and' : 'or'} ${b.text})`,
      holds: (look: Look) => (isAnd ? a.holds(look) && b.holds(look) : a.holds(look) || b.holds(look)),
    })),
  ),
}))
const lookArb: fc.Arbitrary<Look> = fc
  .record({ term: fc.nat(3), commitIndex: fc.nat(3), role: fc.constantFrom('leader', 'follower') })
  .map((some) => ({ ...FOLLOWER, ...some }))

test('the alternatives mean what the expression says', () => {
  fc.assert(
    fc.property(expression, lookArb, ({ text, holds }, look) => {
      const result = parse(`committed and (${text})`)
      if (result.ok)
        expect(makeCheck(result.breakpoint, FOLLOWER).hits(event('committed'), () => look)).toBe(holds(look))
      // A part that is never true is refused also where another would be.
      else expect(['never-true', 'too-many-alternatives', 'too-long']).toContain(result.error.code)
    }),
    { numRuns: 2000 },
  )
})

test('what is refused as never true is never true', () => {
  fc.assert(
    fc.property(fc.array(leaf, { minLength: 1, maxLength: 4 }), lookArb, (leaves, look) => {
      const result = parse(leaves.map(({ text }) => text).join(' and '))
      const isTrue = leaves.every(({ holds }) => holds(look))
      if (!result.ok) expect([result.error.code, isTrue]).toEqual(['never-true', false])
    }),
    { numRuns: 2000 },
  )
})
