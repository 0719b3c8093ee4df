import { describe, expect, it } from 'vitest'
import {
  belongingOf,
  changesTo,
  configurationOf,
  configurationText,
  hasMajority,
  knownConfiguration,
  majoritiesOf,
  majorityOf,
  missingFrom,
  parseIds,
  sideOf,
} from '../../../renderer/components/membership'
import { configuration, nodeView, processState } from '../support/samples'

const joint = configuration([1, 4, 5], { outgoing: [1, 2, 3], learners: [6], learnersNext: [3] })
const words = (key: string) => key.split('.').at(-1) ?? ''

describe('the configuration that the window goes by', () => {
  it('is the newest leader’s, even where another node goes by a later one', () => {
    const nodes = [
      nodeView(1, { currentTerm: 3, configuration: configuration([1, 2, 3]), configurationIndex: 4 }),
      nodeView(2, { role: 'leader', currentTerm: 2, configuration: configuration([2]), configurationIndex: 9 }),
      nodeView(3, { role: 'follower', configuration: configuration([3]), configurationIndex: 12 }),
    ]
    expect(knownConfiguration(nodes)).toMatchObject({ node: 1, index: 4, configuration: { voters: [1, 2, 3] } })
  })
  it('is the latest of those that run when nobody leads', () => {
    const dead = processState({ standing: 'killed' })
    const nodes = [
      nodeView(1, { process: dead, currentTerm: 9, configuration: configuration([1]), configurationIndex: 30 }),
      nodeView(2, { role: 'follower', configuration: configuration([1, 2]), configurationIndex: 4 }),
      nodeView(3, { role: 'follower', configuration: configuration([1, 2, 3]), configurationIndex: 7 }),
    ]
    expect(knownConfiguration(nodes)?.node).toBe(3)
  })
  it('counts every node that is there where none was told', () => {
    const gone = nodeView(3, { process: processState({ standing: 'removed' }) })
    expect(knownConfiguration([nodeView(1), nodeView(2)])).toBeUndefined()
    expect(configurationOf([nodeView(1), nodeView(2), gone]).voters).toEqual([1, 2])
  })
})

describe('majorities', () => {
  it('are more than half', () => {
    expect([1, 2, 3, 4, 5, 51].map(majorityOf)).toEqual([1, 2, 2, 3, 3, 26])
  })
  it('are two during joint consensus, each of its own nodes (§6)', () => {
    expect(majoritiesOf(joint)).toEqual([
      { side: 'old', of: [1, 2, 3], needs: 2 },
      { side: 'new', of: [1, 4, 5], needs: 2 },
    ])
    expect(hasMajority(joint, [1, 2, 3])).toBe(false)
    expect(hasMajority(joint, [1, 2, 4])).toBe(true)
    expect(missingFrom(joint, [1, 2])).toMatchObject([{ side: 'new', missing: 1, from: [4, 5] }])
  })
  it('are not helped by learners and strangers', () => {
    expect(hasMajority(configuration([1, 2, 3], { learners: [4] }), [1, 4, 9])).toBe(false)
  })
})

describe('a node in a configuration', () => {
  it('is a voter, a learner, a witness, or none', () => {
    const of = configuration([1, 2, 3], { learners: [4], witnesses: [3] })
    expect([1, 3, 4, 5].map((id) => belongingOf(of, id))).toEqual(['voter', 'witness', 'learner', 'none'])
  })
  it('votes on the old side, the new one, or both', () => {
    expect([1, 2, 4, 6].map((id) => sideOf(joint, id))).toEqual(['both', 'old', 'new', undefined])
    expect(sideOf(configuration([1]), 1)).toBeUndefined()
  })
})

describe('words and wishes', () => {
  it('read as lists, joint ones with both sides', () => {
    expect(configurationText(words, configuration([1, 2], { learners: [4] }))).toBe('n1 n2 · learner n4')
    expect(configurationText(words, joint)).toBe('old n1 n2 n3 + new n1 n4 n5 · learner n3 n6')
  })
  it('become changes only where something is different', () => {
    const wanted = new Map([
      [5, 'learner'],
      [1, 'voter'],
      [2, 'removed'],
      [9, 'removed'],
    ] as const)
    expect(changesTo(configuration([1, 2, 3]), wanted)).toEqual([
      { node: 2, role: 'removed' },
      { node: 5, role: 'learner' },
    ])
  })
  it('ids are read from events', () => {
    expect(parseIds('')).toEqual([])
    expect(parseIds('1,2,15')).toEqual([1, 2, 15])
  })
})
