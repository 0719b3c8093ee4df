/**
 * A surface that writes down what is drawn on it, as SVG: the same picture as on a canvas, without a browser. Colours
 * and their opacity are written apart, and nothing newer than SVG 1.1 is used: other programs read it, too.
 */
import { parseHex } from './colour'
import type { Surface } from './surface'
import { isPlain, parseFont, widthOf } from './text'

interface State {
  fillStyle: string | object
  strokeStyle: string | object
  lineWidth: number
  lineCap: Surface['lineCap']
  lineJoin: Surface['lineJoin']
  globalAlpha: number
  font: string
  textAlign: Surface['textAlign']
  textBaseline: Surface['textBaseline']
  dash: readonly number[]
  /** Groups that were opened since this state was saved: they end with it. */
  groups: number
}

const FIRST: State = {
  fillStyle: '#000000',
  strokeStyle: '#000000',
  lineWidth: 1,
  lineCap: 'butt',
  lineJoin: 'miter',
  globalAlpha: 1,
  font: '400 10px sans-serif',
  textAlign: 'start',
  textBaseline: 'alphabetic',
  dash: [],
  groups: 0,
}

export interface SvgSurfaceOptions {
  /**
   * Draws a thin line around bold text: for a reader that has the regular weight only. The reader's own bold would be
   * better where there is one.
   */
  readonly boldByOutline?: boolean
}

export interface SvgDocument {
  readonly width: number
  readonly height: number
  readonly background: string
  /** For who can't see it. */
  readonly title: string
  readonly description: string
  readonly language: string
}

/** Where text stands against its middle or its top, in shares of its size. */
const MIDDLE = 0.36
const TOP = 0.86

export class SvgSurface implements Surface {
  #state: State = { ...FIRST }
  readonly #saved: State[] = []
  readonly #parts: string[] = []
  readonly #clips = new Map<string, string>()
  readonly #options: SvgSurfaceOptions
  #path = ''
  /** A point that is no number was given: what it belongs to is left out, as a canvas would do. */
  #broken = false

  constructor(options: SvgSurfaceOptions = {}) {
    this.#options = options
  }

  get fillStyle() {
    return this.#state.fillStyle
  }
  set fillStyle(value) {
    this.#state.fillStyle = value
  }
  get strokeStyle() {
    return this.#state.strokeStyle
  }
  set strokeStyle(value) {
    this.#state.strokeStyle = value
  }
  get lineWidth() {
    return this.#state.lineWidth
  }
  set lineWidth(value) {
    this.#state.lineWidth = value
  }
  get lineCap() {
    return this.#state.lineCap
  }
  set lineCap(value) {
    this.#state.lineCap = value
  }
  get lineJoin() {
    return this.#state.lineJoin
  }
  set lineJoin(value) {
    this.#state.lineJoin = value
  }
  get globalAlpha() {
    return this.#state.globalAlpha
  }
  set globalAlpha(value) {
    this.#state.globalAlpha = value
  }
  get font() {
    return this.#state.font
  }
  set font(value) {
    this.#state.font = value
  }
  get textAlign() {
    return this.#state.textAlign
  }
  set textAlign(value) {
    this.#state.textAlign = value
  }
  get textBaseline() {
    return this.#state.textBaseline
  }
  set textBaseline(value) {
    this.#state.textBaseline = value
  }

  setLineDash(segments: readonly number[]): void {
    this.#state.dash = [...segments]
  }

  save(): void {
    this.#saved.push({ ...this.#state })
    this.#state.groups = 0
  }

