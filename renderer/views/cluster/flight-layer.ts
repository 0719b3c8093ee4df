/** Messages on the ring, as SVG glyphs that are moved without Vue: up to 150 of them, sixty times a second. */
import { SHAPE_PATHS, shapeOf } from '../../../preload/contract/diagram'
import { type Flight, MOST_FLIGHTS } from './flights'
import { along, crossing, distance, type Point, type Ring } from './ring-geometry'
import { termHue } from './shapes'

const SVG = 'http://www.w3.org/2000/svg'
/** Messages keep to the right of their link. */
const SIDE = 6
const TAIL = 22

const CROSS = 'M-3.5 -3.5L3.5 3.5M3.5 -3.5L-3.5 3.5'

/** A flight and how far it has come. */
export interface Placed {
  readonly flight: Flight
  readonly share: number
}

export type CutLines = readonly (readonly [Point, Point])[]

interface Glyph {
  readonly group: SVGGElement
  readonly tail: SVGPathElement
  readonly body: SVGGElement
  readonly chevron: SVGPathElement
  readonly cross: SVGGElement
  fate: Flight['fate'] | ''
}

export class FlightLayer {
  readonly #root: SVGGElement
  readonly #glyphs = new Map<string, Glyph>()
  #ring: Ring | undefined
  #cuts: CutLines = []

  constructor(root: SVGGElement) {
    this.#root = root
  }

  /** Another ring or other cuts: glyphs stay, the next drawing moves them. */
  place(ring: Ring, cuts: CutLines): void {
    this.#ring = ring
    this.#cuts = cuts
  }

  /** Shows these and no others; `lit` is the key of the one that is pointed at or selected. */
  draw(flights: readonly Placed[], lit: string): void {
    const seen = new Set<string>()
    for (const placed of flights.slice(0, MOST_FLIGHTS)) {
      if (!this.#draw(placed, lit)) continue
      seen.add(placed.flight.key)
    }
    for (const [key, glyph] of this.#glyphs) {
      if (seen.has(key)) continue
      glyph.group.remove()
      this.#glyphs.delete(key)
    }
  }

  #draw({ flight, share }: Placed, lit: string): boolean {
    const ring = this.#ring
    const from = ring?.at.get(flight.sender)
    const to = ring?.at.get(flight.receiver)
    if (ring === undefined || from === undefined || to === undefined) return false
    const glyph = this.#glyphs.get(flight.key) ?? this.#create(flight, ring)
    const side = ring.dense ? SIDE * 0.6 : SIDE
    const length = Math.max(1, distance(from, to))
    const begin = (ring.radius + 4) / length
    const end = this.#endOf(flight, from, to, side) ?? 1 - (ring.radius + 10) / length
    const at = begin + (end - begin) * share
    const { x, y } = along(from, to, at, side)
    const ended = flight.fate === 'dropped' && share >= 1
    if (glyph.fate !== (ended ? 'dropped' : flight.fate)) {
      glyph.fate = ended ? 'dropped' : flight.fate
      glyph.group.classList.toggle('ended', ended)
    }
    glyph.group.classList.toggle('lit', flight.key === lit)
    glyph.body.setAttribute('transform', `translate(${round(x)} ${round(y)})`)
    glyph.cross.setAttribute('transform', `translate(${round(x)} ${round(y)})`)
    if (!flight.heartbeat) {
      const back = along(from, to, Math.max(begin, at - TAIL / length), side)
      glyph.tail.setAttribute('d', `M${round(back.x)} ${round(back.y)}L${round(x)} ${round(y)}`)
      const ahead = along(from, to, at + 11 / length, side)
      const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI
      glyph.chevron.setAttribute('transform', `translate(${round(ahead.x)} ${round(ahead.y)}) rotate(${round(angle)})`)
    }
    return true
  }

  /** A message that a partition stops ends at its cut line. */
  #endOf(flight: Flight, from: Point, to: Point, side: number): number | undefined {
    if (flight.reason !== 'blocked') return undefined
    const a = along(from, to, 0, side)
    const b = along(from, to, 1, side)
    for (const [c, d] of this.#cuts) {
      const share = crossing(a, b, c, d)
      if (share !== undefined) return share
    }
    return undefined
  }

  #create(flight: Flight, ring: Ring): Glyph {
    const group = element('g')
    const kind = shapeOf(flight.message, flight.heartbeat)
    const hue = `t${termHue(flight.term)}`
    group.setAttribute(
      'class',
      `flight ${kind} ${hue}${flight.reply ? ' reply' : ''}${ring.dense || ring.tight ? ' small' : ''}`,
    )
    group.dataset.sender = String(flight.sender)
    group.dataset.receiver = String(flight.receiver)
    group.dataset.id = String(flight.id)
    const tail = element('path')
    tail.setAttribute('class', 'tail')
    const body = element('g')
    body.setAttribute('class', 'body')
    // A larger, unseen disc: something this small and quick must be easy to hit.
    const reach = element('circle')
    reach.setAttribute('class', 'reach')
    reach.setAttribute('r', '10')
    const shape = element('path')
    shape.setAttribute('class', 'shape')
    shape.setAttribute('d', SHAPE_PATHS[kind])
    body.append(reach, shape)
    if (kind === 'append' && !flight.reply) {
      const bar = element('path')
      bar.setAttribute('class', 'bar')
      bar.setAttribute('d', 'M-3 0h6')
      body.append(bar)
    }
    if (flight.refused) {
      const slash = element('path')
      slash.setAttribute('class', 'slash')
      slash.setAttribute('d', 'M-6 6L6 -6')
      body.append(slash)
    }
    const chevron = element('path')
    chevron.setAttribute('class', 'chevron')
    if (kind !== 'beat') chevron.setAttribute('d', 'M-3 -3L1 0L-3 3')
    const cross = element('g')
    cross.setAttribute('class', 'cross')
    const ground = element('circle')
    ground.setAttribute('r', flight.heartbeat ? '5' : '7')
    const mark = element('path')
    mark.setAttribute('d', CROSS)
    if (flight.heartbeat) mark.setAttribute('transform', 'scale(.75)')
    cross.append(ground, mark)
    group.append(tail, body, chevron, cross)
    this.#root.append(group)
    const glyph: Glyph = { group, tail, body, chevron, cross, fate: '' }
    this.#glyphs.set(flight.key, glyph)
    return glyph
  }
}

function element<K extends 'g' | 'path' | 'circle'>(name: K): SVGElementTagNameMap[K] {
  return document.createElementNS(SVG, name)
}

const round = (value: number) => Math.round(value * 10) / 10
