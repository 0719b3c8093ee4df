/** Where nodes, links, hulls and cut lines stand on the ring. Pure; CSS pixels. */

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Ring {
  readonly width: number
  readonly height: number
  readonly centre: Point
  /** By node id. */
  readonly at: ReadonlyMap<number, Point>
  /** Ids in ring order. */
  readonly order: readonly number[]
  /** Radius of a node's shape. */
  readonly radius: number
  /** Above nine nodes captions and badges appear only on hover or focus. */
  readonly dense: boolean
  /** Little room: smaller shapes, captions without a bar. */
  readonly tight: boolean
}

const FULL_RING = 9
const RADIUS = 20
const RADIUS_DENSE = 16
const RADIUS_LEAST = 5

/** Margins that keep badges, arcs and captions inside. */
const MARGIN = { x: 57, top: 47, bottom: 60 }
const MARGIN_TIGHT = { x: 40, top: 34, bottom: 42 }
/** Neighbours nearer than this (pixels) are drawn tight. */
const ROOMY = 78
const MARGIN_DENSE = { x: 30, top: 30, bottom: 34 }

/**
 * A flat-topped polygon, clockwise from the top left, so that a cut between neighbours is a line. When one ring has no
 * room for all, neighbours alternate between an outer and an inner ring.
 */
export function ringOf(ids: readonly number[], width: number, height: number): Ring {
  const dense = ids.length > FULL_RING
  if (dense) return layOut(ids, width, height, MARGIN_DENSE, true, false)
  const roomy = layOut(ids, width, height, MARGIN, false, false)
  return leastDistance([...roomy.at.values()]) >= ROOMY ? roomy : layOut(ids, width, height, MARGIN_TIGHT, false, true)
}

function layOut(
  ids: readonly number[],
  width: number,
  height: number,
  margin: { readonly x: number; readonly top: number; readonly bottom: number },
  dense: boolean,
  tight: boolean,
): Ring {
  const n = ids.length
  const roomX = Math.max(40, width - margin.x * 2)
  const roomY = Math.max(40, height - margin.top - margin.bottom)
  const angles = ids.map((_, i) => -Math.PI / 2 - Math.PI / Math.max(1, n) + (i * 2 * Math.PI) / Math.max(1, n))
  const xs = angles.map(Math.cos)
  const ys = angles.map(Math.sin)
  const low = Math.min(0, ...ys)
  const high = Math.max(0, ...ys)
  const wide = Math.max(0.1, Math.max(...xs, 0) - Math.min(...xs, 0))
  let rx = n === 1 ? 0 : roomX / wide
  let ry = n <= 2 ? 0 : roomY / Math.max(0.1, high - low)
  if (n > 2) {
    rx = Math.min(rx, ry * 1.5)
    ry = Math.min(ry, rx * 1.15)
  } else rx = Math.min(rx, 150)
  const centre = { x: width / 2, y: margin.top + roomY / 2 - ((low + high) / 2) * ry }
  const even = dense ? evenAngles(n, rx, ry) : angles
  const outer = (i: number): Point => ({
    x: centre.x + rx * Math.cos(even[i] ?? 0),
    y: centre.y + ry * Math.sin(even[i] ?? 0),
  })
  const spacing = n > 2 ? perimeter(rx, ry) / n : RADIUS * 4
  const alternate = dense && spacing < RADIUS_DENSE * 2 + 4
  const depth = Math.min(34, Math.min(rx, ry) * 0.34)
  const at = new Map(
    ids.map((id, i) => {
      const point = outer(i)
      if (!alternate || i % 2 === 0) return [id, point]
      return [
        id,
        {
          x: point.x - ((point.x - centre.x) / Math.max(1, rx)) * depth,
          y: point.y - ((point.y - centre.y) / Math.max(1, ry)) * depth,
        },
      ]
    }),
  )
  const nearest = dense ? leastDistance([...at.values()]) : Number.POSITIVE_INFINITY
  const radius = dense ? Math.max(RADIUS_LEAST, Math.min(RADIUS_DENSE, nearest / 2 - 1)) : tight ? RADIUS_DENSE : RADIUS
  return { width, height, centre, at, order: ids, radius, dense, tight }
}

/** Angles of points that lie equally far apart along an ellipse, starting as a flat-topped polygon does. */
function evenAngles(n: number, rx: number, ry: number): readonly number[] {
  const steps = 2_000
  const begin = -Math.PI / 2 - Math.PI / n
  const lengths = [0]
  for (let i = 1; i <= steps; i++) {
    const a = begin + ((i - 0.5) * 2 * Math.PI) / steps
    lengths.push((lengths[i - 1] ?? 0) + Math.hypot(rx * Math.sin(a), ry * Math.cos(a)))
  }
  const whole = lengths[steps] ?? 1
  let at = 0
  return Array.from({ length: n }, (_, k) => {
    while (at < steps && (lengths[at] ?? 0) < (whole * k) / n) at++
    return begin + (at * 2 * Math.PI) / steps
  })
}

function perimeter(rx: number, ry: number): number {
  return Math.PI * (3 * (rx + ry) - Math.sqrt((3 * rx + ry) * (rx + 3 * ry)))
}

function leastDistance(points: readonly Point[]): number {
  let least = Number.POSITIVE_INFINITY
  points.forEach((a, i) => {
    for (const b of points.slice(i + 1)) least = Math.min(least, distance(a, b))
  })
  return least
}

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)

/** A point on the way from a to b (share 0…1), `side` pixels to the right of the direction of travel. */
export function along(a: Point, b: Point, share: number, side = 0): Point {
  const length = Math.max(1, distance(a, b))
  return {
    x: a.x + (b.x - a.x) * share - ((b.y - a.y) / length) * side,
    y: a.y + (b.y - a.y) * share + ((b.x - a.x) / length) * side,
  }
}

