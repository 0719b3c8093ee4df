/** Lines gathered by look and stroked together: thousands of messages cost a handful of canvas calls. */
import type { Surface } from '../surface'

export interface Look {
  readonly colour: string
  readonly width: number
  readonly alpha: number
  readonly dash: readonly number[]
}

interface Batch {
  readonly look: Look
  readonly lines: number[]
  /** Triangles: x, y, angle. */
  readonly heads: number[]
}

export class Strokes {
  readonly #batches = new Map<string, Batch>()

  line(key: string, look: () => Look, x1: number, y1: number, x2: number, y2: number): void {
    this.#batch(key, look).lines.push(x1, y1, x2, y2)
  }

  head(key: string, look: () => Look, x: number, y: number, angle: number): void {
    this.#batch(key, look).heads.push(x, y, angle)
  }

  paint(context: Surface): void {
    for (const { look, lines, heads } of this.#batches.values()) {
      context.globalAlpha = look.alpha
      context.strokeStyle = look.colour
      context.fillStyle = look.colour
      context.lineWidth = look.width
      context.setLineDash([...look.dash])
      context.beginPath()
      for (let i = 0; i < lines.length; i += 4) {
        context.moveTo(lines[i] ?? 0, lines[i + 1] ?? 0)
        context.lineTo(lines[i + 2] ?? 0, lines[i + 3] ?? 0)
      }
      context.stroke()
      if (heads.length === 0) continue
      context.beginPath()
      for (let i = 0; i < heads.length; i += 3) arrow(context, heads[i] ?? 0, heads[i + 1] ?? 0, heads[i + 2] ?? 0)
      context.fill()
    }
    context.globalAlpha = 1
    context.setLineDash([])
  }

  #batch(key: string, look: () => Look): Batch {
    const known = this.#batches.get(key)
    if (known !== undefined) return known
    const batch: Batch = { look: look(), lines: [], heads: [] }
    this.#batches.set(key, batch)
    return batch
  }
}

/** A solid arrowhead with its tip at (x, y). */
export function arrow(context: Surface, x: number, y: number, angle: number, size = 5): void {
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  context.moveTo(x, y)
  context.lineTo(x - size * cos + size * 0.6 * sin, y - size * sin - size * 0.6 * cos)
  context.lineTo(x - size * cos - size * 0.6 * sin, y - size * sin + size * 0.6 * cos)
  context.closePath()
}

/** A × around (x, y). */
export function cross(context: Surface, x: number, y: number, arm = 3): void {
  context.moveTo(x - arm, y - arm)
  context.lineTo(x + arm, y + arm)
  context.moveTo(x + arm, y - arm)
  context.lineTo(x - arm, y + arm)
}

/** Diagonal hatching inside a rectangle. */
export function hatch(
  context: Surface,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
  gap = 6,
): void {
  context.save()
  context.beginPath()
  context.rect(x, y, width, height)
  context.clip()
  context.strokeStyle = colour
  context.lineWidth = 1
  context.setLineDash([])
  context.beginPath()
  // Anchored to the canvas, not to the rectangle, so that it stands still while the rectangle grows.
  const start = Math.floor((x - height) / gap) * gap
  for (let at = start; at < x + width + height; at += gap) {
    context.moveTo(at, y + height)
    context.lineTo(at + height, y)
  }
  context.stroke()
  context.restore()
}

/** The longest of these texts that fits whole; nothing when none does. */
export function firstFitting(context: Surface, texts: readonly string[], width: number): string {
  return texts.find((text) => context.measureText(text).width <= width) ?? ''
}

/** Text that keeps to a width: cut with … when it would not fit; nothing when not even that fits. */
export function fitText(context: Surface, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text
  let cut = text.length
  while (cut > 0 && context.measureText(`${text.slice(0, cut)}…`).width > width) cut = Math.floor(cut * 0.85)
  return cut > 1 ? `${text.slice(0, cut)}…` : ''
}
