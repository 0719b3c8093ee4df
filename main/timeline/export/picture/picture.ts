/**
 * The diagram of a part of a timeline as a picture: the window's own drawing, under a line that says what it is, over a
 * legend. Who looks at it has no window to ask.
 */
import type { TimelineEvent } from '../../../node/contract/events'
import type { TimelineSource } from '../../api'
import {
  type Causal,
  createLabels,
  type DrawScene,
  drawLegend,
  drawOverlay,
  drawPicture,
  type Edge,
  type Flag,
  formatMoment,
  type LegendItem,
  layoutOf,
  type Painted,
  parseFilter,
  SvgSurface,
  type SvgSurfaceOptions,
  TimelineModel,
  themePalette,
  wholeHeight,
} from '../../diagram'
import { readNotes } from '../../notes'
import { eventView } from '../../views/event'
import type { EventView } from '../../views/types'
import type { Exported, ExportWish } from '../exporter'
import { pictureWords } from './words'

/** So much more (nanoseconds) is read on both sides, so that messages across an edge have their other end. */
const AROUND = 1e9
/** More messages than this are a grey block, and too much for a file: the rest is left out and counted. */
const MOST_MESSAGES = 60_000
const HEAD = 44
const FOOT_PAD = 8
const EDGE = 12
const MICRO = 1_000

export interface Picture {
  readonly svg: string
  readonly width: number
  readonly height: number
  readonly exported: Exported
}

/** Lanes are the ground on which all else stands: these kinds are always read. */
const GROUND: ReadonlySet<TimelineEvent['kind']> = new Set(['started', 'role', 'hardState', 'process'])
const MESSAGES: ReadonlySet<TimelineEvent['kind']> = new Set(['sent', 'copied'])

export async function drawTimeline(
  source: TimelineSource,
  wish: ExportWish,
  options: SvgSurfaceOptions = {},
): Promise<Picture> {
  const { language, shown = {}, theme, width } = wish
  const words = pictureWords(language)
  const palette = themePalette(theme)
  const read = await readPart(source, wish)
  const { model, camera, nodes } = read
  const { faultRows, operationRows, callRows, notes } = model.tracks
  const bookmarks = await bookmarksOf(source, words.t('diagrams.timeline.bookmark'))
  const rows = {
    nodes: nodes.length,
    faultRows,
    operationRows,
    callRows,
    notes: notes.length + bookmarks.length > 0,
    minimap: false,
  }
  const height = wholeHeight(rows)
  const layout = layoutOf({ width, height, scroll: 0, ...rows })
  const surface = new SvgSurface(options)
  const title = `${source.info().clusterName} · ${words.t('picture.range', rangeWords(source, camera))}`
  drawHead(surface, title, subtitle(source, wish), width, palette)
  surface.at(0, HEAD, () => {
    const scene: DrawScene = {
      layout,
      camera,
      model,
      nodes,
      laneOf: new Map(nodes.map((id, lane) => [id, lane])),
      shows: (edge) => !(shown.hideHeartbeats === true && edge.heartbeat),
      dims: (edge) => !read.fits(edge),
      painted: read.painted,
      paintedEvent: read.paintedEvent,
      causal: shown.causal ?? null,
      bookmarks,
      extent: { from: 0, to: Math.max(1, source.info().end) },
      now: Math.min(source.info().end, Math.max(camera.to, model.known)),
      shown: shown.pin ?? camera.to,
      live: false,
      labels: createLabels(words),
      selectedNode: shown.node ?? null,
      hoverNode: null,
    }
    drawPicture(surface, scene, palette)
    const { message, pin = null } = shown
    const selectedEdge = message && model.edges.find(message.sender, message.receiver, message.id)
    drawOverlay(
      surface,
      { ...scene, pin, cross: null, hoverEdge: undefined, selectedEdge, hoverMark: undefined },
      palette,
    )
  })
  const items = legendOf(read, wish)
  let legend = 0
  surface.at(EDGE, HEAD + height + FOOT_PAD, () => {
    legend = drawLegend(surface, items, width - EDGE * 2, palette)
  })
  const whole = HEAD + height + FOOT_PAD * 2 + legend
  const svg = surface.document({
    width,
    height: whole,
    background: palette.canvas,
    title,
    description: words.t('picture.description', { nodes: nodes.length, events: read.events }),
    language: language === 'zh' ? 'zh-Hans' : 'en',
  })
  return { svg, width, height: whole, exported: { events: read.events, leftOut: read.leftOut } }
}

// ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────

interface Part {
  readonly model: TimelineModel
  readonly camera: { readonly from: number; readonly to: number }
  readonly nodes: readonly number[]
  /** Within the selection. */
  readonly events: number
  readonly leftOut: Exported['leftOut']
  fits(edge: Edge): boolean
  painted(edge: Edge): Painted | undefined
  paintedEvent(seq: number): Painted | undefined
}

