/** Pictures of the diagram, read by parsers that are not ours: SVG by fast-xml-parser, PNG by pngjs. */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { parseHex } from '../../../main/timeline/diagram/colour'
import { SvgSurface } from '../../../main/timeline/diagram/svg-surface'
import { THEMES } from '../../../main/timeline/diagram/themes'
import type { ExportWish } from '../../../main/timeline/export/exporter'
import { pngExporter, svgExporter } from '../../../main/timeline/export/picture'
import { SCENES } from '../../renderer/preview-diagrams/scenes'
import { exportedBy, sourceOf } from './support/exported'
import { longStory } from './support/story'

const raw = SCENES.faults!().raw
const faults = () => sourceOf(raw, 256)
const END = raw.at(-1)!.t

interface Node {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly text: string
  /** Under a clip: it may reach beyond the picture. */
  readonly clipped: boolean
  /** Of the groups around it. */
  readonly at: { readonly x: number; readonly y: number }
}

type Parsed = Readonly<Record<string, unknown>>

/** Every element of a document, flat. */
function elementsOf(svg: string): readonly Node[] {
  expect(XMLValidator.validate(svg)).toBe(true)
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    trimValues: false,
    parseTagValue: false,
    parseAttributeValue: false,
  })
  const found: Node[] = []
  const walk = (nodes: readonly Parsed[], clipped: boolean, at: Node['at']): string =>
    nodes
      .map((node) => {
        const attributes = (node[':@'] ?? {}) as Readonly<Record<string, string>>
        const name = Object.keys(node).find((key) => key !== ':@') ?? ''
        if (name === '#text') return String(node['#text'])
        const [, x = 0, y = 0] = /translate\(([\d.-]+) ([\d.-]+)\)/.exec(attributes.transform ?? '') ?? []
        const inside = { x: at.x + Number(x), y: at.y + Number(y) }
        const under = clipped || attributes['clip-path'] !== undefined || name === 'clipPath'
        const text = walk((node[name] ?? []) as readonly Parsed[], under, inside)
        found.push({ name, attributes, text, clipped: under, at: inside })
        return text
      })
      .join('')
  walk(parser.parse(svg) as readonly Parsed[], false, { x: 0, y: 0 })
  return found
}

/** The corners that an element's own numbers reach. */
function reachOf({ name, attributes, at }: Node): readonly { readonly x: number; readonly y: number }[] {
  const n = (key: string) => Number(attributes[key] ?? 0)
  if (name === 'rect') {
    return [
      { x: at.x + n('x'), y: at.y + n('y') },
      { x: at.x + n('x') + n('width'), y: at.y + n('y') + n('height') },
    ]
  }
  if (name === 'text') return [{ x: at.x + n('x'), y: at.y + n('y') }]
  if (name !== 'path') return []
  const moves = [...(attributes.d ?? '').matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)]
  return moves.map(([, x, y]) => ({ x: at.x + Number(x), y: at.y + Number(y) }))
}

const shot = (wish: Partial<ExportWish> = {}): Partial<ExportWish> => ({
  selection: { fromT: END - 1.4e9, toT: END },
  width: 1_280,
  ...wish,
})