/** Where segment ab crosses the line through cd, as a share of ab; undefined when it does not. */
export function crossing(a: Point, b: Point, c: Point, d: Point): number | undefined {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const ex = d.x - c.x
  const ey = d.y - c.y
  const det = dx * ey - dy * ex
  if (Math.abs(det) < 1e-9) return undefined
  const share = ((c.x - a.x) * ey - (c.y - a.y) * ex) / det
  const other = ((c.x - a.x) * dy - (c.y - a.y) * dx) / det
  return share > 0 && share < 1 && other >= 0 && other <= 1 ? share : undefined
}

const at = (value: number) => Math.round(value * 10) / 10
export const pathOf = (points: readonly Point[], closed: boolean): string =>
  `M${points.map(({ x, y }) => `${at(x)} ${at(y)}`).join('L')}${closed ? 'Z' : ''}`

export interface Hull {
  readonly group: readonly number[]
  /** Through the middles of the nodes; stroked as wide as the hull is. */
  readonly path: string
  readonly closed: boolean
}

export interface Partitioned {
  readonly hulls: readonly Hull[]
  /** Half the width of a hull around a node's middle. */
  readonly reach: number
  /** Dashed lines between the groups, each from the outside inwards. */
  readonly cuts: readonly (readonly [Point, Point])[]
}

/** Hulls and cuts of groups of nodes. When groups are interleaved on the ring, tubes join the nodes of all but the largest. */
export function partitionOf(ring: Ring, groups: readonly (readonly number[])[]): Partitioned {
  const groupOf = new Map(groups.flatMap((group, i) => group.map((id) => [id, i] as const)))
  const members = ring.order.filter((id) => groupOf.has(id))
  const gaps: number[] = []
  members.forEach((id, i) => {
    const next = members[(i + 1) % members.length]
    if (next !== undefined && groupOf.get(id) !== groupOf.get(next)) gaps.push(i)
  })
  const contiguous = gaps.length === groups.length || (groups.length === 2 && gaps.length === 2)
  const reach = Math.min(ring.radius + 28, leastBetween(ring, members, groupOf) / 2 - 3)
  const shift = ring.dense ? 0 : 6
  const point = (id: number): Point => {
    const { x, y } = ring.at.get(id) ?? ring.centre
    return { x, y: y + shift }
  }
  if (!contiguous) {
    const largest = groups.reduce((a, b) => (b.length > a.length ? b : a), groups[0] ?? [])
    const hulls = groups
      .filter((group) => group !== largest)
      .map((group) => {
        const points = members.filter((id) => group.includes(id)).map(point)
        return {
          group,
          path: pathOf(points.length === 1 ? [...points, ...points] : points, points.length > 2),
          closed: false,
        }
      })
    return { hulls, reach: ring.radius + 8, cuts: [] }
  }
  const hulls = groups.map((group) => {
    const points = startingAfterGap(members, groupOf, groupOf.get(group[0] ?? 0) ?? 0).map(point)
    return {
      group,
      path: pathOf(points.length === 1 ? [...points, ...points] : points, points.length > 2),
      closed: points.length > 2,
    }
  })
  const middles = gaps.map((i) => {
    const a = point(members[i] ?? 0)
    const b = point(members[(i + 1) % members.length] ?? 0)
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
  })
  return { hulls, reach: Math.max(ring.radius + 4, reach), cuts: cutsThrough(ring, middles) }
}

/** A group's members in ring order, beginning at its first one after a gap. */
function startingAfterGap(
  members: readonly number[],
  groupOf: ReadonlyMap<number, number>,
  group: number,
): readonly number[] {
  const begin = members.findIndex((id, i) => {
    const before = members[(i - 1 + members.length) % members.length]
    return groupOf.get(id) === group && before !== undefined && groupOf.get(before) !== group
  })
  const turned = [...members.slice(Math.max(0, begin)), ...members.slice(0, Math.max(0, begin))]
  return turned.filter((id) => groupOf.get(id) === group)
}

function cutsThrough(ring: Ring, middles: readonly Point[]): readonly (readonly [Point, Point])[] {
  const [a, b] = middles
  if (middles.length === 2 && a !== undefined && b !== undefined) {
    return [a.x <= b.x ? [toEdge(ring, b, a), toEdge(ring, a, b)] : [toEdge(ring, a, b), toEdge(ring, b, a)]]
  }
  return middles.map((middle) => [toEdge(ring, ring.centre, middle), ring.centre])
}

/** From `from` through `to` and on, to a little inside the region's edge, but not further than 70 px beyond `to`. */
function toEdge(ring: Ring, from: Point, to: Point): Point {
  const length = Math.max(1, distance(from, to))
  const ux = (to.x - from.x) / length
  const uy = (to.y - from.y) / length
  const inset = 18
  const room = [
    70,
    ux > 0 ? (ring.width - inset - to.x) / ux : ux < 0 ? (inset - to.x) / ux : Number.POSITIVE_INFINITY,
    uy > 0 ? (ring.height - inset - to.y) / uy : uy < 0 ? (inset - to.y) / uy : Number.POSITIVE_INFINITY,
  ]
  const beyond = Math.max(0, Math.min(...room))
  return { x: to.x + ux * beyond, y: to.y + uy * beyond }
}

function leastBetween(ring: Ring, members: readonly number[], groupOf: ReadonlyMap<number, number>): number {
  let least = Number.POSITIVE_INFINITY
  for (const a of members) {
    for (const b of members) {
      const p = ring.at.get(a)
      const q = ring.at.get(b)
      if (p !== undefined && q !== undefined && groupOf.get(a) !== groupOf.get(b))
        least = Math.min(least, distance(p, q))
    }
  }
  return least
}