async function readPart(
  source: TimelineSource,
  { selection, signal, progress, shown = {} }: ExportWish,
): Promise<Part> {
  const { end } = source.info()
  const { fromSeq = 0, toSeq = Number.POSITIVE_INFINITY, fromT = 0, toT = Number.POSITIVE_INFINITY } = selection
  const bySeq = selection.fromSeq !== undefined || selection.toSeq !== undefined
  // By time the surroundings are read as well; by number exactly what was asked for is there.
  const range = bySeq ? { fromSeq, toSeq, fromT, toT } : { fromT: Math.max(0, fromT - AROUND), toT: toT + AROUND }
  const model = new TimelineModel()
  await begin(source, model, bySeq ? fromSeq : await source.seqAt(range.fromT - 1), signal)
  const kinds = selection.kinds && new Set(selection.kinds)
  const filter = shown.filter === undefined || shown.filter.trim() === '' ? undefined : parseFilter(shown.filter)
  const rules = (shown.rules ?? []).map((rule, i) => ({ ...rule, rule: i + 1, filter: parseFilter(rule.filter) }))
  const active = rules.filter((rule) => rule.on && !rule.filter.empty)
  const matched = new Set<number>()
  const paints = new Map<number, Painted>()
  const { causal } = shown
  const lit = new Set(causal === undefined ? [] : [causal.origin, ...causal.path])
  const keep = ({ seq }: EventView) =>
    causal !== undefined && (lit.has(seq) || causal.past.has(seq) || causal.future.has(seq))
  let events = 0
  let messages = 0
  let tooMany = 0
  let looked = 0
  let firstT = Number.POSITIVE_INFINITY
  let lastT = 0
  for await (const batch of source.scan(range, signal)) {
    signal.throwIfAborted()
    const taken: EventView[] = []
    for (const event of batch) {
      const inside = event.t >= fromT && event.t < toT && event.seq >= fromSeq && event.seq < toSeq
      const chosen = kinds === undefined || kinds.has(event.kind)
      if (!chosen && !GROUND.has(event.kind)) continue
      if (inside && chosen) {
        events++
        firstT = Math.min(firstT, event.t)
        lastT = Math.max(lastT, event.t)
      }
      if (MESSAGES.has(event.kind) && ++messages > MOST_MESSAGES) {
        if (inside) tooMany++
        continue
      }
      const view = eventView(event)
      taken.push(view)
      if (filter?.matches(view) === true) matched.add(event.seq)
      const rule = active.find((one) => one.filter.matches(view))
      if (rule !== undefined) paints.set(event.seq, { colour: rule.colour, rule: rule.rule })
    }
    model.append(taken, keep)
    looked += batch.length
    progress(looked)
  }
  signal.throwIfAborted()
  const from = selection.fromT ?? (bySeq && Number.isFinite(firstT) ? firstT : 0)
  const to = Math.max(from + MICRO, Math.min(selection.toT ?? Number.POSITIVE_INFINITY, bySeq ? lastT : end))
  const wanted = selection.nodes && new Set(selection.nodes)
  const margin = (to - from) * 0.01
  return {
    model,
    camera: { from, to: to + margin },
    nodes: model.nodes.filter((node) => wanted === undefined || wanted.has(node)),
    events,
    leftOut: tooMany > 0 ? [{ reason: 'too-long', events: tooMany }] : [],
    fits: (edge) => filter === undefined || matched.has(edge.sentSeq) || matched.has(edge.endSeq),
    painted: (edge) => {
      const [a, b] = [paints.get(edge.sentSeq), paints.get(edge.endSeq)]
      return a === undefined || (b !== undefined && b.rule < a.rule) ? b : a
    },
    paintedEvent: (seq) => paints.get(seq),
  }
}

/** What held before the first event that is read: roles, faults that went on, how far the log was committed. */
async function begin(source: TimelineSource, model: TimelineModel, seq: number, signal: AbortSignal): Promise<void> {
  if (seq <= 0) return
  const state = await source.stateAt(seq, signal)
  const { t } = state
  model.seed({ t, nodes: [...state.nodes.values()].filter((node) => node.process.standing !== 'removed') })
  const head = { kind: 'fault', node: 0, n: 0, seq: seq - 1, action: 'begin' } as const
  for (const { id, type, detail, since } of state.faults) {
    model.tracks.fault({ ...head, t: since, id, type: type as EventView<'fault'>['type'], detail })
  }
  const commitIndex = Math.max(0, ...[...state.nodes.values()].map((node) => node.commitIndex))
  if (commitIndex > 0) model.tracks.commits.push({ t, seq: seq - 1, index: commitIndex })
}

