import { describe, expect, test } from 'vitest'
import { ALIASES, BREAKPOINT_KINDS, type Parsed, parse, STATE_NAMES } from '../../../../main/node/contract/breakpoint'

function parsed(text: string): Parsed {
  const result = parse(text)
  if (!result.ok) throw new Error(`${text}: ${JSON.stringify(result.error)}`)
  return result.breakpoint
}

/** The alternatives as text, to be compared at a glance. */
function spelled(text: string): readonly string[] {
  return parsed(text).alternatives.map(({ kind, terms }) => {
    const words = terms.map((term) => {
      if (term.type === 'event') return term.kind
      const name = term.type === 'state' ? term.name : `${term.kind}.${term.field}`
      return `${name}${term.comparator}${term.value}`
    })
    return `${kind ?? '-'}: ${words.join(' & ')}`
  })
}

describe('the breakpoints that people ask for', () => {
  test('any node becomes leader in term >= 3', () => {
    expect(spelled('role = leader and term >= 3')).toEqual(['-: role=leader & term>=3'])
    expect(parsed('role = leader and term >= 3')).toMatchObject({ nodes: [], kinds: undefined })
    expect(spelled('any: leader elected and term >= 3')).toEqual(['role: role.role=leader & term>=3'])
  })
  test('n2 commitIndex >= 10', () => {
    expect(spelled('n2: commitIndex >= 10')).toEqual(['-: commitIndex>=10'])
    expect(parsed('n2: commitIndex >= 10').nodes).toEqual([2])
  })
  test('a vote is refused', () => {
    expect(spelled('vote refused')).toEqual(
      ['stale-term', 'already-voted', 'log-behind', 'lease', 'still-joining'].map(
        (why) => `remark: remark.name=vote-refused-${why}`,
      ),
    )
    expect(parsed('vote refused').kinds).toEqual(new Set(['remark']))
  })
  test('an entry is truncated', () => {
    expect(spelled('entry truncated')).toEqual(['truncated: truncated'])
    expect(spelled('truncated.fromIndex <= 5')).toEqual(['truncated: truncated.fromIndex<=5'])
  })
})

describe('the language', () => {
  test('every alias, event and state can be used', () => {
    for (const alias of Object.keys(ALIASES)) expect(parse(alias), alias).toMatchObject({ ok: true })
    for (const kind of BREAKPOINT_KINDS) expect(parse(kind), kind).toMatchObject({ ok: true })
    for (const name of STATE_NAMES) {
      const value = name === 'role' ? 'leader' : name === 'quiescent' ? 'true' : '1'
      expect(spelled(`${name} = ${value}`), name).toEqual([`-: ${name}=${value}`])
    }
  })

  test('a name that is a kind and a state is the event when it stands alone', () => {
    expect(spelled('held')).toEqual(['held: held'])
    expect(spelled('held > 2')).toEqual(['-: held>2'])
    expect(spelled('message held')).toEqual(['held: held'])
    expect(spelled('leader.leader = n3')).toEqual(['leader: leader.leader=3'])
  })

  test('scopes', () => {
    expect(parsed('n1, n3,n1: truncated').nodes).toEqual([1, 3])
    expect(parsed('ANY: truncated').nodes).toEqual([])
    expect(parsed('N4: truncated').nodes).toEqual([4])
  })

  test('other spellings and case', () => {
    expect(spelled('term ≥ 3 && commitIndex ≤ 4 || role ≠ LEADER')).toEqual([
      '-: term>=3 & commitIndex<=4',
      '-: role!=leader',
    ])
    expect(spelled('!(currentTerm == 2) AND Vote Granted')).toEqual(['remark: term!=2 & remark.name=vote-granted'])
    expect(spelled('received.message = requestvote')).toEqual(['received: received.message=RequestVote'])
  })

  test('nodes, none, flags and words as values', () => {
    expect(spelled('votedFor = n2 or votedFor = none or leader = 3')).toEqual([
      '-: votedFor=2',
      '-: votedFor=0',
      '-: leader=3',
    ])
    expect(spelled('quiescent and sent.ok')).toEqual(['sent: quiescent=true & sent.ok=true'])
    expect(spelled('not quiescent')).toEqual(['-: quiescent!=true'])
    expect(spelled('trouble.problem = disk-failed')).toEqual(['trouble: trouble.problem=disk-failed'])
    expect(spelled('received.id < -1')).toEqual(['received: received.id<-1'])
  })

  test('and binds closer than or, parentheses closer than both, and not goes inside', () => {
    expect(spelled('term = 1 or term = 2 and commitIndex = 3')).toEqual(['-: term=1', '-: term=2 & commitIndex=3'])
    expect(spelled('(term = 1 or term = 2) and commitIndex = 3')).toEqual([
      '-: term=1 & commitIndex=3',
      '-: term=2 & commitIndex=3',
    ])
    expect(spelled('not (term < 3 or role = leader)')).toEqual(['-: term>=3 & role!=leader'])
    expect(spelled('not (term < 3 and not role = leader)')).toEqual(['-: term>=3', '-: role=leader'])
  })

  test('what cannot be true is left out while something else can', () => {
    expect(spelled('(role = leader or role = follower) and (role = leader or term > 3)')).toEqual([
      '-: role=leader',
      '-: role=leader & term>3',
      '-: role=follower & term>3',
    ])
    expect(parsed('truncated or term > 3').kinds).toBeUndefined()
    expect(parsed('truncated or appended and term > 3').kinds).toEqual(new Set(['truncated', 'appended']))
  })
})