describe.each([
  ['dark', 'en'],
  ['light', 'zh'],
] as const)('an SVG, %s, %s', (theme, language) => {
  test('is well-formed, has no broken number, and keeps to its view box', async () => {
    const { text } = await exportedBy(svgExporter, faults(), shot({ theme, language }))
    const nodes = elementsOf(text)
    expect(text).not.toMatch(/NaN|Infinity|undefined/)
    const root = nodes.find(({ name }) => name === 'svg')!
    const [, , width = 0, height = 0] = (root.attributes.viewBox ?? '').split(' ').map(Number)
    expect(width).toBe(1_280)
    expect(height).toBeGreaterThan(200)
    const out = nodes
      .filter(({ clipped }) => !clipped)
      .flatMap((node) => reachOf(node).map((point) => ({ node: node.name, ...point })))
      .filter(({ x, y }) => x < -1 || y < -1 || x > width + 1 || y > height + 1)
    expect(out).toEqual([])
    expect(nodes.length).toBeGreaterThan(100)
  })

  test('says what it is, who is in it, and what its signs mean', async () => {
    const { text } = await exportedBy(svgExporter, faults(), shot({ theme, language }))
    const texts = elementsOf(text)
      .filter(({ name }) => name === 'text')
      .map((node) => node.text)
    const all = texts.join('\n')
    expect(texts[0]).toContain('demo')
    expect(all).toContain('2026-01-02 03:04:05 UTC')
    for (const node of ['n1', 'n2', 'n3', 'n4', 'n5']) expect(texts).toContain(node)
    expect(all).toContain(language === 'en' ? 'to a dead node' : '发往已停止的节点')
    expect(all).toContain(language === 'en' ? 'Killed n2' : 'n2')
    expect(text).toContain(THEMES[theme].canvas)
    expect(text).toMatch(/font-family="&quot;Inter&quot;, [^"]*&quot;Noto Sans SC&quot;/)
  })
})

describe('what is asked for', () => {
  test('only some nodes have lanes', async () => {
    const { text } = await exportedBy(svgExporter, faults(), shot({ selection: { nodes: [1, 3] } }))
    const texts = elementsOf(text).filter(({ name }) => name === 'text')
    const lanes = texts.map((node) => node.text).filter((each) => /^n\d$/.test(each))
    expect(lanes).toEqual(['n1', 'n3'])
    expect(text).toContain('only n1 n3')
  })

  test('only some kinds are drawn, on the lanes that are always there', async () => {
    const { text, events } = await exportedBy(svgExporter, faults(), shot({ selection: { kinds: ['role', 'fault'] } }))
    expect(events).toBe(raw.filter(({ kind }) => kind === 'role' || kind === 'fault').length)
    expect(text).not.toContain('put x')
    expect(text).toContain('Killed n2')
    expect(text).toContain('leader T')
  })

  test('hidden heartbeats are not there', async () => {
    const paths = async (wish: Partial<ExportWish>) =>
      elementsOf((await exportedBy(svgExporter, faults(), shot(wish))).text).filter(({ name }) => name === 'path')
        .length
    const grey = THEMES.light.text3
    const { text } = await exportedBy(svgExporter, faults(), shot({ shown: { hideHeartbeats: true } }))
    expect(text).toContain('without heartbeats')
    expect(text).not.toContain(`stroke="${grey}" stroke-opacity="0.5" stroke-width="1.25"/>`)
    expect(await paths({ shown: { hideHeartbeats: true } })).toBeLessThan(await paths({}))
  })

  test('a filter lets the rest step back; rules give colour and number; the chosen message is lit', async () => {
    const one = raw.find((event) => event.kind === 'sent' && event.t > END - 1.3e9 && event.count > 0)!
    if (one.kind !== 'sent') throw new Error('no message')
    const { text } = await exportedBy(
      svgExporter,
      faults(),
      shot({
        theme: 'dark',
        shown: {
          filter: 'kind = vote',
          rules: [{ filter: `seq = ${one.seq}`, colour: 'rose', on: true }],
          message: { sender: one.node, receiver: one.peer, id: one.id },
          pin: END - 0.7e9,
        },
      }),
    )
    expect(text).toContain('stroke-opacity="0.12"')
    expect(text).toContain(`1: seq = ${one.seq}`)
    expect(text).toContain(THEMES.dark.terms[3])
    expect(text).toContain(THEMES.dark.accent)
  })

  test('causes are drawn: what has nothing to do with it steps back', async () => {
    const late = raw.filter((event) => event.kind === 'sent' && event.t > END - 1.3e9).map(({ seq }) => seq)
    const causal = {
      origin: late[4]!,
      past: new Set(late.slice(0, 4)),
      future: new Set(late.slice(5)),
      path: late.slice(2, 5),
    }
    const { text } = await exportedBy(svgExporter, faults(), shot({ theme: 'dark', shown: { causal } }))
    const numbers = elementsOf(text).filter(
      ({ name, attributes }) => name === 'text' && attributes.fill === THEMES.dark.accentInk,
    )
    expect(numbers.map((node) => node.text)).toEqual(['1', '2', '3'])
    expect(text).toContain('because of this')
  })

  test('any timeline can be drawn', async () => {
    const story = longStory(2_000)
    const { text, events } = await exportedBy(svgExporter, sourceOf(story), { width: 600 })
    elementsOf(text)
    expect(events).toBe(story.length)
  })
})