/** What people noted beside the recording. */
async function bookmarksOf(source: TimelineSource, word: string): Promise<readonly Flag[]> {
  const notes = await readNotes(source.info().path)
  return notes.map(({ seq, t, text }) => ({ seq, t, text: text || word, kind: text === '' ? 'bookmark' : 'note' }))
}

// ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function rangeWords(source: TimelineSource, camera: { readonly from: number; readonly to: number }) {
  const step = Math.max(1, (camera.to - camera.from) / 1_000)
  const { end } = source.info()
  const to = Math.min(camera.to, end)
  return { from: formatMoment(camera.from, step), to: formatMoment(to, step), end: formatMoment(end, step) }
}

/** When it was recorded, and what the picture leaves out. */
function subtitle(source: TimelineSource, { language, selection, shown = {} }: ExportWish): string {
  const { t } = pictureWords(language)
  const { began } = source.info()
  const parts = [t('picture.recorded', { date: began.replace('T', ' ').replace(/\.\d+Z$/, ' UTC') })]
  if (selection.nodes !== undefined) {
    parts.push(t('picture.nodes', { nodes: selection.nodes.map((node) => `n${node}`).join(' ') }))
  }
  if (selection.kinds !== undefined) parts.push(t('picture.kinds', { kinds: selection.kinds.join(', ') }))
  if (shown.hideHeartbeats === true) parts.push(t('picture.noBeats'))
  if (shown.filter !== undefined && shown.filter.trim() !== '') parts.push(t('picture.filter', { text: shown.filter }))
  return parts.join(' · ')
}

function drawHead(
  surface: SvgSurface,
  title: string,
  below: string,
  width: number,
  palette: ReturnType<typeof themePalette>,
): void {
  surface.fillStyle = palette.panel
  surface.fillRect(0, 0, width, HEAD)
  surface.fillStyle = palette.borderSubtle
  surface.fillRect(0, HEAD - 1, width, 1)
  surface.save()
  surface.beginPath()
  surface.rect(0, 0, width, HEAD)
  surface.clip()
  surface.textAlign = 'left'
  surface.textBaseline = 'middle'
  surface.font = `600 13px ${palette.fontUi}`
  surface.fillStyle = palette.text
  surface.fillText(title, EDGE, 15)
  surface.font = `400 11px ${palette.fontUi}`
  surface.fillStyle = palette.text3
  surface.fillText(below, EDGE, 32)
  surface.restore()
}

/** Only what the picture has in it: a sign that nothing bears would have to be looked for. */
function legendOf({ model, camera, leftOut }: Part, { language, shown = {} }: ExportWish): readonly LegendItem[] {
  const { t } = pictureWords(language)
  const signs = new Set<string>()
  model.edges.visit(camera.from, camera.to, (edge) => {
    if (shown.hideHeartbeats === true && edge.heartbeat) return
    signs.add(edge.heartbeat ? 'beat' : edge.reply ? 'reply' : 'request')
    if (edge.refused) signs.add('refusal')
    if (edge.copyOf !== 0) signs.add('copy')
    if (edge.heldAt > 0) signs.add('held')
    if (edge.fate !== 'received') signs.add(edge.fate)
  })
  for (const lane of model.lanes.values()) {
    for (const { state } of lane.within(camera.from, camera.to))
      signs.add(state === 'pre-candidate' ? 'candidate' : state)
  }
  const items: LegendItem[] = [{ sign: 'term', text: t('picture.legend.term') }]
  for (const role of ['leader', 'candidate', 'follower'] as const) {
    if (signs.has(role)) items.push({ sign: role, text: t(`roles.${role}`) })
  }
  if (signs.has('down')) items.push({ sign: 'down', text: t('diagrams.lane.down') })
  for (const sign of MESSAGE_SIGNS) if (signs.has(sign)) items.push({ sign, text: t(`picture.legend.${sign}`) })
  if (shown.causal !== undefined) items.push(...causalItems(shown.causal, t))
  for (const [i, { filter, colour, on }] of (shown.rules ?? []).entries()) {
    if (on) items.push({ sign: { colour, rule: i + 1 }, text: t('picture.legend.rule', { n: i + 1, filter }) })
  }
  const [left] = leftOut
  if (left !== undefined) items.push({ sign: 'lost', text: t('picture.thinned', { n: left.events }) })
  return items
}

const MESSAGE_SIGNS = [
  'request',
  'reply',
  'refusal',
  'beat',
  'dropped',
  'unreachable',
  'held',
  'flying',
  'copy',
  'lost',
] as const

function causalItems({ path }: Causal, t: (key: string) => string): readonly LegendItem[] {
  return [
    { sign: 'past', text: t('picture.legend.past') },
    { sign: 'future', text: t('picture.legend.future') },
    ...(path.length > 0 ? [{ sign: 'path', text: t('picture.legend.path') } as const] : []),
  ]
}