  restore(): void {
    for (let i = 0; i < this.#state.groups; i++) this.#parts.push('</g>')
    this.#state = this.#saved.pop() ?? { ...FIRST }
  }

  /** Draws something elsewhere: its (0, 0) is put at (x, y). */
  at(x: number, y: number, draw: () => void): void {
    this.#parts.push(`<g transform="translate(${round(x)} ${round(y)})">`)
    draw()
    this.#parts.push('</g>')
  }

  // ── paths ───────────────────────────────────────────────────────────────────────────────────────────────────────

  beginPath(): void {
    this.#path = ''
    this.#broken = false
  }

  closePath(): void {
    if (this.#path !== '') this.#path += 'Z'
  }

  moveTo(x: number, y: number): void {
    this.#add('M', x, y)
  }

  lineTo(x: number, y: number): void {
    this.#add(this.#path === '' ? 'M' : 'L', x, y)
  }

  arc(x: number, y: number, radius: number, startAngle: number, endAngle: number): void {
    const at = (angle: number): readonly [number, number] => [
      x + radius * Math.cos(angle),
      y + radius * Math.sin(angle),
    ]
    this.#add(this.#path === '' || this.#path.endsWith('Z') ? 'M' : 'L', ...at(startAngle))
    // One arc can't be a whole circle: its ends would be one point.
    const middle = (startAngle + endAngle) / 2
    const half = Math.abs(endAngle - startAngle) / 2 > Math.PI ? 1 : 0
    const sweep = endAngle > startAngle ? 1 : 0
    for (const angle of [middle, endAngle]) {
      this.#add(`A${round(radius)} ${round(radius)} 0 ${half} ${sweep} `, ...at(angle))
    }
    if (Math.abs(endAngle - startAngle) >= Math.PI * 2) this.#path += 'Z'
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#add('M', x, y)
    this.#add('H', x + width)
    this.#add('V', y + height)
    this.#add('H', x)
    this.#path += 'Z'
  }

  roundRect(x: number, y: number, width: number, height: number, radius: number): void {
    const r = Math.max(0, Math.min(radius, width / 2, height / 2))
    const corner = (dx: number, dy: number) => this.#add(`a${round(r)} ${round(r)} 0 0 1 `, dx, dy)
    this.#add('M', x + r, y)
    this.#add('H', x + width - r)
    corner(r, r)
    this.#add('V', y + height - r)
    corner(-r, r)
    this.#add('H', x + r)
    corner(-r, -r)
    this.#add('V', y + r)
    corner(r, -r)
    this.#path += 'Z'
  }

  clip(): void {
    if (this.#broken || this.#path === '') return
    const id = this.#clips.get(this.#path) ?? `c${this.#clips.size + 1}`
    this.#clips.set(this.#path, id)
    this.#parts.push(`<g clip-path="url(#${id})">`)
    this.#state.groups++
  }

  fill(): void {
    this.#shape(this.#path, this.#fillOf())
  }

  stroke(): void {
    this.#shape(this.#path, ` fill="none"${this.#strokeOf()}`)
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#rectangle(x, y, width, height, this.#fillOf())
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#rectangle(x, y, width, height, ` fill="none"${this.#strokeOf()}`)
  }

  // ── text ────────────────────────────────────────────────────────────────────────────────────────────────────────

  fillText(text: string, x: number, y: number): void {
    const outline =
      this.#options.boldByOutline === true && parseFont(this.#state.font).weight >= 600
        ? ` stroke="${colourOf(this.#state.fillStyle).colour}" stroke-width="0.35"`
        : ''
    this.#text(text, x, y, `${this.#fillOf()}${outline}`)
  }

  strokeText(text: string, x: number, y: number): void {
    this.#text(text, x, y, ` fill="none"${this.#strokeOf()}`)
  }

  measureText(text: string): { readonly width: number } {
    return { width: widthOf(parseFont(this.#state.font), text) }
  }

  // ── the document ────────────────────────────────────────────────────────────────────────────────────────────────

  /** The picture so far, as a whole file. */
  document({ width, height, background, title, description, language }: SvgDocument): string {
    const clips = [...this.#clips].map(([path, id]) => `<clipPath id="${id}"><path d="${path}"/></clipPath>`)
    const { colour } = colourOf(background)
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" role="img" xml:lang="${language}">`,
      `<title>${escaped(title)}</title>`,
      `<desc>${escaped(description)}</desc>`,
      ...(clips.length > 0 ? [`<defs>${clips.join('')}</defs>`] : []),
      `<rect width="${round(width)}" height="${round(height)}" fill="${colour}"/>`,
      ...this.#parts,
      '</svg>',
      '',
    ].join('\n')
  }

  #add(command: string, ...values: readonly number[]): void {
    if (!values.every(Number.isFinite)) this.#broken = true
    this.#path += `${command}${values.map(round).join(' ')}`
  }

  #shape(path: string, look: string): void {
    if (!this.#broken && path !== '') this.#parts.push(`<path d="${path}"${look}/>`)
  }

  #rectangle(x: number, y: number, width: number, height: number, look: string): void {
    if (![x, y, width, height].every(Number.isFinite) || width <= 0 || height <= 0) return
    this.#parts.push(`<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"${look}/>`)
  }

  #text(text: string, x: number, y: number, look: string): void {
    if (text === '' || !Number.isFinite(x) || !Number.isFinite(y)) return
    const { weight, size, family } = parseFont(this.#state.font)
    const { textAlign, textBaseline } = this.#state
    const anchor = textAlign === 'center' ? 'middle' : textAlign === 'right' || textAlign === 'end' ? 'end' : 'start'
    const down = textBaseline === 'middle' ? MIDDLE * size : textBaseline === 'top' ? TOP * size : 0
    this.#parts.push(
      `<text x="${round(x)}" y="${round(y + down)}" font-family="${escaped(family)}" font-size="${size}"` +
        `${weight === 400 ? '' : ` font-weight="${weight}"`}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}` +
        `${look} xml:space="preserve">${runsOf(text, family)}</text>`,
    )
  }

  #fillOf(): string {
    const { colour, alpha } = colourOf(this.#state.fillStyle)
    return ` fill="${colour}"${opacity('fill-opacity', alpha * this.#state.globalAlpha)}`
  }

  #strokeOf(): string {
    const { strokeStyle, globalAlpha, lineWidth, lineCap, lineJoin, dash } = this.#state
    const { colour, alpha } = colourOf(strokeStyle)
    return (
      ` stroke="${colour}"${opacity('stroke-opacity', alpha * globalAlpha)}` +
      `${lineWidth === 1 ? '' : ` stroke-width="${round(lineWidth)}"`}` +
      `${lineCap === 'butt' ? '' : ` stroke-linecap="${lineCap}"`}` +
      `${lineJoin === 'miter' ? '' : ` stroke-linejoin="${lineJoin}"`}` +
      `${dash.length === 0 ? '' : ` stroke-dasharray="${dash.map(round).join(' ')}"`}`
    )
  }
}

/** Two digits behind the point: a hundredth of a pixel is seen by nobody. */
function round(value: number): string {
  const rounded = Math.round(value * 100) / 100
  return String(Object.is(rounded, -0) ? 0 : rounded)
}

const opacity = (name: string, value: number) => (value >= 1 ? '' : ` ${name}="${round(Math.max(0, value))}"`)

function colourOf(style: string | object): { readonly colour: string; readonly alpha: number } {
  const text = typeof style === 'string' ? style : ''
  const parsed = parseHex(text)
  if (parsed === undefined) throw new Error(`Not a colour of the diagram: ${text}`)
  const byte = (value: number) => value.toString(16).padStart(2, '0')
  return { colour: `#${byte(parsed.r)}${byte(parsed.g)}${byte(parsed.b)}`, alpha: parsed.a }
}

/** Signs that the first font lacks stand in runs of their own: who draws them changes the font for these alone. */
function runsOf(text: string, family: string): string {
  const [, ...others] = family.split(',')
  const fallback = escaped(others.join(',').trim() || family)
  let written = ''
  let run = ''
  let plain = true
  const end = () => {
    if (run !== '') written += plain ? escaped(run) : `<tspan font-family="${fallback}">${escaped(run)}</tspan>`
    run = ''
  }
  for (const character of text) {
    const isOne: boolean = character === ' ' ? plain : isPlain(character)
    if (isOne !== plain) end()
    plain = isOne
    run += character
  }
  end()
  return written
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** XML has no place for other control characters, nor for half of a surrogate pair. */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those are meant
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '�')
      .replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
  )
}