test('text of any kind stays text', () => {
  const surface = new SvgSurface()
  surface.font = '400 11px "Inter", sans-serif'
  surface.fillText('<b> & "x" \u0000 \ud800 → 领导', 1, 2)
  surface.moveTo(Number.NaN, 3)
  surface.stroke()
  const svg = surface.document({
    width: 9,
    height: 9,
    background: '#ffffff',
    title: 'a<b',
    description: '&',
    language: 'en',
  })
  const nodes = elementsOf(svg)
  expect(nodes.filter(({ name }) => name === 'path')).toEqual([])
  expect(nodes.find(({ name }) => name === 'text')?.text).toContain('→')
})

test('a PNG has two pixels for one, is not blank, and has the colours of its theme', async () => {
  const chunks: Uint8Array[] = []
  const source = faults()
  const svg = await exportedBy(svgExporter, source, shot({ theme: 'dark', language: 'zh' }))
  const height = Number(/viewBox="0 0 \S+ (\S+)"/.exec(svg.text)?.[1])
  await pngExporter.write(
    source,
    {
      selection: { fromT: END - 1.4e9, toT: END },
      language: 'zh',
      theme: 'dark',
      width: 1_280,
      signal: new AbortController().signal,
      progress: () => undefined,
    },
    async (chunk) => void chunks.push(chunk as Uint8Array),
  )
  const { width, height: high, data } = PNG.sync.read(Buffer.concat(chunks))
  expect([width, high]).toEqual([2_560, Math.ceil(height * 2)])
  const counts = new Map<number, number>()
  for (let at = 0; at < data.length; at += 4) {
    const colour = data.readUIntBE(at, 3)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const count = (hex: string) => {
    const { r, g, b } = parseHex(hex)!
    return counts.get((r << 16) | (g << 8) | b) ?? 0
  }
  const { canvas, terms, danger, text } = THEMES.dark
  expect(count(canvas)).toBeGreaterThan(width * high * 0.3)
  expect(count(terms[0]!)).toBeGreaterThan(200)
  expect(count(danger)).toBeGreaterThan(100)
  // Letters are really drawn: the title alone has hundreds of such pixels.
  expect(count(text)).toBeGreaterThan(300)
})

test('an export that is cancelled ends with the reason', async () => {
  const cancel = new AbortController()
  cancel.abort(new Error('enough'))
  await expect(exportedBy(svgExporter, faults(), shot({ signal: cancel.signal }))).rejects.toThrow('enough')
})

test('a PNG is drawn beside everything else, and can be cancelled while it is', async () => {
  const cancel = new AbortController()
  // Whoever waits for nothing gets on: the last event is read, then only the drawing is left.
  let turns = 0
  let isGoing = false
  const turn = () => {
    if (++turns < 50) setImmediate(turn)
    else cancel.abort(new Error('enough'))
  }
  const begun = (events: number) => {
    if (events > 0 && !isGoing) setImmediate(turn)
    isGoing ||= events > 0
  }
  const wish = shot({ signal: cancel.signal, progress: begun })
  await expect(exportedBy(pngExporter, faults(), wish)).rejects.toThrow('enough')
  expect(turns).toBe(50)
})
