import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { caught, encloses, extend, LASSO_LEAST, lengthOf } from '../../../../renderer/views/cluster/lasso'
import { cutsOf, sameLinks, sidesOf } from '../../../../renderer/views/cluster/links'
import { along, crossing, distance, partitionOf, ringOf } from '../../../../renderer/views/cluster/ring-geometry'
import { rolePath, termDoubled, termHue } from '../../../../renderer/views/cluster/shapes'
import { settled } from '../../../../renderer/views/cluster/stable-nodes'
import { nodeView } from '../../support/samples'

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)
const between = (groups: readonly (readonly number[])[]) =>
  groups.flatMap((a) => groups.filter((b) => b !== a).flatMap((b) => a.flatMap((x) => b.map((y) => [x, y] as const))))

describe('the ring', () => {
  test('keeps all nodes inside and apart, from 1 to 51', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 51 }),
        fc.integer({ min: 300, max: 480 }),
        fc.integer({ min: 220, max: 600 }),
        (n, width, height) => {
          const ring = ringOf(upTo(n), width, height)
          expect(ring.at.size).toBe(n)
          expect(ring.dense).toBe(n > 9)
          const points = [...ring.at.values()]
          for (const { x, y } of points) {
            expect(x).toBeGreaterThanOrEqual(ring.radius)
            expect(x).toBeLessThanOrEqual(width - ring.radius)
            expect(y).toBeGreaterThanOrEqual(ring.radius)
            expect(y).toBeLessThanOrEqual(height - ring.radius)
          }
          points.forEach((a, i) => {
            for (const b of points.slice(i + 1)) expect(distance(a, b)).toBeGreaterThan(ring.radius * 1.9)
          })
        },
      ),
      { numRuns: 60 },
    )
  })

  test('is flat at its top, so that n1 n2 | n3 n4 n5 is cut by a level line', () => {
    const ring = ringOf(upTo(5), 344, 268)
    expect(ring.at.get(1)?.y).toBeCloseTo(ring.at.get(2)?.y ?? 0)
    const { hulls, cuts, reach } = partitionOf(ring, [
      [1, 2],
      [3, 4, 5],
    ])
    expect(hulls.map((hull) => hull.closed)).toEqual([false, true])
    const [[from, to]] = cuts as [readonly [{ x: number; y: number }, { x: number; y: number }]]
    expect(from.y).toBeCloseTo(to.y)
    expect(from.x).toBeLessThan(to.x)
    // Hulls don't touch across the cut.
    expect(reach * 2).toBeLessThan(distance(ring.at.get(1) ?? from, ring.at.get(5) ?? from))
  })

  test('interleaved groups are joined by tubes and have no cut line', () => {
    const ring = ringOf(upTo(5), 344, 268)
    const { hulls, cuts } = partitionOf(ring, [
      [1, 3],
      [2, 4, 5],
    ])
    expect(cuts).toEqual([])
    expect(hulls.map((hull) => hull.group)).toEqual([[1, 3]])
  })

  test('three groups are cut towards the middle', () => {
    const ring = ringOf(upTo(6), 344, 300)
    const { cuts } = partitionOf(ring, [
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    expect(cuts).toHaveLength(3)
    for (const [, end] of cuts) expect(end).toEqual(ring.centre)
  })

  test('messages keep to the right and stop where a line crosses', () => {
    expect(along({ x: 0, y: 0 }, { x: 10, y: 0 }, 0.5, 6)).toEqual({ x: 5, y: 6 })
    expect(crossing({ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 4, y: -5 }, { x: 4, y: 5 })).toBeCloseTo(0.4)
    expect(crossing({ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 4, y: 1 }, { x: 4, y: 5 })).toBeUndefined()
    expect(crossing({ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 0, y: 2 }, { x: 9, y: 2 })).toBeUndefined()
  })
})

