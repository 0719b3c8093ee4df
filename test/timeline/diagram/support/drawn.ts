/** A surface that remembers what was drawn on it, and how: to ask what stands where. */
import type { Surface } from '../../../../main/timeline/diagram/surface'

export interface Point {
  readonly x: number
  readonly y: number
}
export interface Drawn {
  readonly what: 'stroke' | 'fill' | 'fillRect' | 'strokeRect' | 'text'
  /** Of a path: where it goes; of a rectangle its corner; of a text where it stands. */
  readonly points: readonly Point[]
  readonly arcs: readonly (Point & { readonly radius: number })[]
  readonly size: { readonly width: number; readonly height: number }
  readonly text: string
  readonly colour: string
  readonly alpha: number
  readonly width: number
  readonly dash: readonly number[]
}

export class RecordingSurface implements Surface {
  readonly drawn: Drawn[] = []
  fillStyle: string | object = '#000000'
  strokeStyle: string | object = '#000000'
  lineWidth = 1
  lineCap: Surface['lineCap'] = 'butt'
  lineJoin: Surface['lineJoin'] = 'miter'
  globalAlpha = 1
  font = '400 10px sans-serif'
  textAlign: Surface['textAlign'] = 'start'
  textBaseline: Surface['textBaseline'] = 'alphabetic'
  #dash: readonly number[] = []
  #points: Point[] = []
  #arcs: (Point & { readonly radius: number })[] = []
  readonly #saved: object[] = []

  setLineDash(segments: readonly number[]): void {
    this.#dash = segments
  }
  save(): void {
    const { fillStyle, strokeStyle, lineWidth, globalAlpha, font, textAlign, textBaseline } = this
    this.#saved.push({ fillStyle, strokeStyle, lineWidth, globalAlpha, font, textAlign, textBaseline })
  }
  restore(): void {
    Object.assign(this, this.#saved.pop())
  }
  beginPath(): void {
    this.#points = []
    this.#arcs = []
  }
  closePath(): void {}
  moveTo(x: number, y: number): void {
    this.#points.push({ x, y })
  }
  lineTo(x: number, y: number): void {
    this.#points.push({ x, y })
  }
  arc(x: number, y: number, radius: number): void {
    this.#arcs.push({ x, y, radius })
  }
  rect(x: number, y: number): void {
    this.#points.push({ x, y })
  }
  roundRect(x: number, y: number): void {
    this.#points.push({ x, y })
  }
  clip(): void {}
  fill(): void {
    this.#draw('fill', this.fillStyle)
  }
  stroke(): void {
    this.#draw('stroke', this.strokeStyle)
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.#draw('fillRect', this.fillStyle, { points: [{ x, y }], arcs: [], size: { width, height } })
  }
  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#draw('strokeRect', this.strokeStyle, { points: [{ x, y }], arcs: [], size: { width, height } })
  }
  fillText(text: string, x: number, y: number): void {
    this.#draw('text', this.fillStyle, { points: [{ x, y }], arcs: [], text })
  }
  strokeText(): void {}
  measureText(text: string): { readonly width: number } {
    return { width: text.length * 6 }
  }

  #draw(what: Drawn['what'], style: string | object, more: Partial<Drawn> = {}): void {
    this.drawn.push({
      what,
      points: [...this.#points],
      arcs: [...this.#arcs],
      size: { width: 0, height: 0 },
      text: '',
      colour: String(style),
      alpha: this.globalAlpha,
      width: this.lineWidth,
      dash: [...this.#dash],
      ...more,
    })
  }
}
