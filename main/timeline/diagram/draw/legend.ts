/** What the signs of a picture mean: under it, because a picture is looked at without the window. */
import type { Palette } from '../palette'
import { traceRole } from '../shapes'
import type { Painted } from '../shown'
import type { Surface } from '../surface'
import { arrow, cross } from './strokes'

export interface LegendItem {
  readonly sign: LegendSign
  readonly text: string
}

export type LegendSign =
  | 'leader'
  | 'candidate'
  | 'follower'
  | 'down'
  | 'term'
  | 'request'
  | 'reply'
  | 'refusal'
  | 'beat'
  | 'dropped'
  | 'unreachable'
  | 'held'
  | 'flying'
  | 'copy'
  | 'lost'
  | 'past'
  | 'future'
  | 'path'
  | Painted

const SIGN = 22
const GAP = 18
const ROW = 18

/** Where each item stands, row by row; `height` is what they take. */
function layoutLegend(
  items: readonly LegendItem[],
  width: number,
  measure: (text: string) => number,
): { readonly places: readonly { readonly x: number; readonly y: number }[]; readonly height: number } {
  let x = 0
  let y = 0
  const places = items.map(({ text }) => {
    const wide = SIGN + 6 + measure(text)
    if (x > 0 && x + wide > width) {
      x = 0
      y += ROW
    }
    const place = { x, y: y + ROW / 2 }
    x += wide + GAP
    return place
  })
  return { places, height: items.length === 0 ? 0 : y + ROW }
}

/** Draws the items into a box of this width and returns its height. */
export function drawLegend(surface: Surface, items: readonly LegendItem[], width: number, palette: Palette): number {
  surface.font = `400 11px ${palette.fontUi}`
  const { places, height } = layoutLegend(items, width, (text) => surface.measureText(text).width)
  items.forEach(({ sign, text }, i) => {
    const { x, y } = places[i] ?? { x: 0, y: 0 }
    surface.save()
    drawSign(surface, sign, x, y, palette)
    surface.restore()
    surface.font = `400 11px ${palette.fontUi}`
    surface.textAlign = 'left'
    surface.textBaseline = 'middle'
    surface.fillStyle = palette.text2
    surface.fillText(text, x + SIGN + 6, y)
  })
  return height
}

function drawSign(surface: Surface, sign: LegendSign, x: number, y: number, palette: Palette): void {
  const right = x + SIGN
  const middle = x + SIGN / 2
  const ink = palette.term(1).solid
  const line = (colour: string, to: number, dash: readonly number[] = [], width = 1.5) => {
    surface.strokeStyle = colour
    surface.lineWidth = width
    surface.setLineDash(dash)
    surface.beginPath()
    surface.moveTo(x, y)
    surface.lineTo(to, y)
    surface.stroke()
    surface.setLineDash([])
  }
  const head = (colour: string) => {
    surface.fillStyle = colour
    surface.beginPath()
    arrow(surface, right, y, 0)
    surface.fill()
  }
  if (typeof sign === 'object') {
    line(palette.rule(sign.colour), right, [], 2)
    return
  }
  switch (sign) {
    case 'leader':
    case 'candidate':
    case 'follower':
      surface.strokeStyle = ink
      surface.lineWidth = 2
      traceRole(surface, sign, middle, y, 5.5)
      if (sign === 'leader') {
        surface.fillStyle = ink
        surface.fill()
      }
      surface.stroke()
      return
    case 'down':
      surface.strokeStyle = palette.text3
      surface.lineWidth = 1.5
      surface.setLineDash([2, 2])
      traceRole(surface, 'follower', middle, y, 5.5)
      surface.stroke()
      surface.setLineDash([])
      return
    case 'term':
      palette.terms.slice(0, 4).forEach((colour, i) => {
        surface.fillStyle = colour
        surface.fillRect(x + i * 5.5, y - 5, 4.5, 10)
      })
      return
    case 'request':
      line(ink, right)
      head(ink)
      return
    case 'reply':
      line(ink, right, [4, 2.5])
      head(ink)
      return
    case 'refusal':
      line(ink, right, [4, 2.5])
      head(ink)
      surface.fillStyle = palette.canvas
      surface.beginPath()
      surface.arc(x + 4, y, 3.25, 0, Math.PI * 2)
      surface.fill()
      surface.stroke()
      surface.beginPath()
      surface.moveTo(x + 1.75, y + 2.25)
      surface.lineTo(x + 6.25, y - 2.25)
      surface.stroke()
      return
    case 'beat':
      surface.globalAlpha = 0.5
      line(palette.text3, right, [], 1.25)
      head(palette.text3)
      surface.globalAlpha = 1
      return
    case 'dropped':
      line(ink, right - 3)
      surface.strokeStyle = palette.danger
      surface.lineWidth = 1.75
      surface.beginPath()
      cross(surface, right - 3, y)
      surface.stroke()
      return
    case 'unreachable':
      line(ink, right - 2)
      surface.strokeStyle = palette.danger
      surface.lineWidth = 2.25
      surface.beginPath()
      surface.moveTo(right - 1, y - 4.5)
      surface.lineTo(right - 1, y + 4.5)
      surface.stroke()
      return
    case 'held':
      surface.fillStyle = palette.ink
      surface.beginPath()
      surface.roundRect(middle - 6, y - 6, 12, 12, 3)
      surface.fill()
      surface.fillStyle = palette.inkInverse
      surface.fillRect(middle - 2.5, y - 3, 1.5, 6)
      surface.fillRect(middle + 1, y - 3, 1.5, 6)
      return
    case 'flying':
      line(ink, right - 4, [1, 3])
      surface.fillStyle = ink
      surface.beginPath()
      surface.roundRect(right - 9, y - 3, 9, 6, 2)
      surface.fill()
      return
    case 'copy':
      surface.strokeStyle = ink
      surface.lineWidth = 1.25
      surface.beginPath()
      surface.arc(middle, y, 4.5, 0, Math.PI * 2)
      surface.moveTo(middle - 2.5, y)
      surface.lineTo(middle + 2.5, y)
      surface.moveTo(middle, y - 2.5)
      surface.lineTo(middle, y + 2.5)
      surface.stroke()
      return
    case 'lost':
      line(ink, right - 6)
      surface.strokeStyle = palette.text3
      surface.lineWidth = 1.25
      surface.beginPath()
      surface.arc(right - 3, y, 2.75, 0, Math.PI * 2)
      surface.stroke()
      return
    case 'past':
      line(palette.accent, right, [], 2)
      return
    case 'future':
      line(palette.ink, right, [1.5, 3], 2)
      return
    case 'path':
      line(palette.accent, right, [], 3)
      surface.fillStyle = palette.accentFill
      surface.beginPath()
      surface.arc(middle, y, 5, 0, Math.PI * 2)
      surface.fill()
  }
}
