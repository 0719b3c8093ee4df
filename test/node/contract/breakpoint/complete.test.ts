import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Completions, complete, parse } from '../../../../main/node/contract/breakpoint'

/** `|` is the cursor. */
function at(marked: string, nodes: readonly number[] = [1, 2, 3]): Completions & { readonly texts: readonly string[] } {
  const cursor = marked.indexOf('|')
  const completions = complete(marked.replace('|', ''), cursor, nodes)
  return { ...completions, texts: completions.items.map(({ text }) => text) }
}

describe('completion', () => {
  test('at the beginning: states, phrases, events, nodes', () => {
    const { texts, from, to } = at('|')
    expect({ from, to }).toEqual({ from: 0, to: 0 })
    expect(texts.slice(0, 2)).toEqual(['role', 'term'])
    expect(texts).toEqual(expect.arrayContaining(['vote refused', 'truncated', 'n2', 'any:', 'not', '(']))
  })
  test('of a word: what begins with it first, then what contains it; the whole word is replaced', () => {
    const { texts, from, to } = at('term > 3 and comm|it')
    expect(texts.slice(0, 3)).toEqual(['commitIndex', 'committed', 'commit waits'])
    expect(texts).toContain('entry committed')
    expect({ from, to }).toEqual({ from: 13, to: 19 })
  })
  test('the rest of a phrase', () => {
    expect(at('vote |').items).toEqual(
      expect.arrayContaining([expect.objectContaining({ type: 'alias', text: 'refused' })]),
    )
    expect(at('vote re|').texts).toEqual(['refused'])
    expect(at('leader |').texts).toEqual(expect.arrayContaining(['=', '!=', 'elected', 'lost', '.', 'and']))
  })
  test('fields of an event, without lists', () => {
    expect(at('received.|').texts).toEqual(['peer', 'id', 'message', 'term', 'count'])
    expect(at('appended.|').texts).not.toContain('entries')
    expect(at('remark.na|').items).toEqual([{ type: 'field', text: 'name', detail: 'remark' }])
  })
  test('values', () => {
    expect(at('role = |').texts).toEqual(['follower', 'pre-candidate', 'candidate', 'leader', 'learner'])
    expect(at('role = cand|').texts).toEqual(['candidate', 'pre-candidate'])
    expect(at('remark.name = vote-refused-l|').texts).toEqual(
      expect.arrayContaining(['vote-refused-log-behind', 'vote-refused-lease']),
    )
    expect(at('votedFor = |').texts).toEqual(['n1', 'n2', 'n3', 'none'])
    expect(at('quiescent = |').texts).toEqual(['true', 'false'])
    expect(at('term = |').texts).toEqual([])
  })
  test('comparators, connectives, the end of a parenthesis', () => {
    expect(at('term |').texts[0]).toBe('>=')
    expect(at('role |').texts).toEqual(expect.arrayContaining(['=', '!=']))
    expect(at('role |').texts).not.toContain('<')
    expect(at('term > 3 |').texts).toEqual(['and', 'or'])
    expect(at('(term > 3 |').texts).toContain(')')
    expect(at('n|').texts.slice(0, 5)).toEqual(['node started', 'node troubled', 'not', 'n1', 'n2'])
  })
  test('scopes', () => {
    expect(at('n1, |').texts).toEqual(['n1', 'n2', 'n3'])
    expect(at('n1 |').texts).toEqual(expect.arrayContaining([':', ',']))
    expect(at('n1: |').texts).not.toContain('n2')
    expect(at('n1: |').texts).toContain('role')
  })
  test('in a text that is wrong before or after', () => {
    expect(at('nonsense = 3 and rol|').texts).toContain('role')
    expect(at('n2 (role > leader) or received.m|').texts).toContain('message')
    expect(at('role = le| and )(').texts[0]).toBe('leader')
  })
})

const prefix = fc
  .array(
    fc.constantFrom(
      'term > 3',
      'role = leader',
      'vote refused',
      'received.',
      'remark.name =',
      'role',
      'leader',
      'and',
      'or',
      '(',
      'not',
      'n1,',
      'n2:',
      'votedFor =',
      'sent.ok',
      'snapshot',
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(' '))

test('a text goes on after every completion: no error before its end, in its spelling or its grammar', () => {
  fc.assert(
    fc.property(prefix, fc.boolean(), (text, hasSpace) => {
      const before = hasSpace ? `${text} ` : text
      const start = parse(`${before}`)
      // Where the beginning is wrong already, no word can mend it.
      if (!start.ok && start.error.code !== 'unexpected-end' && start.error.code !== 'empty') return
      if (!start.ok && start.error.code === 'unexpected-end' && !hasSpace && /\w$/.test(before)) return
      const { from, items } = complete(before, before.length, [1, 2])
      for (const { text: item } of items) {
        const whole = before.slice(0, from) + item
        const result = parse(whole)
        if (result.ok) continue
        const { code, to } = result.error
        // Meaning is not looked at by completion, only what may stand where.
        if (['never-true', 'event-negated', 'too-many-alternatives'].includes(code)) continue
        if (code === 'unexpected-end' && to === whole.length) continue
        expect({ whole, code, to }).toEqual({ whole, code: 'unexpected-end', to: whole.length })
      }
    }),
    { numRuns: 1500 },
  )
})

test('never an exception, and a range in the text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60, unit: 'binary' }), fc.integer({ min: -5, max: 70 }), (text, cursor) => {
      const { from, to } = complete(text, cursor, [])
      expect(from).toBeGreaterThanOrEqual(0)
      expect(to).toBeGreaterThanOrEqual(from)
      expect(to).toBeLessThanOrEqual(text.length)
    }),
  )
})
