import { describe, expect, it } from 'vitest'
import {
  groupsText,
  isolating,
  type Link,
  linksBetween,
  reachableGroups,
  subjectOf,
} from '../../../renderer/commands/faults'

describe('what a fault is about', () => {
  it('reads nodes, a link, or groups', () => {
    expect(subjectOf({ detail: '{"nodes":[3]}' }).nodes).toEqual([3])
    expect(subjectOf({ detail: '{"links":[[1,2]]}' }).link).toEqual([1, 2])
    expect(subjectOf({ detail: '{"groups":[[1,2],[3]]}' }).groups).toEqual([[1, 2], [3]])
  })
  it('makes nothing of what it cannot read', () => {
    for (const detail of ['', 'null', '3', '{"nodes":"x"}', '{oops']) {
      expect(subjectOf({ detail })).toEqual({ nodes: [], link: null, links: [], groups: [] })
    }
  })
})

describe('cuts', () => {
  it('cuts both directions of every pair across groups, none inside', () => {
    const links = linksBetween([
      [1, 2],
      [3, 4, 5],
    ])
    expect(links).toHaveLength(12)
    expect(links).toContainEqual([1, 3])
    expect(links).toContainEqual([3, 1])
    expect(links).not.toContainEqual([1, 2])
  })
  it('sees the groups that blocked links leave', () => {
    expect(
      reachableGroups(
        [1, 2, 3, 4, 5],
        linksBetween([
          [1, 2],
          [3, 4, 5],
        ]),
      ),
    ).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
    const oneWay: Link[] = [[1, 2]]
    expect(reachableGroups([1, 2], oneWay)).toEqual([[1, 2]])
  })
  it('isolates a node and keeps the cut between the others', () => {
    expect(
      isolating(
        3,
        [1, 2, 3, 4, 5],
        linksBetween([
          [1, 2],
          [3, 4, 5],
        ]),
      ),
    ).toEqual([[3], [1, 2], [4, 5]])
  })
  it('writes groups as people read them', () => {
    expect(groupsText([[1, 2], [3]])).toBe('n1 n2 | n3')
  })
})