describe('cut links', () => {
  test('all links between two sides are a partition, not single cuts', () => {
    const groups = [
      [1, 2],
      [3, 4, 5],
    ]
    expect(cutsOf(upTo(5), between(groups))).toEqual({ groups, links: [] })
  })
  test('one link more inside a side stands alone', () => {
    const blocked = [
      ...between([
        [1, 2],
        [3, 4, 5],
      ]),
      [3, 4] as const,
    ]
    expect(cutsOf(upTo(5), blocked).links).toEqual([{ from: 3, to: 4, both: false }])
  })
  test('without a partition every cut link is named once', () => {
    expect(
      cutsOf(upTo(3), [
        [1, 2],
        [2, 1],
        [3, 1],
      ]),
    ).toEqual({
      groups: [],
      links: [
        { from: 1, to: 2, both: true },
        { from: 3, to: 1, both: false },
      ],
    })
  })
  test('links of removed nodes don’t count', () => {
    expect(
      cutsOf(
        [1, 2],
        [
          [1, 3],
          [3, 1],
        ],
      ),
    ).toEqual({ groups: [], links: [] })
  })
  test('equal lists keep their identity', () => {
    const links = [[1, 2]] as const
    expect(sameLinks(links, [[1, 2]])).toBe(links)
    expect(sameLinks(links, [[2, 1]])).not.toBe(links)
  })
  test('a side that is empty is no partition', () => {
    expect(sidesOf([1, 2, 3], new Set([2]))).toEqual([[2], [1, 3]])
    expect(sidesOf([1, 2, 3], new Set())).toBeUndefined()
    expect(sidesOf([1, 2, 3], new Set([1, 2, 3]))).toBeUndefined()
  })
})

describe('the lasso', () => {
  const ring = ringOf(upTo(5), 344, 268)
  const around = (ids: readonly number[]) => {
    const points = ids.map((id) => ring.at.get(id) ?? ring.centre)
    const xs = points.map((p) => p.x)
    const ys = points.map((p) => p.y)
    const [x1, x2] = [Math.min(...xs) - 12, Math.max(...xs) + 12]
    const [y1, y2] = [Math.min(...ys) - 12, Math.max(...ys) + 12]
    return [
      { x: x1, y: y1 },
      { x: x2, y: y1 },
      { x: x2, y: y2 },
      { x: x1, y: y2 },
    ]
  }
  test('catches the nodes inside, closed from its end to its beginning', () => {
    expect([...caught(around([1, 2]), ring.at)].sort()).toEqual([1, 2])
    expect([...caught(around([4]), ring.at)]).toEqual([4])
    expect(caught(around([1]).slice(0, 2), ring.at).size).toBe(0)
  })
  test('a hole in a stroke that crosses itself is outside', () => {
    const star = [0, 2, 4, 1, 3].map((i) => ({
      x: Math.cos((i * 2 * Math.PI) / 5),
      y: Math.sin((i * 2 * Math.PI) / 5),
    }))
    expect(encloses(star, { x: 0, y: 0 })).toBe(false)
    expect(encloses(star, { x: 0.7, y: 0 })).toBe(true)
  })
  test('a slip is not a stroke', () => {
    let stroke: readonly { x: number; y: number }[] = [{ x: 0, y: 0 }]
    stroke = extend(stroke, { x: 1, y: 1 })
    expect(stroke).toHaveLength(1)
    stroke = extend(stroke, { x: 8, y: 0 })
    expect(lengthOf(stroke)).toBeLessThan(LASSO_LEAST)
  })
})

describe('signs', () => {
  test('every role has a shape of its own', () => {
    const shapes = (['follower', 'candidate', 'leader', 'learner'] as const).map((role) => rolePath(role, 0, 0, 20))
    expect(new Set(shapes).size).toBe(4)
  })
  test('eight colours come round; the second time the bar is doubled', () => {
    expect([1, 8, 9, 17].map(termHue)).toEqual([1, 8, 1, 1])
    expect(termHue(0)).toBe(0)
    expect([8, 9].map(termDoubled)).toEqual([false, true])
  })
})

describe('nodes that look alike', () => {
  test('keep their identity while only timers and readings change', () => {
    const before = [nodeView(1), nodeView(2)]
    const now = before.map((node) => ({ ...node, deadline: node.deadline + 1, process: { ...node.process, rss: 1 } }))
    expect(settled(before, now)).toBe(before)
  })
  test('change with anything that is drawn', () => {
    const before = [nodeView(1), nodeView(2)]
    const now = [before[0] ?? nodeView(1), { ...nodeView(2), commitIndex: 99 }]
    const after = settled(before, now)
    expect(after).not.toBe(before)
    expect(after[0]).toBe(before[0])
    expect(after[1]?.commitIndex).toBe(99)
  })
})
